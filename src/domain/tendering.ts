import { isPending, settle, type OrderPayment, type Settlement } from './due.ts';
import type { Refusal } from './errors.ts';
import { dueOf, type Sale } from './sale.ts';
import type { Tender } from './tender.ts';

/** A tender laid on the counter; `offeredMinor` null: exactly what is due. */
export interface Tendered {
  readonly paymentId: string;
  readonly tender: Tender;
  readonly offeredMinor: number | null;
}

/**
 * What a tender would pay of a sale, or why it is not taken. Nothing due is no reason: an order whose lines were voided down to
 * what is paid already becomes PAID by a tender of nothing.
 */
export function settlementOf(sale: Sale, { tender, offeredMinor }: Tendered): Settlement | Refusal {
  if (sale.lines.length === 0) return { reason: 'order-empty', detail: 'ring something first' };
  if (isPending(sale.payments)) return { reason: 'payment-pending', detail: 'wait for the payment that is under way' };
  return settle(dueOf(sale), tender, offeredMinor, sale.rules.cashRoundingMinor);
}

/** The sale with the payment under way. Money back on a card is a refund, carried by another actor. */
export function addPayment(sale: Sale, tendered: Tendered): Partial<Sale> {
  const settlement = settlementOf(sale, tendered);
  if ('reason' in settlement) return {};
  const { method, code, opensDrawer } = tendered.tender;
  const added: OrderPayment = {
    paymentId: tendered.paymentId,
    kind: settlement.amountMinor < 0 && method === 'card' ? 'refund' : 'payment',
    method,
    tender: code,
    opensDrawer,
    shiftId: sale.shiftId,
    status: 'pending',
    approval: null,
    ...settlement,
  };
  return { payments: [...sale.payments, added] };
}
