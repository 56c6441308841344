import { extend } from '../../domain/money.ts';
import type { TillRow } from './till-log.ts';
import { cents, extendedOf, thousandths } from './till-row.ts';

/** Quantity pricing: so many pieces together for less. */
export interface Bundle {
  /** All pieces, thousandths. */
  readonly quantity: number;
  /** What comes off their single prices, cents. */
  readonly offMinor: number;
}

/** Six cookies for 9.49 stand in the log as one piece of 9.49, the six only under `ItemQtty`. */
export const isBundleRow = (row: TillRow): boolean =>
  row.VolSpecial !== undefined &&
  cents(row.VolSpecial) === cents(row.unitPrice) &&
  thousandths(row.quantity) > 0 &&
  thousandths(row.ItemQtty) > thousandths(row.quantity);

/** The pieces of such a row and what their bundle saves; null where it is none, or where they would not be cheaper. */
export function bundleOf(row: TillRow, singleMinor: number | null): Bundle | null {
  if (!isBundleRow(row) || singleMinor === null) return null;
  const quantity = thousandths(row.ItemQtty);
  const offMinor = extend(singleMinor, quantity) - extendedOf(row);
  return offMinor > 0 && singleMinor < cents(row.unitPrice) ? { quantity, offMinor } : null;
}
