import type { Offer, OfferTerms } from '../../src/domain/offers.ts';
import type { Basket, OrderLine } from '../../src/domain/order.ts';
import type { TaxRules } from '../../src/domain/tax.ts';

export const taxRules: TaxRules = {
  rounding: 'basket',
  classes: [
    { id: 'a', name: 'Sales tax', rateMillionths: 78_750, inclusive: false },
    { id: 'b', name: 'Prepared food', rateMillionths: 101_250, inclusive: false },
    { id: 'v', name: 'VAT 19 %', rateMillionths: 190_000, inclusive: true },
    { id: 'w', name: 'VAT 7 %', rateMillionths: 70_000, inclusive: true },
  ],
};

export const lineOf = (given: Partial<OrderLine> = {}): OrderLine => {
  const unitPriceMinor = given.unitPriceMinor ?? 100;
  return {
    line: 1,
    type: 'item',
    productId: 'p1',
    code: '00012345678905',
    description: 'Apple',
    department: '1',
    quantity: 1000,
    weighed: false,
    tare: 0,
    unitPriceMinor,
    regularPriceMinor: unitPriceMinor,
    priceSource: 'price-book',
    taxClass: null,
    discountable: true,
    offerIds: [],
    manual: null,
    voids: null,
    voidedBy: null,
    returnOf: null,
    linkedTo: null,
    ...given,
  };
};

export const basketOf = (given: Partial<Basket> = {}): Basket => ({
  lines: [],
  offers: {},
  memberId: null,
  discountHundredths: 0,
  discountAmountMinor: 0,
  taxExempt: false,
  rules: { currency: 'EUR', tax: taxRules, cashRoundingMinor: 1 },
  openedAt: 1_000,
  ...given,
});

export const offerOf = (
  offerId: string,
  terms: OfferTerms,
  given: Partial<Pick<Offer, 'name' | 'validFrom' | 'validTo' | 'memberOnly'>> = {},
): Offer => ({
  offerId,
  name: offerId,
  validFrom: null,
  validTo: null,
  memberOnly: false,
  ...terms,
  ...given,
});

export const offersOf = (...offers: readonly Offer[]): Readonly<Record<string, Offer>> =>
  Object.fromEntries(offers.map((offer) => [offer.offerId, offer]));

/** Lines of given contents, numbered in their order. */
export const numbered = (lines: readonly OrderLine[]): readonly OrderLine[] =>
  lines.map((line, index) => ({ ...line, line: index + 1 }));

/** The same basket with line `line` voided by a line added at the end. */
export const withVoid = (basket: Basket, line: number): Basket => {
  const number = basket.lines.length + 1;
  const target = basket.lines.find((each) => each.line === line);
  if (target === undefined) throw new Error(`no line ${line}`);
  const takenBack: OrderLine = { ...target, line: number, type: 'void', quantity: 0 - target.quantity, voids: line };
  const lines = basket.lines.map((each) => (each.line === line ? { ...each, voidedBy: number } : each));
  return { ...basket, lines: [...lines, takenBack] };
};
