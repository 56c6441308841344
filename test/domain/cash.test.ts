import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changePieces,
  countTotal,
  denominations,
  piecesMax,
  quickCash,
  quickCashMax,
  roundCash,
} from '../../src/domain/cash.ts';

const currency = fc.constantFrom('EUR', 'USD', 'CHF', 'JPY', 'TND', 'SEK');
const amount = fc.integer({ min: 1, max: 10_000_000 });

describe('cash rounding', () => {
  test.each([
    [1232, 5, 1230],
    [1233, 5, 1235],
    [1235, 10, 1240],
    [-1235, 10, -1240],
    [1234, 10, 1230],
    [2, 5, 0],
    [-2, 5, 0],
    [1234, 1, 1234],
  ])('%i in steps of %i is %i', (amountMinor, step, expected) => expect(roundCash(amountMinor, step)).toBe(expected));
});

describe('change', () => {
  test('in pieces: the largest first, and they come to the change', () => {
    expect(changePieces(765, 'EUR').pieces).toEqual([
      { denominationMinor: 500, pieces: 1 },
      { denominationMinor: 200, pieces: 1 },
      { denominationMinor: 50, pieces: 1 },
      { denominationMinor: 10, pieces: 1 },
      { denominationMinor: 5, pieces: 1 },
    ]);
    expect(changePieces(7, 'CHF')).toEqual({ pieces: [{ denominationMinor: 5, pieces: 1 }], restMinor: 2 });
    fc.assert(
      fc.property(fc.nat(1_000_000), currency, (changeMinor, given) => {
        const { pieces, restMinor } = changePieces(changeMinor, given);
        expect(countTotal(pieces) + restMinor).toBe(changeMinor);
        expect(restMinor).toBeLessThan(denominations(given).at(-1) ?? 0);
      }),
    );
  });
});

describe('quick cash', () => {
  test.each([
    [1234, 'EUR', [1234, 1300, 1400, 1500, 2000]],
    [2000, 'EUR', [2000, 5000, 10_000, 20_000, 50_000]],
    [1480, 'JPY', [1480, 1500, 2000, 5000, 10_000]],
    [0, 'EUR', []],
    [-500, 'EUR', []],
  ])('%i %s: %j', (dueMinor, given, expected) => expect(quickCash(dueMinor, given)).toEqual(expected));

  test('each suggestion covers what is due, in rising order, the exact one first', () => {
    fc.assert(
      fc.property(amount, currency, (dueMinor, given) => {
        const suggested = quickCash(dueMinor, given);
        expect(suggested[0]).toBe(dueMinor);
        expect(suggested.length).toBeLessThanOrEqual(quickCashMax);
        expect(suggested.every((each, index) => index === 0 || each > (suggested[index - 1] ?? each))).toBe(true);
      }),
    );
  });
});

describe('counting a drawer', () => {
  test('pieces times denominations', () => {
    expect(countTotal([])).toBe(0);
    expect(
      countTotal([
        { denominationMinor: 5000, pieces: 3 },
        { denominationMinor: 5, pieces: 7 },
      ]),
    ).toBe(15_035);
  });

  test('pieces that cannot be break', () => {
    expect(() => countTotal([{ denominationMinor: 100, pieces: -1 }])).toThrow('pieces');
    expect(() => countTotal([{ denominationMinor: 100, pieces: piecesMax + 1 }])).toThrow('pieces');
    expect(() => countTotal([{ denominationMinor: 0.5, pieces: 1 }])).toThrow('denomination');
  });

  test('a currency without a table has a series of its own, largest first', () => {
    expect(denominations('SEK').slice(0, 4)).toEqual([50_000, 20_000, 10_000, 5000]);
    expect(denominations('SEK').at(-1)).toBe(1);
  });
});
