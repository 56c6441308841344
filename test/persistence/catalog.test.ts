import { describe, expect, it } from 'vitest';
import { compressUpcA, checkDigit, valueCheckDigit } from '../../src/domain/barcode.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import type { CodeRules } from '../../src/domain/product-code.ts';
import { createCatalog, codeCharsMax } from '../../src/persistence/catalog.ts';
import { matchesMax } from '../../src/persistence/catalog-reader.ts';
import { bookOf, catalogDatabase, sampleFiles, smallFiles } from './books.ts';

const at = Date.parse('2026-08-13T12:00:00-04:00');
const rules: CodeRules = {
  currency: 'USD',
  embedded: [
    { prefix: '02', itemDigits: 5, valueDigits: 4, value: 'price', step: 1, valueCheck: true },
    { prefix: '28', itemDigits: 5, valueDigits: 5, value: 'weight', step: 1, valueCheck: false },
  ],
};

const sold = (book: PriceBook = bookOf(sampleFiles())) => {
  const database = catalogDatabase();
  const catalog = createCatalog(database, rules);
  catalog.importBook(book, at);
  return { database, catalog };
};

const gtin = (body: string): string => body + checkDigit(body);

const productsCsv = (...rows: readonly string[]): string =>
  ['product_id,codes,own_codes,description,department,weighed', ...rows].join('\n');
const pricesOf = (...ids: readonly string[]): string =>
  ['product_id,price', ...ids.map((id) => `${id},1.00`)].join('\n');

describe('a code is looked up', () => {
  it('with zeros in front or without, every code of the sample finds its product', () => {
    const book = bookOf(sampleFiles());
    const { catalog } = sold(book);
    for (const { productId, codes } of book.products) {
      for (const code of codes) {
        for (const scanned of [code, code.padStart(13, '0'), code.padStart(14, '0'), ` ${code} `]) {
          expect(catalog.find(scanned, at)?.productId).toBe(productId);
        }
      }
    }
  });

  it('gives all that a line needs', () => {
    const book = bookOf(smallFiles({ 'taxes.csv': 'tax_class,name,rate_percent,inclusive\nSTANDARD,VAT,20,yes\n' }));
    const { catalog } = sold(book);
    const version = catalog.activeBook()?.version ?? '';
    expect(catalog.find('900000', at)).toEqual({
      productId: 'wine',
      description: 'Red wine',
      department: '20',
      unitPriceMinor: 1199,
      regularPriceMinor: 1199,
      taxClass: 'STANDARD',
      discountable: true,
      weighed: false,
      tare: 0,
      depositMinor: 10,
      ageLimit: 21,
      offers: [],
      priceBook: version,
    });
    expect(catalog.find('81001', at)).toMatchObject({ weighed: true, tare: 20, taxClass: null, ageLimit: null });
    expect(catalog.department('20')).toMatchObject({ name: 'Wine', taxClass: 'STANDARD', ageLimit: 21 });
    expect(catalog.department('21')).toBeNull();
    expect(catalog.departments().map(({ departmentId }) => departmentId)).toEqual(['10', '20']);
    expect(catalog.taxRules('line', at)).toEqual({ rounding: 'line', classes: book.taxes });
  });

  it('UPC-E and the UPC-A that it stands for are one product, whichever the book has', () => {
    const upcA = '042100005264';
    const upcE = compressUpcA(upcA) ?? '';
    for (const listed of [upcA, upcE, `0${upcA}`]) {
      const files = smallFiles({
        'products.csv': productsCsv(`tea,${listed},,Tea,10,`),
        'prices.csv': pricesOf('tea'),
      });
      const { catalog } = sold(bookOf(files));
      for (const scanned of [upcA, upcE, `0${upcA}`]) expect(catalog.find(scanned, at)?.productId).toBe('tea');
    }
  });

  it('a spreadsheet that lost the zeros of a GTIN loses no product', () => {
    const lost = gtin('000952123').replace(/^0+/, '');
    const files = smallFiles({ 'products.csv': productsCsv(`tea,${lost},,Tea,10,`), 'prices.csv': pricesOf('tea') });
    const { catalog } = sold(bookOf(files));
    for (const scanned of [lost, lost.padStart(8, '0'), lost.padStart(13, '0')]) {
      expect(catalog.find(scanned, at)?.productId).toBe('tea');
    }
  });

  it('the store’s own number is taken as it is written, letters in any case', () => {
    const rows = ['tea,,12345678,Tea,10,', 'rice,,ab-7,Rice,10,'];
    const { catalog } = sold(
      bookOf(smallFiles({ 'products.csv': productsCsv(...rows), 'prices.csv': pricesOf('tea', 'rice') })),
    );
    expect(catalog.find('12345678', at)?.productId).toBe('tea');
    expect(catalog.find('AB-7', at)?.productId).toBe('rice');
  });

  it('what is in no book is null: an unknown code, a wrong check digit, an empty one, a very long one', () => {
    const { catalog } = sold();
    for (const code of [
      '9521234500018',
      '9521030100772',
      '',
      '   ',
      '1'.repeat(codeCharsMax + 1),
      '4.00DP10',
      "'; --",
    ]) {
      expect(catalog.find(code, at)).toBeNull();
    }
  });

  it('before the first import nothing is found and nothing fails', () => {
    const catalog = createCatalog(catalogDatabase());
    expect(catalog.activeBook()).toBeNull();
    expect(catalog.find('4011', at)).toBeNull();
    expect(catalog.search('tea', 5)).toEqual([]);
    expect(catalog.taxRules('basket', at).classes).toEqual([]);
  });
});

