import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderLinesMax } from '../../src/domain/order.ts';
import type { Basket, OrderLine, OrderTotals } from '../../src/domain/order.ts';
import { priceOrder } from '../../src/domain/pricing.ts';
import { arbitraryBasket } from './arbitrary.ts';
import { basketOf, lineOf, numbered, offerOf, offersOf, withVoid } from './basket.ts';

const totalsOf = (basket: Basket): OrderTotals => priceOrder(basket).totals;
const basketWith = (lines: readonly Partial<OrderLine>[], given: Partial<Basket> = {}): Basket =>
  basketOf({ lines: numbered(lines.map((each) => lineOf(each))), ...given });

const negated = (totals: OrderTotals): OrderTotals => ({
  itemsMinor: 0 - totals.itemsMinor,
  discountMinor: 0 - totals.discountMinor,
  taxMinor: 0 - totals.taxMinor,
  includedTaxMinor: 0 - totals.includedTaxMinor,
  taxes: totals.taxes.map((tax) => ({ ...tax, baseMinor: 0 - tax.baseMinor, taxMinor: 0 - tax.taxMinor })),
  totalMinor: 0 - totals.totalMinor,
});

describe('an order', () => {
  test('without lines costs nothing', () => {
    expect(totalsOf(basketOf())).toEqual({
      itemsMinor: 0,
      discountMinor: 0,
      taxMinor: 0,
      includedTaxMinor: 0,
      taxes: [],
      totalMinor: 0,
    });
  });

  test('adds up goods, coupon, deposit and adjustment, each by quantity × price', () => {
    const lines = [
      { unitPriceMinor: 335, quantity: 300, weighed: true },
      { type: 'deposit', unitPriceMinor: 25, quantity: 2000, discountable: false },
      { type: 'coupon', unitPriceMinor: -100, discountable: false },
      { type: 'adjustment', unitPriceMinor: -30, taxClass: 'a' },
    ] as const;
    expect(priceOrder(basketWith(lines)).lines.map(({ totalMinor }) => totalMinor)).toEqual([101, 50, -100, -30]);
    expect(totalsOf(basketWith(lines))).toMatchObject({ itemsMinor: 21, taxMinor: -2, totalMinor: 19 });
  });

  test('a percentage comes off the discountable lines, rounded once over all of them', () => {
    const lines = [{ unitPriceMinor: 5 }, { unitPriceMinor: 5 }, { unitPriceMinor: 100, discountable: false }];
    expect(totalsOf(basketWith(lines, { discountHundredths: 1000 }))).toMatchObject({
      discountMinor: -1,
      totalMinor: 109,
    });
  });

  test('an amount off takes at most what the percentage leaves of the discountable lines', () => {
    const lines = [{ unitPriceMinor: 100 }, { unitPriceMinor: 100, discountable: false }];
    const given = { discountHundredths: 5000, discountAmountMinor: 80 };
    expect(totalsOf(basketWith(lines, given))).toMatchObject({ discountMinor: -100, totalMinor: 100 });
    expect(totalsOf(basketWith(lines, { discountAmountMinor: 80 }))).toMatchObject({ discountMinor: -80 });
    expect(totalsOf(basketWith([{ unitPriceMinor: -100 }], given))).toMatchObject({ discountMinor: 50 });
  });

  test('exempt from tax pays none on top', () => {
    const lines = [{ unitPriceMinor: 1000, taxClass: 'a' }];
    expect(totalsOf(basketWith(lines))).toMatchObject({ taxMinor: 79, totalMinor: 1079 });
    expect(totalsOf(basketWith(lines, { taxExempt: true }))).toMatchObject({ taxMinor: 0, totalMinor: 1000 });
  });

  test('the longest order is priced, a longer one breaks', () => {
    const lines = Array.from({ length: orderLinesMax }, () => ({}));
    expect(totalsOf(basketWith(lines)).totalMinor).toBe(100 * orderLinesMax);
    expect(() => priceOrder(basketWith([...lines, {}]))).toThrow('orderLinesMax');
  });
});

describe('a discount by hand', () => {
  const dented = { type: 'amount', amountMinor: 30, reason: 'dented' } as const;

  test.each([
    ['an amount', dented, 1000, 70],
    ['a percentage', { type: 'percent', percentHundredths: 2500, reason: 'old' } as const, 1000, 75],
    ['more than the price', { type: 'amount', amountMinor: 500, reason: 'gift' } as const, 1000, 0],
    ['on a return, mirrored', dented, -1000, -70],
  ])('%s', (_name, manual, quantity, expected) => {
    const type = quantity < 0 ? 'return' : 'item';
    expect(totalsOf(basketWith([{ manual, quantity, type }])).totalMinor).toBe(expected);
  });

  test('comes after the offer and says its reason', () => {
    const offers = offersOf(offerOf('o', { type: 'percent', percentHundredths: 5000 }));
    const manual = { type: 'percent', percentHundredths: 5000, reason: 'dented' } as const;
    expect(priceOrder(basketWith([{ offerIds: ['o'], manual }], { offers })).lines[0]?.modifiers).toEqual([
      { source: 'o', reason: 'o: 50 % off', amountMinor: -50 },
      { source: 'manual', reason: 'dented', amountMinor: -25 },
    ]);
  });
});

