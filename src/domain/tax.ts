import { assert } from './errors.ts';
import { multiplyHalfUp, roundDivide, roundTogether } from './money.ts';

/** A tax class; `rateMillionths`: 7.875 % = 78_750. */
export interface TaxClass {
  readonly id: string;
  readonly name: string;
  readonly rateMillionths: number;
  /** True where prices contain the tax (VAT), false where it is added (US sales tax). */
  readonly inclusive: boolean;
}

/** Where tax is rounded, half away from zero: once per basket, once per class, or once per line. */
export type TaxRounding = 'basket' | 'class' | 'line';

export interface TaxRules {
  readonly rounding: TaxRounding;
  readonly classes: readonly TaxClass[];
}

export interface TaxAmount {
  readonly classId: string;
  /** What the tax was computed on, after discounts, minor units. Of an inclusive class: with the tax in it. */
  readonly baseMinor: number;
  readonly taxMinor: number;
  readonly inclusive: boolean;
}

/** One line as tax sees it. */
export interface TaxBase {
  readonly classId: string | null;
  /** The line's total before the order-wide discount. */
  readonly amountMinor: number;
  /** Whether the order-wide discount reduces it. */
  readonly discountable: boolean;
}

/** Order-wide discount: a percentage, then an amount that is at most what the percentage leaves of the discountable lines. */
export interface TaxReduction {
  readonly percentHundredths: number;
  readonly amountMinor: number;
}

export interface ComputedTax {
  /** Classes of the rules, in their order, that have something on them. */
  readonly taxes: readonly TaxAmount[];
  /** Tax on top: sum of the exclusive classes. */
  readonly taxMinor: number;
  /** Tax contained: sum of the inclusive classes. */
  readonly includedTaxMinor: number;
}

interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

interface ClassSum {
  readonly taxClass: TaxClass;
  readonly bases: readonly TaxBase[];
}

const whole: Fraction = { numerator: 1n, denominator: 1n };
const nothing: Fraction = { numerator: 0n, denominator: 1n };
const million = 1_000_000n;

/**
 * Tax of a basket. Each discountable base is reduced by the order-wide discount exactly, unrounded; then tax is rounded where the rules say.
 * With `basket`, all exclusive classes are summed unrounded and rounded once, and the classes' amounts are made to add up to that
 * (the rule of a real till: 99.9 % of its month's baskets to the cent, rounding per class 97.2 %); likewise all inclusive ones.
 * Exempt: no tax on top; what prices contain stays.
 */
export const computeTax = (
  bases: readonly TaxBase[],
  rules: TaxRules,
  reduction: TaxReduction,
  exempt: boolean,
): ComputedTax => {
  const left = leftOver(bases, reduction);
  const sums = sumClasses(bases, rules);
  const amounts = roundTaxes(sums, rules.rounding, left, exempt);
  const shown = roundBases(bases, sums, reduction, left);
  const taxes = sums.map(({ taxClass }, index) => ({
    classId: taxClass.id,
    baseMinor: shown[index] ?? 0,
    taxMinor: amounts[index] ?? 0,
    inclusive: taxClass.inclusive,
  }));
  return {
    taxes: taxes.filter(({ baseMinor, taxMinor }) => baseMinor !== 0 || taxMinor !== 0),
    taxMinor: total(taxes.filter(({ inclusive }) => !inclusive).map(({ taxMinor }) => taxMinor)),
    includedTaxMinor: total(taxes.filter(({ inclusive }) => inclusive).map(({ taxMinor }) => taxMinor)),
  };
};

/** Lines by class, in the order of the rules. */
const sumClasses = (bases: readonly TaxBase[], rules: TaxRules): readonly ClassSum[] => {
  const byClass = new Map<string | null, TaxBase[]>();
  for (const base of bases) {
    const known = byClass.get(base.classId);
    if (known === undefined) byClass.set(base.classId, [base]);
    else known.push(base);
  }
  byClass.delete(null);
  const sums = rules.classes.flatMap((taxClass) => {
    const taxed = byClass.get(taxClass.id);
    return taxed === undefined ? [] : [{ taxClass, bases: taxed }];
  });
  assert(sums.length === byClass.size, 'each line’s tax class is in the rules, once');
  return sums;
};

