import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { replay } from './replay/replay.ts';
import { printSummary } from './replay/summary.ts';
import { readTillLog } from './replay/till-log.ts';

export const replayUsage = `usage: storefirst replay FILE.ndjson.gz [--data DIR] [--kill-every N] [--seed N] [--report FILE.json]

Puts a real till's log through a real store, and compares what came out with what was recorded.
  --data DIR      keep the store there (default: a folder that is removed afterwards)
  --kill-every N  kill the store with SIGKILL about every N commands and start it again
  --seed N        which moments those are (default 1)
  --report FILE   write the whole report as JSON (default: a summary only)`;

interface Wanted {
  readonly file: string;
  readonly dataDir: string | null;
  readonly killEvery: number | null;
  readonly seed: number;
  readonly reportFile: string | null;
}

/** The verb `replay`; 0: played to the end, whatever it found; 1: could not; 2: asked wrongly. */
export async function run(args: readonly string[]): Promise<number> {
  const wanted = readArgs(args);
  if (typeof wanted === 'string') {
    process.stderr.write(`${wanted}\n\n${replayUsage}\n`);
    return 2;
  }
  const log = readTillLog(wanted.file);
  if (!log.ok) return fail(log.detail);
  const dataDir = wanted.dataDir ?? mkdtempSync(join(tmpdir(), 'storefirst-replay-'));
  const taken = takeFolder(dataDir, wanted.file);
  if (taken !== null) return fail(taken);
  try {
    const { killEvery, seed } = wanted;
    const report = await replay(log.transactions, {
      dataDir,
      killEvery,
      seed,
      tell: (line) => process.stderr.write(`${line}\n`),
    });
    if (wanted.reportFile !== null) writeFileSync(wanted.reportFile, `${JSON.stringify(report, null, 2)}\n`);
    printSummary(report, (line) => process.stdout.write(`${line}\n`));
    return 0;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  } finally {
    if (wanted.dataDir === null) rmSync(dataDir, { recursive: true, force: true });
  }
}

function readArgs(args: readonly string[]): Wanted | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        'kill-every': { type: 'string' },
        seed: { type: 'string' },
        report: { type: 'string' },
      },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return 'one file is wanted';
    const [killEvery, seed] = [values['kill-every'] ?? null, values.seed ?? '1'];
    if (killEvery !== null && !/^[1-9]\d{0,8}$/.test(killEvery)) return '--kill-every wants a number from 1';
    if (!/^\d{1,9}$/.test(seed)) return '--seed wants a number';
    return {
      file,
      dataDir: values.data ?? null,
      killEvery: killEvery === null ? null : Number(killEvery),
      seed: Number(seed),
      reportFile: values.report ?? null,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** A folder takes one log: a replay that was broken off goes on there, another log would be sold on top of it. */
function takeFolder(dataDir: string, file: string): string | null {
  mkdirSync(dataDir, { recursive: true });
  const mark = join(dataDir, 'replay-of');
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (existsSync(mark))
    return readFileSync(mark, 'utf8') === hash ? null : `${dataDir} holds the replay of another log`;
  if (existsSync(join(dataDir, 'store.db'))) return `${dataDir} holds a store already; give an empty folder`;
  writeFileSync(mark, hash);
  return null;
}

function fail(detail: string): number {
  process.stderr.write(`replay: ${detail}\n`);
  return 1;
}
