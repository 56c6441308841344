import { describe, expect, test } from 'vitest';
import { priceOrder } from '../../src/domain/pricing.ts';
import type { TillRow, TillTransaction } from '../../src/cli/replay/till-log.ts';
import { cents, goodsRows, isDiscountRow, isTaxRow } from '../../src/cli/replay/till-row.ts';
import { readTillLog, tillBasket, tillLogMissing } from './till-log.ts';

const completed = (): readonly TillTransaction[] => readTillLog().filter(({ kind }) => kind === 'completed');

/** Food-stamp money takes the tax off what it pays: such a basket is exempt, in whole or in part, by a rule of the log's own. */
const isExempt = ({ rows }: TillTransaction): boolean =>
  rows.some(({ trans_subtype, description }) => trans_subtype === 'EF' || description?.includes('Tax Exempt') === true);

const sumOf = (rows: readonly TillRow[]): number => rows.reduce((sum, { total }) => sum + cents(total), 0);

/** Finished twice over, or two baskets under one number: known, listed. */
const finishedTwice = ({ rows }: TillTransaction): boolean => rows.filter(isTaxRow).length > 1;

describe.skipIf(tillLogMissing !== null)(
  `fifteen days of a real till${tillLogMissing === null ? '' : ` (skipped: ${tillLogMissing})`}`,
  () => {
    test('quantity × price is the total of each line but for half-cent ties that floats rounded down', () => {
      const lines = completed().flatMap((transaction) => {
        const [basket, rows] = [tillBasket(transaction), goodsRows(transaction)];
        return priceOrder(basket).lines.map(({ totalMinor }, index) => {
          const line = basket.lines[index];
          const isTie = line !== undefined && Math.abs(line.quantity * line.unitPriceMinor) % 1000 === 500;
          return { offMinor: Math.abs(totalMinor) - Math.abs(cents(rows[index]?.total)), isTie, upc: rows[index]?.upc };
        });
      });
      const different = lines.filter(({ offMinor }) => offMinor !== 0);
      expect(lines.length).toBe(32_438);
      expect(different.filter(({ isTie }) => isTie).every(({ offMinor }) => offMinor === 1)).toBe(true);
      expect(different.filter(({ isTie }) => isTie)).toHaveLength(34);
      // An open ring of 1.49 cents, twice: the log shows the price rounded and the total not.
      expect(different.filter(({ isTie }) => !isTie).map(({ upc }) => upc)).toEqual(['0.0149DP204']);
    });

    test('tax is equal in every basket that is not exempt, but those finished twice: ≥ 99.8 %', () => {
      const taxed = completed().filter((transaction) => !isExempt(transaction));
      const different = taxed.filter(
        (transaction) =>
          priceOrder(tillBasket(transaction)).totals.taxMinor !== sumOf(transaction.rows.filter(isTaxRow)),
      );
      expect(taxed).toHaveLength(4117);
      expect(different.every(finishedTwice)).toBe(true);
      expect(different).toHaveLength(2);
    });

    test('the basket discount is equal but for half-cent ties, rounded down there', () => {
      const different = completed()
        .filter((transaction) => !finishedTwice(transaction))
        .map((transaction) => {
          const { discountMinor } = priceOrder(tillBasket(transaction)).totals;
          return sumOf(transaction.rows.filter(isDiscountRow)) - discountMinor;
        })
        .filter((offMinor) => offMinor !== 0);
      expect(different).toEqual([1, 1]);
    });
  },
);
