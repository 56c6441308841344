import type { LineType } from './order.ts';
import type { TaxAmount } from './tax.ts';

/** What stands on paper: plain JSON, kept in the print job, so small and complete: nothing is looked up when it is printed. */
export interface Receipt {
  readonly store: ReceiptStore;
  readonly counter: string;
  /** Gapless per counter. */
  readonly number: number;
  readonly orderId: string;
  /** `2026-08-14`: the store's day, not the wall clock's. */
  readonly businessDate: string;
  /** Wall clock, milliseconds, and what to add to it for the store's local time. */
  readonly at: number;
  readonly utcOffsetMinutes: number;
  /** Operator id. */
  readonly operator: string;
  readonly currency: string;
  readonly lines: readonly ReceiptLine[];
  readonly itemsMinor: number;
  readonly discountMinor: number;
  /** Tax on top; what the prices contain stands in `taxes` only. */
  readonly taxMinor: number;
  readonly taxes: readonly ReceiptTax[];
  /** Before cash rounding. Negative: the customer gets it back. */
  readonly totalMinor: number;
  /** Cash rounding added to the total; 0 where there was none. */
  readonly roundingMinor: number;
  readonly tenders: readonly ReceiptTender[];
  readonly changeMinor: number;
  /** A second print of the same receipt: says COPY. */
  readonly copy: boolean;
  /** A training receipt: says so, and counts nowhere. */
  readonly training: boolean;
}

export interface ReceiptStore {
  readonly name: string;
  readonly address: readonly string[];
}

export interface ReceiptLine {
  readonly type: LineType;
  readonly description: string;
  readonly quantity: number;
  readonly weighed: boolean;
  readonly unitPriceMinor: number;
  /** Quantity × unit price, before modifiers. */
  readonly extendedMinor: number;
  readonly modifiers: readonly ReceiptModifier[];
  readonly taxClass: string | null;
}

export interface ReceiptModifier {
  readonly reason: string;
  readonly amountMinor: number;
}

export interface ReceiptTax extends TaxAmount {
  readonly name: string;
  readonly rateMillionths: number;
}

export interface ReceiptTender {
  /** As printed: `Cash`, `Card`. */
  readonly name: string;
  /** Money taken; negative for money given back. Change is not taken off. */
  readonly amountMinor: number;
  readonly card: ReceiptCard | null;
}

/** What a terminal may hand out, nothing more (K1). */
export interface ReceiptCard {
  readonly maskedPan: string;
  readonly scheme: string;
  readonly authCode: string;
  readonly terminalReceipt: string;
}
