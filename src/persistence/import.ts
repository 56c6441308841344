import { codesMax, productsMax } from '../domain/price-book.ts';
import type { BookPrice, BookProduct, PriceBook } from '../domain/price-book.ts';
import { bookFields } from './book-fields.ts';
import type { BookSettings, Fields, Known } from './book-fields.ts';
import { offerShape, readOffers } from './book-offers.ts';
import { readDepartment, readOfferProduct, readPrice, readProduct, readTax } from './book-rows.ts';
import { codeKey, codeProblem } from './code-key.ts';
import { problemsMax, readTable } from './csv-table.ts';
import type { BookProblem, CsvFile, CsvRow, Report, TableShape } from './csv-table.ts';

export interface ImportOptions extends BookSettings {
  readonly version?: string;
  readonly effectiveAt?: number;
}

export type ParsedBook =
  | { readonly ok: true; readonly book: PriceBook }
  /** In the order of the files; at most `problemsMax`. */
  | { readonly ok: false; readonly errors: readonly BookProblem[] };

/** The files of a book and their columns, as docs/catalogue.md shows them. */
export const bookShape = {
  'taxes.csv': { required: ['tax_class', 'name', 'rate_percent', 'inclusive'], optional: [] },
  'departments.csv': { required: ['department', 'name', 'tax_class'], optional: ['discountable', 'age_limit'] },
  'products.csv': {
    required: ['product_id', 'description', 'department'],
    optional: ['codes', 'own_codes', 'tax_class', 'discountable', 'weighed', 'tare', 'deposit', 'age_limit'],
  },
  'prices.csv': { required: ['product_id', 'price'], optional: ['regular_price', 'valid_from', 'valid_to'] },
  'offers.csv': offerShape,
  'offer-products.csv': { required: ['offer_id', 'product_id'], optional: [] },
} as const satisfies Record<string, TableShape>;

export type BookFile = keyof typeof bookShape;

/** A book may lack these: a store without taxes or offers. */
const optionalFiles: readonly BookFile[] = ['taxes.csv', 'offers.csv', 'offer-products.csv'];

/** One file, ready to be read. */
interface Source {
  readonly rows: readonly CsvRow[];
  readonly fields: Fields;
  /** False where the file is missing or is no table: what refers to it is not checked then. */
  readonly sound: boolean;
}

/** CSV files → price book. Pure: reads no file and no clock. Every problem found is told, or there is none and the book is whole. */
export const parseBook = (files: readonly CsvFile[], options: ImportOptions): ParsedBook => {
  const errors: BookProblem[] = [];
  const report: Report = (problem) => {
    if (errors.length < problemsMax) errors.push(problem);
  };
  checkNames(files, report);
  const open = (name: BookFile): Source => {
    const file = files.find((candidate) => candidate.name === name);
    const before = errors.length;
    const rows = file === undefined ? [] : readTable(file, bookShape[name], report);
    const missing = file === undefined && !optionalFiles.includes(name);
    return { rows, fields: bookFields(name, options, report), sound: !missing && errors.length === before };
  };
  const book = readBook(open);
  if (errors.length > 0) return { ok: false, errors };
  const { version = null, effectiveAt = null, currency } = options;
  return { ok: true, book: { version, effectiveAt, currency, ...book } };
};

const readBook = (open: (name: BookFile) => Source): Omit<PriceBook, 'version' | 'effectiveAt' | 'currency'> => {
  const taxSource = open('taxes.csv');
  const taxes = taxSource.rows.map((row) => readTax(row, taxSource.fields));
  const taxIds = known(taxSource, 'tax_class');
  const departmentSource = open('departments.csv');
  const departments = departmentSource.rows.map((row) => readDepartment(row, departmentSource.fields, taxIds));
  const departmentIds = known(departmentSource, 'department');
  const byDepartment = new Map(departments.map((department) => [department.departmentId, department]));
  const productSource = open('products.csv');
  const products = productSource.rows.map((row) => {
    productSource.fields.known(row, 'department', departmentIds, 'departments.csv');
    return readProduct(row, productSource.fields, taxIds, byDepartment.get(row.cell('department')));
  });
  const productIds = known(productSource, 'product_id');
  checkCodes(productSource, products);
  const priceSource = open('prices.csv');
  const prices = priceSource.rows.map((row) => readPrice(row, priceSource.fields, productIds));
  checkPrices(priceSource, productSource, prices);
  const offerSource = open('offers.csv');
  const offers = readOffers(offerSource.rows, offerSource.fields);
  const offerIds = known(offerSource, 'offer_id');
  const pairSource = open('offer-products.csv');
  const offerProducts = pairSource.rows.map((row) => readOfferProduct(row, pairSource.fields, offerIds, productIds));
  checkOnce(pairSource, (row) => `${row.cell('offer_id')} ${row.cell('product_id')}`, 'offer_id');
  return { taxes, departments, products, prices, offers, offerProducts };
};

