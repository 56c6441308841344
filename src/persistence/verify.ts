import Database from 'better-sqlite3';
import type { Fact } from '../domain/facts.ts';
import { migrate, type Sqlite } from './database.ts';
import { chain, firstHash } from './hash.ts';
import { createProjections, projectionTables } from './projections.ts';

/** Whether a store is what its own records say, or the first row that is not. */
export type Verdict =
  | { readonly ok: true; readonly turns: number; readonly facts: number; readonly actors: number }
  | Finding;
export interface Finding {
  readonly ok: false;
  readonly table: string;
  /** The row: its sequence, or the columns of its key. */
  readonly key: string;
  readonly problem: string;
}

/**
 * Recomputes both hash chains, rebuilds every projection from the facts and compares row by row, and holds actors and receipt
 * numbers against the journal. One consistent look, also beside a running store.
 *
 * What no record repeats cannot be checked: the inside of an actor's snapshot, waiting calls, timers and answers. A price book has
 * a hash of its own.
 */
export function verifyStore(database: Sqlite): Verdict {
  return database.transaction(() => verifyAll(database))();
}

function verifyAll(database: Sqlite): Verdict {
  return (
    checkFile(database) ??
    checkChain(database, 'journal', turnColumns) ??
    checkChain(database, 'fact', factColumns) ??
    checkTurns(database) ??
    checkActors(database) ??
    checkProjections(database) ??
    checkReceipts(database) ?? { ok: true, ...countAll(database) }
  );
}

const bad = (table: string, key: string | number, problem: string): Finding => ({
  ok: false,
  table,
  key: String(key),
  problem,
});

function checkFile(database: Sqlite): Finding | null {
  const said = database.pragma('quick_check(1)', { simple: true });
  return said === 'ok' ? null : bad('store.db', '', String(said));
}

// In the order in which the journal hashes them.
const turnColumns = 'sequence, address, revision, message_id, event, from_state, to_state, effects, operator, role, at';
const factColumns = 'sequence, turn, type, version, payload, at';

type Columns = readonly (string | number)[];

function checkChain(database: Sqlite, table: 'journal' | 'fact', columns: string): Finding | null {
  let previous: Uint8Array = firstHash;
  let wanted = 1;
  const rows = database
    .prepare<[], readonly unknown[]>(`SELECT ${columns}, hash FROM ${table} ORDER BY sequence`)
    .raw();
  for (const row of rows.iterate()) {
    const sequence = Number(row[0]);
    if (sequence !== wanted) return bad(table, wanted, `the row is missing; ${sequence} follows ${wanted - 1}`);
    const expected = chain(previous, row.slice(0, -1) as Columns);
    if (!expected.equals(row.at(-1) as Uint8Array)) {
      return bad(table, sequence, 'its hash does not follow from the row and the hash before it');
    }
    previous = expected;
    wanted += 1;
  }
  return null;
}

/** Each fact belongs to a turn that is there, and each actor's turns are counted without gap. */
function checkTurns(database: Sqlite): Finding | null {
  const orphan = database
    .prepare<[], { sequence: number; turn: number }>(
      'SELECT sequence, turn FROM fact WHERE turn NOT IN (SELECT sequence FROM journal) ORDER BY sequence LIMIT 1',
    )
    .get();
  if (orphan !== undefined) return bad('fact', orphan.sequence, `its turn ${orphan.turn} is not in the journal`);
  const gap = database
    .prepare<[], { address: string; turns: number; last: number }>(
      `SELECT address, count(*) AS turns, max(revision) AS last FROM journal
         GROUP BY address HAVING turns <> last OR min(revision) <> 1 ORDER BY address LIMIT 1`,
    )
    .get();
  return gap === undefined ? null : bad('journal', gap.address, `revision ${gap.last} after ${gap.turns} turns`);
}

interface ActorRow {
  readonly address: string;
  readonly revision: number | null;
  readonly state: string | null;
  readonly last: number | null;
  readonly to: string | null;
}

