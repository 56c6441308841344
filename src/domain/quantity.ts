import { formatDecimal, parseDecimal, quantityMax } from './money.ts';
import type { DecimalFailure } from './money.ts';

/** One piece, or one weight unit: quantities are whole thousandths. */
export const onePiece = 1000;

/** Largest count of digits behind the point. */
const quantityDigits = 3;

export type QuantityFailure = DecimalFailure | 'zero';
export type ParsedQuantity =
  | { readonly ok: true; readonly quantity: number }
  | { readonly ok: false; readonly reason: QuantityFailure };

/** Reads `2`, `0.345` or `1,5` as thousandths. Zero is refused: a line of nothing is a mistake of the hand. */
export const parseQuantity = (text: string): ParsedQuantity => {
  const parsed = parseDecimal(text, quantityDigits, quantityMax);
  if (!parsed.ok) return parsed;
  return parsed.value === 0 ? { ok: false, reason: 'zero' } : { ok: true, quantity: parsed.value };
};

/** `2000` → `2`, `345` → `0.345`, `1500` → `1.5`. */
export const formatQuantity = (quantity: number): string =>
  formatDecimal(quantity, quantityDigits).replace(/\.?0+$/, '');

/** Whether a quantity is a whole number of pieces. */
export const isWhole = (quantity: number): boolean => quantity % onePiece === 0;

export type NetWeight =
  | { readonly ok: true; readonly quantity: number }
  | { readonly ok: false; readonly reason: 'not-above-tare' };

/** What is sold of a weighing: gross less the container, thousandths of the weight unit. */
export const netOfTare = (gross: number, tare: number): NetWeight =>
  gross > tare ? { ok: true, quantity: gross - tare } : { ok: false, reason: 'not-above-tare' };
