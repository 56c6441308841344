import type { Fact } from '../../src/domain/facts.ts';
import { openMemory, type Sqlite } from '../../src/persistence/database.ts';
import { chain, firstHash } from '../../src/persistence/hash.ts';
import { createProjections, projectionTables } from '../../src/persistence/projections.ts';

/** Hash chains, SQLite's own check, and projections made anew from the facts. Empty: all is well; else what is wrong. */
export const verifyStore = (database: Sqlite): readonly string[] => [
  ...integrity(database),
  ...brokenLink(database, 'journal'),
  ...brokenLink(database, 'fact'),
  ...wrongProjections(database),
];

const integrity = (database: Sqlite): readonly string[] => {
  const answer = String(database.pragma('integrity_check', { simple: true }));
  return answer === 'ok' ? [] : [`integrity_check: ${answer}`];
};

function brokenLink(database: Sqlite, table: 'journal' | 'fact'): readonly string[] {
  let previous = firstHash;
  let sequence = 0;
  for (const row of database.prepare<[], unknown[]>(`SELECT * FROM ${table} ORDER BY sequence`).raw().iterate()) {
    sequence += 1;
    const hash = row.at(-1) as Buffer;
    const columns = row.slice(0, -1) as (string | number)[];
    if (columns[0] !== sequence) return [`${table}: row ${sequence} is missing`];
    if (!chain(previous, columns).equals(hash)) return [`${table}: the chain breaks at row ${sequence}`];
    previous = hash;
  }
  return [];
}

interface FactRow {
  readonly type: string;
  readonly payload: string;
}

function wrongProjections(database: Sqlite): readonly string[] {
  const rebuilt = openMemory();
  const projections = createProjections(rebuilt, 'crash');
  for (const { type, payload } of database
    .prepare<[], FactRow>('SELECT type, payload FROM fact ORDER BY sequence')
    .all()) {
    projections.apply({ type, payload: JSON.parse(payload) as unknown } as Fact);
  }
  const rows = (from: Sqlite, table: string, order: string): string =>
    JSON.stringify(from.prepare(`SELECT * FROM ${table} ORDER BY ${order}`).all());
  const wrong = Object.entries(projectionTables).filter(
    ([table, order]) => rows(database, table, order) !== rows(rebuilt, table, order),
  );
  rebuilt.close();
  return wrong.map(([table]) => `${table} is not what its facts say`);
}
