import { describe, expect, it } from 'vitest';
import { problemsMax } from '../../src/persistence/csv-table.ts';
import { parseBook } from '../../src/persistence/import.ts';
import { smallFiles, storeZone } from './books.ts';

const problemsOf = (texts: Readonly<Record<string, string | null>>) => {
  const parsed = parseBook(smallFiles(texts), storeZone);
  return parsed.ok ? [] : parsed.errors;
};
const products = (...rows: readonly string[]): string =>
  ['product_id,codes,own_codes,description,department,weighed,tare,deposit', ...rows].join('\n');
const prices = (...rows: readonly string[]): string =>
  ['product_id,price,regular_price,valid_from,valid_to', ...rows].join('\n');
const offers = (...rows: readonly string[]): string =>
  ['offer_id,name,type,price,percent,amount,pieces,set,group,member_only,valid_from,valid_to', ...rows].join('\n');
const tea = 'tea,9521234500018,,Green tea,10,,,';

describe('a book with a mistake is refused, and says file, line, column and what to do', () => {
  const cases: readonly (readonly [
    string,
    Readonly<Record<string, string | null>>,
    string,
    number,
    string | null,
    RegExp,
  ])[] = [
    ['file missing', { 'prices.csv': null }, 'prices.csv', 1, null, /missing/],
    ['file of another kind', { 'price.csv': 'a\n1\n' }, 'price.csv', 1, null, /those are taxes\.csv, /],
    ['empty file', { 'prices.csv': '' }, 'prices.csv', 1, null, /write a header line/],
    ['header with a typo', { 'prices.csv': 'product_id,pirce\ntea,1\n' }, 'prices.csv', 1, 'price', /add the column/],
    ['semicolons', { 'prices.csv': 'product_id;price\ntea;1\n' }, 'prices.csv', 1, null, /save it with commas/],
    [
      'comma in a name',
      { 'products.csv': products('tea,9521234500018,,Tea, green,10,,,') },
      'products.csv',
      2,
      null,
      /9 fields, the header 8/,
    ],
    [
      'quote in a name',
      { 'products.csv': products(tea, '', 'plate,81002,,5" plate,10,,,') },
      'products.csv',
      4,
      null,
      /double the one inside/,
    ],
    [
      'quote never closed',
      { 'products.csv': products(tea, 'rice,81001,,"Rice,10,yes,,', tea) },
      'products.csv',
      3,
      null,
      /not closed/,
    ],
    [
      'line break in a name',
      { 'products.csv': products(tea.replace('Green tea', '"Green\ntea"')) },
      'products.csv',
      3,
      'description',
      /line break/,
    ],
    [
      'printer command in a name',
      { 'products.csv': products(tea.replace('Green', 'Green\u001B')) },
      'products.csv',
      2,
      'description',
      /control/,
    ],
    [
      'not UTF-8',
      { 'products.csv': products(tea.replace('Green', 'Gr\uFFFDn')) },
      'products.csv',
      2,
      'description',
      /UTF-8/,
    ],
    [
      'name too long',
      { 'products.csv': products(tea.replace('Green', 'G'.repeat(201))) },
      'products.csv',
      2,
      'description',
      /shorten it to 200/,
    ],
    ['no products', { 'products.csv': products() }, 'products.csv', 1, null, /no products/],
    [
      'no name',
      { 'products.csv': products(tea.replace('Green tea', '')) },
      'products.csv',
      2,
      'description',
      /fill it in/,
    ],
    [
      'id with a blank',
      { 'products.csv': products(tea.replace('tea,', 'green tea,')) },
      'products.csv',
      2,
      'product_id',
      /not an id/,
    ],
    [
      'id twice',
      { 'products.csv': products(tea, '', 'tea,81002,,Tea,10,,,') },
      'products.csv',
      4,
      'product_id',
      /line 2 already/,
    ],
    [
      'wrong check digit',
      { 'products.csv': products(tea.replace('0018,', '0019,')) },
      'products.csv',
      2,
      'codes',
      /wrong check digit: .*own_codes/,
    ],
    [
      'no length of a GTIN',
      { 'products.csv': products(tea.replace('0018,', '0018123,')) },
      'products.csv',
      2,
      'codes',
      /16 digits/,
    ],
    [
      'letters in a GTIN',
      { 'products.csv': products(tea.replace('9521234500018', 'TEA1')) },
      'products.csv',
      2,
      'codes',
      /own_codes/,
    ],
    [
      'number that a spreadsheet shortened',
      { 'products.csv': products(tea.replace('9521234500018', '9.52E+12')) },
      'products.csv',
      2,
      'codes',
      /format the column as text/,
    ],
    [
      'no code',
      { 'products.csv': products(tea.replace('9521234500018', '')) },
      'products.csv',
      2,
      'codes',
      /needs a code/,
    ],
    [
      'code of two products',
      { 'products.csv': products(tea, 'mint,09521234500018,,Mint,10,,,') },
      'products.csv',
      3,
      'codes',
      /a code of tea too/,
    ],
    [
      'department unknown',
      { 'products.csv': products(tea.replace(',10,', ',11,')) },
      'products.csv',
      2,
      'department',
      /"11" is not in departments\.csv/,
    ],
    [
      'department without tax class',
      { 'departments.csv': 'department,name,tax_class\n10,Grocery,\n' },
      'departments.csv',
      2,
      'tax_class',
      /or none/,
    ],
    [
      'tax class unknown',
      { 'departments.csv': 'department,name,tax_class\n10,Grocery,VAT\n' },
      'departments.csv',
      2,
      'tax_class',
      /not in taxes\.csv/,
    ],
    [
      'rate below zero',
      { 'taxes.csv': 'tax_class,name,rate_percent,inclusive\nSTANDARD,Tax,-1,no\n' },
      'taxes.csv',
      2,
      'rate_percent',
      /below zero/,
    ],
    [
      'neither yes nor no',
      { 'products.csv': products('rice,81001,,Rice,10,1,,') },
      'products.csv',
      2,
      'weighed',
      /neither yes nor no/,
    ],
    [
      'tare of a piece',
      { 'products.csv': products(tea.replace(',10,,,', ',10,,0.02,')) },
      'products.csv',
      2,
      'tare',
      /only for weighed/,
    ],
    [
      'price with a currency sign',
      { 'prices.csv': prices('tea,$3.99,,,') },
      'prices.csv',
      2,
      'price',
      /no currency sign/,
    ],
    ['price with half a cent', { 'prices.csv': prices('tea,3.995,,,') }, 'prices.csv', 2, 'price', /too many digits/],
    ['price empty', { 'prices.csv': prices('tea,,,,') }, 'prices.csv', 2, 'price', /fill it in/],
    [
      'price of no product',
      { 'prices.csv': prices('coffee,1,,,') },
      'prices.csv',
      2,
      'product_id',
      /not in products\.csv/,
    ],
    [
      'product without price',
      { 'prices.csv': prices('tea,1,,,', 'rice,1,,,') },
      'products.csv',
      4,
      'product_id',
      /add a row for it to prices\.csv/,
    ],
    [
      'two prices from one moment',
      { 'prices.csv': prices('tea,1,,2026-08-13,', 'tea,2,,2026-08-13T04:00Z,') },
      'prices.csv',
      3,
      'valid_from',
      /line 2 already/,
    ],
    [
      'price that ends before it begins',
      { 'prices.csv': prices('tea,1,,2026-08-14,2026-08-13') },
      'prices.csv',
      2,
      'valid_to',
      /before valid_from/,
    ],
    [
      'date in another order',
      { 'prices.csv': prices('tea,1,,13/08/2026,') },
      'prices.csv',
      2,
      'valid_from',
      /write 2026-08-13/,
    ],
    [
      'offer of no type',
      { 'offers.csv': offers('A,Two,twofer,,,,,,,,,') },
      'offers.csv',
      2,
      'type',
      /those are price, percent/,
    ],
    [
      'offer with a column too many',
      { 'offers.csv': offers('A,Two,price,1,10,,,,,,,') },
      'offers.csv',
      2,
      'percent',
      /not for type price/,
    ],
    [
      'offer with a column too few',
      { 'offers.csv': offers('A,Two,bundle,1,,,,,,,,') },
      'offers.csv',
      2,
      'pieces',
      /fill it in/,
    ],
    [
      'offer that gives nothing',
      { 'offers.csv': offers('A,Two,percent,,0,,,,,,,') },
      'offers.csv',
      2,
      'percent',
      /is zero/,
    ],
    [
      'offer above 100 %',
      { 'offers.csv': offers('A,Two,percent,,101,,,,,,,') },
      'offers.csv',
      2,
      'percent',
      /too large/,
    ],
    ['bundle of one', { 'offers.csv': offers('A,Two,bundle,1,,,1,,,,,') }, 'offers.csv', 2, 'pieces', /less than two/],
    [
      'set of one group',
      { 'offers.csv': offers('A,Two,mix-set,,,1,,S,soup,,,') },
      'offers.csv',
      2,
      'set',
      /one group only/,
    ],
    [
      'set of two amounts',
      { 'offers.csv': offers('A,Two,mix-set,,,1,,S,soup,,,', 'B,Two,mix-set,,,2,,S,bread,,,') },
      'offers.csv',
      3,
      'amount',
      /differs from A/,
    ],
    [
      'offer on no product',
      { 'offers.csv': offers('A,Two,price,1,,,,,,,,'), 'offer-products.csv': 'offer_id,product_id\nA,cofee\n' },
      'offer-products.csv',
      2,
      'product_id',
      /not in products\.csv/,
    ],
  ];
  it.each(cases)('%s', (_, texts, file, line, column, problem) => {
    expect(problemsOf(texts)).toContainEqual({ file, line, column, problem: expect.stringMatching(problem) });
  });

  it('one mistake is told once: what refers to a broken file is not blamed', () => {
    expect(problemsOf({ 'departments.csv': 'department;name\n10;Grocery\n' })).toHaveLength(1);
    expect(problemsOf({ 'departments.csv': null })).toHaveLength(1);
  });

  it('a file given twice is refused', () => {
    const parsed = parseBook([...smallFiles(), ...smallFiles()], storeZone);
    expect(parsed.ok ? [] : parsed.errors.filter(({ problem }) => problem.includes('twice'))).toHaveLength(4);
  });

  it(`a file that is wrong in every line is told ${problemsMax} times`, () => {
    const rows = Array.from({ length: problemsMax * 3 }, (__, place) => `p${place},x${place},,Name,10,,,`);
    expect(problemsOf({ 'products.csv': products(...rows) })).toHaveLength(problemsMax);
  });
});
