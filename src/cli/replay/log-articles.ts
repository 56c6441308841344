import type { BookPrice, BookProduct } from '../../domain/price-book.ts';
import { dayStart } from './business-date.ts';
import { isBundleRow } from './bundle.ts';
import { createTally, grow, type Tally } from './tally.ts';
import type { TillRow, TillTransaction } from './till-log.ts';
import { codesOf, isProductRow, ownCode, productKey, productOf, type TillProduct } from './till-product.ts';
import { cents, exemptionOf } from './till-row.ts';

/** A product as the log shows it, with the price that it had most often on each day. */
export interface LogArticle extends TillProduct {
  readonly productId: string;
  /** What is scanned or typed for it. */
  readonly ring: string;
  /** The code's usual article; others differ from it in tax or discount and have a number of the store's own. */
  readonly isMain: boolean;
  /** By day of the log, ascending. */
  readonly priceByDay: ReadonlyMap<number, DayPrice>;
  readonly row: BookProduct;
}
export interface DayPrice {
  readonly priceMinor: number;
  readonly regularMinor: number;
}

interface Seen {
  readonly product: TillProduct;
  rows: number;
  readonly description: Tally;
  readonly department: Tally;
  readonly weighed: Tally;
  readonly prices: Map<number, Tally>;
  readonly bundles: Map<number, Tally>;
}

/** Every product of a log, by `productKey`. */
export function findArticles(transactions: readonly TillTransaction[]): ReadonlyMap<string, LogArticle> {
  const seen = see(transactions);
  const main = new Map<string, Seen>();
  for (const one of seen.values()) {
    const other = main.get(one.product.upc);
    if (other === undefined || one.rows > other.rows) main.set(one.product.upc, one);
  }
  return new Map([...seen].map(([key, one]) => [key, toArticle(key, one, main.get(one.product.upc) === one)]));
}

function see(transactions: readonly TillTransaction[]): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const transaction of transactions) {
    const exemption = exemptionOf(transaction);
    for (const row of transaction.rows.filter(isProductRow)) {
      const product = productOf(row, exemption);
      const one = grow(seen, productKey(product), () => blank(product));
      one.rows += 1;
      one.description.add(row.description ?? product.upc);
      one.department.add(row.department ?? '0');
      one.weighed.add(row.scale ?? '');
      addPrice(one, transaction.day, row);
    }
  }
  return seen;
}

/** Pieces that were sold together do not say what one costs, unless nothing else does. */
function addPrice(one: Seen, day: number, row: TillRow): void {
  const regular = Math.max(cents(row.regPrice), 0);
  const prices = isBundleRow(row) ? one.bundles : one.prices;
  grow(prices, day, createTally).add(`${cents(row.unitPrice)} ${regular || cents(row.unitPrice)}`);
}

const blank = (product: TillProduct): Seen => ({
  product,
  rows: 0,
  description: createTally(),
  department: createTally(),
  weighed: createTally(),
  prices: new Map(),
  bundles: new Map(),
});

function toArticle(key: string, seen: Seen, isMain: boolean): LogArticle {
  const { upc, taxClass, discountable } = seen.product;
  const codes = isMain ? codesOf(upc) : { codes: [], ownCodes: [ownCode(key)], ring: ownCode(key) };
  const productId = isMain ? upc : key;
  const row: BookProduct = {
    productId,
    codes: codes.codes,
    ownCodes: codes.ownCodes,
    description: seen.description.top() || upc,
    department: seen.department.top(),
    taxClass,
    discountable,
    weighed: seen.weighed.top() === '1',
    tare: 0,
    depositMinor: 0,
    ageLimit: null,
  };
  const prices = seen.prices.size > 0 ? seen.prices : seen.bundles;
  const priceByDay = new Map(
    [...prices].toSorted(([a], [b]) => a - b).map(([day, tally]) => [day, toPrice(tally.top())]),
  );
  return { ...seen.product, productId, ring: codes.ring, isMain, priceByDay, row };
}

const toPrice = (words: string): DayPrice => {
  const [priceMinor = 0, regularMinor = 0] = words.split(' ').map(Number);
  return { priceMinor, regularMinor };
};

/** What the book says on a day: the price that began last, before the first one that. */
export const priceAt = ({ priceByDay }: LogArticle, day: number): DayPrice | null => {
  const days = [...priceByDay];
  return (days.findLast(([from]) => from <= day) ?? days[0])?.[1] ?? null;
};

/** The article's prices in their time: each holds from its day until the next one begins. */
export function pricesOf({ productId, priceByDay }: LogArticle): readonly BookPrice[] {
  const days = [...priceByDay];
  return days
    .filter(([, price], index) => index === 0 || !isSame(price, days[index - 1]?.[1]))
    .map(([day, price], index) => ({
      productId,
      ...price,
      validFrom: index === 0 ? null : dayStart(day),
      validTo: null,
    }));
}

const isSame = (a: DayPrice, b: DayPrice | undefined): boolean =>
  a.priceMinor === b?.priceMinor && a.regularMinor === b.regularMinor;
