import type {
  Fact,
  LedgerEntry,
  OrderPaid,
  PaymentInitiated,
  PaymentSucceeded,
  ShiftClosed,
  SoldLine,
} from '../domain/facts.ts';
import { assert } from '../domain/errors.ts';
import type { Sqlite } from './database.ts';

/** The tables that are made of facts alone, and the order in which their rows are compared. */
export const projectionTables = {
  orders: 'order_id',
  order_line: 'order_id, line',
  payments: 'payment_id',
  inventory_ledger: 'reference_id, line',
  receipt: 'terminal_id, number',
  till_movement: 'movement_id',
  shift: 'shift_id',
  store_day: 'business_date',
} as const;

export interface Projections {
  apply(fact: Fact): void;
}

/** Writes facts into their tables. Called inside the commit of the fact, and again when they are rebuilt. */
export function createProjections(database: Sqlite, storeId: string): Projections {
  const run = prepareAll(database);
  const one = (changes: number, what: string) => assert(changes === 1, `a fact changes one row: ${what}`);

  const paid = (order: OrderPaid) => {
    const { itemsMinor, discountMinor, taxMinor, totalMinor } = order.totals;
    const total = totalMinor + order.roundingMinor;
    one(
      run.orderPaid.run(itemsMinor, discountMinor, taxMinor, order.roundingMinor, total, order.orderId).changes,
      `order ${order.orderId}`,
    );
    for (const line of order.lines) addLine(order.orderId, line);
    for (const entry of order.ledger) addEntry(order, entry);
    run.receipt.run(order.counterId, order.receiptNumber, order.orderId, order.at);
  };
  const addLine = (orderId: string, line: SoldLine) =>
    run.line.run(
      orderId,
      line.line,
      line.type,
      line.productId,
      line.code,
      line.description,
      line.department,
      line.quantity,
      line.unitPriceMinor,
      line.extendedMinor,
      line.totalMinor,
      line.taxClass,
      line.voids,
      line.modifiers.length === 0 ? '[]' : JSON.stringify(line.modifiers),
    );
  const addEntry = (order: OrderPaid, entry: LedgerEntry) =>
    run.ledger.run(order.orderId, entry.line, entry.productId, entry.change, entry.reason, order.at);
  const initiated = (payment: PaymentInitiated) =>
    run.payment.run(
      payment.paymentId,
      payment.orderId,
      payment.shiftId,
      payment.businessDate,
      payment.counterId,
      payment.method,
      payment.tender,
      payment.amountMinor,
      payment.at,
    );
  const succeeded = (payment: PaymentSucceeded) => {
    const { approval, tenderedMinor, changeMinor, roundingMinor } = payment;
    const card = [approval?.terminalReceipt ?? null, approval?.authCode ?? null, approval?.maskedPan ?? null] as const;
    one(
      run.paymentSucceeded.run(payment.decidedBy, ...card, tenderedMinor, changeMinor, roundingMinor, payment.paymentId)
        .changes,
      `payment ${payment.paymentId}`,
    );
  };
  const setPayment = (status: string, reason: string | null, paymentId: string) =>
    one(run.paymentStatus.run(status, reason, paymentId).changes, `payment ${paymentId}`);
  const closed = (shift: ShiftClosed) =>
    one(
      run.shiftClosed.run(
        shift.zNumber,
        shift.countedMinor,
        shift.report.expectedCashMinor,
        JSON.stringify(shift.report),
        shift.at,
        shift.shiftId,
      ).changes,
      `shift ${shift.shiftId}`,
    );

  const apply = ({ type, payload }: Fact): void => {
    switch (type) {
      case 'day.opened':
      case 'day.closed':
        run.day.run(payload.businessDate, type === 'day.opened' ? 'open' : 'closed');
        break;
      case 'shift.opened':
        run.shiftOpened.run(
          payload.shiftId,
          payload.counterId,
          payload.businessDate,
          payload.operatorId,
          payload.floatMinor,
          payload.at,
        );
        break;
      case 'shift.closed':
        closed(payload);
        break;
      case 'till.moved':
        run.movement.run(
          payload.movementId,
          payload.counterId,
          payload.shiftId,
          payload.businessDate,
          payload.movement,
          payload.amountMinor,
          payload.reason,
          payload.operatorId,
          payload.at,
        );
        break;
      case 'order.created':
        run.order.run(
          payload.orderId,
          storeId,
          payload.counterId,
          payload.shiftId,
          payload.businessDate,
          payload.operatorId,
          payload.currency,
          payload.at,
        );
        break;
      case 'order.suspended':
      case 'order.resumed':
        one(
          run.orderMoved.run(
            type === 'order.suspended' ? 'SUSPENDED' : 'PENDING',
            payload.counterId,
            payload.shiftId,
            payload.businessDate,
            payload.orderId,
          ).changes,
          payload.orderId,
        );
        break;
      case 'order.cancelled':
        one(run.orderStatus.run('CANCELLED', payload.orderId).changes, payload.orderId);
        break;
      case 'order.paid':
        paid(payload);
        break;
      case 'order.receipted':
        one(run.orderStatus.run('RECEIPTED', payload.orderId).changes, payload.orderId);
        one(run.receiptPrinted.run(payload.copies, payload.orderId).changes, payload.orderId);
        break;
      case 'order.disputed':
        one(run.orderDisputed.run(payload.orderId).changes, payload.orderId);
        break;
      case 'payment.initiated':
        initiated(payload);
        break;
      case 'payment.succeeded':
        succeeded(payload);
        break;
      case 'payment.failed':
        setPayment('failed', payload.reason, payload.paymentId);
        break;
      case 'payment.unknown':
        setPayment('unknown', null, payload.paymentId);
        break;
      case 'payment.reversed':
        setPayment('reversed', payload.reason, payload.paymentId);
        break;
    }
  };
  return { apply };
}

