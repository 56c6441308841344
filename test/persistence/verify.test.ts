import { beforeAll, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { openMemory, type Sqlite } from '../../src/persistence/database.ts';
import { chain, firstHash } from '../../src/persistence/hash.ts';
import { projectionTables } from '../../src/persistence/projections.ts';
import { verifyStore } from '../../src/persistence/verify.ts';
import { openShop } from '../actors/desk.ts';

/** A store after a day with everything in it, as a file image: each test damages a copy of its own. */
let image: Buffer;
beforeAll(async () => {
  const shop = await openShop();
  for (const tender of ['CASH', 'CARD', 'CASH']) {
    await shop.ask('counter/1', { type: 'SCAN', code: 'BREAD' });
    await shop.ask('counter/1', { type: 'SCAN', code: 'MILK' });
    await shop.ask('counter/1', { type: 'PAY', tender });
  }
  await shop.ask('counter/1', { type: 'PAID_IN', amountMinor: 500, reason: 'coins' });
  await shop.ask('counter/1', { type: 'SCAN', code: 'CANDY' });
  await shop.ask('counter/1', { type: 'SUSPEND' });
  await shop.ask('counter/1', { type: 'START_COUNT' });
  await shop.ask('counter/1', { type: 'COUNT', countedMinor: 10_000 });
  image = shop.database.serialize();
});
const copy = (): Sqlite => new Database(image);

/** Changes one byte of one column in the middle row of a table, in SQL, as somebody with the file in hand would. */
function tamper(database: Sqlite, table: string, column: string): void {
  const order =
    table === 'journal' || table === 'fact'
      ? 'sequence'
      : (projectionTables as Readonly<Record<string, string>>)[table];
  const rows = database.prepare(`SELECT * FROM ${table} ORDER BY ${order ?? 'rowid'}`).all() as readonly Row[];
  const row = rows[Math.floor(rows.length / 2)] ?? {};
  const changed = changeByte(row[column]);
  const keys = (order ?? '').split(', ');
  const where = keys.map((key) => `${key} = ?`).join(' AND ');
  database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).run(changed, ...keys.map((key) => row[key]));
}
type Row = Readonly<Record<string, unknown>>;

function changeByte(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (value === null) return 1;
  if (typeof value === 'string') {
    // A letter inside of it, so that what is JSON stays JSON.
    const place = Math.max(0, value.search(/[A-Za-z0-9]/));
    return `${value.slice(0, place)}${value[place] === 'x' ? 'y' : 'x'}${value.slice(place + 1)}`;
  }
  const bytes = Buffer.from(value as Uint8Array);
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes;
}

const columnsOf = (table: string): readonly string[] => {
  const database = copy();
  const columns = database.prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}')`).all();
  database.close();
  return columns.map(({ name }) => name);
};
const notKeys = (table: keyof typeof projectionTables): readonly string[] =>
  columnsOf(table).filter((column) => !projectionTables[table].split(', ').includes(column));

describe('N5: a store that was not touched', () => {
  it('is what its records say', () => {
    const verdict = verifyStore(copy());
    expect(verdict).toMatchObject({ ok: true });
    expect(verdict.ok && verdict.facts).toBeGreaterThan(15);
  });

  it('and so is one in which nothing ever happened', () => {
    expect(verifyStore(openMemory())).toEqual({ ok: true, turns: 0, facts: 0, actors: 0 });
  });
});

