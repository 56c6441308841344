import { spawn } from 'node:child_process';
import type { BoundedLog } from './bounded-log.ts';

/** One run of the program, from spawn to end. */
export interface NatsProcess {
  /** `undefined` where the program could not be started at all. */
  readonly pid: number | undefined;
  /** Whether it takes clients. `false`: it ended first, or took too long and was killed. */
  readonly ready: Promise<boolean>;
  /** How it ended, in words; never rejects. */
  readonly ended: Promise<string>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

const readyTimeoutMs = 10_000;

/** Starts nats-server with a configuration file. Its output goes to the log. */
export const startNatsProcess = (binaryPath: string, configPath: string, log: BoundedLog): NatsProcess => {
  const child = spawn(binaryPath, ['-c', configPath], {
    // A group of its own: Ctrl-C in the store's terminal must not end it before the store has finished.
    detached: true,
    env: {},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // 'close' and not 'exit': its last words are in the log by then.
    child.once('close', (code, name) => resolve(name === null ? `exit ${code}` : `killed by ${name}`));
  });
  const ready = new Promise<boolean>((resolve) => {
    const deadline = setTimeout(() => child.kill('SIGKILL'), readyTimeoutMs);
    const settle = (isReady: boolean): void => {
      clearTimeout(deadline);
      resolve(isReady);
    };
    let line = '';
    const take = (text: string): void => {
      log.append(text);
      // The words are the same from 2.9 to 2.15; they may come in two pieces.
      line = `${line}${text}`.slice(-4096);
      if (line.includes('Server is ready')) settle(true);
    };
    // Node leaves the streams undefined, against their type, where it has no file descriptors left.
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', take);
    void ended.then(() => settle(false));
  });
  return {
    pid: child.pid,
    ready,
    ended,
    signal: (name) => {
      child.kill(name);
    },
  };
};
