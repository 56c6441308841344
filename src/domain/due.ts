import type { CardApproval } from './card.ts';
import type { PaymentMethod } from './facts.ts';
import type { Refusal } from './errors.ts';
import type { Tender } from './tender.ts';
import { roundCash } from './cash.ts';
import { assert } from './errors.ts';

/** A payment or refund as its order sees it. */
export interface OrderPayment {
  readonly paymentId: string;
  /** The actor that carries it. */
  readonly kind: 'payment' | 'refund';
  readonly method: PaymentMethod;
  readonly tender: string;
  readonly opensDrawer: boolean;
  /** Where the money lies: a shift has a drawer of its own. */
  readonly shiftId: string;
  readonly status: 'pending' | 'unknown' | 'success' | 'failed' | 'reversing' | 'reversed';
  /** What it pays of the order: tendered − change − rounding. Negative when money goes back. */
  readonly amountMinor: number;
  readonly tenderedMinor: number;
  readonly changeMinor: number;
  readonly roundingMinor: number;
  readonly approval: CardApproval | null;
}

export interface Settlement {
  readonly amountMinor: number;
  readonly tenderedMinor: number;
  readonly changeMinor: number;
  /** What cash rounding adds to the total. */
  readonly roundingMinor: number;
}

const sum = (payments: readonly OrderPayment[], counts: (status: OrderPayment['status']) => boolean): number =>
  payments.reduce((total, payment) => (counts(payment.status) ? total + payment.amountMinor : total), 0);

/** Money that is surely there. */
export const paidMinor = (payments: readonly OrderPayment[]): number => sum(payments, (status) => status === 'success');

/** What is still to be paid. A pending payment counts as if it came; an unknown one does not: the counter sells on by other tenders. */
export const dueMinor = (totalMinor: number, payments: readonly OrderPayment[]): number =>
  totalMinor - sum(payments, (status) => status === 'success' || status === 'pending');

export const isPending = (payments: readonly OrderPayment[]): boolean =>
  payments.some(({ status }) => status === 'pending' || status === 'reversing');

export const isUnknown = (payments: readonly OrderPayment[]): boolean =>
  payments.some(({ status }) => status === 'unknown');

/**
 * How a tender pays what is due. `offeredMinor` null: exactly what is due.
 * More than is due gives change where the tender may; less is a part payment; a negative due is money back.
 */
export function settle(
  due: number,
  tender: Tender,
  offeredMinor: number | null,
  cashRoundingMinor: number,
): Settlement | Refusal {
  const rounded = tender.method === 'cash' ? roundCash(due, cashRoundingMinor) : due;
  const tenderedMinor = offeredMinor ?? rounded;
  if (tender.maxMinor > 0 && Math.abs(tenderedMinor) > tender.maxMinor) {
    return { reason: 'amount-too-large', detail: `${tender.code} takes at most ${tender.maxMinor} minor units` };
  }
  // Where something is due, cash may go out first (cash back): it adds to what is owed. Where nothing is, nobody would pay it.
  if (due === 0 && tenderedMinor < 0) {
    return { reason: 'amount-needed', detail: 'nothing is due and nothing is to be given back' };
  }
  // What goes back may go back by several tenders, and money may come in against it: a part, unless the rest is given as change.
  const isPartBack = due < 0 && tenderedMinor > rounded && !tender.givesChange;
  if (tenderedMinor > rounded && !tender.givesChange && !isPartBack) {
    return {
      reason: 'amount-too-large',
      detail: `${tender.code} gives no change: at most ${rounded} minor units are due`,
    };
  }
  if (due < 0 && tenderedMinor < rounded) {
    return { reason: 'amount-too-large', detail: `${-rounded} minor units are to be given back` };
  }
  // Only a payment that ends the order is rounded; a part payment is worth what it is.
  const ends = tenderedMinor >= rounded && !isPartBack;
  const changeMinor = ends ? tenderedMinor - rounded : 0;
  const roundingMinor = ends ? rounded - due : 0;
  const amountMinor = tenderedMinor - changeMinor - roundingMinor;
  assert(ends ? amountMinor === due : isPartBack || amountMinor < due, 'a settlement pays what is due or less');
  return { amountMinor, tenderedMinor, changeMinor, roundingMinor };
}