describe('a label of the store’s own scale', () => {
  it('carries its price; the item number is the PLU', () => {
    const { catalog } = sold();
    const label = gtin(`230101${valueCheckDigit('0734')}0734`);
    expect(catalog.lookUp(label, at)).toMatchObject({
      item: { productId: 'P3501' },
      quantity: null,
      labelPriceMinor: 734,
    });
    expect(catalog.find(label, at)?.productId).toBe('P3501');
  });

  it('carries its weight', () => {
    const { catalog } = sold();
    const found = catalog.lookUp(gtin('283020200512'), at);
    expect(found).toMatchObject({ item: { productId: 'P3505' }, quantity: 512, labelPriceMinor: null });
  });

  it('finds the product that lists the label with value 0', () => {
    const rows = [`brie,${gtin('281234500000')},,Brie,10,yes`];
    const { catalog } = sold(
      bookOf(smallFiles({ 'products.csv': productsCsv(...rows), 'prices.csv': pricesOf('brie') })),
    );
    expect(catalog.lookUp(gtin('281234500750'), at)).toMatchObject({ item: { productId: 'brie' }, quantity: 750 });
  });

  it('with a wrong price check digit rings nothing up', () => {
    const { catalog } = sold();
    const wrong = String((Number(valueCheckDigit('0734')) + 1) % 10);
    expect(catalog.lookUp(gtin(`230101${wrong}0734`), at)).toBeNull();
  });
});

describe('prices and offers have their time', () => {
  const times = 'product_id,price,regular_price,valid_from,valid_to';
  const files = smallFiles({
    'prices.csv': `${times}\ntea,3.99,,,\ntea,2.99,3.99,2026-08-13,2026-08-13\nrice,1,,2026-08-14,\nwine,9,,,2026-08-12\n`,
    'offers.csv':
      'offer_id,name,type,percent,valid_from,valid_to\nA,Tea day,percent,10,2026-08-13,2026-08-13\nB,Tea,percent,5,,\n',
    'offer-products.csv': 'offer_id,product_id\nA,tea\nB,tea\n',
  });
  const { catalog } = sold(bookOf(files));
  const priceAt = (moment: string) => catalog.find('9521234500018', Date.parse(moment))?.unitPriceMinor;

  it('the price that began last holds, to its last millisecond', () => {
    expect(priceAt('2026-08-12T23:59:59.999-04:00')).toBe(399);
    expect(priceAt('2026-08-13T00:00:00.000-04:00')).toBe(299);
    expect(priceAt('2026-08-13T23:59:59.999-04:00')).toBe(299);
    expect(priceAt('2026-08-14T00:00:00.000-04:00')).toBe(399);
    expect(catalog.find('9521234500018', at)?.regularPriceMinor).toBe(399);
  });

  it('a product without a price at the moment is not for sale', () => {
    expect(catalog.find('81001', at)).toBeNull();
    expect(catalog.find('81001', at + 86_400_000)?.unitPriceMinor).toBe(100);
    expect(catalog.find('900000', at)).toBeNull();
  });

  it('an offer is on the item on its days only', () => {
    const offersAt = (moment: string) =>
      catalog.find('9521234500018', Date.parse(moment))?.offers.map(({ offerId }) => offerId);
    expect(offersAt('2026-08-13T00:00:00.000-04:00')).toEqual(['A', 'B']);
    expect(offersAt('2026-08-14T00:00:00.000-04:00')).toEqual(['B']);
  });

  it('every offer of the sample comes back from the database as it was read', () => {
    const book = bookOf(sampleFiles());
    const { catalog: sample } = sold(book);
    const moment = Date.parse('2026-11-22T12:00:00Z');
    const codes = new Map(book.products.map(({ productId, codes: [code = ''] }) => [productId, code]));
    for (const offer of book.offers) {
      const ids = book.offerProducts
        .filter(({ offerId }) => offerId === offer.offerId)
        .map(({ productId }) => productId);
      expect(ids.length).toBeGreaterThan(0);
      for (const id of ids) expect(sample.find(codes.get(id) ?? '', moment)?.offers).toContainEqual(offer);
    }
  });
});

