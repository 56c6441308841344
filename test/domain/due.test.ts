import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settle } from '../../src/domain/due.ts';
import type { Tender } from '../../src/domain/tender.ts';

const tender = (given: Partial<Tender> = {}): Tender => ({
  code: 'X',
  name: 'X',
  method: 'other',
  givesChange: false,
  opensDrawer: false,
  maxMinor: 0,
  ...given,
});
const cash = tender({ code: 'CASH', method: 'cash', givesChange: true });

describe('money that goes back', () => {
  test('goes back by several tenders, part by part, where a tender gives no change', () => {
    expect(settle(-500, tender(), -300, 1)).toEqual({
      amountMinor: -300,
      tenderedMinor: -300,
      changeMinor: 0,
      roundingMinor: 0,
    });
    expect(settle(-200, tender(), -200, 1)).toMatchObject({ amountMinor: -200, changeMinor: 0 });
  });

  test('money may come in against it: then more is to go back', () => {
    expect(settle(-500, tender(), 1, 1)).toMatchObject({ amountMinor: 1, changeMinor: 0 });
  });

  test('never more than is owed', () => {
    expect(settle(-500, tender(), -501, 1)).toMatchObject({ reason: 'amount-too-large' });
  });

  test('a tender that gives change gives the rest in cash', () => {
    expect(settle(-500, cash, 0, 1)).toMatchObject({ amountMinor: -500, tenderedMinor: 0, changeMinor: 500 });
  });
});

describe('money that is owed', () => {
  test('a tender without change takes what is due at most', () => {
    expect(settle(500, tender(), 501, 1)).toMatchObject({ reason: 'amount-too-large' });
    expect(settle(500, tender(), 300, 1)).toMatchObject({ amountMinor: 300, changeMinor: 0 });
  });

  test('nothing is handed out where nothing is due; cash back adds to what is', () => {
    expect(settle(500, cash, -200, 1)).toMatchObject({ amountMinor: -200 });
    expect(settle(0, cash, -200, 1)).toMatchObject({ reason: 'amount-needed' });
    expect(settle(0, tender(), -200, 1)).toMatchObject({ reason: 'amount-needed' });
    expect(settle(0, cash, 0, 1)).toMatchObject({ amountMinor: 0, changeMinor: 0 });
  });
});

describe('cash', () => {
  test('change is what was tendered above what is due, rounded', () => {
    expect(settle(1235, cash, 2000, 5)).toMatchObject({ amountMinor: 1235, changeMinor: 765, roundingMinor: 0 });
    expect(settle(1235, cash, 1235, 5)).toMatchObject({ amountMinor: 1235, changeMinor: 0 });
    expect(settle(1235, cash, 1000, 5)).toMatchObject({ amountMinor: 1000, changeMinor: 0, roundingMinor: 0 });
  });

  test('what is due and what rounding added come to the amount', () => {
    expect(settle(1233, cash, null, 5)).toMatchObject({ tenderedMinor: 1235, roundingMinor: 2 });
    expect(settle(1232, cash, null, 5)).toMatchObject({ tenderedMinor: 1230, roundingMinor: -2 });
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(1, 5, 10, 100), (due, step) => {
        const settled = settle(due, cash, null, step);
        if ('reason' in settled) throw new Error(settled.detail);
        const { amountMinor, tenderedMinor, roundingMinor } = settled;
        expect(amountMinor).toBe(due);
        expect(tenderedMinor - roundingMinor).toBe(due);
        expect(Math.abs(roundingMinor) * 2).toBeLessThanOrEqual(step);
        expect(Math.abs(tenderedMinor % step)).toBe(0);
      }),
    );
  });
});