describe('N5: one byte is changed', () => {
  it('in any column of the journal or of the facts: the row is named', () => {
    for (const table of ['journal', 'fact'] as const) {
      for (const column of columnsOf(table).filter((name) => name !== 'sequence')) {
        const database = copy();
        tamper(database, table, column);
        const middle =
          Math.floor((database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0) / 2) + 1;
        expect([column, verifyStore(database)]).toEqual([
          column,
          expect.objectContaining({ ok: false, table, key: String(middle) }),
        ]);
        database.close();
      }
    }
  });

  it.each(Object.keys(projectionTables) as (keyof typeof projectionTables)[])(
    'in any column of %s: row and column are named',
    (table) => {
      for (const column of notKeys(table)) {
        const database = copy();
        tamper(database, table, column);
        const verdict = verifyStore(database);
        expect([column, verdict]).toEqual([column, expect.objectContaining({ ok: false, table })]);
        expect(verdict.ok ? '' : verdict.problem).toContain(`${column} is `);
        database.close();
      }
    },
  );

  it('in the key of a projection: the row that no fact makes is named, or the one that is missing', () => {
    for (const table of Object.keys(projectionTables) as (keyof typeof projectionTables)[]) {
      const database = copy();
      tamper(database, table, projectionTables[table].split(', ')[0] ?? '');
      expect(verifyStore(database)).toMatchObject({ ok: false, table });
      database.close();
    }
  });

  it('in where an actor stands', () => {
    for (const change of [`state = 'open.idle'`, 'revision = revision + 1', `address = 'counter/9'`]) {
      const database = copy();
      database.exec(`UPDATE actor SET ${change} WHERE address = 'counter/1'`);
      expect(verifyStore(database)).toMatchObject({ ok: false, table: 'actor' });
      database.close();
    }
  });
});

describe('N5: rows are taken out or put in', () => {
  const damage: readonly (readonly [moment: string, sql: string, table: string])[] = [
    ['a turn in the middle', 'DELETE FROM journal WHERE sequence = 5', 'journal'],
    ['the last turn', 'DELETE FROM journal WHERE sequence = (SELECT max(sequence) FROM journal)', 'actor'],
    ['the first fact', 'DELETE FROM fact WHERE sequence = 1', 'fact'],
    ['the last fact', 'DELETE FROM fact WHERE sequence = (SELECT max(sequence) FROM fact)', 'shift'],
    ['an order', `DELETE FROM orders WHERE status = 'SUSPENDED'`, 'orders'],
    ['a ledger entry', `DELETE FROM inventory_ledger WHERE line = 2`, 'inventory_ledger'],
    ['a receipt', 'DELETE FROM receipt WHERE number = 2', 'receipt'],
    ['an actor', `DELETE FROM actor WHERE address = 'store-day/main'`, 'actor'],
    [
      'a ledger entry too many',
      `INSERT INTO inventory_ledger SELECT reference_id, 99, product_id, change, reason, at FROM inventory_ledger LIMIT 1`,
      'inventory_ledger',
    ],
  ];
  it.each(damage)('%s', (_moment, sql, table) => {
    const database = copy();
    database.exec(sql);
    expect(verifyStore(database)).toMatchObject({ ok: false, table });
    database.close();
  });

  it('somebody who knows how to make hashes takes a receipt out of the facts: the gap is named', () => {
    const database = copy();
    database.exec(`UPDATE receipt SET number = 4 WHERE number = 3`);
    database.exec(`UPDATE fact SET payload = json_set(payload, '$.receiptNumber', 4)
      WHERE type = 'order.paid' AND json_extract(payload, '$.receiptNumber') = 3`);
    const facts = database
      .prepare<[], (string | number)[]>('SELECT sequence, turn, type, version, payload, at FROM fact')
      .raw();
    facts.all().reduce<Uint8Array>((previous, row) => {
      const hash = chain(previous, row);
      database.prepare('UPDATE fact SET hash = ? WHERE sequence = ?').run(hash, row[0]);
      return hash;
    }, firstHash);
    expect(verifyStore(database)).toEqual({
      ok: false,
      table: 'receipt',
      key: '1',
      problem: 'number 4 is the last of 3 receipts',
    });
    database.close();
  });

  it('bytes of the file itself', () => {
    const bytes = Buffer.from(image);
    const place = bytes.indexOf('PAYMENT_SUCCEEDED');
    expect(place).toBeGreaterThan(0);
    bytes.fill(0xff, place, place + 4);
    const verdictOf = () => {
      try {
        return verifyStore(new Database(bytes)).ok;
      } catch {
        return false;
      }
    };
    expect(verdictOf()).toBe(false);
  });
});
