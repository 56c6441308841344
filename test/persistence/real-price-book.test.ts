import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { CsvFile } from '../../src/persistence/csv-table.ts';
import { createCatalog } from '../../src/persistence/catalog.ts';
import { parseBook } from '../../src/persistence/import.ts';
import { bookOf, catalogDatabase } from './books.ts';

const at = Date.parse('2026-08-15T09:00:00Z');
const options = { currency: 'ILS', timeZone: 'Asia/Jerusalem' } as const;

const fileOf = (day: string): URL =>
  new URL(`../../../shared/data/catalogue/israeli_prices_2026-08-${day}.csv.gz`, import.meta.url);
const missing = ['13', '14'].some((day) => !existsSync(fileOf(day)));
if (missing) console.warn('real-price-book: skipped, ../shared/data/catalogue is not there');

/** A row of the published file, by the place of its columns. */
interface Published {
  readonly code: string;
  readonly name: string;
  readonly price: string;
  readonly weighed: boolean;
  readonly discountable: boolean;
}

const publishedOn = (day: string, store: string): readonly Published[] =>
  parse(gunzipSync(readFileSync(fileOf(day))).toString('utf8'), { bom: true, from_line: 2 })
    .filter((fields) => fields[2] === store)
    .map((fields) => {
      const [, , , code = '', name = '', , , , , , price = '', , weighed, , discountable] = fields;
      return { code, name, price, weighed: weighed === '1', discountable: discountable === '1' };
    });

const yesNo = (flag: boolean): string => (flag ? 'yes' : 'no');
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** The published rows in our columns; `own` are codes that are taken as they are. VAT of 18 % is in the prices. */
const filesOf = (rows: readonly Published[], own: ReadonlySet<string>): readonly CsvFile[] => [
  { name: 'taxes.csv', text: 'tax_class,name,rate_percent,inclusive\nVAT,VAT,18,yes\n' },
  { name: 'departments.csv', text: 'department,name,tax_class\n1,All,VAT\n' },
  {
    name: 'products.csv',
    text: [
      'product_id,codes,own_codes,description,department,discountable,weighed',
      ...rows.map(({ code, name, weighed, discountable }) => {
        const codes = own.has(code) ? `,${code}` : `${code},`;
        return [code, codes, quoted(name), '1', yesNo(discountable), yesNo(weighed)].join(',');
      }),
    ].join('\r\n'),
  },
  { name: 'prices.csv', text: ['product_id,price', ...rows.map(({ code, price }) => `${code},${price}`)].join('\n') },
];

/** Agorot from the published text, by another way than the import's. */
const agorot = (text: string): number => Math.round(Number(text) * 100);

describe.skipIf(missing)('the price book of a real supermarket', () => {
  const rows = missing ? [] : publishedOn('13', '413');
  const refused = '7290003444009';
  const own = new Set([refused]);

  it('one code with a wrong check digit keeps the book out, and is told with its line', () => {
    const parsed = parseBook(filesOf(rows, new Set()), options);
    const line = rows.findIndex(({ code }) => code === refused) + 2;
    expect(parsed).toEqual({
      ok: false,
      errors: [{ file: 'products.csv', line, column: 'codes', problem: expect.stringContaining('wrong check digit') }],
    });
  });

  it('every product is found under its code, with lost zeros put back and as scanners send it', () => {
    const catalog = createCatalog(catalogDatabase());
    expect(catalog.importBook(bookOf(filesOf(rows, own), options), at)).toMatchObject({ outcome: 'imported' });
    const lost = rows.filter(({ code }) => ![8, 12, 13, 14].includes(code.length));
    expect([rows.length, lost.length]).toEqual([15_688, 394]);
    const wrong = rows.flatMap(({ code, price, weighed }) =>
      [code, code.padStart(12, '0'), code.padStart(13, '0'), code.padStart(14, '0')].filter((scanned) => {
        const item = catalog.find(scanned, at);
        return item?.productId !== code || item.unitPriceMinor !== agorot(price) || item.weighed !== weighed;
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('the book of the next day changes the prices that changed, and no other', () => {
    const catalog = createCatalog(catalogDatabase());
    const next = publishedOn('14', '413');
    catalog.importBook(bookOf(filesOf(rows, own), options), at);
    const before = new Map(rows.map(({ code }) => [code, catalog.find(code, at)?.unitPriceMinor]));
    catalog.importBook(bookOf(filesOf(next, own), options), at + 1);
    expect(next.filter(({ code, price }) => catalog.find(code, at)?.unitPriceMinor !== agorot(price))).toEqual([]);
    const changed = next.filter(({ code, price }) => before.has(code) && before.get(code) !== agorot(price));
    expect(changed.length).toBeGreaterThan(0);
    const listed = new Set(next.map(({ code }) => code));
    const gone = rows.filter(({ code }) => !listed.has(code));
    expect(gone.filter(({ code }) => catalog.find(code, at) !== null)).toEqual([]);
  });
});
