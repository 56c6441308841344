import type { Tell } from './effects.ts';
import type { LineDraft } from './lines.ts';
import type { Message } from './message.ts';
import { returnsOf } from './returned.ts';
import { changeOf, dueOf, opensDrawer, paymentOf, totalOf, type Sale } from './sale.ts';
import { receiptOf } from './sold.ts';

/** What an order tells others: its payments, its counter, a printer, the sales that goods come back from. */
export const tellPayment = (sale: Sale, paymentId: string, event: Message): Tell => ({
  to: `${paymentOf(sale, paymentId)?.kind ?? 'payment'}/${paymentId}`,
  event,
});

export function tellStart(sale: Sale, paymentId: string): Tell {
  const { orderId, counterId, shiftId, businessDate, training, rules } = sale;
  const place = { orderId, counterId, shiftId, businessDate, training, currency: rules.currency };
  return tellPayment(sale, paymentId, { type: 'START', payment: { ...paymentOf(sale, paymentId), ...place } });
}

export const tellCounter = (sale: Sale, event: Message): Tell => ({
  to: `counter/${sale.counterId}`,
  event: { ...event, orderId: sale.orderId },
});

/** News of one payment, for the counter that the order stands on. */
export const paymentNews = (sale: Sale, type: string, paymentId: string, reason: string | null): Message => ({
  type,
  paymentId,
  dueMinor: dueOf(sale),
  reason,
});

export const paidNews = (sale: Sale, paymentId: string): Message => ({
  ...paymentNews(sale, 'ORDER_PAID', paymentId, null),
  receiptNumber: sale.receiptNumber,
  changeMinor: changeOf(sale),
  totalMinor: totalOf(sale),
  opensDrawer: opensDrawer(sale),
});

/** The original is the job of the order's own name; each copy is a job of its own, marked. */
export const tellPrint = (sale: Sale, printerId: string): Tell => ({
  to: `printer/${printerId}`,
  event: {
    type: 'PRINT',
    requester: `order/${sale.orderId}`,
    jobId: sale.copies === 0 ? sale.orderId : `${sale.orderId}-copy-${sale.copies}`,
    receipt: receiptOf(sale, sale.copies > 0),
    copy: sale.copies > 0,
  },
});

/** Goods that come back are booked on the sale they were sold on, so that two counters cannot return them twice. */
export const tellSales = (type: 'RETURN_LINES' | 'RELEASE_LINES', lines: readonly LineDraft[]): readonly Tell[] =>
  [...returnsOf(lines)].map(([orderId, quantities]) => ({ to: `order/${orderId}`, event: { type, quantities } }));

/** What a cashier hears of the bill after each command. */
export const summaryOf = (sale: Sale) => ({
  orderId: sale.orderId,
  lines: sale.lines.length,
  totalMinor: totalOf(sale),
  dueMinor: dueOf(sale),
});
