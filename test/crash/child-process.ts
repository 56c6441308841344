import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathsOf, type Ask, type Life, type Numbered } from './protocol.ts';

/** A running store process. */
export interface StoreChild {
  /** The answer, or null: the process died before it was heard. */
  ask<T>(ask: Ask): Promise<T | null>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
  /** Closes its files and ends by itself. */
  stop(): Promise<void>;
  /** How it ended; null while it runs. */
  end(): End | null;
}
interface End {
  /** Died at the point where it was to die. */
  readonly struckAt: string | null;
  /** What it wrote to standard error, and its exit code or signal. */
  readonly detail: string;
}

/** A store that says nothing for so long hangs. */
const answerMs = 60_000;
const stderrMax = 4000;

export async function startStore(life: Life): Promise<StoreChild> {
  const paths = pathsOf(life.folder);
  mkdirSync(life.dataDir, { recursive: true });
  rmSync(paths.died, { force: true });
  const child = fork(join(import.meta.dirname, 'store-child.ts'), [JSON.stringify(life)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/crash') },
  });
  const waiting = new Map<number, (body: unknown) => void>();
  let number = 0;
  let stderr = '';
  let end: End | null = null;
  child.stderr?.on('data', (text: Buffer) => {
    stderr = (stderr + text.toString()).slice(-stderrMax);
  });
  child.on('message', (answer: Numbered<unknown>) => {
    waiting.get(answer.number)?.(answer.body);
    waiting.delete(answer.number);
  });
  const ended = new Promise<void>((resolve) => {
    child.on('close', (code, signal) => {
      const struckAt = signal === 'SIGKILL' && existsSync(paths.died) ? readFileSync(paths.died, 'utf8') : null;
      end = { struckAt, detail: `${signal ?? code}: ${stderr}` };
      for (const give of waiting.values()) give(null);
      resolve();
    });
  });
  const answerTo = <T>(key: number): Promise<T | null> =>
    within(new Promise<T | null>((resolve) => waiting.set(key, (body) => resolve(body as T | null))), child, key);

  const ready = answerTo<string>(0);
  await ready;
  return {
    ask<T>(body: Ask) {
      if (end !== null || !child.connected) return ended.then(() => null);
      number += 1;
      const answer = answerTo<T>(number);
      // Whatever it fails with, the process is gone, and `close` follows.
      child.send({ number, body }, () => undefined);
      return answer;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      child.send({ number: -1, body: { type: 'stop' } });
      await ended;
    },
    end: () => end,
  };
}

async function within<T>(answer: Promise<T>, child: ChildProcess, key: number): Promise<T> {
  const timer = new AbortController();
  const late = sleep(answerMs, undefined, { signal: timer.signal }).then(
    () => {
      child.kill('SIGKILL');
      throw new Error(`the store gave no answer to question ${key} within ${answerMs} ms`);
    },
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
  }
}
