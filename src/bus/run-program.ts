import { execFile } from 'node:child_process';

export interface ProgramRun {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly directory?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const outputLimitBytes = 4 * 1024 * 1024;

/** Runs a program to its end, without a shell. Never rejects: what fails has `ok: false` and says why in `stderr`. */
export const runProgram = (path: string, args: readonly string[], options: ProgramOptions): Promise<ProgramRun> =>
  new Promise((resolve) => {
    const settings = {
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: outputLimitBytes,
      // The output is read by us: it must not come in the language of the machine.
      env: { ...options.environment, LC_ALL: 'C' },
      ...(options.directory === undefined ? {} : { cwd: options.directory }),
    };
    execFile(path, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, stdout, stderr });
      const why = error.killed === true ? `no end after ${options.timeoutMs} ms` : error.message;
      return resolve({ ok: false, stdout, stderr: stderr.trim() === '' ? why : stderr });
    });
  });

/** The last line that says something, for a message to a person. */
export const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';
