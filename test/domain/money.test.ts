import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  amountMinorMax,
  currencyExponent,
  extend,
  extensionFits,
  formatMinor,
  multiplyHalfUp,
  parseMinor,
  quantityMax,
  roundDivide,
  roundTogether,
  split,
} from '../../src/domain/money.ts';

const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);

describe('rounding', () => {
  test.each([
    [1, 2, 1],
    [-1, 2, -1],
    [1, 3, 0],
    [-1, 3, 0],
    [5, 10, 1],
    [-15, 10, -2],
    [0, 7, 0],
    [9_007_199_254_740_991, 2, 4_503_599_627_370_496],
  ])('%i / %i is %i, half away from zero', (numerator, denominator, expected) => {
    expect(roundDivide(numerator, denominator)).toBe(expected);
    expect(roundDivide(BigInt(numerator), BigInt(denominator))).toBe(expected);
  });

  test('numbers and big integers round alike, and like the definition', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1 }), (numerator, denominator) => {
        const rounded = roundDivide(numerator, denominator);
        expect(roundDivide(BigInt(numerator), BigInt(denominator))).toBe(rounded);
        const distance = BigInt(numerator) * 2n - BigInt(rounded) * 2n * BigInt(denominator);
        expect(distance <= BigInt(denominator) && -distance <= BigInt(denominator)).toBe(true);
      }),
    );
  });

  test('a product beyond 2^53 is exact all the same', () => {
    expect(multiplyHalfUp(amountMinorMax, 10_000, 10_000)).toBe(amountMinorMax);
    expect(multiplyHalfUp(999_999_999_999, 333_333, 1_000_000)).toBe(333_333_000_000);
  });

  test('nothing rounds to minus zero', () => {
    expect(roundDivide(-1, 3)).toBe(0);
    expect(extend(100, -1)).toBe(0);
  });
});

describe('a quantity times a price', () => {
  test.each([
    [335, 300, 101],
    [349, 430, 150],
    [335, -300, -101],
    [1349, 4425, 5969],
    [-50, 1000, -50],
  ])('%i × %i thousandths is %i', (price, quantity, expected) => expect(extend(price, quantity)).toBe(expected));

  test('a line above the limits is seen before it is taken, and breaks if it is taken', () => {
    expect(extensionFits(amountMinorMax, 1000)).toBe(true);
    expect(extensionFits(amountMinorMax, 1001)).toBe(false);
    expect(extensionFits(1, quantityMax)).toBe(true);
    expect(extensionFits(1, quantityMax + 1)).toBe(false);
    expect(extensionFits(0.5, 1000)).toBe(false);
    expect(() => extend(amountMinorMax, 1001)).toThrow('amountMinorMax');
    expect(() => extend(1, quantityMax + 1)).toThrow('quantityMax');
  });
});

describe('splitting', () => {
  test('a total is split by weights: no cent is lost, each part is off by less than one', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 30 });
    const total = fc.integer({ min: -amountMinorMax, max: amountMinorMax });
    fc.assert(
      fc.property(total, weights, (totalMinor, given) => {
        const parts = split(totalMinor, given);
        expect(sum(parts)).toBe(totalMinor);
        expect(split(0 - totalMinor, given)).toEqual(parts.map((part) => 0 - part));
        const weight = sum(given);
        if (weight > 0)
          for (const [index, part] of parts.entries()) expectNear(part, totalMinor, given[index] ?? 0, weight);
      }),
    );
  });

  const expectNear = (part: number, totalMinor: number, weight: number, all: number): void => {
    const off = BigInt(part) * BigInt(all) - BigInt(totalMinor) * BigInt(weight);
    expect(off < BigInt(all) && -off < BigInt(all)).toBe(true);
  };

  test.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [10, [0, 0, 0], [4, 3, 3]],
    [5, [0, 3, 1], [0, 4, 1]],
    [0, [1, 2], [0, 0]],
  ])('%i by %j is %j', (total, weights, expected) => expect(split(total, weights)).toEqual(expected));

  test('fractions of both signs are rounded to their rounded sum', () => {
    expect(roundTogether([5n, -5n], 10n, 0)).toEqual([0, 0]);
    expect(roundTogether([14n, 14n, -4n], 10n, 2)).toEqual([1, 1, 0]);
    expect(roundTogether([-14n, -14n, 4n], 10n, -2)).toEqual([-1, -1, 0]);
    expect(roundTogether([4n, 4n, 4n], 10n, 1)).toEqual([1, 0, 0]);
  });

  test('parts that cannot come to the total break', () => {
    expect(() => roundTogether([10n, 10n], 10n, 3)).toThrow('rounded total');
  });
});

describe('amounts as text', () => {
  test.each([
    ['EUR', 1234, '12.34'],
    ['EUR', -5, '-0.05'],
    ['EUR', 0, '0.00'],
    ['JPY', 1234, '1234'],
    ['TND', 1234, '1.234'],
  ])('%s %i is %s, and back', (currency, amountMinor, text) => {
    expect(formatMinor(amountMinor, currency)).toBe(text);
    expect(parseMinor(text, currency)).toEqual({ ok: true, amountMinor });
  });

  test.each([
    ['12', 1200],
    ['12,5', 1250],
    ['.5', 50],
    ['5.', 500],
    ['1.500', 150],
    [' 3 ', 300],
    ['-0', 0],
  ])('%j is read as %i cents', (text, amountMinor) =>
    expect(parseMinor(text, 'EUR')).toEqual({ ok: true, amountMinor }),
  );

  test.each([
    ['', 'not-a-number'],
    ['.', 'not-a-number'],
    ['1.2.3', 'not-a-number'],
    ['1e5', 'not-a-number'],
    ['٣', 'not-a-number'],
    ['12.345', 'too-many-decimals'],
    ['99999999999', 'too-large'],
    ['9'.repeat(400), 'too-large'],
  ])('%j is refused: %s', (text, reason) => expect(parseMinor(text, 'EUR')).toEqual({ ok: false, reason }));

  test('what was written is read again, in each currency', () => {
    const amount = fc.integer({ min: -amountMinorMax, max: amountMinorMax });
    fc.assert(
      fc.property(amount, fc.constantFrom('EUR', 'JPY', 'TND', 'USD'), (amountMinor, currency) => {
        expect(parseMinor(formatMinor(amountMinor, currency), currency)).toEqual({ ok: true, amountMinor });
      }),
    );
  });

  test('a currency that is none breaks', () => expect(() => currencyExponent('eur')).toThrow('three capitals'));
});
