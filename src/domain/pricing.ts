import { assert } from './errors.ts';
import { amountMinorMax, extend, multiplyHalfUp } from './money.ts';
import { applyOffers } from './offer-pricing.ts';
import { orderLinesMax } from './order.ts';
import type { Basket, ManualDiscount, OrderLine, PricedLine, PricedOrder, PriceModifier } from './order.ts';
import { computeTax } from './tax.ts';
import type { TaxReduction } from './tax.ts';

/**
 * Prices a whole order anew: extension, offers, discounts by hand, order-wide discount, tax. The same basket gives the same result,
 * whenever it is asked. A voided line and its void sum to zero, and neither takes part in an offer.
 */
export const priceOrder = (basket: Basket): PricedOrder => {
  assert(basket.lines.length <= orderLinesMax, 'an order has at most orderLinesMax lines');
  const lines = priceLines(basket);
  const bases = basket.lines.map((line, index) => ({
    classId: line.taxClass,
    amountMinor: lines[index]?.totalMinor ?? 0,
    discountable: line.discountable,
  }));
  const itemsMinor = sum(bases);
  const reduction = orderDiscount(basket, sum(bases.filter(({ discountable }) => discountable)));
  const tax = computeTax(bases, basket.rules.tax, reduction, basket.taxExempt);
  const totalMinor = itemsMinor + reduction.discountMinor + tax.taxMinor;
  assert(Number.isSafeInteger(totalMinor), 'a total is a safe integer');
  return { lines, totals: { itemsMinor, discountMinor: reduction.discountMinor, ...tax, totalMinor } };
};

const priceLines = (basket: Basket): readonly PricedLine[] => {
  const offered = applyOffers(basket);
  const priced = new Map<number, PricedLine>();
  const voided = new Map<number, OrderLine>();
  for (const line of basket.lines) {
    assert(!priced.has(line.line), 'a line number is used once');
    priced.set(
      line.line,
      line.type === 'void' ? takeBack(line, priced, voided) : priceLine(line, offered.get(line.line) ?? []),
    );
    if (line.voidedBy !== null) voided.set(line.voidedBy, line);
  }
  return [...priced.values()];
};

const priceLine = (line: OrderLine, offers: readonly PriceModifier[]): PricedLine => {
  const extendedMinor = extend(line.unitPriceMinor, line.quantity);
  const offeredMinor = extendedMinor + sum(offers);
  const modifiers = line.manual === null ? offers : [...offers, manualModifier(line.manual, offeredMinor)];
  return { line: line.line, extendedMinor, modifiers, totalMinor: extendedMinor + sum(modifiers) };
};

/** A discount by hand comes after offers and never takes more than the line's price; on a return it mirrors. */
const manualModifier = (manual: ManualDiscount, priceMinor: number): PriceModifier => {
  const size = Math.abs(priceMinor);
  const wanted =
    manual.type === 'percent' ? multiplyHalfUp(size, manual.percentHundredths, 10_000) : Math.abs(manual.amountMinor);
  const offMinor = Math.min(wanted, size);
  return { source: 'manual', reason: manual.reason, amountMinor: priceMinor < 0 ? offMinor : 0 - offMinor };
};

/** The mirror of the voided line, whatever the void line itself says. */
const takeBack = (
  line: OrderLine,
  priced: ReadonlyMap<number, PricedLine>,
  voided: ReadonlyMap<number, OrderLine>,
): PricedLine => {
  const original = voided.get(line.line);
  const target = original === undefined ? undefined : priced.get(original.line);
  assert(target !== undefined && target.line === line.voids, 'a void and the line that it takes back name each other');
  assert(
    original?.taxClass === line.taxClass && original.discountable === line.discountable,
    'a void has the tax class and discountability of the line that it takes back',
  );
  const modifiers = target.modifiers.map((each) => ({ ...each, amountMinor: 0 - each.amountMinor }));
  return {
    line: line.line,
    extendedMinor: 0 - target.extendedMinor,
    modifiers,
    totalMinor: 0 - target.totalMinor,
  };
};

/** The percentage is rounded once over the discountable lines; the amount takes at most what it leaves. */
const orderDiscount = (
  basket: Basket,
  discountableMinor: number,
): TaxReduction & { readonly discountMinor: number } => {
  const percentHundredths = basket.discountHundredths;
  assert(percentHundredths >= 0 && percentHundredths <= 10_000, 'an order discount is between 0 and 100 %');
  assert(basket.discountAmountMinor >= 0, 'an amount off is zero or more');
  assert(Math.abs(discountableMinor) <= amountMinorMax * orderLinesMax, 'discountable lines are within the limits');
  const percentMinor = multiplyHalfUp(discountableMinor, percentHundredths, 10_000);
  const amountMinor = Math.min(basket.discountAmountMinor, Math.max(0, discountableMinor - percentMinor));
  return { percentHundredths, amountMinor, discountMinor: 0 - percentMinor - amountMinor };
};

const sum = (parts: readonly { readonly amountMinor: number }[]): number =>
  parts.reduce((total, { amountMinor }) => total + amountMinor, 0);
