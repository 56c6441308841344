import { existsSync } from 'node:fs';
import { readTillLog as readLog, type TillRow, type TillTransaction } from '../../src/cli/replay/till-log.ts';
import { cents, goodsRows, thousandths } from '../../src/cli/replay/till-row.ts';
import type { Basket, OrderLine } from '../../src/domain/order.ts';
import type { TaxRules } from '../../src/domain/tax.ts';
import { basketOf, lineOf } from './basket.ts';

/** A real food co-op's till, days 1 to 15: beside the project, not in it. */
const file = '../shared/data/till-log/days-01-15.ndjson.gz';

export const tillLogMissing = existsSync(file) ? null : `no till log at ${file}`;

export const readTillLog = (): readonly TillTransaction[] => {
  const log = readLog(file);
  if (!log.ok) throw new Error(log.detail);
  return log.transactions;
};

export const tillTax: TaxRules = {
  rounding: 'basket',
  classes: [
    { id: '1', name: 'Tax 1', rateMillionths: 78_750, inclusive: false },
    { id: '2', name: 'Tax 2', rateMillionths: 101_250, inclusive: false },
  ],
};

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
