import { readdirSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { PriceBook } from '../../src/domain/price-book.ts';
import type { CsvFile } from '../../src/persistence/csv-table.ts';
import { parseBook } from '../../src/persistence/import.ts';
import type { ImportOptions } from '../../src/persistence/import.ts';

const root = new URL('../../', import.meta.url);

export const storeZone: ImportOptions = { currency: 'USD', timeZone: 'America/New_York' };

/** The sample catalogue, as committed. */
export const sampleFiles = (): readonly CsvFile[] =>
  readdirSync(new URL('catalogue/', root))
    .filter((name) => name.endsWith('.csv'))
    .map((name) => ({ name, text: readFileSync(new URL(`catalogue/${name}`, root), 'utf8') }));

/** A small book; each file can be replaced by its text, or left out by null. */
export const smallFiles = (texts: Readonly<Record<string, string | null>> = {}): readonly CsvFile[] =>
  Object.entries({
    'taxes.csv': 'tax_class,name,rate_percent,inclusive\nSTANDARD,Sales tax,7.875,no\n',
    'departments.csv': 'department,name,tax_class,age_limit\n10,Grocery,none,\n20,Wine,STANDARD,21\n',
    'products.csv':
      'product_id,codes,own_codes,description,department,weighed,tare,deposit\n' +
      'tea,9521234500018,,Green tea,10,,,\nrice,81001,,Rice,10,yes,0.020,\nwine,,900000,Red wine,20,,,0.10\n',
    'prices.csv': 'product_id,price\ntea,3.99\nrice,1.89\nwine,11.99\n',
    ...texts,
  }).flatMap(([name, text]) => (text === null ? [] : [{ name, text }]));

/** The book of files that have no mistake. */
export const bookOf = (files: readonly CsvFile[], options: ImportOptions = storeZone): PriceBook => {
  const parsed = parseBook(files, options);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors.slice(0, 5)));
  return parsed.book;
};

/** An empty database with the catalogue's tables. */
export const catalogDatabase = (options: Database.Options = {}): Database.Database => {
  const database = new Database(':memory:', options);
  database.pragma('foreign_keys = ON');
  database.exec(readFileSync(new URL('src/persistence/migrations/0002-catalog.sql', root), 'utf8'));
  return database;
};