const prepareAll = (database: Sqlite) => ({
  day: database.prepare('INSERT INTO store_day VALUES (?, ?) ON CONFLICT DO UPDATE SET status = excluded.status'),
  shiftOpened: database.prepare(`INSERT INTO shift VALUES (?, ?, ?, ?, ?, ?, 'open', NULL, NULL, NULL, NULL, NULL)`),
  shiftClosed: database.prepare(
    `UPDATE shift SET status = 'closed', z_number = ?, counted = ?, expected = ?, report = ?, closed_at = ? WHERE shift_id = ?`,
  ),
  movement: database.prepare('INSERT INTO till_movement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
  order: database.prepare(`INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 'PENDING', 0, ?)`),
  orderPaid: database.prepare(
    `UPDATE orders SET items_amount = ?, discount_amount = ?, tax_amount = ?, rounding_amount = ?, total_amount = ?, status = 'PAID' WHERE order_id = ?`,
  ),
  orderStatus: database.prepare('UPDATE orders SET status = ? WHERE order_id = ?'),
  orderMoved: database.prepare(
    'UPDATE orders SET status = ?, terminal_id = ?, shift_id = ?, business_date = ? WHERE order_id = ?',
  ),
  orderDisputed: database.prepare('UPDATE orders SET disputed = 1 WHERE order_id = ?'),
  line: database.prepare('INSERT INTO order_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
  ledger: database.prepare('INSERT INTO inventory_ledger VALUES (?, ?, ?, ?, ?, ?)'),
  receipt: database.prepare('INSERT INTO receipt VALUES (?, ?, ?, 0, 0, ?)'),
  receiptPrinted: database.prepare('UPDATE receipt SET printed = 1, copies = ? WHERE order_id = ?'),
  payment: database.prepare(
    `INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, 'initiated', NULL, NULL, NULL, NULL, ?, 0, 0, 0, ?)`,
  ),
  paymentSucceeded: database.prepare(
    `UPDATE payments SET status = 'success', reason = ?, reference_id = ?, auth_code = ?, masked_pan = ?,
       tendered = ?, change_given = ?, rounding = ? WHERE payment_id = ?`,
  ),
  paymentStatus: database.prepare('UPDATE payments SET status = ?, reason = ? WHERE payment_id = ?'),
});
