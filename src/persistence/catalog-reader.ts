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
/** Words of one search that count. */
export const searchWordsMax = 8;
export interface CatalogReader {
  /** Product of the first of these keys that the active book knows. */
  readonly item: (keys: readonly string[], at: number) => Item | null;
  readonly department: (departmentId: string) => Department | null;
  readonly departments: () => readonly Department[];
  readonly taxClasses: () => readonly TaxClass[];
  readonly search: (text: string, limit: number) => readonly NameMatch[];
  readonly activeBook: () => ActiveBook | null;
}

const activeVersion = '(SELECT version FROM price_book WHERE active = 1)';

interface ItemRow {
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
  readonly price_minor: number;
  readonly regular_minor: number;
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

/** Prepared reads of the active book; each statement sees one book, whole. */
export const createCatalogReader = (database: Database): CatalogReader => {
  const statements = prepareStatements(database);

  const offersOf = (row: ItemRow, at: number): readonly Offer[] =>
    (statements.offers.all({ book: row.price_book, productId: row.product_id, at }) as OfferRow[]).map(toOffer);

  const item = (keys: readonly string[], at: number): Item | null => {
    for (const key of keys) {
      const row = statements.item.get({ key, at }) as ItemRow | undefined;
      if (row !== undefined) return toItem(row, offersOf(row, at));
    }
    return null;
  };

  const search = (text: string, limit: number): readonly NameMatch[] => {
    const query = nameQuery(text);
    if (query === '') return [];
    const rows = statements.search.all({ query, limit: Math.max(0, Math.min(limit, matchesMax)) }) as NameRow[];
    return rows.map(({ product_id: productId, code, description }) => ({ productId, code, description }));
  };

  return {
    item,
    search,
    department: (departmentId) => {
      const row = statements.department.get(departmentId) as DepartmentRow | undefined;
      return row === undefined ? null : toDepartment(row);
    },
    departments: () => (statements.departments.all() as DepartmentRow[]).map(toDepartment),
    taxClasses: () => (statements.taxes.all() as TaxRow[]).map(toTaxClass),
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

const prepareStatements = (database: Database) => ({
  item: database.prepare(
    `SELECT product.*, price.price_minor, price.regular_minor
     FROM product_code
     JOIN product USING (price_book, product_id)
     JOIN price USING (price_book, product_id)
     WHERE product_code.price_book = ${activeVersion} AND product_code.code = @key
       AND price.valid_from <= @at AND (price.valid_to IS NULL OR price.valid_to >= @at)
     ORDER BY price.valid_from DESC LIMIT 1`,
  ),
  offers: database.prepare(
    `SELECT offer.* FROM offer_product JOIN offer USING (price_book, offer_id)
     WHERE offer_product.price_book = @book AND offer_product.product_id = @productId
       AND (offer.valid_from IS NULL OR offer.valid_from <= @at) AND (offer.valid_to IS NULL OR offer.valid_to >= @at)
     ORDER BY offer.offer_id`,
  ),
  department: database.prepare(`SELECT * FROM department WHERE price_book = ${activeVersion} AND department_id = ?`),
  departments: database.prepare(`SELECT * FROM department WHERE price_book = ${activeVersion} ORDER BY department_id`),
  taxes: database.prepare(`SELECT * FROM tax_class WHERE price_book = ${activeVersion} ORDER BY id`),
  search: database.prepare(
    `SELECT product.product_id, product.code, product.description
     FROM product_name JOIN product ON product.product_row = product_name.rowid
     WHERE product_name MATCH @query AND product.price_book = ${activeVersion}
     ORDER BY product_name.rank, product.description, product.product_id LIMIT @limit`,
  ),
  activeBook: database.prepare('SELECT * FROM price_book WHERE active = 1'),
});

const toItem = (row: ItemRow, offers: readonly Offer[]): Item => ({
  productId: row.product_id,
  description: row.description,
  department: row.department,
  unitPriceMinor: row.price_minor,
  regularPriceMinor: row.regular_minor,
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
