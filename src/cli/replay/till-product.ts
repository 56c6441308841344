import { checkDigit, valueCheckDigit } from '../../domain/barcode.ts';
import type { EmbeddedRule } from '../../domain/product-code.ts';
import type { TillRow } from './till-log.ts';
import { cents, taxClassOf, type Exemption } from './till-row.ts';

/** What tells two articles of the log apart: the same code under another tax is an article of its own. */
export interface TillProduct {
  readonly upc: string;
  readonly taxClass: string | null;
  readonly discountable: boolean;
}

export const productOf = (row: TillRow, exemption: Exemption): TillProduct => ({
  upc: row.upc ?? '',
  taxClass: taxClassOf(row, exemption),
  discountable: row.discountable !== undefined,
});

/** Sorts and compares; also the id in the price book. */
export const productKey = ({ upc, taxClass, discountable }: TillProduct): string =>
  `${upc}~${taxClass ?? 0}~${discountable ? 'D' : 'N'}`;

/** The store's own labels: 2, five digits of item, check digit of the price, four digits of price in cents. */
export const labelRule: EmbeddedRule = {
  prefix: '02',
  itemDigits: 5,
  valueDigits: 4,
  value: 'price',
  step: 1,
  valueCheck: true,
};

/** Largest price that four digits hold. */
const labelPriceMax = 9999;

const isDigits = (upc: string): boolean => /^\d{13}$/.test(upc);
const isLabel = (upc: string): boolean => isDigits(upc) && upc.startsWith('002') && upc.endsWith('00000');

/** The label as it was scanned, price and all; null where no label can say this price. */
export function labelOf(upc: string, priceMinor: number): string | null {
  if (!isLabel(upc) || priceMinor <= 0 || priceMinor > labelPriceMax) return null;
  const value = String(priceMinor).padStart(4, '0');
  const body = upc.slice(2, 8) + valueCheckDigit(value) + value;
  return body + checkDigit(body);
}

/** How an article is rung up: what a scanner reads (UPC-A, EAN-13, GTIN-14), the PLU that is typed, or a number of the store's own. */
export interface TillCodes {
  readonly codes: readonly string[];
  readonly ownCodes: readonly string[];
  /** What is scanned or typed; a label carries its price besides. */
  readonly ring: string;
}

export function codesOf(upc: string): TillCodes {
  // A label's own code must not be read as a label that says 0.00.
  if (isLabel(upc)) return { codes: [gtinOf(upc)], ownCodes: [ownCode(upc)], ring: ownCode(upc) };
  if (!isDigits(upc) || upc.startsWith('002')) return { codes: [], ownCodes: [ownCode(upc)], ring: ownCode(upc) };
  const plu = upc.replace(/^0+(?=\d)/, '');
  if (plu.length <= 5) return { codes: [plu], ownCodes: [], ring: plu };
  const gtin = gtinOf(upc);
  return { codes: [gtin], ownCodes: [], ring: gtin };
}

/** A number of the store's own. Capitals count as equal in a catalogue, so that all else is written out. */
export const ownCode = (text: string): string =>
  `U${text.replaceAll(/[^0-9A-Z~-]/g, (sign) => `_${sign.codePointAt(0)?.toString(16) ?? ''}`)}`.slice(0, 90);

const gtinOf = (upc: string): string => (upc + checkDigit(upc)).replace(/^0{1,2}/, '');

/** Rings up a product of the price book: a row with a code, pieces, and a price that is no credit. */
export const isProductRow = (row: TillRow): boolean =>
  row.trans_type === 'I' &&
  row.upc !== undefined &&
  row.quantity !== undefined &&
  row.trans_status !== 'M' &&
  row.trans_status !== 'C' &&
  row.trans_status !== 'D' &&
  cents(row.unitPrice) >= 0;
