import { verifyStore as verdictOf } from '../../src/persistence/verify.ts';
import type { Sqlite } from '../../src/persistence/database.ts';

/** What is wrong in a data file by its own records; empty: nothing. */
export function verifyStore(database: Sqlite): readonly string[] {
  const integrity = String(database.pragma('integrity_check', { simple: true }));
  const verdict = verdictOf(database);
  return [
    ...(integrity === 'ok' ? [] : [`integrity_check: ${integrity}`]),
    ...(verdict.ok ? [] : [`${verdict.table} ${verdict.key}: ${verdict.problem}`]),
  ];
}
