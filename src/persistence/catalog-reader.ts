import type { Database } from 'better-sqlite3';
import type { Offer, OfferTerms } from '../domain/offers.ts';
import type { Department } from '../domain/price-book.ts';
import type { Item } from '../domain/product.ts';
import type { TaxClass } from '../domain/tax.ts';

export interface NameMatch {
  readonly productId: string;
  /** Rings the product up. */
  readonly code: string;
  readonly description: string;
}

export interface ActiveBook {
  readonly version: string;
  readonly hash: string;
  readonly currency: string;
  readonly importedAt: number;
  readonly effectiveAt: number;
}

/** Matches of one search: a screen shows no more. */
export const matchesMax = 100;
/** Matches that are put in order; of a word that half the store has, the rest is not looked at. */
const candidatesMax = 500;
/** Words of one search that count. */
const searchWordsMax = 8;
export interface CatalogReader {
  /** Another book may be active now: look again. */
  readonly forget: () => void;
  /** Product of the first of these keys that the active book knows. */
  readonly item: (keys: readonly string[], at: number) => Item | null;
  readonly department: (departmentId: string) => Department | null;
  readonly departments: () => readonly Department[];
  readonly taxClasses: (at: number) => readonly TaxClass[];
  readonly search: (text: string, limit: number) => readonly NameMatch[];
  readonly activeBook: () => ActiveBook | null;
}

const activeVersion = '(SELECT version FROM price_book WHERE active = 1)';

interface ProductRow {
  readonly price_book: string;
  readonly product_id: string;
  readonly description: string;
  readonly department: string;
  readonly tax_class: string | null;
  readonly discountable: number;
  readonly weighed: number;
  readonly tare: number;
  readonly deposit_minor: number;
  readonly age_limit: number | null;
}
interface PriceRow {
  readonly price_minor: number;
  readonly regular_minor: number;
  readonly valid_from: number;
  readonly valid_to: number | null;
}
interface OfferRow {
  readonly offer_id: string;
  readonly terms: string;
  readonly name: string;
  readonly valid_from: number | null;
  readonly valid_to: number | null;
  readonly member_only: number;
}

interface DepartmentRow {
  readonly department_id: string;
  readonly name: string;
  readonly tax_class: string | null;
  readonly discountable: number;
  readonly age_limit: number | null;
}
interface TaxRow {
  readonly id: string;
  readonly name: string;
  readonly rate_millionths: number;
  readonly inclusive: number;
}
interface NameRow {
  readonly product_id: string;
  readonly code: string;
  readonly description: string;
}
interface BookRow {
  readonly version: string;
  readonly hash: string;
  readonly currency: string;
  readonly imported_at: number;
  readonly effective_at: number;
}

interface Remembered {
  readonly row: ProductRow;
  readonly prices: readonly PriceRow[];
  readonly offers: readonly Offer[];
}

/** Codes whose product is kept in memory: what a shop sells in a day, many times over. */
export const rememberedMax = 20_000;

const priceAt = (prices: readonly PriceRow[], at: number): PriceRow | null =>
  prices
    .filter((price) => price.valid_from <= at && at <= (price.valid_to ?? at))
    .reduce<PriceRow | null>(
      (last, price) => (last === null || price.valid_from > last.valid_from ? price : last),
      null,
    );

const isOpen = ({ validFrom, validTo }: Offer, at: number): boolean => (validFrom ?? at) <= at && at <= (validTo ?? at);

/** Prepared reads of the active book; each statement sees one book, whole. */
export const createCatalogReader = (database: Database): CatalogReader => {
  const statements = prepareStatements(database);

  const remembered = new Map<string, Remembered | null>();
  let followed: string | undefined;
  let taxes: readonly TaxClass[] = [];
  let followedAt = Number.NaN;

  /** What is remembered belongs to one book: another active one, whoever imported it, and all of it is read anew. */
  const followBook = (at: number): void => {
    // All reads of one commit have its time: they see one book, and it is asked for once.
    if (at === followedAt) return;
    followedAt = at;
    const active = statements.version.get() as string | undefined;
    if (active === followed) return;
    followed = active;
    remembered.clear();
    taxes = (statements.taxes.all() as TaxRow[]).map(toTaxClass);
  };

  const readProduct = (key: string): Remembered | null => {
    const row = statements.product.get(key) as ProductRow | undefined;
    if (row === undefined) return null;
    const { price_book: book, product_id: productId } = row;
    const prices = statements.prices.all(book, productId) as PriceRow[];
    const offers = (statements.offers.all(book, book, productId) as OfferRow[])
      .toSorted((a, b) => (a.offer_id < b.offer_id ? -1 : 1))
      .map(toOffer);
    return { row, prices, offers };
  };

  const productOf = (key: string): Remembered | null => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const read = readProduct(key);
    if (remembered.size >= rememberedMax) remembered.clear();
    remembered.set(key, read);
    return read;
  };

  const item = (keys: readonly string[], at: number): Item | null => {
    followBook(at);
    for (const key of keys) {
      const product = productOf(key);
      const price = product === null ? null : priceAt(product.prices, at);
      if (product !== null && price !== null) {
        return toItem(
          product.row,
          price,
          product.offers.filter((offer) => isOpen(offer, at)),
        );
      }
    }
    return null;
  };

  const search = (text: string, limit: number): readonly NameMatch[] => {
    const query = nameQuery(text);
    if (query === '') return [];
    return (statements.search.all(query) as NameRow[])
      .toSorted(byFit)
      .slice(0, Math.max(0, Math.min(limit, matchesMax)))
      .map(({ product_id: productId, code, description }) => ({ productId, code, description }));
  };

  return {
    item,
    search,
    forget: () => {
      followedAt = Number.NaN;
    },
    department: (departmentId) => {
      const row = statements.department.get(departmentId) as DepartmentRow | undefined;
      return row === undefined ? null : toDepartment(row);
    },
    departments: () => (statements.departments.all() as DepartmentRow[]).map(toDepartment),
    taxClasses: (at) => {
      followBook(at);
      return taxes;
    },
    activeBook: () => {
      const row = statements.activeBook.get() as BookRow | undefined;
      if (row === undefined) return null;
      const { version, hash, currency, imported_at: importedAt, effective_at: effectiveAt } = row;
      return { version, hash, currency, importedAt, effectiveAt };
    },
  };
};

