import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** What a running store tells the programs beside it: where its bus is. Its passwords stand elsewhere. */
export interface RunningStore {
  readonly pid: number;
  readonly storeId: string;
  readonly natsUrl: string;
}

const pathOf = (dataDir: string): string => join(dataDir, 'running.json');

/** Written when the bus serves; replaced as a whole. */
export const noteRunning = (dataDir: string, store: RunningStore): void => {
  const draft = `${pathOf(dataDir)}.new`;
  writeFileSync(draft, `${JSON.stringify(store)}\n`);
  renameSync(draft, pathOf(dataDir));
};

export const forgetRunning = (dataDir: string): void => rmSync(pathOf(dataDir), { force: true });

/** What the store said of itself last; a store that was killed could not take it back: ask `isStoreRunning` first. */
export const readRunning = (dataDir: string): RunningStore | null => {
  try {
    const note: unknown = JSON.parse(readFileSync(pathOf(dataDir), 'utf8'));
    return isNote(note) ? note : null;
  } catch {
    return null;
  }
};

const isNote = (note: unknown): note is RunningStore =>
  typeof note === 'object' &&
  note !== null &&
  'pid' in note &&
  typeof note.pid === 'number' &&
  'storeId' in note &&
  typeof note.storeId === 'string' &&
  'natsUrl' in note &&
  typeof note.natsUrl === 'string';

/** Whether a program holds the folder's lock (persistence/database.ts): only the operating system knows for certain. */
export const isStoreRunning = (dataDir: string): boolean => {
  let lock: Database.Database;
  try {
    lock = new Database(join(dataDir, 'store.lock'), { readonly: true, fileMustExist: true, timeout: 0 });
  } catch {
    return false;
  }
  try {
    lock.pragma('schema_version');
    return false;
  } catch {
    return true;
  } finally {
    lock.close();
  }
};
