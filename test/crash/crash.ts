import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fillEverywhere } from './disk-full.ts';
import { flows, openFlow, type Flow } from './flows.ts';
import { catchMutants, killEverywhere, killTwice, undisturbed, type CrashRun, type Undisturbed } from './kills.ts';
import { killNats } from './nats-killed.ts';
import { runFlow } from './run.ts';
import { tableHead, tableLine, type Row } from './tally.ts';
import { cutEverywhere } from './wal-cuts.ts';

/**
 * `npm run crash`: a store is killed at every step it takes. docs/crash.md says how. Options:
 * `--share 0.1` a tenth of the points, by `--seed`; `--flow NAME` and `--point N` for one of them.
 */
const { values } = parseArgs({
  options: {
    share: { type: 'string', default: '1' },
    seed: { type: 'string', default: '20260105' },
    flow: { type: 'string' },
    point: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'storefirst-crash-'));
const run: CrashRun = {
  folder,
  template: join(folder, 'template'),
  share: numberOf('share', values.share, 0.001, 1),
  seed: numberOf('seed', values.seed, 0, 2 ** 31),
  lanes: 2,
  point: values.point === undefined ? null : numberOf('point', values.point, 1, 5000),
};
const startedMs = performance.now();
const rows: Row[] = [];
try {
  console.log(`crash: share ${run.share}, seed ${run.seed}`);
  console.log(tableHead());
  await makeTemplate();
  await (values.flow === undefined ? everything() : someFlows(values.flow));
} finally {
  if (!values.keep) rmSync(folder, { recursive: true, force: true });
}
finish();

async function makeTemplate(): Promise<void> {
  const { problems } = await runFlow({ flow: openFlow, folder: run.template, template: '', ending: 'stop' });
  if (problems.length > 0) throw new Error(`a store cannot be opened: ${problems.map(({ text }) => text).join('; ')}`);
}

async function everything(): Promise<void> {
  const done: Undisturbed[] = [];
  for (const flow of flows) {
    const whole = await undisturbed(run, flow);
    done.push(whole);
    show(await killEverywhere(run, whole));
  }
  const named = (...names: readonly string[]) => done.filter(({ flow }) => names.includes(flow.name));
  show(await killTwice(run, done));
  for (const { flow } of named('return with receipt', 'count and close')) show(await cutEverywhere(run, flow));
  showOrSay(
    'disk full',
    await fillEverywhere(run, named('cash with change', 'card approved', 'return with receipt', 'count and close')),
  );
  showOrSay('nats-server killed', await killNats(run));
  show(await catchMutants(run, done));
}

async function someFlows(name: string): Promise<void> {
  const wanted = flows.filter((flow: Flow) => flow.name.includes(name));
  if (wanted.length === 0)
    throw new Error(`no flow is called ${name}; there are ${flows.map((flow) => flow.name).join(', ')}`);
  for (const flow of wanted) show(await killEverywhere(run, await undisturbed(run, flow)));
}

function show(row: Row): void {
  rows.push(row);
  console.log(tableLine(row));
}

function showOrSay(name: string, row: Row | string): void {
  if (typeof row === 'string') console.log(`${name}: skipped, ${row}`);
  else show(row);
}

function finish(): void {
  const sum = (column: 'tried' | 'resumed' | 'lost' | 'doubled' | 'wrong' | 'failed'): number =>
    rows.reduce((total, row) => total + row[column], 0);
  console.log(
    tableLine({
      name: 'together',
      found: [],
      tried: sum('tried'),
      resumed: sum('resumed'),
      lost: sum('lost'),
      doubled: sum('doubled'),
      wrong: sum('wrong'),
      failed: 0,
    }),
  );
  for (const { found } of rows) for (const text of found) console.log(`\n${text}`);
  console.log(`\n${Math.round((performance.now() - startedMs) / 1000)} s, seed ${run.seed}`);
  const failed = sum('failed');
  console.log(`${sum('tried') - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (Number.isFinite(number) && number >= least && number <= most) return number;
  throw new Error(`--${name} is a number from ${least} to ${most}, not "${text}"`);
}
