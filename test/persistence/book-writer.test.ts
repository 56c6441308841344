import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { oldBooksMax } from '../../src/persistence/book-tables.ts';
import { bookHash, waitingBooksMax } from '../../src/persistence/book-writer.ts';
import { createCatalog } from '../../src/persistence/catalog.ts';
import { bookOf, catalogDatabase, sampleFiles, smallFiles } from './books.ts';

const at = Date.parse('2026-08-13T16:00:00Z');
const dayMs = 86_400_000;
const teaCode = '9521234500018';

/** The small book with another price of tea: another content. */
const teaAt = (price: string): PriceBook =>
  bookOf(smallFiles({ 'prices.csv': `product_id,price\ntea,${price}\nrice,1.89\nwine,11.99\n` }));

const opened = () => {
  const database = catalogDatabase();
  const catalog = createCatalog(database);
  const count = (table: string): number =>
    (database.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { readonly rows: number }).rows;
  return { database, catalog, count, teaMinor: (moment: number) => catalog.find(teaCode, moment)?.unitPriceMinor };
};

describe('a book is taken over', () => {
  it('the same content again, under any name and in any order of rows, changes nothing and says so (N4)', () => {
    const { catalog, count } = opened();
    const book = bookOf(sampleFiles());
    const first = catalog.importBook(book, at);
    expect(first).toMatchObject({ outcome: 'imported', active: true });
    const rows = count('product');
    const shuffled = {
      ...book,
      version: 'other',
      products: book.products.toReversed(),
      prices: book.prices.toReversed(),
    };
    expect(catalog.importBook(shuffled, at + 1)).toMatchObject({
      outcome: 'unchanged',
      version: catalog.activeBook()?.version,
    });
    expect(count('product')).toBe(rows);
    expect(catalog.activeBook()?.importedAt).toBe(at);
  });

  it('another content is a new version, and the old one is left at once', () => {
    const { catalog, teaMinor } = opened();
    catalog.importBook(teaAt('3.99'), at);
    const old = catalog.activeBook();
    catalog.importBook(teaAt('4.29'), at + 1);
    expect(teaMinor(at + 1)).toBe(429);
    expect(catalog.activeBook()?.version).not.toBe(old?.version);
    expect(catalog.find(teaCode, at)?.priceBook).toBe(catalog.activeBook()?.version);
  });

  it('a product that the new book lacks is gone, from search too', () => {
    const { catalog } = opened();
    catalog.importBook(bookOf(smallFiles()), at);
    expect(catalog.search('rice', 5)).toHaveLength(1);
    const files = smallFiles({
      'products.csv': `product_id,codes,description,department\ntea,${teaCode},Green tea,10\n`,
      'prices.csv': 'product_id,price\ntea,3.99\n',
    });
    catalog.importBook(bookOf(files), at + 1);
    expect(catalog.find('81001', at + 1)).toBeNull();
    expect(catalog.search('rice', 5)).toEqual([]);
  });

  it('a name that belongs to another content is refused', () => {
    const { catalog, teaMinor } = opened();
    catalog.importBook({ ...teaAt('3.99'), version: 'week-33' }, at);
    const again = catalog.importBook({ ...teaAt('4.29'), version: 'week-33' }, at);
    expect(again).toMatchObject({ outcome: 'refused', reason: 'version-used' });
    expect(teaMinor(at)).toBe(399);
  });

  it('going back to the book before takes it over again', () => {
    const { catalog, teaMinor, count } = opened();
    catalog.importBook({ ...teaAt('3.99'), version: 'a' }, at);
    catalog.importBook({ ...teaAt('4.29'), version: 'b' }, at + 1);
    const rows = count('product');
    expect(catalog.importBook(teaAt('3.99'), at + 2)).toMatchObject({ outcome: 'activated', version: 'a' });
    expect(teaMinor(at + 2)).toBe(399);
    expect(count('product')).toBe(rows);
  });
});

