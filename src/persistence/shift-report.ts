import type { ShiftReport, TillMovement } from '../domain/facts.ts';
import { assert } from '../domain/errors.ts';
import type { Sqlite } from './database.ts';

/**
 * X and Z: summed from orders, payments and movements each time, never accumulated, so that a close after an outage is right.
 * Change is cash that left the drawer, whatever tender it was given for.
 */
export function createShiftReports(database: Sqlite): (shiftId: string) => ShiftReport {
  const run = prepareAll(database);

  return (shiftId) => {
    const shift = run.shift.get(shiftId);
    assert(shift !== undefined, `shift ${shiftId} is on record`);
    const orders = run.orders.get(shiftId);
    const lines = run.lines.get(shiftId);
    const unsure = run.unsure.get(shiftId);
    assert(orders !== undefined && lines !== undefined && unsure !== undefined, 'a sum has a row');
    const { tenders, cashMinor } = sumTenders(run.payments.all(shiftId));
    const movements = Object.fromEntries(run.movements.all(shiftId).map(({ movement, amount }) => [movement, amount]));
    const movedMinor = Object.values(movements).reduce((sum, amount) => sum + amount, 0);
    return { ...shift, ...orders, ...lines, ...unsure, tenders, movements, expectedCashMinor: cashMinor + movedMinor };
  };
}

interface PaymentSum {
  readonly tender: string;
  readonly method: string;
  readonly tendered: number;
  readonly change: number;
}

function sumTenders(payments: readonly PaymentSum[]): {
  readonly tenders: Record<string, number>;
  readonly cashMinor: number;
} {
  const tenders: Record<string, number> = {};
  let cashMinor = 0;
  const cashName = payments.find(({ method }) => method === 'cash')?.tender ?? 'CASH';
  for (const { tender, method, tendered, change } of payments) {
    tenders[tender] = (tenders[tender] ?? 0) + tendered;
    if (change !== 0) tenders[cashName] = (tenders[cashName] ?? 0) - change;
    cashMinor += (method === 'cash' ? tendered : 0) - change;
  }
  return { tenders, cashMinor };
}

type OrderSums = Pick<
  ShiftReport,
  | 'orders'
  | 'itemsMinor'
  | 'discountMinor'
  | 'taxMinor'
  | 'totalMinor'
  | 'roundingMinor'
  | 'cancelledOrders'
  | 'firstReceipt'
  | 'lastReceipt'
>;
type LineSums = Pick<ShiftReport, 'voidLines' | 'returnLines'>;

const prepareAll = (database: Sqlite) => ({
  shift: database.prepare<[string], Pick<ShiftReport, 'shiftId' | 'counterId' | 'businessDate'>>(
    'SELECT shift_id AS shiftId, terminal_id AS counterId, business_date AS businessDate FROM shift WHERE shift_id = ?',
  ),
  orders: database.prepare<[string], OrderSums>(
    `SELECT count(*) FILTER (WHERE paid) AS orders,
            coalesce(sum(items_amount) FILTER (WHERE paid), 0) AS itemsMinor,
            coalesce(sum(discount_amount) FILTER (WHERE paid), 0) AS discountMinor,
            coalesce(sum(tax_amount) FILTER (WHERE paid), 0) AS taxMinor,
            coalesce(sum(total_amount) FILTER (WHERE paid), 0) AS totalMinor,
            coalesce(sum(rounding_amount) FILTER (WHERE paid), 0) AS roundingMinor,
            count(*) FILTER (WHERE status = 'CANCELLED') AS cancelledOrders,
            min(number) AS firstReceipt, max(number) AS lastReceipt
       FROM (SELECT o.*, r.number, o.status IN ('PAID', 'RECEIPTED') AS paid
               FROM orders o LEFT JOIN receipt r USING (order_id) WHERE o.shift_id = ?)`,
  ),
  lines: database.prepare<[string], LineSums>(
    `SELECT count(*) FILTER (WHERE l.type = 'void') AS voidLines, count(*) FILTER (WHERE l.type = 'return') AS returnLines
       FROM orders o JOIN order_line l USING (order_id) WHERE o.shift_id = ?`,
  ),
  // A reversed payment was money that went back; what is unknown is not in the drawer's sum.
  payments: database.prepare<[string], PaymentSum>(
    `SELECT tender, method, sum(tendered) AS tendered, sum(change_given) AS change
       FROM payments WHERE shift_id = ? AND status = 'success' GROUP BY tender, method ORDER BY tender`,
  ),
  unsure: database.prepare<[string], Pick<ShiftReport, 'unsurePayments' | 'unsureMinor'>>(
    `SELECT count(*) AS unsurePayments, coalesce(sum(amount), 0) AS unsureMinor
       FROM payments WHERE shift_id = ? AND status IN ('initiated', 'unknown')`,
  ),
  movements: database.prepare<[string], { movement: TillMovement; amount: number }>(
    'SELECT movement, sum(amount) AS amount FROM till_movement WHERE shift_id = ? GROUP BY movement ORDER BY movement',
  ),
});
