import * as fc from 'fast-check';
import type { Offer, OfferTerms } from '../../src/domain/offers.ts';
import type { Basket, ManualDiscount, OrderLine } from '../../src/domain/order.ts';
import type { TaxRounding } from '../../src/domain/tax.ts';
import { basketOf, lineOf, numbered, offerOf, offersOf, taxRules } from './basket.ts';

const price = fc.integer({ min: 1, max: 3000 });
const percent = fc.integer({ min: 0, max: 10_000 });
const pieces = fc.integer({ min: 1, max: 5 });

const terms: fc.Arbitrary<OfferTerms> = fc.oneof(
  fc.record({ type: fc.constant('price' as const), priceMinor: price }),
  fc.record({ type: fc.constant('percent' as const), percentHundredths: percent }),
  fc.record({ type: fc.constant('amount' as const), amountMinor: price }),
  fc.record({ type: fc.constant('bundle' as const), pieces, priceMinor: price }),
  fc.record({ type: fc.constant('mix-bundle' as const), pieces, priceMinor: price }),
  fc.record({ type: fc.constant('mix-cheapest' as const), pieces, percentHundredths: percent }),
  fc.record({
    type: fc.constant('mix-set' as const),
    set: fc.constantFrom('s1', 's2'),
    group: fc.constantFrom('soup', 'bread'),
    groups: fc.constant(['soup', 'bread']),
    amountMinor: price,
  }),
);

const offers: fc.Arbitrary<Readonly<Record<string, Offer>>> = fc
  .array(terms, { minLength: 1, maxLength: 6 })
  .map((all) => offersOf(...all.map((each, index) => offerOf(`o${index}`, each))));

const manual: fc.Arbitrary<ManualDiscount | null> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  fc.record({ type: fc.constant('amount' as const), amountMinor: price, reason: fc.constant('dented') }),
  fc.record({ type: fc.constant('percent' as const), percentHundredths: percent, reason: fc.constant('old') }),
);

const line = (offerIds: readonly string[], classIds: readonly (string | null)[]): fc.Arbitrary<OrderLine> =>
  fc
    .record({
      productId: fc.constantFrom('p1', 'p2', 'p3'),
      unitPriceMinor: fc.oneof(fc.constantFrom(99, 100, 335), price),
      weighed: fc.boolean(),
      count: fc.integer({ min: 1, max: 7 }),
      weight: fc.integer({ min: 1, max: 4000 }),
      taxClass: fc.constantFrom(...classIds),
      discountable: fc.boolean(),
      offerIds: fc.subarray([...offerIds]),
      manual,
      priceSource: fc.constantFrom('price-book' as const, 'label' as const, 'override' as const),
    })
    .map(({ count, weight, ...given }) => lineOf({ ...given, quantity: given.weighed ? weight : count * 1000 }));

export interface BasketShape {
  readonly rounding?: TaxRounding;
  readonly classIds?: readonly (string | null)[];
  /** Whether an order-wide amount may be taken off. */
  readonly amountOff?: boolean;
}

/** A basket of sold goods with offers and discounts of all kinds. */
export const arbitraryBasket = (shape: BasketShape = {}): fc.Arbitrary<Basket> => {
  const { rounding = 'basket', classIds = ['a', 'b', 'v', 'w', null], amountOff = true } = shape;
  return offers.chain((defined) =>
    fc
      .record({
        lines: fc.array(line(Object.keys(defined), classIds), { minLength: 1, maxLength: 10 }).map(numbered),
        discountHundredths: fc.oneof(fc.constant(0), fc.constant(1000), percent),
        discountAmountMinor: amountOff ? fc.oneof(fc.constant(0), price) : fc.constant(0),
        taxExempt: fc.boolean(),
      })
      .map((given) =>
        basketOf({
          ...given,
          offers: defined,
          rules: { currency: 'EUR', tax: { ...taxRules, rounding }, cashRoundingMinor: 1 },
        }),
      ),
  );
};