describe('a book waits for its day (S3)', () => {
  it('is not sold from before its moment, and taken over once it has come', () => {
    const { catalog, teaMinor } = opened();
    catalog.importBook(teaAt('3.99'), at);
    const tomorrow = { ...teaAt('4.29'), version: 'tomorrow', effectiveAt: at + dayMs };
    expect(catalog.importBook(tomorrow, at)).toMatchObject({ outcome: 'imported', active: false });
    expect(catalog.activateDue(at + dayMs - 1)).toBeNull();
    expect(teaMinor(at)).toBe(399);
    expect(catalog.activateDue(at + dayMs)).toBe('tomorrow');
    expect(teaMinor(at + dayMs)).toBe(429);
    expect(catalog.activateDue(at + dayMs + 1)).toBeNull();
  });

  it('a store that was off for days takes over the latest of those that were due', () => {
    const { catalog } = opened();
    catalog.importBook(teaAt('1.00'), at);
    for (const day of [3, 1, 2]) {
      catalog.importBook({ ...teaAt(`${day}.50`), version: `day-${day}`, effectiveAt: at + day * dayMs }, at);
    }
    expect(catalog.activateDue(at + 10 * dayMs)).toBe('day-3');
    expect(catalog.activateDue(at + 10 * dayMs)).toBeNull();
  });

  it('can be given another day', () => {
    const { catalog } = opened();
    catalog.importBook(teaAt('3.99'), at);
    const book = { ...teaAt('4.29'), version: 'later', effectiveAt: at + dayMs };
    catalog.importBook(book, at);
    expect(catalog.importBook({ ...book, effectiveAt: at + 2 * dayMs }, at)).toMatchObject({ outcome: 'waiting' });
    expect(catalog.activateDue(at + dayMs)).toBeNull();
    expect(catalog.activateDue(at + 2 * dayMs)).toBe('later');
  });

  it('a book that took effect before the active one is refused as older', () => {
    const { catalog, teaMinor } = opened();
    catalog.importBook(teaAt('3.99'), at);
    const older = { ...teaAt('4.29'), effectiveAt: at - dayMs };
    expect(catalog.importBook(older, at + 1)).toMatchObject({ outcome: 'refused', reason: 'older' });
    expect(teaMinor(at + 1)).toBe(399);
  });

  it('the wrong clock of an earlier import keeps no book out (X5)', () => {
    const { catalog, teaMinor } = opened();
    catalog.importBook(teaAt('3.99'), at + 365 * dayMs);
    expect(catalog.importBook(teaAt('4.29'), at)).toMatchObject({ outcome: 'imported', active: true });
    expect(teaMinor(at)).toBe(429);
  });

  it('more than can wait is refused', () => {
    const { catalog, count } = opened();
    for (let day = 1; day <= waitingBooksMax; day += 1) {
      catalog.importBook({ ...teaAt(`${day}.00`), effectiveAt: at + day * dayMs }, at);
    }
    const refused = catalog.importBook({ ...teaAt('99.00'), effectiveAt: at + 99 * dayMs }, at);
    expect(refused).toMatchObject({ outcome: 'refused', reason: 'too-many-waiting' });
    expect(count('price_book')).toBe(waitingBooksMax);
  });
});

describe('the power fails, or the disk is full, in the middle of an import', () => {
  const tables = [
    'price_book',
    'tax_class',
    'department',
    'product',
    'product_code',
    'price',
    'offer',
    'offer_product',
  ];
  it.each(tables)('while %s is written: the old book is active and whole, nothing of the new one is left', (table) => {
    const { database, catalog, count, teaMinor } = opened();
    catalog.importBook(teaAt('3.99'), at);
    const before = [...tables, 'product_name'].map(count);
    // Tables are written one after the other: all before this one are full by then.
    database.exec(`CREATE TRIGGER fail AFTER INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'no space'); END`);
    expect(() => catalog.importBook(bookOf(sampleFiles()), at + 1)).toThrow('no space');
    database.exec('DROP TRIGGER fail');
    expect([...tables, 'product_name'].map(count)).toEqual(before);
    expect(teaMinor(at + 1)).toBe(399);
    expect(catalog.search('salami', 5)).toEqual([]);
    expect(catalog.importBook(bookOf(sampleFiles()), at + 2)).toMatchObject({ outcome: 'imported', active: true });
  });
});

describe('books do not pile up', () => {
  it(`rows of the last ${oldBooksMax} are kept, names and hashes of all`, () => {
    const { catalog, count, database } = opened();
    for (let week = 1; week <= 9; week += 1) {
      catalog.importBook({ ...teaAt(`${week}.00`), version: `week-${week}` }, at + week * dayMs);
    }
    const kept = 1 + oldBooksMax;
    expect(count('price_book')).toBe(9);
    expect(['product', 'product_name', 'price', 'department', 'tax_class'].map(count)).toEqual(
      [3, 3, 3, 2, 1].map((rows) => rows * kept),
    );
    expect(catalog.activeBook()?.version).toBe('week-9');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    const again = catalog.importBook({ ...teaAt('1.00'), version: 'week-1' }, at + 10 * dayMs);
    expect(again).toMatchObject({ outcome: 'imported', version: 'week-1', active: true });
    expect(catalog.find(teaCode, at)?.unitPriceMinor).toBe(100);
  });
});

it('the hash of a book is that of its content: not of name, day or order, but of every field', () => {
  const book = bookOf(sampleFiles());
  const hash = bookHash(book);
  expect(bookHash({ ...book, version: 'x', effectiveAt: 1 })).toBe(hash);
  expect(bookHash(JSON.parse(JSON.stringify({ ...book, offers: book.offers.toReversed() })) as PriceBook)).toBe(hash);
  fc.assert(
    fc.property(fc.nat(book.products.length - 1), fc.constantFrom('tare', 'depositMinor'), (place, field) => {
      const products = book.products.map((product, index) => (index === place ? { ...product, [field]: 7 } : product));
      expect(bookHash({ ...book, products })).not.toBe(hash);
    }),
    { numRuns: 20 },
  );
});