/** Every word as the beginning of a word; in quotes, so that nothing of it is taken for FTS5's own syntax. */
const nameQuery = (text: string): string =>
  (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [])
    .slice(0, searchWordsMax)
    .map((word) => `"${word}"*`)
    .join(' ');

/** The name that has the least besides what was typed comes first. */
const byFit = (a: NameRow, b: NameRow): number =>
  a.description.length - b.description.length || (a.description < b.description ? -1 : 1);

const prepareStatements = (database: Database) => ({
  // One table a statement, the others in subqueries: with bound values a JOIN takes 40 µs a run here and these take 6 (SQLite seems
  // to prepare such a join anew each time; with the values written out it is as fast as these).
  product: database.prepare(
    `SELECT * FROM product WHERE price_book = ${activeVersion}
     AND product_id = (SELECT product_id FROM product_code WHERE price_book = ${activeVersion} AND code = ?)`,
  ),
  prices: database.prepare('SELECT * FROM price WHERE price_book = ? AND product_id = ?'),
  offers: database.prepare(
    `SELECT * FROM offer WHERE price_book = ?
     AND offer_id IN (SELECT offer_id FROM offer_product WHERE price_book = ? AND product_id = ?)`,
  ),
  version: database.prepare(activeVersion.slice(1, -1)).pluck(),
  department: database.prepare(`SELECT * FROM department WHERE price_book = ${activeVersion} AND department_id = ?`),
  departments: database.prepare(`SELECT * FROM department WHERE price_book = ${activeVersion} ORDER BY department_id`),
  taxes: database.prepare(`SELECT * FROM tax_class WHERE price_book = ${activeVersion} ORDER BY id`),
  // The book that came last has the highest rows: no search through older ones, and none of a sort over all matches.
  search: database.prepare(
    `SELECT product.product_id, product.code, product.description
     FROM product_name JOIN product ON product.product_row = product_name.rowid
     WHERE product_name MATCH ? AND product.price_book = ${activeVersion}
     ORDER BY product_name.rowid DESC LIMIT ${candidatesMax}`,
  ),
  activeBook: database.prepare('SELECT * FROM price_book WHERE active = 1'),
});

const toItem = (row: ProductRow, price: PriceRow, offers: readonly Offer[]): Item => ({
  productId: row.product_id,
  description: row.description,
  department: row.department,
  unitPriceMinor: price.price_minor,
  regularPriceMinor: price.regular_minor,
  taxClass: row.tax_class,
  discountable: row.discountable === 1,
  weighed: row.weighed === 1,
  tare: row.tare,
  depositMinor: row.deposit_minor,
  ageLimit: row.age_limit,
  offers,
  priceBook: row.price_book,
});

const toOffer = (row: OfferRow): Offer => ({
  // Written by the import from an Offer: its terms come back as they were.
  ...(JSON.parse(row.terms) as OfferTerms),
  offerId: row.offer_id,
  name: row.name,
  validFrom: row.valid_from,
  validTo: row.valid_to,
  memberOnly: row.member_only === 1,
});

const toDepartment = (row: DepartmentRow): Department => ({
  departmentId: row.department_id,
  name: row.name,
  taxClass: row.tax_class,
  discountable: row.discountable === 1,
  ageLimit: row.age_limit,
});

const toTaxClass = (row: TaxRow): TaxClass => ({
  id: row.id,
  name: row.name,
  rateMillionths: row.rate_millionths,
  inclusive: row.inclusive === 1,
});
