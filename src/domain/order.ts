import type { Offer } from './offers.ts';
import type { TaxRules, TaxAmount } from './tax.ts';

/** One order line. Lines are only ever added: a void is a line of its own that takes another one back (POSLog's void flag). */
export interface OrderLine {
  /** 1, 2, 3 …: the key of the line in its order, never reused. */
  readonly line: number;
  readonly type: LineType;
  readonly productId: string;
  /** The code as it was scanned or typed. */
  readonly code: string;
  readonly description: string;
  readonly department: string;
  /** Thousandths of a piece or of the weight unit; negative for voids and returns. */
  readonly quantity: number;
  readonly weighed: boolean;
  /** Container weight already taken off `quantity`, thousandths of the weight unit. */
  readonly tare: number;
  readonly unitPriceMinor: number;
  /** The price without offers, for "you saved". */
  readonly regularPriceMinor: number;
  /** Where the unit price came from. */
  readonly priceSource: 'price-book' | 'label' | 'open-ring' | 'override';
  /** Tax class of tax.ts, or null for untaxed. */
  readonly taxClass: string | null;
  /** Whether percentage discounts on the order reduce this line. */
  readonly discountable: boolean;
  /** Offers that may apply to this line (see Order.offers). */
  readonly offerIds: readonly string[];
  /** A discount by hand on this line. */
  readonly manual: ManualDiscount | null;
  /** The line that this one takes back, for type `void`. */
  readonly voids: number | null;
  /** The void line that took this one back. */
  readonly voidedBy: number | null;
  /** The sale that goods come back from, where it is known. */
  readonly returnOf: ReturnOf | null;
  /** The line this one belongs to: the bottle of a deposit. */
  readonly linkedTo: number | null;
}

export type LineType = 'item' | 'department' | 'deposit' | 'coupon' | 'adjustment' | 'void' | 'return';

export interface ReturnOf {
  readonly orderId: string;
  readonly line: number;
}

export type ManualDiscount =
  | { readonly type: 'amount'; readonly amountMinor: number; readonly reason: string }
  | { readonly type: 'percent'; readonly percentHundredths: number; readonly reason: string };

/** What a pricing run says of a line. `totalMinor` = extended + modifiers; the order-wide discount is not in it. */
export interface PricedLine {
  readonly line: number;
  /** quantity × unit price, decimal, half away from zero. */
  readonly extendedMinor: number;
  /** Which offers or discounts applied, and why. */
  readonly modifiers: readonly PriceModifier[];
  readonly totalMinor: number;
}

export interface PriceModifier {
  /** Offer id, or `manual`. */
  readonly source: string;
  readonly reason: string;
  /** Negative for a reduction. */
  readonly amountMinor: number;
}

export interface OrderTotals {
  /** Sum of the lines' totals. */
  readonly itemsMinor: number;
  /** Order-wide discount, zero or negative on a sale. */
  readonly discountMinor: number;
  /** Tax on top (exclusive classes). */
  readonly taxMinor: number;
  /** Tax contained in the prices (inclusive classes). */
  readonly includedTaxMinor: number;
  readonly taxes: readonly TaxAmount[];
  /** items + discount + tax: what the customer owes (negative: gets back). */
  readonly totalMinor: number;
}

export interface OrderRules {
  readonly currency: string;
  readonly tax: TaxRules;
  /** Smallest cash amount: 1, 5 or 10 minor units (0.05, 0.10). */
  readonly cashRoundingMinor: number;
}

/** What pricing needs of an order. */
export interface Basket {
  readonly lines: readonly OrderLine[];
  /** Definitions of all offers that lines refer to, by id. */
  readonly offers: Readonly<Record<string, Offer>>;
  readonly memberId: string | null;
  /** Order-wide percentage, hundredths of a percent: 10 % = 1000. */
  readonly discountHundredths: number;
  /** Order-wide amount off, minor units, ≥ 0. */
  readonly discountAmountMinor: number;
  readonly taxExempt: boolean;
  readonly rules: OrderRules;
  /** When the order was opened: offers are dated by it, so that a price does not change in mid-bill. */
  readonly openedAt: number;
}

export interface PricedOrder {
  readonly lines: readonly PricedLine[];
  readonly totals: OrderTotals;
}

/** Largest order: 122 lines is the longest seen in a real till's month (with its voids); ten times that is a mistake. */
export const orderLinesMax = 1000;
