import { readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A nats-server that lives on because its store was killed: found by our pid file, known by our configuration file. */
export interface OrphanOptions {
  readonly pidFile: string;
  readonly configPath: string;
  /** How long it may take to end after SIGTERM, before SIGKILL. */
  readonly stopTimeoutMs: number;
}

export type OrphanOutcome = 'none' | 'stopped' | 'killed' | 'stuck';

const pollMs = 20;
const killTimeoutMs = 2000;

/** Pids are used again: only a process that was started with our very configuration file is ours. Linux only. */
const isOurs = async (pid: number, configPath: string): Promise<boolean> => {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.split('\0').includes(configPath);
};

const hasEnded = async (pid: number, configPath: string, timeoutMs: number): Promise<boolean> => {
  for (let waitedMs = 0; waitedMs <= timeoutMs; waitedMs += pollMs) {
    if (!(await isOurs(pid, configPath))) return true;
    await sleep(pollMs);
  }
  return false;
};

const signal = (pid: number, name: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** Ends the nats-server that an earlier run left behind, if there is one. The caller holds the data directory's lock. */
export const stopOrphan = async ({ pidFile, configPath, stopTimeoutMs }: OrphanOptions): Promise<OrphanOutcome> => {
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).trim());
  if (!Number.isSafeInteger(pid) || pid <= 1 || !(await isOurs(pid, configPath))) {
    await rm(pidFile, { force: true });
    return 'none';
  }
  signal(pid, 'SIGTERM');
  let outcome: OrphanOutcome = 'stopped';
  if (!(await hasEnded(pid, configPath, stopTimeoutMs))) {
    signal(pid, 'SIGKILL');
    outcome = 'killed';
    if (!(await hasEnded(pid, configPath, killTimeoutMs))) return 'stuck';
  }
  await rm(pidFile, { force: true });
  return outcome;
};
