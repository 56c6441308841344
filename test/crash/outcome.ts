import type { Sqlite } from '../../src/persistence/database.ts';

/**
 * What a flow came to, without ids and times: the same whether the store died on the way or not. Attempts that failed do
 * not count: whether a card that was never charged is tried again is the cashier's business.
 */
export const outcomeOf = (database: Sqlite): string =>
  queries.map(([name, sql]) => `${name}: ${JSON.stringify(database.prepare(sql).raw().all())}`).join('\n');

const queries: readonly (readonly [name: string, sql: string])[] = [
  [
    'orders',
    `SELECT o.terminal_id, number, business_date, status, items_amount, discount_amount, tax_amount, rounding_amount,
            total_amount, disputed
       FROM orders o LEFT JOIN receipt USING (order_id) ORDER BY o.terminal_id, number, total_amount`,
  ],
  [
    'lines',
    `SELECT r.terminal_id, number, l.line, l.type, l.product_id, l.quantity, l.total
       FROM order_line l JOIN receipt r USING (order_id) ORDER BY r.terminal_id, number, l.line`,
  ],
  [
    'payments',
    `SELECT p.terminal_id, number, p.method, p.tender, p.amount, p.tendered, p.change_given, p.rounding
       FROM payments p LEFT JOIN receipt r USING (order_id) WHERE p.status = 'success'
      ORDER BY p.terminal_id, number, p.method, p.amount`,
  ],
  ['stock', 'SELECT product_id, sum(change), count(*) FROM inventory_ledger GROUP BY product_id ORDER BY product_id'],
  ['receipts', 'SELECT terminal_id, number FROM receipt ORDER BY terminal_id, number'],
  [
    'money moved',
    'SELECT terminal_id, movement, amount, reason FROM till_movement ORDER BY terminal_id, movement, amount',
  ],
  [
    'shifts',
    `SELECT terminal_id, business_date, float_amount, status, z_number, counted, expected FROM shift
      ORDER BY terminal_id, business_date, z_number`,
  ],
  ['days', 'SELECT business_date, status FROM store_day ORDER BY business_date'],
];