/** An actor stands where the last of its turns left it. */
function checkActors(database: Sqlite): Finding | null {
  const differs = database
    .prepare<[], ActorRow>(
      `WITH last AS (SELECT address, max(revision) AS last, to_state AS "to" FROM journal GROUP BY address)
       SELECT address, revision, state, last, "to" FROM actor FULL JOIN last USING (address)
         WHERE revision IS NOT last OR state IS NOT "to" ORDER BY address LIMIT 1`,
    )
    .get();
  if (differs === undefined) return null;
  const { address, revision, state, last, to } = differs;
  const stands = revision === null ? 'it is missing' : `it is at revision ${revision}, ${state ?? ''}`;
  const wanted =
    last === null ? 'the journal does not know it' : `the journal left it at revision ${last}, ${to ?? ''}`;
  return bad('actor', address, `${stands}; ${wanted}`);
}

/** Rebuilt in a database of its own, which spills to a temporary file where memory does not hold it. */
function checkProjections(database: Sqlite): Finding | null {
  const rebuilt = new Database('');
  try {
    migrate(rebuilt);
    return rebuild(database, rebuilt) ?? compareAll(database, rebuilt);
  } finally {
    rebuilt.close();
  }
}

function rebuild(database: Sqlite, into: Sqlite): Finding | null {
  const storeId = database
    .prepare<[], string>('SELECT store_id FROM orders GROUP BY store_id ORDER BY count(*) DESC LIMIT 1')
    .pluck()
    .get();
  const projections = createProjections(into, storeId ?? '');
  const facts = database.prepare<[], FactRow>('SELECT sequence, type, payload FROM fact ORDER BY sequence');
  return into.transaction(() => {
    for (const { sequence, type, payload } of facts.iterate()) {
      try {
        projections.apply({ type, payload: JSON.parse(payload) } as Fact);
      } catch (error) {
        return bad(
          'fact',
          sequence,
          `it does not fit what came before: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    return null;
  })();
}

interface FactRow {
  readonly sequence: number;
  readonly type: string;
  readonly payload: string;
}

function compareAll(database: Sqlite, rebuilt: Sqlite): Finding | null {
  for (const [table, key] of Object.entries(projectionTables)) {
    const finding = compareTable(database, rebuilt, table, key);
    if (finding !== null) return finding;
  }
  return null;
}

function compareTable(database: Sqlite, rebuilt: Sqlite, table: string, key: string): Finding | null {
  const rowsOf = (of: Sqlite) =>
    of.prepare<[], Readonly<Record<string, unknown>>>(`SELECT * FROM ${table} ORDER BY ${key}`).iterate();
  const stored = rowsOf(database);
  const wanted = rowsOf(rebuilt);
  const nameOf = (row: Readonly<Record<string, unknown>>): string =>
    key
      .split(', ')
      .map((column) => String(row[column]))
      .join(' ');
  try {
    for (;;) {
      const is = stored.next();
      const should = wanted.next();
      if (is.done === true && should.done === true) return null;
      if (is.done === true) return bad(table, nameOf(should.value), 'the row is missing');
      if (should.done === true) return bad(table, nameOf(is.value), 'no fact makes this row');
      const column = Object.keys(should.value).find((name) => is.value[name] !== should.value[name]);
      if (column !== undefined) return bad(table, nameOf(is.value), difference(column, is.value, should.value));
    }
  } finally {
    stored.return?.();
    wanted.return?.();
  }
}

const difference = (
  column: string,
  is: Readonly<Record<string, unknown>>,
  should: Readonly<Record<string, unknown>>,
): string => `${column} is ${JSON.stringify(is[column])}; the facts make it ${JSON.stringify(should[column])}`;

/** Receipt numbers of a counter: 1, 2, 3 … without gap or twin (T3). */
function checkReceipts(database: Sqlite): Finding | null {
  const gap = database
    .prepare<[], { counterId: string; receipts: number; last: number }>(
      `SELECT terminal_id AS counterId, count(*) AS receipts, max(number) AS last FROM receipt
         GROUP BY terminal_id HAVING receipts <> last OR min(number) <> 1 ORDER BY terminal_id LIMIT 1`,
    )
    .get();
  return gap === undefined
    ? null
    : bad('receipt', gap.counterId, `number ${gap.last} is the last of ${gap.receipts} receipts`);
}

function countAll(database: Sqlite): { readonly turns: number; readonly facts: number; readonly actors: number } {
  const count = (table: string) => database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  return { turns: count('journal'), facts: count('fact'), actors: count('actor') };
}
