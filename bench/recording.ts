import Database from 'better-sqlite3';
import { openStore, type Sqlite } from '../src/persistence/database.ts';

/** One statement as SQLite was given it. */
interface Write {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Everything that a store wrote, and what the database held afterwards. */
export interface Recording {
  /** Price book, day, counters: makes the replayed database the same, is not timed. */
  readonly before: readonly Write[];
  readonly timed: readonly Write[];
  readonly content: string;
}

export interface Recorder {
  /** What follows is the timed part. */
  mark(): void;
  end(database: Sqlite): Recording;
}

/** A statement of better-sqlite3, with what its types leave out. */
export interface Statement {
  readonly source: string;
  readonly readonly: boolean;
  readonly database: Sqlite;
}
export type Call = (this: Statement, ...parameters: readonly unknown[]) => unknown;
type StatementClass = Record<'run' | 'get' | 'all', Call>;

/** Writes and the borders of transactions; what is only read belongs to our code, not to the rows. */
const isWrite = (sql: string, isReadonly: boolean): boolean =>
  !isReadonly || /^\s*(BEGIN|COMMIT|END|SAVEPOINT|RELEASE)/i.test(sql);

/** Notes every statement that writes to the database in this file, transaction borders included, in order. */
export function recordWrites(file: string): Recorder {
  const statements = statementClass();
  const original = { run: statements.run, get: statements.get, all: statements.all };
  let writes: Write[] = [];
  let before: readonly Write[] = [];
  for (const name of ['run', 'get', 'all'] as const) {
    statements[name] = function record(...parameters) {
      if (this.database.name === file && isWrite(this.source, this.readonly)) {
        writes.push({ sql: this.source, parameters: parameters.map(copy) });
      }
      return Reflect.apply(original[name], this, parameters);
    };
  }
  return {
    mark() {
      before = writes;
      writes = [];
    },
    end(database) {
      Object.assign(statements, original);
      return { before, timed: writes, content: contentOf(database) };
    },
  };
}

/** All statements of better-sqlite3 share their methods, those that it makes for transactions too. */
export function statementClass(): StatementClass {
  const database = new Database(':memory:');
  const statements = Object.getPrototypeOf(database.prepare('SELECT 1')) as StatementClass;
  database.close();
  return statements;
}

/** A buffer may be used again by who gave it. */
const copy = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value) : value);

/**
 * The floor of what we do: exactly these statements with these values in these transactions, on an empty database of the
 * same schema and settings, without any of our code. Returns the seconds of the timed part.
 */
export function replayWrites({ before, timed, content }: Recording, folder: string): number {
  const opened = openStore(folder);
  if ('reason' in opened) throw new Error(opened.detail);
  const { database } = opened;
  const prepared = new Map(
    [...new Set([...before, ...timed].map(({ sql }) => sql))].map((sql) => [sql, database.prepare(sql)] as const),
  );
  const steps = (writes: readonly Write[]) =>
    writes.flatMap(({ sql, parameters }) => {
      const statement = prepared.get(sql);
      return statement === undefined ? [] : [{ statement, parameters }];
    });
  for (const { statement, parameters } of steps(before)) statement.run(...parameters);
  const toTime = steps(timed);
  const from = performance.now();
  for (const { statement, parameters } of toTime) statement.run(...parameters);
  const seconds = (performance.now() - from) / 1000;
  // Not the same rows: then it is no floor of ours.
  if (contentOf(database) !== content) throw new Error('the replayed database is not the one that was recorded');
  opened.close();
  return seconds;
}

/** Rows of every table and the last link of both hash chains: equal only where the same was written. */
function contentOf(database: Sqlite): string {
  const tables = database
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`,
    )
    .pluck()
    .all();
  const counts = tables.map(
    (name) => `${name} ${database.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get()}`,
  );
  const links = ['journal', 'fact'].map((name) =>
    database
      .prepare<[], Buffer>(`SELECT hash FROM ${name} ORDER BY sequence DESC LIMIT 1`)
      .pluck()
      .get()
      ?.toString('hex'),
  );
  return [...counts, ...links].join('\n');
}