describe('a product is searched by name', () => {
  const { catalog } = sold();
  const names = (text: string, limit = 10) => catalog.search(text, limit).map(({ description }) => description);

  it('by beginnings of its words, in any order and case', () => {
    expect(names('YOG lark')).toContain('Larkfield yogurt peach 6 oz');
    expect(names('salami')).toEqual(['Salami, sliced']);
    expect(names('alami')).toEqual([]);
  });

  it('by words without their accents', () => {
    const rows = ['tea,1,,Jalapeño crème,10,', 'rice,2,,קפה טחון,10,'];
    const files = smallFiles({ 'products.csv': productsCsv(...rows), 'prices.csv': pricesOf('tea', 'rice') });
    const { catalog: other } = sold(bookOf(files));
    expect(other.search('jalapeno CRÈME', 5)).toEqual([{ productId: 'tea', code: '1', description: 'Jalapeño crème' }]);
    expect(other.search('קפה', 5).map(({ code }) => code)).toEqual(['2']);
  });

  it('what it finds can be rung up', () => {
    for (const { code, productId } of catalog.search('bulk', 50))
      expect(catalog.find(code, at)?.productId).toBe(productId);
  });

  it('the name with the least besides what was typed comes first', () => {
    expect(names('milk', 3)[0]).toBe('Larkfield 2% milk 1 gal');
    expect(names('tomato', 1)).toEqual(['Tomatoes roma']);
  });

  it('signs of the search engine are only text', () => {
    for (const text of ['"', '*', 'NOT', 'a OR', 'description:tea', '(', '-', '', ' ', '^tea', 'NEAR(tea)']) {
      expect(() => catalog.search(text, 5)).not.toThrow();
    }
  });

  it('never gives more than was asked for', () => {
    expect(names('l', 3)).toHaveLength(3);
    expect(names('l', -1)).toEqual([]);
    expect(catalog.search('o', 1_000_000).length).toBeLessThanOrEqual(matchesMax);
  });
});

it('no read looks through a whole table, however large the book (N6)', () => {
  const read: string[] = [];
  const database = catalogDatabase({ verbose: (sql) => read.push(String(sql)) });
  const catalog = createCatalog(database, rules);
  catalog.importBook(bookOf(sampleFiles()), at);
  read.length = 0;
  catalog.find('91101', at);
  catalog.search('soup', 5);
  catalog.department('10');
  catalog.taxRules('basket', at);
  catalog.activeBook();
  const statements = [...read];
  expect(statements).toHaveLength(8);
  const steps = statements.flatMap((sql) =>
    (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { readonly detail: string }[]).map(({ detail }) => detail),
  );
  // The name index is a virtual table: SQLite calls each use of one a scan.
  expect(steps.filter((detail) => detail.startsWith('SCAN') && !detail.includes('VIRTUAL TABLE'))).toEqual([]);
});