/** The part of each discountable line that the order-wide discount leaves. */
const leftOver = (bases: readonly TaxBase[], reduction: TaxReduction): Fraction => {
  const { percentHundredths, amountMinor } = reduction;
  assert(percentHundredths >= 0 && percentHundredths <= 10_000, 'a percentage is between 0 and 100');
  if (percentHundredths === 0 && amountMinor === 0) return whole;
  const kept = BigInt(10_000 - percentHundredths);
  if (amountMinor === 0) return { numerator: kept, denominator: 10_000n };
  const discountable = BigInt(sumDiscountable(bases));
  assert(discountable > 0n && amountMinor > 0, 'an amount is taken off something');
  const numerator = kept * discountable - 10_000n * BigInt(amountMinor);
  // Up to half a minor unit below zero, because the percentage's own amount was rounded.
  return { numerator: numerator < 0n ? 0n : numerator, denominator: 10_000n * discountable };
};

/** Tax amounts of the classes, in their order. */
const roundTaxes = (
  sums: readonly ClassSum[],
  rounding: TaxRounding,
  left: Fraction,
  exempt: boolean,
): readonly number[] => {
  const taxed = (amount: Fraction, taxClass: TaxClass): Fraction =>
    exempt && !taxClass.inclusive ? nothing : taxOf(amount, taxClass);
  switch (rounding) {
    case 'line':
      return sums.map(({ taxClass, bases }) =>
        total(bases.map((base) => roundFraction(taxed(reducedSum([base], left), taxClass)))),
      );
    case 'class':
      return sums.map(({ taxClass, bases }) => roundFraction(taxed(reducedSum(bases, left), taxClass)));
    case 'basket': {
      const exact = sums.map(({ taxClass, bases }) => taxed(reducedSum(bases, left), taxClass));
      if (exact.length < 2) return exact.map(roundFraction);
      const parts = (inclusive: boolean): readonly number[] =>
        roundSum(exact.map((tax, index) => (sums[index]?.taxClass.inclusive === inclusive ? tax : nothing)));
      const [onTop, contained] = [parts(false), parts(true)];
      return sums.map((_, index) => (onTop[index] ?? 0) + (contained[index] ?? 0));
    }
  }
};

/** Bases as shown: those of the classes and of the untaxed lines add up to items less discount. */
const roundBases = (
  bases: readonly TaxBase[],
  sums: readonly ClassSum[],
  reduction: TaxReduction,
  left: Fraction,
): readonly number[] => {
  if (left === whole) return sums.map((sum) => total(sum.bases.map(({ amountMinor }) => amountMinor)));
  const untaxed = bases.filter(({ classId }) => classId === null);
  const exact = [...sums.map((sum) => reducedSum(sum.bases, left)), reducedSum(untaxed, left)];
  const percentMinor = multiplyHalfUp(sumDiscountable(bases), reduction.percentHundredths, 10_000);
  const wholeMinor = total(bases.map(({ amountMinor }) => amountMinor)) - percentMinor - reduction.amountMinor;
  return roundTogether(
    exact.map(({ numerator }) => numerator),
    left.denominator,
    wholeMinor,
  );
};

/** Sum of some lines after the discount, over the denominator of `left`. */
const reducedSum = (bases: readonly TaxBase[], left: Fraction): Fraction => {
  const discountable = sumDiscountable(bases);
  const others = total(bases.map(({ amountMinor }) => amountMinor)) - discountable;
  return {
    numerator: BigInt(others) * left.denominator + BigInt(discountable) * left.numerator,
    denominator: left.denominator,
  };
};

const taxOf = (amount: Fraction, { rateMillionths, inclusive }: TaxClass): Fraction => {
  const rate = BigInt(rateMillionths);
  return {
    numerator: amount.numerator * rate,
    denominator: amount.denominator * (inclusive ? million + rate : million),
  };
};

/** Rounds the sum of fractions once; the parts add up to it. */
const roundSum = (fractions: readonly Fraction[]): readonly number[] => {
  const distinct = new Set(fractions.map(({ denominator }) => denominator));
  const denominator = [...distinct].reduce((product, each) => product * each, 1n);
  const numerators = fractions.map((each) => each.numerator * (denominator / each.denominator));
  const sum = numerators.reduce((all, each) => all + each, 0n);
  return roundTogether(numerators, denominator, roundDivide(sum, denominator));
};

const roundFraction = ({ numerator, denominator }: Fraction): number => roundDivide(numerator, denominator);

const sumDiscountable = (bases: readonly TaxBase[]): number =>
  total(bases.filter(({ discountable }) => discountable).map(({ amountMinor }) => amountMinor));

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amountMinor) => sum + amountMinor, 0);
