import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** What this disk and this SQLite do at best, without any of our code. Measured beside each figure, in the same minutes. */
export interface Floor {
  /** Milliseconds of one commit of one small row. */
  commit(): number;
  /** Milliseconds of each commit of `rows` small rows, one transaction after the other for `forMs`. */
  commits(rows: number, forMs: number): readonly number[];
  /** Rows a second of a durable runtime's smallest step, so many in a transaction: its message, state, effect, event, half a ledger row. */
  checkpoints(batch: number, forMs: number): number;
  close(): void;
}

export function openFloor(folder: string): Floor {
  mkdirSync(folder, { recursive: true });
  const database = new Database(join(folder, 'floor.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('cache_size = -65536');
  database.exec(schema);
  const run = prepareAll(database);
  const state = 'x'.repeat(300);
  let count = 0;

  const checkpoint = (): void => {
    count += 1;
    run.inbox.run(`m${count}`, 'ok');
    run.actor.run(`order/${count % 1000}`, count, state);
    run.outbox.run(`e${count}`, state);
    run.event.run(`order/${count}`, state);
    if (count % 2 === 1) run.ledger.run(`p${count}`, 1);
  };
  const commitOf = database.transaction((times: number, work: () => void) => {
    for (let time = 0; time < times; time += 1) work();
  });
  const oneRow = (): void => void run.row.run(state);

  // One row needs no BEGIN: SQLite's own transaction around the statement is the shortest there is.
  const commitRows = (rows: number): number => {
    const from = performance.now();
    if (rows === 1) oneRow();
    else commitOf.immediate(rows, oneRow);
    return performance.now() - from;
  };

  return {
    commit: () => commitRows(1),
    commits(rows, forMs) {
      const times: number[] = [];
      const until = performance.now() + forMs;
      while (performance.now() < until) times.push(commitRows(rows));
      return times;
    },
    checkpoints(batch, forMs) {
      const from = performance.now();
      let rows = 0;
      while (performance.now() - from < forMs) {
        commitOf.immediate(batch, checkpoint);
        rows += batch;
      }
      return (rows * 1000) / (performance.now() - from);
    },
    close: () => void database.close(),
  };
}

const schema = `
  CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT);
  CREATE TABLE inbox (id TEXT PRIMARY KEY, answer TEXT) WITHOUT ROWID;
  CREATE TABLE actor (address TEXT PRIMARY KEY, revision INTEGER, snapshot TEXT);
  CREATE TABLE outbox (id TEXT PRIMARY KEY, params TEXT) WITHOUT ROWID;
  CREATE TABLE event (sequence INTEGER PRIMARY KEY, address TEXT, text TEXT);
  CREATE TABLE ledger (id INTEGER PRIMARY KEY, product TEXT, change INTEGER);
`;

const prepareAll = (database: Database.Database) => ({
  row: database.prepare('INSERT INTO row (text) VALUES (?)'),
  inbox: database.prepare('INSERT INTO inbox VALUES (?, ?)'),
  actor: database.prepare(
    `INSERT INTO actor VALUES (?, ?, ?)
       ON CONFLICT (address) DO UPDATE SET revision = excluded.revision, snapshot = excluded.snapshot`,
  ),
  outbox: database.prepare('INSERT INTO outbox VALUES (?, ?)'),
  event: database.prepare('INSERT INTO event (address, text) VALUES (?, ?)'),
  ledger: database.prepare('INSERT INTO ledger (product, change) VALUES (?, ?)'),
});

/** Milliseconds of each write and fdatasync of 4 KB at the end of a file. */
export function measureFsync(folder: string, times: number): readonly number[] {
  const page = Buffer.alloc(4096, 1);
  const file = openSync(join(folder, 'fsync'), 'a');
  try {
    return Array.from({ length: times }, () => {
      const from = performance.now();
      writeSync(file, page);
      fdatasyncSync(file);
      return performance.now() - from;
    });
  } finally {
    closeSync(file);
  }
}
