import { assert } from './errors.ts';
import { amountMinorMax, currencyExponent, roundDivide } from './money.ts';

/** Notes and coins in use, minor units, largest first: for counting a drawer and for change. */
const denominationTable: Readonly<Record<string, readonly number[]>> = {
  EUR: [50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  USD: [10_000, 5000, 2000, 1000, 500, 200, 100, 50, 25, 10, 5, 1],
  GBP: [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  CHF: [100_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5],
  CAD: [10_000, 5000, 2000, 1000, 500, 200, 100, 25, 10, 5],
  AUD: [10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5],
  ILS: [20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 10],
  JPY: [10_000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1],
  TND: [50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5],
};

/** Largest count of pieces of one denomination in a drawer. */
export const piecesMax = 100_000;

/** Largest number of suggestions of `quickCash`. */
export const quickCashMax = 5;

/** Denominations of a currency, largest first; a currency without a table gets a 1-2-5 series from one minor unit up. */
export const denominations = (currency: string): readonly number[] =>
  denominationTable[currency] ?? seriesFor(currencyExponent(currency));

const seriesFor = (exponent: number): readonly number[] =>
  Array.from({ length: exponent + 3 }, (_, power) => [5, 2, 1].map((digit) => digit * 10 ** power))
    .toReversed()
    .flat();

/** To the next whole step, half away from zero: 0.05 → `roundCash(1233, 5)` = 1235. Step 1 changes nothing. */
export const roundCash = (amountMinor: number, stepMinor: number): number => {
  assert(Number.isSafeInteger(stepMinor) && stepMinor > 0, 'a cash step is a positive integer');
  return roundDivide(amountMinor, stepMinor) * stepMinor;
};

/**
 * Sums a customer is likely to hand over for `dueMinor`, ascending, the exact one first: for each note and coin from the largest coin up,
 * the next multiple of it. At most `quickCashMax`; none where nothing is due.
 */
export const quickCash = (dueMinor: number, currency: string): readonly number[] => {
  if (dueMinor <= 0) return [];
  const unit = 10 ** currencyExponent(currency);
  const handed = denominations(currency)
    .filter((denominationMinor) => denominationMinor >= unit)
    .map((denominationMinor) => Math.ceil(dueMinor / denominationMinor) * denominationMinor);
  return [...new Set([dueMinor, ...handed])].toSorted((a, b) => a - b).slice(0, quickCashMax);
};

/** So many pieces of one denomination. */
export interface DenominationCount {
  readonly denominationMinor: number;
  readonly pieces: number;
}

/** What a counted drawer holds. */
export const countTotal = (counts: readonly DenominationCount[]): number => {
  const totalMinor = counts.reduce((total, { denominationMinor, pieces }) => {
    assert(
      Number.isSafeInteger(pieces) && pieces >= 0 && pieces <= piecesMax,
      'pieces are counted from 0 to piecesMax',
    );
    assert(Number.isSafeInteger(denominationMinor) && denominationMinor > 0, 'a denomination is a positive integer');
    return total + denominationMinor * pieces;
  }, 0);
  assert(totalMinor <= amountMinorMax, 'a drawer holds at most amountMinorMax');
  return totalMinor;
};

/** Change in pieces, the largest first; what is too small for the currency's coins is left out and reported as `restMinor`. */
export const changePieces = (
  changeMinor: number,
  currency: string,
): { readonly pieces: readonly DenominationCount[]; readonly restMinor: number } => {
  let restMinor = changeMinor;
  const pieces = denominations(currency).map((denominationMinor) => {
    const count = Math.floor(restMinor / denominationMinor);
    restMinor -= count * denominationMinor;
    return { denominationMinor, pieces: count };
  });
  return { pieces: pieces.filter(({ pieces: count }) => count > 0), restMinor };
};
