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
