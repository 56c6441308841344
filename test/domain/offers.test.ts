import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantityMax } from '../../src/domain/money.ts';
import { isActive } from '../../src/domain/offers.ts';
import type { Offer } from '../../src/domain/offers.ts';
import type { Basket, OrderLine, PriceModifier } from '../../src/domain/order.ts';
import { priceOrder } from '../../src/domain/pricing.ts';
import { arbitraryBasket } from './arbitrary.ts';
import { basketOf, lineOf, numbered, offerOf, offersOf } from './basket.ts';

const basketWith = (
  offers: readonly Offer[],
  lines: readonly Partial<OrderLine>[],
  given: Partial<Basket> = {},
): Basket =>
  basketOf({
    offers: offersOf(...offers),
    lines: numbered(lines.map((each) => lineOf({ offerIds: offers.map(({ offerId }) => offerId), ...each }))),
    ...given,
  });

const totals = (basket: Basket): readonly number[] => priceOrder(basket).lines.map(({ totalMinor }) => totalMinor);
const modifiers = (basket: Basket): readonly PriceModifier[] =>
  priceOrder(basket).lines.flatMap((line) => line.modifiers);

const special = offerOf('special', { type: 'price', priceMinor: 80 }, { name: 'Apple week' });
const tenth = offerOf('tenth', { type: 'percent', percentHundredths: 1000 });
const threeFor = offerOf('three', { type: 'bundle', pieces: 3, priceMinor: 200 });
const mix = offerOf('mix', { type: 'mix-bundle', pieces: 2, priceMinor: 150 });
const cheapest = offerOf('cheapest', { type: 'mix-cheapest', pieces: 3, percentHundredths: 10_000 });
const inSet = (group: string, amountMinor = 100): Offer =>
  offerOf(group, { type: 'mix-set', set: 'lunch', group, groups: ['soup', 'bread'], amountMinor });

describe('single pieces', () => {
  test('the offer that takes most off counts, and says what and why', () => {
    expect(modifiers(basketWith([tenth, special], [{}]))).toEqual([
      { source: 'special', reason: 'Apple week: now 0.80', amountMinor: -20 },
    ]);
    expect(modifiers(basketWith([tenth, special], [{ unitPriceMinor: 900, offerIds: ['tenth'] }]))).toEqual([
      { source: 'tenth', reason: 'tenth: 10 % off', amountMinor: -90 },
    ]);
  });

  test('equal offers: the lower id, in whatever order the line names them', () => {
    const same = [offerOf('b', { type: 'amount', amountMinor: 20 }), offerOf('a', { type: 'price', priceMinor: 80 })];
    expect(modifiers(basketWith(same, [{}])).map(({ source }) => source)).toEqual(['a']);
  });

  test.each([
    ['a percentage is rounded per piece', tenth, { unitPriceMinor: 335, quantity: 3000 }, 903],
    [
      'a percentage of a weighed line is rounded once',
      tenth,
      { unitPriceMinor: 335, quantity: 300, weighed: true },
      91,
    ],
    [
      'an amount comes off each weight unit',
      offerOf('o', { type: 'amount', amountMinor: 50 }),
      { quantity: 500, weighed: true },
      25,
    ],
    ['an amount above the price leaves nothing', offerOf('o', { type: 'amount', amountMinor: 500 }), {}, 0],
    ['a special above the price is none', offerOf('o', { type: 'price', priceMinor: 500 }), {}, 100],
    ['a price by hand is final', special, { priceSource: 'override' }, 100],
    ['a price on a label is no unit price', special, { priceSource: 'label', unitPriceMinor: 623 }, 623],
    ['a percentage comes off a label', tenth, { priceSource: 'label', unitPriceMinor: 623 }, 561],
    ['a coupon is no goods', tenth, { type: 'coupon', unitPriceMinor: -50 }, -50],
    ['a deposit is no goods', tenth, { type: 'deposit', unitPriceMinor: 25 }, 25],
  ] as const)('%s', (_name, offer, line, expected) => expect(totals(basketWith([offer], [line]))).toEqual([expected]));
});

describe('when an offer counts', () => {
  const dated = offerOf('dated', { type: 'price', priceMinor: 50 }, { validFrom: 1000, validTo: 2000 });
  test.each([
    [999, 100],
    [1000, 50],
    [2000, 50],
    [2001, 100],
  ])('an order opened at %i pays %i: both moments belong to the offer', (openedAt, expected) =>
    expect(totals(basketWith([dated], [{}], { openedAt }))).toEqual([expected]),
  );

  test('members only', () => {
    const member = offerOf('member', { type: 'price', priceMinor: 50 }, { memberOnly: true });
    expect(totals(basketWith([member], [{}]))).toEqual([100]);
    expect(totals(basketWith([member], [{}], { memberId: 'm1' }))).toEqual([50]);
    expect(isActive(member, 0, true)).toBe(true);
  });

  test('a line that names an offer which the basket lacks breaks', () => {
    expect(() => priceOrder(basketOf({ lines: [lineOf({ offerIds: ['lost'] })] }))).toThrow('lost');
  });
});

