import { describe, expect, test } from 'vitest';
import { createLogBook } from '../../src/cli/replay/log-book.ts';
import { createScript, type ScriptStep } from '../../src/cli/replay/script.ts';
import { findResumptions } from '../../src/cli/replay/suspended.ts';
import { codesOf, labelOf, labelRule } from '../../src/cli/replay/till-product.ts';
import { readCode } from '../../src/domain/product-code.ts';
import { basket, item, ring, voided } from './made-up-log.ts';

type Row = Parameters<typeof basket>[3];
const steps = (...rows: readonly Row[]): readonly ScriptStep[] => {
  const transaction = basket(1, '1', 'completed', ...rows);
  return createScript(transaction, createLogBook([transaction])).steps;
};
const told = (step: ScriptStep | undefined) => [step?.rule, step?.event, step?.why];

describe('a void', () => {
  const tea = item('0003333333333', '4.99');

  test('takes back the last line that is the same, and each line once', () => {
    const rung = steps(tea, tea, voided(tea), voided(tea));
    expect(rung.map(({ event }) => event['line'])).toEqual([undefined, undefined, 2, 1]);
    expect(rung.reduce((sum, { moves }) => sum + (moves?.quantity ?? 0), 0)).toBe(0);
  });

  test('of nothing that stands there is goods that come back, and says so', () => {
    const [, other] = steps(tea, voided(item('0003333333333', '4.50')));
    expect(told(other)).toEqual([
      'return',
      { type: 'RETURN', code: '033333333330', quantity: 1000, unitPriceMinor: 450 },
      'takes back no line that stands there: rung as return',
    ]);
  });

  test('of a department that went back', () => {
    const back = { ...voided(ring('150', '2.00')), trans_status: 'R' };
    expect(steps(back, voided(back)).map(({ rule }) => rule)).toEqual(['return', 'void']);
  });
});

test('an article that was taxed otherwise once is an article of its own, with a number of the store’s own', () => {
  const soup = item('0000000007000', '7.99', { tax: '2' });
  const { tax: _tax, ...untaxed } = soup;
  const codes = steps(soup, soup, untaxed).map(({ event }) => event['code']);
  expect(codes).toEqual(['7000', '7000', 'U0000000007000~0~D']);
});

test('a row of a kind that nobody has seen becomes an amount, and says so', () => {
  const [step] = steps({ trans_type: 'I', trans_status: 'Y', quantity: '1', unitPrice: '3', total: '3' });
  expect(step?.event).toMatchObject({ type: 'ADJUST', amountMinor: 300 });
  expect(step?.why).toBe('no rule for a row of type I, status Y: rung as an amount');
});

test('one that cannot be read costs nothing and breaks nothing', () => {
  const [step] = steps({ trans_type: 'I', upc: '0003333333333', quantity: 'x', unitPrice: '?', total: '1e3' });
  expect(step?.event).toMatchObject({ type: 'ADJUST', amountMinor: 0 });
});

describe('codes', () => {
  test('a label says its price to the store’s own rule, whatever the price', () => {
    for (const priceMinor of [1, 99, 376, 1015, 9999]) {
      const read = readCode(labelOf('0027414000000', priceMinor) ?? '', { currency: 'USD', embedded: [labelRule] });
      expect(read).toMatchObject({
        kind: 'embedded',
        item: '74140',
        value: { type: 'price', amountMinor: priceMinor },
      });
    }
    expect(labelOf('0027414000000', 10_000)).toBeNull();
    expect(labelOf('0001111111111', 100)).toBeNull();
  });

  test('UPC-A, EAN-13, PLU, and what is none of them', () => {
    expect(codesOf('0001707710532').ring).toMatch(/^\d{12}$/);
    expect(codesOf('0401234512345').ring).toMatch(/^\d{13}$/);
    expect(codesOf('0000000004011').ring).toBe('4011');
    expect(codesOf('MAD Coupon').ring).toBe('UMAD_20C_6f_75_70_6f_6e');
  });
});

test('a basket is resumed by the first one that begins with its rows, to the second', () => {
  const rows = [item('0003333333333', '4.99'), item('0002222222222', '3.50')];
  const left = basket(1, '1', 'cancelled_or_suspended', ...rows);
  const other = basket(1, '2', 'completed', ...rows);
  const resumed = { ...basket(1, '2', 'completed'), rows: [...left.rows, ...other.rows] };
  expect([...findResumptions([left, other, resumed, resumed])]).toEqual([[2, 0]]);
});
