import type { Offer } from './offers.ts';
import type { TaxClass } from './tax.ts';

/**
 * All that a store sells, as one document: taken over as a whole or not at all. Rows refer to each other by id within the book.
 * Made from CSV by persistence/import.ts, or by head office.
 */
export interface PriceBook {
  /** Name of this version; null: derived from the content. */
  readonly version: string | null;
  readonly currency: string;
  /** Not before this moment, milliseconds; null: at once. */
  readonly effectiveAt: number | null;
  readonly taxes: readonly TaxClass[];
  readonly departments: readonly Department[];
  readonly products: readonly BookProduct[];
  readonly prices: readonly BookPrice[];
  readonly offers: readonly Offer[];
  readonly offerProducts: readonly OfferProduct[];
}

/** Also what an open ring (an amount keyed in, without a product) is taxed and reported by. */
export interface Department {
  readonly departmentId: string;
  readonly name: string;
  readonly taxClass: string | null;
  readonly discountable: boolean;
  readonly ageLimit: number | null;
}

export interface BookProduct {
  readonly productId: string;
  /** GTINs, UPC-Es and PLUs as printed; what counts as the same code is said in docs/catalogue.md. */
  readonly codes: readonly string[];
  /** Numbers that the store made up itself: nothing is known of their check digits. */
  readonly ownCodes: readonly string[];
  readonly description: string;
  readonly department: string;
  readonly taxClass: string | null;
  readonly discountable: boolean;
  readonly weighed: boolean;
  /** Thousandths of the weight unit. */
  readonly tare: number;
  readonly depositMinor: number;
  readonly ageLimit: number | null;
}

/** A price in its time; of several the one that began last holds. */
export interface BookPrice {
  readonly productId: string;
  readonly priceMinor: number;
  readonly regularMinor: number;
  /** First and last moment, milliseconds; null for open ended. */
  readonly validFrom: number | null;
  readonly validTo: number | null;
}

export interface OfferProduct {
  readonly offerId: string;
  readonly productId: string;
}

/** A chain's largest assortment is a tenth of this. */
export const productsMax = 500_000;
/** Rows of any one table of a book. */
export const bookRowsMax = 2_000_000;
/** Characters of any one field: a name that is longer is a broken line of the file. */
export const fieldCharsMax = 200;
/** Codes of one product: pack sizes and promotional prints of one article share a product. */
export const codesMax = 40;
