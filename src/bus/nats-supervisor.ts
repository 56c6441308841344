import { rmSync, writeFileSync } from 'node:fs';
import type { BoundedLog } from './bounded-log.ts';
import type { NatsProcess } from './nats-process.ts';
import { startNatsProcess } from './nats-process.ts';
import { restartDelayMs } from './restart-delay.ts';

export interface NatsSupervisorDeps {
  readonly report: (line: string) => void;
  readonly nowMs: () => number;
  /** From 0 up to 1, spreads restarts: `Math.random`. */
  readonly chance: () => number;
}

export interface NatsSupervisorOptions {
  readonly binaryPath: string;
  readonly configPath: string;
  readonly pidFile: string;
  readonly log: BoundedLog;
  readonly stopTimeoutMs: number;
}

export type NatsSupervisorState = 'stopped' | 'running' | 'restarting';

/** Keeps one configured nats-server running, for ever, until it is stopped. */
export interface NatsSupervisor {
  /** Whether the first start came up; `false` leaves nothing behind. */
  start(): Promise<boolean>;
  stop(): Promise<void>;
  state(): NatsSupervisorState;
  pid(): number | null;
  restarts(): number;
}

/** After running this long an end counts as the first one again. */
const steadyMs = 60_000;

/** Ends a child for certain. */
const endProcess = async (child: NatsProcess, stopTimeoutMs: number): Promise<void> => {
  child.signal('SIGTERM');
  const deadline = setTimeout(() => child.signal('SIGKILL'), stopTimeoutMs);
  await child.ended;
  clearTimeout(deadline);
};

export const createNatsSupervisor = (deps: NatsSupervisorDeps, options: NatsSupervisorOptions): NatsSupervisor => {
  let child: NatsProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let state: NatsSupervisorState = 'stopped';
  let failures = 0;
  let restarts = 0;

  const notePid = (pid: number | null): void => {
    try {
      if (pid === null) rmSync(options.pidFile, { force: true });
      else writeFileSync(options.pidFile, `${pid}\n`, { mode: 0o600 });
    } catch (error) {
      // A full disk must not take the bus away: only an orphan of this run could not be found again.
      deps.report(`nats-server: ${options.pidFile} cannot be written: ${String(error)}`);
    }
  };

  const planRestart = (how: string, ranMs: number): void => {
    state = 'restarting';
    failures = ranMs >= steadyMs ? 1 : failures + 1;
    const delayMs = restartDelayMs(failures, deps.chance());
    timer = setTimeout(() => {
      restarts += 1;
      void launch();
    }, delayMs);
    deps.report(`nats-server ended (${how}); starting it again in ${delayMs} ms`);
  };

  const watch = async (started: NatsProcess, startedAtMs: number): Promise<void> => {
    const how = await started.ended;
    child = null;
    notePid(null);
    if (state !== 'stopped') planRestart(how, deps.nowMs() - startedAtMs);
  };

  /** Whether it takes clients. */
  const launch = async (): Promise<boolean> => {
    const started = startNatsProcess(options.binaryPath, options.configPath, options.log);
    const startedAtMs = deps.nowMs();
    child = started;
    // At once and synchronously: a store that is killed right here must find its child again.
    if (started.pid !== undefined) notePid(started.pid);
    void watch(started, startedAtMs);
    const isReady = await started.ready;
    if (isReady && state === 'restarting') {
      state = 'running';
      deps.report('nats-server is back');
    }
    return isReady;
  };

  return {
    start: async () => {
      const isReady = await launch();
      // Supervised only from here on: a first start that fails is for the caller to judge.
      if (isReady && child !== null) state = 'running';
      return state === 'running';
    },
    stop: async () => {
      state = 'stopped';
      if (timer !== null) clearTimeout(timer);
      if (child !== null) await endProcess(child, options.stopTimeoutMs);
    },
    state: () => state,
    pid: () => child?.pid ?? null,
    restarts: () => restarts,
  };
};
