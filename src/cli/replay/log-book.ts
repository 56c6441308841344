import type { PriceBook } from '../../domain/price-book.ts';
import type { TaxClass } from '../../domain/tax.ts';
import { findArticles, pricesOf, type LogArticle } from './log-articles.ts';
import { findDepartments } from './log-departments.ts';
import type { TillRow, TillTransaction } from './till-log.ts';
import { productKey, productOf } from './till-product.ts';
import { currency, goodsRows, type Exemption } from './till-row.ts';

/** The price book that a log lets us see, and how its rows find their place in it. */
export interface LogBook {
  readonly book: PriceBook;
  /** Tax classes that the log uses and nobody told us the rate of: rung untaxed, and listed. */
  readonly unknownTaxes: readonly string[];
  articleOf(row: TillRow, exemption: Exemption): LogArticle | null;
  departmentOf(row: TillRow, exemption: Exemption): string;
  /** The 13 digits of the log behind a product of the book. */
  upcOf(productId: string): string;
}

/** The rates of the log's town. */
const rates: Readonly<Record<string, number>> = { 1: 78_750, 2: 101_250 };

export function createLogBook(transactions: readonly TillTransaction[]): LogBook {
  const articles = findArticles(transactions);
  const keys = findDepartments(
    transactions,
    [...articles.values()].map(({ row }) => row.department),
  );
  const taxes = new Set(
    transactions.flatMap((one) => goodsRows(one).flatMap(({ tax }) => (tax === undefined ? [] : [tax]))),
  );
  const upcs = new Map([...articles.values()].map(({ productId, upc }) => [productId, upc]));
  return {
    book: {
      version: null,
      currency,
      effectiveAt: null,
      taxes: [...new Set([...Object.keys(rates), ...taxes])].toSorted().map(toTaxClass),
      departments: keys.departments,
      products: [...articles.values()].map(({ row }) => row),
      prices: [...articles.values()].flatMap(pricesOf),
      offers: [],
      offerProducts: [],
    },
    unknownTaxes: [...taxes].filter((tax) => rates[tax] === undefined),
    articleOf: (row, exemption) => articles.get(productKey(productOf(row, exemption))) ?? null,
    departmentOf: (row, exemption) => keys.idOf(row, exemption),
    upcOf: (productId) => upcs.get(productId) ?? productId,
  };
}

const toTaxClass = (id: string): TaxClass => ({
  id,
  name: `Tax ${id}`,
  rateMillionths: rates[id] ?? 0,
  inclusive: false,
});
