import { extend, parseDecimal, parseMinor, quantityMax, roundDivide } from '../../domain/money.ts';
import type { TillRow, TillTransaction } from './till-log.ts';

/** The log's currency. */
export const currency = 'USD';

/** Decimal text as cents; a column that was left out is 0, what is no amount of cents counts as 0 too and is seen in the comparison. */
export const cents = (text: string | undefined): number => {
  const parsed = parseMinor(text ?? '0', currency);
  return parsed.ok ? parsed.amountMinor : 0;
};

/** Decimal text as thousandths. Scales gave a fourth digit twice in fifteen days (4.4251, and its void): rounded. */
export const thousandths = (text: string | undefined): number => {
  const parsed = parseDecimal(text ?? '0', 6, quantityMax * 1000);
  return parsed.ok ? roundDivide(parsed.value, 1000) : 0;
};

export const isDiscountRow = ({ upc }: TillRow): boolean => upc === 'DISCOUNT';
export const isTaxRow = ({ trans_type }: TillRow): boolean => trans_type === 'A';
export const isTenderRow = ({ trans_type }: TillRow): boolean => trans_type === 'T';

/** Items and department rings with voids, refunds and adjustments; without the basket discount and what only informs. */
const isGoodsRow = (row: TillRow): boolean =>
  (row.trans_type === 'I' || row.trans_type === 'D') &&
  !isDiscountRow(row) &&
  (row.trans_status !== 'D' || cents(row.total) !== 0);

/** Rows of kinds that this program knows; what else carries money is listed. */
export const isKnownRow = (row: TillRow): boolean =>
  ['I', 'D', 'T', 'A', 'C', undefined, '0', ''].includes(row.trans_type);

export const goodsRows = ({ rows }: TillTransaction): readonly TillRow[] => rows.filter(isGoodsRow);

export const sumTotals = (rows: readonly TillRow[]): number => rows.reduce((sum, { total }) => sum + cents(total), 0);

/** Half a cent exactly: the old till's floats fell to either side of it. */
export const isTie = (row: TillRow): boolean =>
  Math.abs(thousandths(row.quantity) * cents(row.unitPrice)) % 1000 === 500;

export const extendedOf = (row: TillRow): number => extend(cents(row.unitPrice), thousandths(row.quantity));

/** How the tax of a basket was taken off: food-stamp money frees what it may buy. */
export type Exemption =
  /** Taxed as usual. */
  | 'none'
  /** All that is taxed is free. */
  | 'basket'
  /** What food stamps may buy is free, the rest is not. */
  | 'lines';

export function exemptionOf({ rows }: TillTransaction): Exemption {
  if (rows.some(({ description }) => description?.includes('Order is Tax Exempt') === true)) return 'basket';
  if (!paidByFoodStamps(rows)) return 'none';
  const taxed = rows.filter((row) => isGoodsRow(row) && row.tax !== undefined);
  const free = taxed.filter(({ foodstamp }) => foodstamp !== undefined);
  if (free.length === 0) return 'none';
  return free.length === taxed.length ? 'basket' : 'lines';
}

const paidByFoodStamps = (rows: readonly TillRow[]): boolean =>
  rows.some(
    ({ trans_subtype, description }) => trans_subtype === 'EF' || description?.includes('Fs Tax Exempt') === true,
  );

/** Baskets whose tax follows the general rule. */
export const isTaxedAsUsual = ({ rows }: TillTransaction): boolean =>
  !paidByFoodStamps(rows) && !rows.some(({ description }) => description?.includes('Tax Exempt') === true);

/** Tax class of a row within its basket. */
export const taxClassOf = (row: TillRow, exemption: Exemption): string | null =>
  row.tax === undefined || (exemption === 'lines' && row.foodstamp !== undefined) ? null : row.tax;
