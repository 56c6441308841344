import type { Database } from 'better-sqlite3';
import type { BookProduct, PriceBook } from '../domain/price-book.ts';
import { codeKey, codeKeys } from './code-key.ts';

/** Old books whose rows are kept behind the active one, to go back to. Names and hashes are kept of all. */
export const oldBooksMax = 2;

const bit = (flag: boolean): 0 | 1 => (flag ? 1 : 0);

/** Writes all rows of a book whose `price_book` row stands, within the transaction of the caller. */
export const createRowWriter = (database: Database): ((version: string, book: PriceBook) => void) => {
  const into = (table: string, columns: readonly string[]) =>
    database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  const tax = into('tax_class', ['price_book', 'id', 'name', 'rate_millionths', 'inclusive']);
  const department = into('department', [
    'price_book',
    'department_id',
    'name',
    'tax_class',
    'discountable',
    'age_limit',
  ]);
  const price = into('price', ['price_book', 'product_id', 'price_minor', 'regular_minor', 'valid_from', 'valid_to']);
  const offer = into('offer', ['price_book', 'offer_id', 'terms', 'name', 'valid_from', 'valid_to', 'member_only']);
  const offerProduct = into('offer_product', ['price_book', 'product_id', 'offer_id']);
  const writeProduct = createProductWriter(database);
  const writeCodes = createCodeWriter(database);
  return (version, book) => {
    for (const row of book.taxes) tax.run(version, row.id, row.name, row.rateMillionths, bit(row.inclusive));
    for (const row of book.departments) {
      department.run(version, row.departmentId, row.name, row.taxClass, bit(row.discountable), row.ageLimit);
    }
    for (const row of book.products) writeProduct(version, row);
    writeCodes(version, book.products);
    for (const row of book.prices) {
      price.run(version, row.productId, row.priceMinor, row.regularMinor, row.validFrom ?? 0, row.validTo);
    }
    for (const { offerId, name, validFrom, validTo, memberOnly, ...terms } of book.offers) {
      offer.run(version, offerId, JSON.stringify(terms), name, validFrom, validTo, bit(memberOnly));
    }
    for (const row of book.offerProducts) offerProduct.run(version, row.productId, row.offerId);
  };
};

const createProductWriter = (database: Database) => {
  const product = database.prepare(
    `INSERT INTO product (price_book, product_id, code, description, department, tax_class, discountable, weighed, tare, deposit_minor, age_limit)
     VALUES (@version, @productId, @code, @description, @department, @taxClass, @discountable, @weighed, @tare, @depositMinor, @ageLimit)`,
  );
  const name = database.prepare('INSERT INTO product_name (rowid, description) VALUES (?, ?)');
  return (version: string, row: BookProduct): void => {
    const { codes, ownCodes, ...columns } = row;
    const [code = row.productId] = [...codes, ...ownCodes];
    const flags = { discountable: bit(row.discountable), weighed: bit(row.weighed) };
    const { lastInsertRowid } = product.run({ ...columns, ...flags, version, code });
    name.run(lastInsertRowid, row.description);
  };
};

const createCodeWriter = (database: Database) => {
  const code = database.prepare('INSERT INTO product_code (price_book, code, product_id) VALUES (?, ?, ?)');
  const spare = database.prepare(
    'INSERT INTO product_code (price_book, code, product_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  return (version: string, products: readonly BookProduct[]): void => {
    for (const { productId, codes, ownCodes } of products) {
      for (const key of new Set([...codes, ...ownCodes].map(codeKey))) code.run(version, key, productId);
    }
    // Last: what a code stands for gives way to what is written.
    for (const { productId, codes } of products) {
      for (const key of codes.flatMap((each) => codeKeys(each).slice(1))) spare.run(version, key, productId);
    }
  };
};

/** Tables with rows by book, children first. */
const bookTables = ['offer_product', 'offer', 'price', 'product_code', 'product', 'department', 'tax_class'] as const;

/** Takes away the rows of books that are neither active, nor waiting at `at`, nor among the last `oldBooksMax`. */
export const createPruner = (database: Database): ((at: number) => void) => {
  const old = database.prepare(
    `SELECT version FROM price_book WHERE stored = 1 AND active = 0 AND effective_at <= ?
     ORDER BY effective_at DESC, imported_at DESC LIMIT -1 OFFSET ${oldBooksMax}`,
  );
  const names = database.prepare(
    'DELETE FROM product_name WHERE rowid IN (SELECT product_row FROM product WHERE price_book = ?)',
  );
  const rows = bookTables.map((table) => database.prepare(`DELETE FROM ${table} WHERE price_book = ?`));
  const mark = database.prepare('UPDATE price_book SET stored = 0 WHERE version = ?');
  return (at) => {
    for (const { version } of old.all(at) as { readonly version: string }[]) {
      for (const statement of [names, ...rows, mark]) statement.run(version);
    }
  };
};
