import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** Milliseconds since 1970, the same in every process of this machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now();

export interface StartedChild {
  readonly child: ChildProcess;
  readonly startedAt: number;
  /** The next line of its output, as JSON. Rejects when it ends before. */
  readonly line: Promise<Readonly<Record<string, number>>>;
  readonly ended: Promise<void>;
}

/** A program of this folder in a process of its own; it answers with one line of JSON. With a folder for it, Node keeps compiled modules. */
export function startChild(program: string, parameters: readonly string[], compileCache?: string): StartedChild {
  const startedAt = nowMs();
  const child = spawn(process.execPath, ['--expose-gc', join(import.meta.dirname, program), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache }) },
  });
  const { promise: line, resolve, reject } = Promise.withResolvers<Readonly<Record<string, number>>>();
  const ended = new Promise<void>((end) => {
    child.once('close', (code) => {
      reject(new Error(`${program} ended with ${code} before it answered`));
      end();
    });
  });
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    const end = text.indexOf('\n');
    if (end >= 0) resolve(JSON.parse(text.slice(0, end)) as Readonly<Record<string, number>>);
  });
  line.catch(() => undefined);
  return { child, startedAt, line, ended };
}

/** Runs it to its end and gives its answer. */
export async function runChild(
  program: string,
  parameters: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const { line, ended } = startChild(program, parameters);
  const answer = await line;
  await ended;
  return answer;
}

/** Times in an answer are moments; told from the start of the process. */
export const since = (startedAt: number, moment: number | undefined): number => (moment ?? Number.NaN) - startedAt;
