import { expect, test } from 'vitest';
import type { OrderLine } from '../../src/domain/order.ts';
import { blankSale, changeBasket, type Sale } from '../../src/domain/sale.ts';
import { paidOf } from '../../src/domain/sold.ts';
import { lineOf, numbered, withVoid, basketOf } from './basket.ts';

const paidSale = (lines: readonly OrderLine[]): Sale => {
  const rules = { currency: 'USD', tax: { rounding: 'basket', classes: [] }, cashRoundingMinor: 1 } as const;
  const open = { ...blankSale, rules, receiptNumber: 1, paidAt: 1 };
  return { ...open, ...changeBasket(open, { lines }) };
};
const ledgerOf = (lines: readonly OrderLine[]) =>
  paidOf(paidSale(lines)).ledger.map(({ productId, change, reason }) => [productId, change, reason]);

test('an amount that goes back under a department moves no stock: no product stands behind it', () => {
  const back = lineOf({ type: 'return', productId: '', quantity: -1000 });
  expect(ledgerOf(numbered([back]))).toEqual([]);
  expect(ledgerOf(withVoid(basketOf({ lines: numbered([back]) }), 1).lines)).toEqual([]);
});

test('goods that leave, come back, and are voided move what they say', () => {
  const lines = numbered([lineOf({ quantity: 2000 }), lineOf({ type: 'return', quantity: -1000 })]);
  expect(ledgerOf(withVoid(basketOf({ lines }), 1).lines)).toEqual([
    ['p1', -2000, 'sale'],
    ['p1', 1000, 'return'],
    ['p1', 2000, 'sale'],
  ]);
});
