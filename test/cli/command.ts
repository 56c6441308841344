import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** `storefirst <verb>` as a real process, with the environment of a shell that set nothing but these keys. */
export interface Commanded {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
export interface RunningCommand {
  readonly child: ChildProcess;
  /** Everything written so far, both streams. */
  text(): string;
  /** Resolves when the text holds this; rejects where the process ends first. */
  says(part: string): Promise<void>;
  ended: Promise<Commanded>;
}
export type Keys = Readonly<Record<string, string>>;

const program = join(import.meta.dirname, '../../bin/storefirst.mjs');
const lookEveryMs = 20;
const stopTimeoutMs = 10_000;

export const startCommand = (args: readonly string[], keys: Keys, input = ''): RunningCommand => {
  const shell = Object.entries(process.env).filter(([key]) => !key.startsWith('STOREFIRST_'));
  const child = spawn(process.execPath, [program, ...args], { env: { ...Object.fromEntries(shell), ...keys } });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Commanded>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  let isOver = false;
  void ended.then(() => (isOver = true));
  // Whatever a test does, its process ends with it: cleanly, for a store that is killed leaves its nats-server to the next start.
  onTestFinished(async () => {
    if (isOver) return;
    child.kill('SIGTERM');
    const deadline = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    await ended;
    clearTimeout(deadline);
  });
  child.stdin.end(input);
  const text = (): string => out + err;
  return {
    child,
    text,
    ended,
    async says(part) {
      while (!text().includes(part)) {
        if (isOver) throw new Error(`it ended without saying "${part}":\n${text()}`);
        await sleep(lookEveryMs);
      }
    },
  };
};

export const runCommand = (args: readonly string[], keys: Keys, input = ''): Promise<Commanded> =>
  startCommand(args, keys, input).ended;

/** A folder that is gone after the test. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'storefirst-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