const checkNames = (files: readonly CsvFile[], report: Report): void => {
  const names = Object.keys(bookShape) as BookFile[];
  for (const name of names) {
    const count = files.filter((file) => file.name === name).length;
    const at = { file: name, line: 1, column: null };
    if (count > 1) report({ ...at, problem: 'is given twice: take one away' });
    if (count === 0 && !optionalFiles.includes(name)) report({ ...at, problem: 'is missing: a book has this file' });
  }
  for (const file of files) {
    if (names.some((name) => name === file.name)) continue;
    const problem = `is not a file of a price book: those are ${names.join(', ')}`;
    report({ file: file.name, line: 1, column: null, problem });
  }
};

/** Ids of a table, each told once where it stands twice. */
const known = (source: Source, column: string): Known => {
  checkOnce(source, (row) => row.cell(column), column);
  return source.sound ? new Set(source.rows.map((row) => row.cell(column))) : null;
};

const checkOnce = ({ rows, fields }: Source, keyOf: (row: CsvRow, place: number) => string, column: string): void => {
  const lines = new Map<string, number>();
  for (const [place, row] of rows.entries()) {
    const key = keyOf(row, place);
    const earlier = lines.get(key);
    if (earlier === undefined) lines.set(key, row.line);
    else fields.wrong(row, column, `"${key}" stands on line ${earlier} already: take one of them away`);
  }
};

const checkCodes = ({ rows, fields, sound }: Source, products: readonly BookProduct[]): void => {
  const [first] = rows;
  if (first === undefined) {
    // Taken over, it would leave the store with nothing to sell.
    if (sound) fields.wrong({ line: 1, cell: () => '' }, null, 'has no products');
    return;
  }
  if (rows.length > productsMax)
    fields.wrong(first, null, `${rows.length} products: a book has at most ${productsMax}`);
  const owners = new Map<string, string>();
  products.forEach(({ productId, codes, ownCodes }, place) => {
    const row = rows[place] ?? first;
    const all = [...codes, ...ownCodes];
    if (all.length === 0) fields.wrong(row, 'codes', 'is empty: a product needs a code here or under own_codes');
    if (all.length > codesMax) fields.wrong(row, 'codes', `has ${all.length} codes: at most ${codesMax}`);
    for (const code of codes) {
      const problem = codeProblem(code);
      if (problem !== null) fields.wrong(row, 'codes', `"${code}" ${problem}`);
    }
    for (const code of all) {
      const owner = owners.get(codeKey(code)) ?? productId;
      if (owner !== productId)
        fields.wrong(row, 'codes', `"${code}" is a code of ${owner} too: take it from one of them`);
      owners.set(codeKey(code), owner);
    }
  });
};

const checkPrices = (source: Source, productSource: Source, prices: readonly BookPrice[]): void => {
  // By the moment: the same one can be written in two ways.
  checkOnce(
    source,
    (row, place) => `${row.cell('product_id')} from ${prices[place]?.validFrom ?? 'the beginning'}`,
    'valid_from',
  );
  if (!source.sound) return;
  const priced = new Set(prices.map((price) => price.productId));
  for (const row of productSource.rows) {
    if (priced.has(row.cell('product_id'))) continue;
    productSource.fields.wrong(row, 'product_id', 'has no price: add a row for it to prices.csv');
  }
};
