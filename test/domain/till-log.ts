import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseDecimal, parseMinor, quantityMax, roundDivide } from '../../src/domain/money.ts';
import type { Basket, OrderLine } from '../../src/domain/order.ts';
import type { TaxRules } from '../../src/domain/tax.ts';
import { basketOf, lineOf } from './basket.ts';

/** A real food co-op's till, days 1 to 15: beside the project, not in it. */
const file = '../shared/data/till-log/days-01-15.ndjson.gz';

export const tillLogMissing = existsSync(file) ? null : `no till log at ${file}`;

export interface TillRow {
  readonly upc?: string;
  readonly description?: string;
  readonly trans_type?: string;
  readonly trans_subtype?: string;
  readonly trans_status?: string;
  readonly department?: string;
  readonly quantity?: string;
  readonly unitPrice?: string;
  readonly total?: string;
  readonly tax?: string;
  readonly scale?: string;
  readonly discountable?: string;
  readonly percentDiscount?: string;
}

export interface TillTransaction {
  readonly day: number;
  readonly cashier: string;
  readonly transNo: string;
  readonly kind: string;
  readonly rows: readonly TillRow[];
}

export const readTillLog = (): readonly TillTransaction[] =>
  gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TillTransaction);

export const tillTax: TaxRules = {
  rounding: 'basket',
  classes: [
    { id: '1', name: 'Tax 1', rateMillionths: 78_750, inclusive: false },
    { id: '2', name: 'Tax 2', rateMillionths: 101_250, inclusive: false },
  ],
};

/** Decimal text of the log; a left-out column is zero. */
export const cents = (text: string | undefined): number => {
  const parsed = parseMinor(text ?? '0', 'USD');
  if (!parsed.ok) throw new Error(`${text}: ${parsed.reason}`);
  return parsed.amountMinor;
};

/** Scales of the log gave a fourth digit twice in fifteen days (4.4251, and its void): rounded. */
export const thousandths = (text: string | undefined): number => {
  const parsed = parseDecimal(text ?? '0', 6, quantityMax * 1000);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.reason}`);
  return roundDivide(parsed.value, 1000);
};

/** Rows that are goods: items and department rings with voids, refunds and adjustments, without the basket discount. */
export const goodsRows = ({ rows }: TillTransaction): readonly TillRow[] =>
  rows.filter(
    ({ trans_type, trans_status, upc }) =>
      (trans_type === 'I' || trans_type === 'D') && trans_status !== 'D' && upc !== 'DISCOUNT',
  );

export const isTaxRow = ({ trans_type }: TillRow): boolean => trans_type === 'A';
export const isDiscountRow = ({ upc }: TillRow): boolean => upc === 'DISCOUNT';

/** The basket as our pricing takes it: each row a line of its own, at the log's unit price. */
export const tillBasket = (transaction: TillTransaction, taxExempt = false): Basket => {
  const percent = Math.max(...transaction.rows.map(({ percentDiscount }) => Number(percentDiscount ?? 0)));
  return basketOf({
    lines: goodsRows(transaction).map((row, index) => tillLine(row, index + 1)),
    discountHundredths: percent * 100,
    taxExempt,
    rules: { currency: 'USD', tax: tillTax, cashRoundingMinor: 1 },
  });
};

const tillLine = (row: TillRow, line: number): OrderLine => {
  const totalMinor = cents(row.total);
  const isExtended = row.quantity !== undefined && row.unitPrice !== undefined;
  return lineOf({
    line,
    type: 'adjustment',
    quantity: isExtended ? thousandths(row.quantity) : 1000,
    unitPriceMinor: isExtended ? cents(row.unitPrice) : totalMinor,
    taxClass: row.tax ?? null,
    discountable: row.discountable !== undefined,
    weighed: row.scale === '1',
  });
};
