import { describe, expect, it } from 'vitest';
import { readCode } from '../../src/domain/product-code.ts';
import { parseMoment } from '../../src/persistence/calendar-day.ts';
import { bookOf, sampleFiles, smallFiles, storeZone } from './books.ts';

const products = (...rows: readonly string[]): string =>
  ['product_id,codes,own_codes,description,department,weighed,tare,deposit', ...rows].join('\n');
const prices = (...rows: readonly string[]): string =>
  ['product_id,price,regular_price,valid_from,valid_to', ...rows].join('\n');
const offers = (...rows: readonly string[]): string =>
  ['offer_id,name,type,price,percent,amount,pieces,set,group,member_only,valid_from,valid_to', ...rows].join('\n');
const tea = 'tea,9521234500018,,Green tea,10,,,';

describe('the sample catalogue', () => {
  const book = bookOf(sampleFiles());

  it('has what a first try of the till needs', () => {
    expect(book.products.length).toBeGreaterThanOrEqual(200);
    expect(book.products.filter(({ weighed }) => weighed).length).toBeGreaterThanOrEqual(20);
    expect(book.products.some(({ weighed, tare }) => weighed && tare > 0)).toBe(true);
    expect(new Set(book.products.map(({ taxClass }) => taxClass))).toEqual(new Set([null, 'STANDARD', 'PREPARED']));
    expect(book.products.some(({ depositMinor }) => depositMinor > 0)).toBe(true);
    expect(book.products.some(({ ageLimit }) => ageLimit === 21)).toBe(true);
    expect(new Set(book.offers.map(({ type }) => type))).toEqual(
      new Set(['price', 'percent', 'amount', 'bundle', 'mix-bundle', 'mix-cheapest', 'mix-set']),
    );
    expect(book.offers.some(({ type, memberOnly }) => type === 'price' && memberOnly)).toBe(true);
  });

  it('has only codes that a scanner would pass on, and no company’s prefix but the one for examples', () => {
    const read = book.products.flatMap(({ codes }) =>
      codes.map((code) => readCode(code, { currency: 'USD', embedded: [] })),
    );
    expect(read.filter(({ ok }) => !ok)).toEqual([]);
    const gtins = book.products.flatMap(({ codes }) => codes).filter((code) => code.length > 5);
    expect(gtins.filter((code) => !code.startsWith('952'))).toEqual([]);
  });
});

describe('a book is read', () => {
  it('a product takes tax, age and discount from its department unless it says otherwise', () => {
    const book = bookOf(
      smallFiles({
        'departments.csv': 'department,name,tax_class,discountable,age_limit\n10,Wine,STANDARD,no,21\n',
        'products.csv':
          'product_id,codes,description,department,tax_class,discountable,age_limit\n' +
          'red,1,Red,10,,,\njuice,2,Juice,10,none,yes,none\n',
        'prices.csv': prices('red,9.99', 'juice,2.99').replaceAll(/(\d\.99)/g, '$1,,,'),
      }),
    );
    expect(book.products.map(({ taxClass, discountable, ageLimit }) => [taxClass, discountable, ageLimit])).toEqual([
      ['STANDARD', false, 21],
      [null, true, null],
    ]);
  });

  it('amounts are minor units of the currency, weights thousandths, rates millionths', () => {
    const book = bookOf(smallFiles());
    expect(book.prices.map(({ priceMinor, regularMinor }) => [priceMinor, regularMinor])).toEqual([
      [399, 399],
      [189, 189],
      [1199, 1199],
    ]);
    expect(book.products.map(({ tare, depositMinor }) => [tare, depositMinor])).toEqual([
      [0, 0],
      [20, 0],
      [0, 10],
    ]);
    expect(book.taxes[0]?.rateMillionths).toBe(78_750);
    const yen = bookOf(
      smallFiles({
        'prices.csv': 'product_id,price\ntea,399\nrice,189\nwine,1199\n',
        'products.csv': products(tea, 'rice,81001,,Rice,10,yes,,', 'wine,,900000,Wine,20,,,10'),
      }),
      { ...storeZone, currency: 'JPY' },
    );
    expect(yen.prices[0]?.priceMinor).toBe(399);
  });

  it('a file from a spreadsheet reads the same: BOM, CRLF, quotes, blank lines, columns in another order', () => {
    const text = '\uFEFFprice,product_id\r\n"3.99", tea\r\n\r\n1.89,rice\r\n11.99,"wine"\r\n';
    expect(bookOf(smallFiles({ 'prices.csv': text }))).toEqual(bookOf(smallFiles()));
  });

  it('prices with the tax in them are a class that says so', () => {
    const book = bookOf(smallFiles({ 'taxes.csv': 'tax_class,name,rate_percent,inclusive\nSTANDARD,VAT,20,yes\n' }));
    expect(book.taxes).toEqual([{ id: 'STANDARD', name: 'VAT', rateMillionths: 200_000, inclusive: true }]);
  });

  it('a set of offers is one row a group, and each row learns of the others', () => {
    const book = bookOf(
      smallFiles({
        'offers.csv': offers('A,Lunch,mix-set,,,1.50,,LUNCH,soup,,,', 'B,Lunch,mix-set,,,1.50,,LUNCH,bread,,,'),
      }),
    );
    expect(book.offers.map((offer) => offer.type === 'mix-set' && offer.groups)).toEqual([
      ['bread', 'soup'],
      ['bread', 'soup'],
    ]);
  });
});

describe('a date without a time is a whole day of the store', () => {
  const cases = [
    ['2026-08-13', 'first', 'UTC', '2026-08-13T00:00:00.000Z'],
    ['2026-08-13', 'last', 'UTC', '2026-08-13T23:59:59.999Z'],
    ['2026-08-13', 'first', 'America/New_York', '2026-08-13T04:00:00.000Z'],
    ['2026-08-13', 'first', 'Asia/Jerusalem', '2026-08-12T21:00:00.000Z'],
    // The days on which clocks change in New York have 23 and 25 hours.
    ['2026-03-08', 'first', 'America/New_York', '2026-03-08T05:00:00.000Z'],
    ['2026-03-08', 'last', 'America/New_York', '2026-03-09T03:59:59.999Z'],
    ['2026-11-01', 'last', 'America/New_York', '2026-11-02T04:59:59.999Z'],
    ['2026-12-31', 'last', 'Asia/Tokyo', '2026-12-31T14:59:59.999Z'],
    ['2026-08-13T06:00+03:00', 'first', 'America/New_York', '2026-08-13T03:00:00.000Z'],
  ] as const;
  it.each(cases)('%s, %s moment in %s', (text, edge, zone, expected) => {
    expect(new Date(parseMoment(text, edge, zone) ?? 0).toISOString()).toBe(expected);
  });
  it.each(['2026-02-29', '2026-13-01', '13.08.2026', '2026-08-13T06:00', '2026-08-13T25:00Z', '0026-08-13', ''])(
    '%s is no date',
    (text) => {
      expect(parseMoment(text, 'first', 'UTC')).toBeNull();
    },
  );
});
