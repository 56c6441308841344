import type { Offer } from './offers.ts';

/** What the catalogue knows of a product at a moment: one row of the price book, with its offers. */
export interface Item {
  readonly productId: string;
  readonly description: string;
  readonly department: string;
  /** Price of one piece, or of one weight unit. */
  readonly unitPriceMinor: number;
  readonly regularPriceMinor: number;
  readonly taxClass: string | null;
  readonly discountable: boolean;
  readonly weighed: boolean;
  /** Container weight taken off when weighed, thousandths of the weight unit. */
  readonly tare: number;
  /** Deposit rung with each piece; 0 for none. */
  readonly depositMinor: number;
  readonly ageLimit: number | null;
  readonly offers: readonly Offer[];
  /** Version of the price book this came from. */
  readonly priceBook: string;
}
