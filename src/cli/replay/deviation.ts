import type { TillTransaction } from './till-log.ts';

/** What came out differently from the log, or had to be done differently; each one named. */
export interface Deviation {
  readonly day: number;
  readonly cashier: string;
  readonly transNo: string;
  readonly what: DeviationKind;
  readonly ours: string;
  readonly recorded: string;
  readonly why: string;
}

export type DeviationKind =
  /** Half a cent that the old till's floats rounded down. */
  | 'line-tie'
  | 'line'
  | 'tax'
  | 'exempt-tax'
  | 'discount'
  /** What is owed and what was paid, in the old till's own sums. */
  | 'balance'
  | 'tender'
  /** A row that was not rung as it stands. */
  | 'rung-otherwise'
  | 'refused'
  | 'not-finished'
  /** A kind of row, tax class or tender that no rule was made for: listed once. */
  | 'unknown-kind';

/** Deviations that a report lists; what comes after is only counted. */
export const deviationsMax = 10_000;

export type Note = Omit<Deviation, 'day' | 'cashier' | 'transNo'>;

export const deviationOf = ({ day, cashier, transNo }: TillTransaction, note: Note): Deviation => ({
  day,
  cashier,
  transNo,
  ...note,
});
