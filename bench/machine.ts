import { statfsSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import Database from 'better-sqlite3';
import { measureFsync } from './floor.ts';
import { findNats } from './nats.ts';
import { quantile, short } from './statistics.ts';

/** Where the figures come from: without it they say nothing. */
export interface Machine {
  readonly lines: readonly (readonly [what: string, value: string])[];
  /** Why figures of this run should not be trusted. */
  readonly warnings: readonly string[];
}

/** Linux's number for a file system in memory. */
const tmpfs = 0x01021994;

export async function describeMachine(folder: string): Promise<Machine> {
  const [load = 0] = loadavg();
  const cores = cpus();
  const fsync = measureFsync(folder, 400);
  const nats = await findNats(() => undefined);
  const warnings: string[] = [];
  if (statfsSync(folder).type === tmpfs)
    warnings.push('The store lies on a file system in memory: fsync costs nothing there, and nothing survives.');
  if (load > 0.3)
    warnings.push(
      `Other programs ran on this machine when it began (load ${load.toFixed(1)} on ${cores.length} cores): only the ratios mean something.`,
    );
  return {
    lines: [
      ['processor', `${cores[0]?.model.trim() ?? 'unknown'}, ${cores.length} cores`],
      ['memory', `${(totalmem() / 2 ** 30).toFixed(0)} GiB`],
      ['write + fdatasync of 4 KB', `p50 ${short(quantile(fsync, 0.5))} ms, p99 ${short(quantile(fsync, 0.99))} ms`],
      ['Node', process.version],
      ['SQLite', sqliteVersion()],
      ['nats-server', nats.ok ? nats.version : 'none'],
      ['date', new Date().toISOString().slice(0, 10)],
    ],
    warnings,
  };
}

function sqliteVersion(): string {
  const database = new Database(':memory:');
  const version = database.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '';
  database.close();
  return version;
}
