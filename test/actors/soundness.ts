import { verifyStore } from '../../src/persistence/verify.ts';
import type { Desk } from './desk.ts';

/** The money of a payment that is being given back, and not there yet, is not the order's any more. */
const goesBack = `EXISTS (SELECT 1 FROM actor WHERE address = 'payment/' || p.payment_id AND state LIKE 'revers%' AND in_flight = 1)`;

/** Queries that find a row only where the books of a store are wrong (DESIGN.md 9). */
const wrongRows = {
  'money in = money owed, unless a person was told that it is not (X3)': `
    SELECT o.order_id FROM orders o WHERE o.status IN ('PAID', 'RECEIPTED') AND o.disputed = 0 AND o.total_amount <>
      (SELECT coalesce(sum(p.amount + p.rounding), 0) FROM payments p
         WHERE p.order_id = o.order_id AND p.status = 'success' AND NOT ${goesBack})`,
  'a cancelled order keeps no money': `
    SELECT o.order_id FROM orders o JOIN payments p USING (order_id)
      WHERE o.status = 'CANCELLED' AND o.disputed = 0 AND p.status = 'success' AND NOT ${goesBack}`,
  'stock moves only for what was paid (F4)': `
    SELECT reference_id FROM inventory_ledger l JOIN orders o ON o.order_id = l.reference_id
      WHERE o.status NOT IN ('PAID', 'RECEIPTED')`,
  'stock moves by what was sold and came back (D3)': `
    SELECT o.order_id FROM orders o WHERE o.status IN ('PAID', 'RECEIPTED') AND
      (SELECT coalesce(sum(change), 0) FROM inventory_ledger WHERE reference_id = o.order_id) <>
      -(SELECT sum(quantity) FROM order_line WHERE order_line.order_id = o.order_id)`,
  'a paid order has its receipt number, and nothing else has one (T3)': `
    SELECT order_id FROM orders o WHERE (status IN ('PAID', 'RECEIPTED')) <> (order_id IN (SELECT order_id FROM receipt))`,
  'Z numbers of a counter have no gap': `
    SELECT terminal_id FROM shift WHERE z_number IS NOT NULL GROUP BY terminal_id HAVING max(z_number) <> count(*)`,
  'the report of a shift that was closed is what its rows say': `
    SELECT shift_id FROM shift s WHERE status = 'closed' AND expected <>
      (SELECT coalesce(sum(amount), 0) FROM till_movement m WHERE m.shift_id = s.shift_id) +
      (SELECT coalesce(sum(CASE WHEN p.method = 'cash' THEN p.tendered ELSE 0 END - p.change_given), 0)
         FROM payments p WHERE p.shift_id = s.shift_id AND p.status = 'success')`,
} as const;

/** What is wrong with a store, in words. */
export function faultsOf(shop: Desk): readonly string[] {
  const verdict = verifyStore(shop.database);
  const rows = Object.entries(wrongRows).flatMap(([name, sql]) => {
    const [first] = shop.database.prepare<[], string>(sql).pluck().all();
    return first === undefined ? [] : [`${name}: ${first}`];
  });
  // By all the calls that its devices ever got.
  const once = shop.desk.calls.filter((call) => /^(terminal (authorize|refund)|drawer open) /.test(call));
  const twice = once.filter((call, index) => once.indexOf(call) !== index);
  const stopped = shop.runtime.stats().faulted.map((of) => `${of} has stopped`);
  return [
    ...(verdict.ok ? [] : [`${verdict.table} ${verdict.key}: ${verdict.problem}`]),
    ...rows,
    ...twice.map((call) => `done twice: ${call}`),
    ...stopped,
  ];
}
