import { dueMinor, paidMinor, type OrderPayment } from './due.ts';
import type { Basket, OrderRules, PricedOrder } from './order.ts';
import { priceOrder } from './pricing.ts';
import type { ReceiptStore } from './receipt.ts';

/** An order as it lives: its basket, its price, its payments. Only the functions below change it. */
export interface Sale extends Basket, SaleOpening {
  readonly operatorId: string;
  readonly priced: PricedOrder;
  readonly payments: readonly OrderPayment[];
  readonly receiptNumber: number | null;
  readonly header: ReceiptHeader | null;
  readonly paidAt: number | null;
  /** Copies printed or asked for. */
  readonly copies: number;
  /** The receipt waits for its printer. */
  readonly held: boolean;
  /** What came back of each line, thousandths. */
  readonly returned: Readonly<Record<string, number>>;
}

export interface SaleOpening {
  readonly orderId: string;
  readonly counterId: string;
  readonly shiftId: string;
  readonly businessDate: string;
  readonly rules: OrderRules;
  /** False: the counter has no printer; its receipts are kept and shown. */
  readonly prints: boolean;
  readonly training: boolean;
}

export interface ReceiptHeader {
  readonly store: ReceiptStore;
  readonly utcOffsetMinutes: number;
}

export const blankSale: Sale = {
  orderId: '',
  counterId: '',
  shiftId: '',
  businessDate: '',
  operatorId: '',
  rules: { currency: '', tax: { rounding: 'basket', classes: [] }, cashRoundingMinor: 1 },
  prints: false,
  training: false,
  lines: [],
  offers: {},
  memberId: null,
  discountHundredths: 0,
  discountAmountMinor: 0,
  taxExempt: false,
  openedAt: 0,
  priced: {
    lines: [],
    totals: { itemsMinor: 0, discountMinor: 0, taxMinor: 0, includedTaxMinor: 0, taxes: [], totalMinor: 0 },
  },
  payments: [],
  receiptNumber: null,
  header: null,
  paidAt: null,
  copies: 0,
  held: false,
  returned: {},
};

/** Changes what is bought and prices it anew. */
export const changeBasket = (sale: Sale, change: Partial<Basket>): Partial<Sale> => ({
  ...change,
  priced: priceOrder({ ...sale, ...change }),
});

export const totalOf = (sale: Sale): number => sale.priced.totals.totalMinor;

/** What is still to be paid; negative: to be given back. */
export const dueOf = (sale: Sale): number => dueMinor(totalOf(sale), sale.payments);

export const paymentOf = (sale: Sale, paymentId: string): OrderPayment | undefined =>
  sale.payments.find((payment) => payment.paymentId === paymentId);

export const changePayment = (sale: Sale, paymentId: string, change: Partial<OrderPayment>): Partial<Sale> => ({
  payments: sale.payments.map((payment) => (payment.paymentId === paymentId ? { ...payment, ...change } : payment)),
});

/** What the order's payments come to once this one is counted. */
const paidWith = (sale: Sale, paymentId: string): number =>
  paidMinor(sale.payments) + (paymentOf(sale, paymentId)?.amountMinor ?? 0);

/** Nobody counts this payment now: its success is news. Of one that was to be given back it says that this did not work. */
export const isOpen = (sale: Sale, paymentId: string): boolean => {
  const status = paymentOf(sale, paymentId)?.status;
  return status === 'pending' || status === 'unknown' || status === 'failed' || status === 'reversing';
};

/** Money that nobody can give back any more: a refund that came out late, a charge of which a person says that it stands. */
export const standsForGood = (sale: Sale, paymentId: string): boolean => {
  const payment = paymentOf(sale, paymentId);
  return (
    payment !== undefined && isOpen(sale, paymentId) && (payment.kind === 'refund' || payment.status === 'reversing')
  );
};

export const covers = (sale: Sale, paymentId: string): boolean =>
  isOpen(sale, paymentId) && paidWith(sale, paymentId) === totalOf(sale);

/**
 * A part payment: something stays due. Also true of money back, where the signs are turned. One that comes late, after the bill
 * may have changed, has to bring it nearer to its end; one that was tendered just now was looked at by `settle`.
 */
export const isPart = (sale: Sale, paymentId: string): boolean => {
  const due = totalOf(sale) - paidMinor(sale.payments);
  const left = totalOf(sale) - paidWith(sale, paymentId);
  const helps = paymentOf(sale, paymentId)?.status === 'pending' || Math.abs(left) < Math.abs(due);
  return isOpen(sale, paymentId) && left !== 0 && Math.sign(left) === Math.sign(due) && helps;
};

/** More than is owed: another tender has paid in the meantime. */
export const exceeds = (sale: Sale, paymentId: string): boolean =>
  isOpen(sale, paymentId) && !covers(sale, paymentId) && !isPart(sale, paymentId);

export const settled = (sale: Sale): readonly OrderPayment[] =>
  sale.payments.filter(({ status }) => status === 'success');

export const changeOf = (sale: Sale): number => settled(sale).reduce((sum, { changeMinor }) => sum + changeMinor, 0);

export const roundingOf = (sale: Sale): number =>
  settled(sale).reduce((sum, { roundingMinor }) => sum + roundingMinor, 0);

export const opensDrawer = (sale: Sale): boolean =>
  settled(sale).some((payment) => payment.opensDrawer || payment.changeMinor > 0);

export const unsurePayments = (sale: Sale): readonly string[] =>
  sale.payments.filter(({ status }) => status === 'unknown').map(({ paymentId }) => paymentId);