describe('groups', () => {
  test('three for 2.00: scanned one by one, in one line, or with one over', () => {
    expect(totals(basketWith([threeFor], [{}, {}, {}]))).toEqual([66, 67, 67]);
    expect(totals(basketWith([threeFor], [{ quantity: 3000 }]))).toEqual([200]);
    expect(totals(basketWith([threeFor], [{ quantity: 5000 }]))).toEqual([400]);
    expect(totals(basketWith([threeFor], [{}, {}]))).toEqual([100, 100]);
  });

  test('a bundle is of one product, a mix of any', () => {
    expect(totals(basketWith([threeFor], [{}, {}, { productId: 'p2' }]))).toEqual([100, 100, 100]);
    expect(totals(basketWith([mix], [{}, { productId: 'p2' }]))).toEqual([75, 75]);
  });

  test('a mix takes the dearest together, and leaves what would cost more in it', () => {
    expect(
      totals(basketWith([mix], [{ unitPriceMinor: 60 }, { unitPriceMinor: 120 }, { unitPriceMinor: 140 }])),
    ).toEqual([60, 69, 81]);
    expect(totals(basketWith([mix], [{ unitPriceMinor: 60 }, { unitPriceMinor: 70 }]))).toEqual([60, 70]);
  });

  test('three for two: the cheapest of each three, from the dearest down', () => {
    const prices = [100, 400, 300, 200, 600, 500].map((unitPriceMinor) => ({ unitPriceMinor }));
    expect(totals(basketWith([cheapest], prices))).toEqual([0, 0, 300, 200, 600, 500]);
  });

  test('soup and bread: as many as there are pairs, the amount split over both', () => {
    const [soup, bread] = [inSet('soup'), inSet('bread')];
    const lines = [
      { unitPriceMinor: 300, offerIds: ['soup'] },
      { unitPriceMinor: 100, offerIds: ['bread'], quantity: 2000 },
    ];
    expect(totals(basketWith([soup, bread], lines))).toEqual([225, 175]);
    expect(totals(basketWith([soup, bread], lines.slice(0, 1)))).toEqual([300]);
  });

  test('a set never takes more than its pieces cost, and the smaller amount where two offers of it disagree', () => {
    const lines = [
      { unitPriceMinor: 30, offerIds: ['soup'] },
      { unitPriceMinor: 20, offerIds: ['bread'] },
    ];
    expect(totals(basketWith([inSet('soup'), inSet('bread')], lines))).toEqual([0, 0]);
    expect(totals(basketWith([inSet('soup', 5), inSet('bread', 500)], lines))).toEqual([27, 18]);
  });

  test('a piece has one offer: in the group, or alone, whichever is cheaper for all of them', () => {
    const half = offerOf('half', { type: 'percent', percentHundredths: 5000 });
    expect(totals(basketWith([half, threeFor], [{ quantity: 3000 }]))).toEqual([150]);
    expect(
      modifiers(basketWith([tenth, threeFor], [{ quantity: 4000 }])).map(({ source, amountMinor }) => [
        source,
        amountMinor,
      ]),
    ).toEqual([
      ['tenth', -10],
      ['three', -100],
    ]);
  });

  test('of two groups the one that saves more goes first', () => {
    const better = offerOf('a', { type: 'mix-bundle', pieces: 2, priceMinor: 100 });
    const worse = offerOf('b', { type: 'mix-bundle', pieces: 2, priceMinor: 190 });
    expect(totals(basketWith([worse, better], [{}, {}]))).toEqual([50, 50]);
  });

  test('weighed goods and broken pieces are in no group', () => {
    expect(totals(basketWith([threeFor], [{ quantity: 3000, weighed: true }, { quantity: 1500 }]))).toEqual([300, 150]);
  });

  test('the largest quantity of pieces is grouped without counting them one by one', () => {
    const quantity = quantityMax - (quantityMax % 1000);
    const offers = [threeFor, mix, cheapest, inSet('soup'), inSet('bread')];
    const lines = Array.from({ length: 50 }, (_, index) => ({
      quantity,
      unitPriceMinor: 100 + index,
      productId: `p${index}`,
    }));
    const { totals: priced } = priceOrder(basketWith(offers, lines));
    expect(priced.totalMinor).toBeGreaterThan(0);
    expect(priced.totalMinor).toBeLessThan(50 * 99_999 * 125);
  });
});

describe('whatever the basket', () => {
  test('no line is reduced below zero, no modifier raises a price, and each says its source', () => {
    fc.assert(
      fc.property(arbitraryBasket(), (basket) => {
        for (const line of priceOrder(basket).lines) {
          expect(line.totalMinor).toBeGreaterThanOrEqual(0);
          expect(line.totalMinor).toBeLessThanOrEqual(line.extendedMinor);
          expect(
            line.modifiers.every(
              ({ amountMinor, source, reason }) => amountMinor <= 0 && source !== '' && reason !== '',
            ),
          ).toBe(true);
          expect(new Set(line.modifiers.map(({ source }) => source)).size).toBe(line.modifiers.length);
        }
      }),
    );
  });

  test('groups never cost the customer more than the offers on single pieces', () => {
    fc.assert(
      fc.property(arbitraryBasket(), (given) => {
        const basket = { ...given, lines: given.lines.map((line) => ({ ...line, manual: null })) };
        const isSingle = (offerId: string): boolean =>
          ['price', 'percent', 'amount'].includes(basket.offers[offerId]?.type ?? '');
        const lines = basket.lines.map((line) => ({ ...line, offerIds: line.offerIds.filter(isSingle) }));
        const [grouped, single] = [priceOrder(basket), priceOrder({ ...basket, lines })];
        expect(grouped.totals.itemsMinor).toBeLessThanOrEqual(single.totals.itemsMinor);
      }),
    );
  });
});
