import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '../domain/errors.ts';

export type Sqlite = Database.Database;

const migrationsFolder = join(import.meta.dirname, 'migrations');

export interface OpenStore {
  readonly database: Sqlite;
  close(): void;
}
export type OpenFailure = { readonly reason: 'in-use' | 'newer-program' | 'unreadable'; readonly detail: string };

/**
 * Opens the store's one database for writing, and keeps every other program out of the folder.
 * WAL with synchronous=FULL: a commit that returned is on disk. better-sqlite3 is compiled with NORMAL for WAL and falls
 * back to it after the first write unless FULL is set by hand, so it is set and read back after a write.
 */
export function openStore(folder: string): OpenStore | OpenFailure {
  mkdirSync(folder, { recursive: true });
  const lock = lockFolder(folder);
  if (lock === null) return { reason: 'in-use', detail: `another Storefirst program runs on ${folder}; stop it first` };
  let database: Sqlite | null = null;
  try {
    database = new Database(join(folder, 'store.db'));
    tune(database);
    const unknown = migrate(database);
    if (unknown !== null) {
      throw new Error(`${folder} was written by a newer Storefirst (migration ${unknown}); start that one`);
    }
    assert(database.pragma('synchronous', { simple: true }) === 2, 'the database writes with synchronous=FULL');
  } catch (error) {
    database?.close();
    lock.close();
    const detail = error instanceof Error ? error.message : String(error);
    return { reason: detail.includes('newer Storefirst') ? 'newer-program' : 'unreadable', detail };
  }
  const opened = database;
  return {
    database: opened,
    close() {
      opened.close();
      lock.close();
    },
  };
}

/** For looking only, beside a running store. */
export const openReadOnly = (folder: string): Sqlite =>
  new Database(join(folder, 'store.db'), { readonly: true, fileMustExist: true });

/** An empty store in memory, for tests and rebuilding. */
export function openMemory(): Sqlite {
  const database = new Database(':memory:');
  migrate(database);
  return database;
}

function tune(database: Sqlite): void {
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // The WAL is folded back every 32 MB: a page that many sales touch is written back once. A larger one costs start-up.
  database.pragma('wal_autocheckpoint = 8000');
  database.pragma('cache_size = -65536');
  database.pragma('temp_store = MEMORY');
}

/** An exclusive transaction on a file of its own: the operating system frees it when the process dies, however it dies. */
function lockFolder(folder: string): Sqlite | null {
  const lock = new Database(join(folder, 'store.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch {
    lock.close();
    return null;
  }
}

/** Runs the numbered files that have not run yet, each in one transaction. Returns the name of one that this program does not know. */
export function migrate(database: Sqlite): string | null {
  database.exec('CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT');
  const done = new Set(database.prepare<[], string>('SELECT name FROM migration').pluck().all());
  const files = readdirSync(migrationsFolder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted();
  for (const name of files.filter((file) => !done.has(file))) {
    database.transaction(() => {
      database.exec(readFileSync(join(migrationsFolder, name), 'utf8'));
      database.prepare('INSERT INTO migration (name) VALUES (?)').run(name);
    })();
  }
  return [...done].find((name) => !files.includes(name)) ?? null;
}
