import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantityMax } from '../../src/domain/money.ts';
import { formatQuantity, isWhole, netOfTare, parseQuantity } from '../../src/domain/quantity.ts';

describe('quantities', () => {
  test.each([
    ['2', 2000],
    ['0.345', 345],
    ['1,5', 1500],
    ['-1', -1000],
    ['10', 10_000],
    ['1000', 1_000_000],
  ])('%s is %i thousandths', (text, quantity) => expect(parseQuantity(text)).toEqual({ ok: true, quantity }));

  test.each([
    ['0', 'zero'],
    ['-0.000', 'zero'],
    ['two', 'not-a-number'],
    ['0.3456', 'too-many-decimals'],
    ['100000', 'too-large'],
  ])('%s is refused: %s', (text, reason) => expect(parseQuantity(text)).toEqual({ ok: false, reason }));

  test('what was written is read again', () => {
    const given = fc.integer({ min: -quantityMax, max: quantityMax }).filter((quantity) => quantity !== 0);
    fc.assert(
      fc.property(given, (quantity) => {
        expect(parseQuantity(formatQuantity(quantity))).toEqual({ ok: true, quantity });
      }),
    );
  });

  test('whole pieces are told from weights', () => {
    expect([2000, -1000, 345, 1500].map(isWhole)).toEqual([true, true, false, false]);
  });

  test('the container is taken off, and a container alone sells nothing', () => {
    expect(netOfTare(500, 20)).toEqual({ ok: true, quantity: 480 });
    expect(netOfTare(20, 20)).toEqual({ ok: false, reason: 'not-above-tare' });
    expect(netOfTare(10, 20)).toEqual({ ok: false, reason: 'not-above-tare' });
  });
});
