import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Findings, Mode } from './figure.ts';
import { figureNames, isFigureName, type FigureName } from './figures.ts';
import { describeMachine } from './machine.ts';
import { compareWithBaselines, sectionOf, writeReport } from './report.ts';

/** A figure that takes longer than this hangs. */
const figureMaxMs: Readonly<Record<Mode, number>> = { quick: 180_000, default: 480_000, full: 4 * 3_600_000 };

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean' }, full: { type: 'boolean' } },
});
const mode: Mode = values.quick === true ? 'quick' : values.full === true ? 'full' : 'default';
const unknown = values.only?.find((name) => !isFigureName(name));
if (unknown !== undefined) {
  console.error(`There is no figure "${unknown}"; there are ${figureNames.join(', ')}.`);
  process.exit(2);
}

const base = process.env['BENCH_DIR'] ?? join(import.meta.dirname, '..', 'data');
mkdirSync(base, { recursive: true });
const folder = mkdtempSync(join(base, 'bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const machine = await describeMachine(folder);
for (const warning of machine.warnings) console.log(`! ${warning}`);
const results = new Map<FigureName, Findings>();
const failed: FigureName[] = [];
for (const name of figureNames.filter((each) => values.only?.includes(each) ?? true)) {
  const from = performance.now();
  console.log(`${name} …`);
  const findings = await measureApart(name);
  if (findings === null) failed.push(name);
  else results.set(name, findings);
  if (findings !== null) console.log(`\n${sectionOf(name, findings, machine)}\n`);
  console.log(
    `${name}: ${findings === null ? 'FAILED' : 'done'} after ${((performance.now() - from) / 1000).toFixed(0)} s\n`,
  );
}
for (const line of compareWithBaselines(results)) console.log(line);
if (mode === 'quick') console.log('Quick: nothing was written.');
else if (results.size > 0) writeReport(results, machine);
process.exitCode = failed.length === 0 ? 0 : 1;
if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`);

/** Null when it failed; its own output says why. */
async function measureApart(name: FigureName): Promise<Findings | null> {
  const place = mkdtempSync(join(folder, `${name}-`));
  const file = join(place, 'findings.json');
  const child = spawn(
    process.execPath,
    ['--expose-gc', join(import.meta.dirname, 'measure.ts'), name, mode, place, file],
    {
      stdio: 'inherit',
      timeout: figureMaxMs[mode],
    },
  );
  const stop = (): void => void child.kill('SIGTERM');
  process.once('exit', stop);
  const [code] = (await once(child, 'close')) as [number | null];
  process.off('exit', stop);
  const findings = code === 0 ? (JSON.parse(readFileSync(file, 'utf8')) as Findings) : null;
  // A large store is given back before the next figure needs the disk.
  rmSync(place, { recursive: true, force: true });
  return findings;
}
