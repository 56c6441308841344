import { assert } from './errors.ts';

/** Largest amount of a line, a tender or a total: a thousand lines of it still add up exactly below 2^53. */
export const amountMinorMax = 999_999_999_999;

/** Largest quantity of a line, thousandths: 99,999.999 pieces or weight units. */
export const quantityMax = 99_999_999;

/** ISO 4217 minor units where they are not two digits. */
const exponents: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3])),
};

/** Digits behind the point of a currency (ISO 4217): EUR 2, JPY 0, TND 3. */
export const currencyExponent = (currency: string): number => {
  assert(/^[A-Z]{3}$/.test(currency), `currency is three capitals: ${currency}`);
  return exponents[currency] ?? 2;
};

/**
 * `numerator / denominator` as a whole number, half away from zero (1.5 → 2, -1.5 → -2), never -0.
 * Exact at any size; the result must be a safe integer.
 */
export const roundDivide = (numerator: number | bigint, denominator: number | bigint): number => {
  if (typeof numerator === 'number' && typeof denominator === 'number') return roundDivideSafe(numerator, denominator);
  return roundDivideBig(BigInt(numerator), BigInt(denominator));
};

const roundDivideSafe = (numerator: number, denominator: number): number => {
  assert(Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator), 'integers are divided');
  assert(denominator > 0, 'the denominator is positive');
  const rest = numerator % denominator;
  const whole = (numerator - rest) / denominator + 0;
  const size = Math.abs(rest);
  return size >= denominator - size ? whole + Math.sign(rest) : whole;
};

const roundDivideBig = (numerator: bigint, denominator: bigint): number => {
  assert(denominator > 0n, 'the denominator is positive');
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = Number((2n * size + denominator) / (2n * denominator));
  assert(Number.isSafeInteger(rounded), 'a rounded amount is a safe integer');
  return numerator < 0n ? 0 - rounded : rounded;
};

/** `value × numerator / denominator`, half away from zero: 999 × 12.5 % = multiplyHalfUp(999, 1250, 10_000) = 125. */
export const multiplyHalfUp = (value: number, numerator: number, denominator: number): number => {
  const product = value * numerator;
  if (Number.isSafeInteger(product)) return roundDivideSafe(product, denominator);
  return roundDivideBig(BigInt(value) * BigInt(numerator), BigInt(denominator));
};

/** Quantity (thousandths) × unit price in minor units, half away from zero. Ask `extensionFits` before a line is taken. */
export const extend = (unitPriceMinor: number, quantityThousandths: number): number => {
  assert(Math.abs(quantityThousandths) <= quantityMax, 'a quantity is within quantityMax');
  const extendedMinor = multiplyHalfUp(unitPriceMinor, quantityThousandths, 1000);
  assert(Math.abs(extendedMinor) <= amountMinorMax, 'an extended amount is within amountMinorMax');
  return extendedMinor;
};

/** Whether a line of this price and quantity stays within the limits. */
export const extensionFits = (unitPriceMinor: number, quantityThousandths: number): boolean =>
  Number.isSafeInteger(unitPriceMinor) &&
  Number.isSafeInteger(quantityThousandths) &&
  Math.abs(quantityThousandths) <= quantityMax &&
  Math.abs(unitPriceMinor) <= amountMinorMax &&
  Math.abs(multiplyHalfUp(unitPriceMinor, quantityThousandths, 1000)) <= amountMinorMax;

/**
 * Splits a total by weights (integers ≥ 0), largest remainder first, ties to the earlier one: the parts add up to the total.
 * Weights that are all zero count as equal. A negative total gives the mirrored parts.
 */
export const split = (totalMinor: number, weights: readonly number[]): readonly number[] => {
  assert(weights.length > 0, 'a total is split over at least one part');
  assert(
    weights.every((weight) => Number.isSafeInteger(weight) && weight >= 0),
    'weights are integers from zero up',
  );
  const sum = weights.reduce((total, weight) => total + BigInt(weight), 0n);
  const total = BigInt(totalMinor);
  return sum === 0n
    ? roundTogether(
        weights.map(() => total),
        BigInt(weights.length),
        totalMinor,
      )
    : roundTogether(
        weights.map((weight) => total * BigInt(weight)),
        sum,
        totalMinor,
      );
};

/**
 * Rounds exact fractions `numerators[i] / denominator` to whole numbers that add up to `totalMinor`, which must be their sum, rounded.
 * Each part is off by less than one; those nearest to the next unit are rounded outward first, ties to the earlier one.
 */
export const roundTogether = (
  numerators: readonly bigint[],
  denominator: bigint,
  totalMinor: number,
): readonly number[] => {
  const parts = numerators.map((numerator) => Number(numerator / denominator));
  const missing = totalMinor - parts.reduce((total, part) => total + part, 0);
  if (missing === 0) return parts;
  const direction = BigInt(Math.sign(missing));
  const outward = numerators
    .map((numerator, index) => ({ index, rest: (numerator % denominator) * direction }))
    .filter(({ rest }) => rest > 0n)
    .toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
    .slice(0, Math.abs(missing));
  assert(outward.length === Math.abs(missing), 'parts add up to the rounded total');
  for (const { index } of outward) parts[index] = (parts[index] ?? 0) + Math.sign(missing);
  return parts;
};

/** `1234`, EUR → `12.34`; `-5` → `-0.05`. No sign of currency, no grouping. */
export const formatMinor = (amountMinor: number, currency: string): string =>
  formatDecimal(amountMinor, currencyExponent(currency));

/** A whole number of `10^-digits` as decimal text, all digits shown. */
export const formatDecimal = (value: number, digits: number): string => {
  const text = String(Math.abs(value)).padStart(digits + 1, '0');
  const sign = value < 0 ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
};

export type DecimalFailure = 'not-a-number' | 'too-many-decimals' | 'too-large';
export type ParsedDecimal =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly reason: DecimalFailure };
export type ParsedAmount =
  | { readonly ok: true; readonly amountMinor: number }
  | { readonly ok: false; readonly reason: DecimalFailure };

/** Reads decimal text: digits, one point or comma, a leading minus; no grouping. Digits that the currency lacks are refused unless zero. */
export const parseMinor = (text: string, currency: string): ParsedAmount => {
  const parsed = parseDecimal(text, currencyExponent(currency), amountMinorMax);
  return parsed.ok ? { ok: true, amountMinor: parsed.value } : parsed;
};

/** Decimal text as a whole number of `10^-digits`, no larger than `max` either way. */
export const parseDecimal = (text: string, digits: number, max: number): ParsedDecimal => {
  const match = /^(-?)(\d*)(?:[.,](\d*))?$/.exec(text.trim());
  const [, sign, whole = '', fraction = ''] = match ?? [];
  if (match === null || (whole === '' && fraction === '')) return { ok: false, reason: 'not-a-number' };
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > digits) return { ok: false, reason: 'too-many-decimals' };
  const value = Number(whole + kept.padEnd(digits, '0'));
  if (value > max) return { ok: false, reason: 'too-large' };
  return { ok: true, value: sign === '-' ? 0 - value : value };
};
