import type { BookPrice, BookProduct, Department, OfferProduct } from '../domain/price-book.ts';
import type { TaxClass } from '../domain/tax.ts';
import type { Fields, Known } from './book-fields.ts';
import type { CsvRow } from './csv-table.ts';

/** How a table says "no tax" or "no age limit" where the department has one. */
const none = 'none';

const ageMax = 99;
/** 99.999 weight units. */
const tareMax = 99_999;
/** 100 %, in millionths. */
const rateMax = 1_000_000;

export const readTax = (row: CsvRow, fields: Fields): TaxClass => {
  if (row.cell('tax_class') === none) fields.wrong(row, 'tax_class', `"${none}" means no tax: choose another id`);
  return {
    id: fields.id(row, 'tax_class'),
    name: fields.text(row, 'name'),
    rateMillionths: fields.decimal(row, 'rate_percent', 4, rateMax, null),
    inclusive: fields.flag(row, 'inclusive', false),
  };
};

const readTaxClass = (row: CsvRow, fields: Fields, ids: Known, inherited: string | null): string | null => {
  const id = row.cell('tax_class');
  if (id === '') return inherited;
  if (id === none) return null;
  fields.known(row, 'tax_class', ids, 'taxes.csv');
  return id;
};

const readAge = (row: CsvRow, fields: Fields, inherited: number | null): number | null => {
  if (row.cell('age_limit') === '') return inherited;
  if (row.cell('age_limit') === none) return null;
  const age = fields.decimal(row, 'age_limit', 0, ageMax, null);
  if (age === 0) fields.wrong(row, 'age_limit', `"${row.cell('age_limit')}" is no age: write ${none} for no limit`);
  return age;
};

export const readDepartment = (row: CsvRow, fields: Fields, taxIds: Known): Department => {
  // Left empty by mistake, a whole department would be sold without tax.
  if (row.cell('tax_class') === '') fields.wrong(row, 'tax_class', `is empty: write a class of taxes.csv or ${none}`);
  return {
    departmentId: fields.id(row, 'department'),
    name: fields.text(row, 'name'),
    taxClass: readTaxClass(row, fields, taxIds, null),
    discountable: fields.flag(row, 'discountable', true),
    ageLimit: readAge(row, fields, null),
  };
};

export const readProduct = (
  row: CsvRow,
  fields: Fields,
  taxIds: Known,
  department: Department | undefined,
): BookProduct => {
  const weighed = fields.flag(row, 'weighed', false);
  const tare = fields.decimal(row, 'tare', 3, tareMax, 0);
  if (tare > 0 && !weighed)
    fields.wrong(row, 'tare', 'is only for weighed products: empty it, or write yes under weighed');
  return {
    productId: fields.id(row, 'product_id'),
    codes: words(row.cell('codes')),
    ownCodes: words(row.cell('own_codes')),
    description: fields.text(row, 'description'),
    department: row.cell('department'),
    taxClass: readTaxClass(row, fields, taxIds, department?.taxClass ?? null),
    discountable: fields.flag(row, 'discountable', department?.discountable ?? true),
    weighed,
    tare,
    depositMinor: fields.money(row, 'deposit', 0),
    ageLimit: readAge(row, fields, department?.ageLimit ?? null),
  };
};

export const readPrice = (row: CsvRow, fields: Fields, productIds: Known): BookPrice => {
  fields.known(row, 'product_id', productIds, 'products.csv');
  const priceMinor = fields.money(row, 'price', null);
  const [validFrom, validTo] = [fields.moment(row, 'valid_from', 'first'), fields.moment(row, 'valid_to', 'last')];
  if (validFrom !== null && validTo !== null && validTo < validFrom) {
    fields.wrong(row, 'valid_to', 'is before valid_from: change one of them');
  }
  return {
    productId: row.cell('product_id'),
    priceMinor,
    regularMinor: fields.money(row, 'regular_price', priceMinor),
    validFrom,
    validTo,
  };
};

export const readOfferProduct = (row: CsvRow, fields: Fields, offerIds: Known, productIds: Known): OfferProduct => {
  fields.known(row, 'offer_id', offerIds, 'offers.csv');
  fields.known(row, 'product_id', productIds, 'products.csv');
  return { offerId: row.cell('offer_id'), productId: row.cell('product_id') };
};

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');