describe('a void', () => {
  test('undoes its line exactly: the order costs what it would without it', () => {
    const which = fc.nat();
    fc.assert(
      fc.property(arbitraryBasket(), which, (basket, pick) => {
        const line = (pick % basket.lines.length) + 1;
        const without = { ...basket, lines: numbered(basket.lines.filter((each) => each.line !== line)) };
        expect(totalsOf(withVoid(basket, line))).toEqual(totalsOf(without));
      }),
    );
  });

  test('undoes it also where tax is rounded per line', () => {
    fc.assert(
      fc.property(arbitraryBasket({ rounding: 'line' }), (basket) => {
        const without = { ...basket, lines: basket.lines.slice(0, -1) };
        expect(totalsOf(withVoid(basket, basket.lines.length))).toEqual(totalsOf(without));
      }),
    );
  });

  test('takes its line out of a bundle, and the line and its void sum to zero', () => {
    const offers = offersOf(offerOf('three', { type: 'bundle', pieces: 3, priceMinor: 200 }));
    const line = { offerIds: ['three'] };
    const manual = { type: 'amount', amountMinor: 10, reason: 'dented' } as const;
    const priced = priceOrder(withVoid(basketWith([line, { ...line, manual }, line], { offers }), 2));
    expect(priced.lines.map(({ totalMinor }) => totalMinor)).toEqual([100, 90, 100, -90]);
  });

  test('that does not name a line which names it breaks', () => {
    const lines = [{}, { type: 'void', quantity: -1000, voids: 1 }] as const;
    expect(() => priceOrder(basketWith(lines))).toThrow('name each other');
    expect(() => priceOrder(basketWith([{ voidedBy: 2 }, { type: 'void', voids: 1, taxClass: 'a' }]))).toThrow(
      'tax class',
    );
  });

  test('a line number used twice breaks', () => {
    expect(() => priceOrder(basketOf({ lines: [lineOf(), lineOf()] }))).toThrow('once');
  });
});

describe('whatever the basket', () => {
  test.each(['basket', 'class', 'line'] as const)(
    'the order of scans changes no total (tax rounded per %s)',
    (rounding) => {
      const shuffled = arbitraryBasket({ rounding }).chain((basket) =>
        fc.tuple(fc.constant(basket), fc.shuffledSubarray([...basket.lines], { minLength: basket.lines.length })),
      );
      fc.assert(
        fc.property(shuffled, ([basket, lines]) => {
          expect(totalsOf({ ...basket, lines: numbered(lines) })).toEqual(totalsOf(basket));
        }),
      );
    },
  );

  test('what comes back is worth what was sold, with offers, discounts and tax', () => {
    fc.assert(
      fc.property(arbitraryBasket({ amountOff: false }), (basket) => {
        const lines = basket.lines.map((line) => ({ ...line, type: 'return' as const, quantity: 0 - line.quantity }));
        expect(totalsOf({ ...basket, lines })).toEqual(negated(totalsOf(basket)));
      }),
    );
  });

  test('a sale and its return in one order come to nothing', () => {
    fc.assert(
      fc.property(arbitraryBasket({ amountOff: false }), (basket) => {
        const back = basket.lines.map((line) => ({ ...line, type: 'return' as const, quantity: 0 - line.quantity }));
        expect(totalsOf({ ...basket, lines: numbered([...basket.lines, ...back]) })).toMatchObject({
          totalMinor: 0,
          taxes: [],
        });
      }),
    );
  });

  test('lines, discount and tax add up to the total, and bases to what is paid for them', () => {
    fc.assert(
      fc.property(arbitraryBasket({ classIds: ['a', 'b', 'v', 'w'] }), (basket) => {
        const { lines, totals } = priceOrder(basket);
        const sum = (parts: readonly number[]): number => parts.reduce((all, part) => all + part, 0);
        expect(sum(lines.map(({ totalMinor }) => totalMinor))).toBe(totals.itemsMinor);
        expect(totals.itemsMinor + totals.discountMinor + totals.taxMinor).toBe(totals.totalMinor);
        expect(sum(totals.taxes.map(({ baseMinor }) => baseMinor))).toBe(totals.itemsMinor + totals.discountMinor);
        expect(totals.itemsMinor + totals.discountMinor).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('priced again, it is the same, and survives JSON', () => {
    fc.assert(
      fc.property(arbitraryBasket(), (basket) => {
        const again = priceOrder(JSON.parse(JSON.stringify(basket)) as Basket);
        expect(again).toEqual(priceOrder(basket));
        expect(JSON.parse(JSON.stringify(again))).toEqual(again);
      }),
    );
  });
});
