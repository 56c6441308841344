import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KillPlan } from './kill-plan.ts';
import type { Answer, FromStore, Request, StoreStart, ToStore } from './wire.ts';

/** The store in its own process. What was not answered when it died is sent again, with the same ids, in the same order. */
export interface StoreProcess {
  send(request: Request): Promise<Answer>;
  setDay(day: number): void;
  stop(): Promise<void>;
  readonly restarts: () => number;
}

/** Deaths that nobody ordered; one more ends the replay. */
const crashesMax = 3;

const programFile = fileURLToPath(new URL('./store-program.ts', import.meta.url));

interface Waiting {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
}

export function createStoreProcess(start: StoreStart, kills: KillPlan, failed: (error: Error) => void): StoreProcess {
  const waiting = new Map<string, Waiting>();
  let { day } = start;
  // A store that is started again and again need not be compiled each time.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(start.config.dataDir, 'compile-cache') };
  let child: ChildProcess | null = null;
  let ready = false;
  let [restarts, crashes, ordered, stopping] = [0, 0, false, false];
  let stopped: () => void = () => {};

  const tell = (message: ToStore): void => {
    if (child?.connected === true) child.send(message, () => {});
  };
  const hear = (message: FromStore): void => {
    switch (message.type) {
      case 'ready':
        ready = true;
        for (const { request } of waiting.values()) tell({ type: 'send', request });
        return;
      case 'failed':
        failed(new Error(message.detail));
        return;
      case 'answer': {
        const asked = waiting.get(message.id);
        waiting.delete(message.id);
        asked?.resolve(message.answer);
      }
    }
  };
  const begin = (): void => {
    child = fork(programFile, [], { execArgv: [], env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.on('message', hear);
    child.on('error', failed);
    child.on('exit', ended);
    tell({ type: 'start', start: { ...start, day } });
  };
  const ended = (code: number | null): void => {
    ready = false;
    if (stopping) return stopped();
    if (!ordered) crashes += 1;
    ordered = false;
    if (crashes > crashesMax) return failed(new Error(`the store died by itself ${crashes} times (exit code ${code})`));
    restarts += 1;
    begin();
  };
  const kill = (delayMs: number): void => {
    const victim = child;
    setTimeout(() => {
      if (stopping || victim === null || victim !== child || !ready) return;
      ordered = true;
      victim.kill('SIGKILL');
    }, delayMs);
  };

  begin();
  return {
    send(request) {
      return new Promise((resolve) => {
        waiting.set(request.command.id, { request, resolve });
        if (ready) tell({ type: 'send', request });
        const delayMs = kills.next();
        if (delayMs !== null) kill(delayMs);
      });
    },
    setDay(next) {
      day = next;
      tell({ type: 'day', day });
    },
    stop() {
      stopping = true;
      return new Promise((resolve) => {
        stopped = resolve;
        if (child === null || child.exitCode !== null || child.signalCode !== null) resolve();
        else tell({ type: 'stop' });
      });
    },
    restarts: () => restarts,
  };
}
