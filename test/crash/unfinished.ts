import type { Sqlite } from '../../src/persistence/database.ts';

/** What is still under way in a store, named; empty when it is at rest. */
export function unfinished(database: Sqlite, of: 'money' | 'everything'): readonly string[] {
  const names = (sql: string): string[] => database.prepare<[], string>(sql).pluck().all();
  const money = names(
    `SELECT address || ' is ' || state FROM actor WHERE in_flight = 1 AND kind IN ('payment', 'refund')`,
  );
  if (of === 'money') return money;
  return [
    ...money,
    ...names(`SELECT address || ' is ' || state FROM actor WHERE kind = 'order' AND state = 'paid'`),
    ...names(`SELECT address || ' is ' || state FROM actor
               WHERE kind IN ('terminal', 'printer', 'drawer', 'display', 'scanner') AND state <> 'ready'`),
    ...names(`SELECT 'the call ' || id || ' ' || type || ' waits for its end' FROM outbox`),
  ];
}
