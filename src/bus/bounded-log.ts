import { appendFileSync, renameSync, statSync } from 'node:fs';

/** A log file that never takes more than twice its limit: when full it becomes `<path>.1`. */
export interface BoundedLog {
  append(text: string): void;
  /** The newest lines of this run. */
  recent(): readonly string[];
}

export interface BoundedLogOptions {
  readonly path: string;
  readonly limitBytes: number;
  /** Called once when the file cannot be written: a log never stops what it tells of. */
  readonly onFailure: (error: Error) => void;
}

const recentLines = 20;

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

export const createBoundedLog = ({ path, limitBytes, onFailure }: BoundedLogOptions): BoundedLog => {
  let sizeBytes = sizeOf(path);
  let hasFailed = false;
  let recent: readonly string[] = [];

  const write = (text: string): void => {
    const bytes = Buffer.from(text).subarray(0, limitBytes);
    if (sizeBytes + bytes.length > limitBytes && sizeBytes > 0) {
      renameSync(path, `${path}.1`);
      sizeBytes = 0;
    }
    appendFileSync(path, bytes, { mode: 0o600 });
    sizeBytes += bytes.length;
  };

  return {
    append: (text) => {
      recent = [...recent, ...text.split('\n').filter((line) => line !== '')].slice(-recentLines);
      try {
        write(text);
      } catch (error) {
        if (!hasFailed && error instanceof Error) onFailure(error);
        hasFailed = true;
      }
    },
    recent: () => recent,
  };
};
