import { cashCode, tenderRows } from './tender-row.ts';
import type { TillTransaction } from './till-log.ts';

/** Tenders of a log that were given change for, though their table says they give none: the last one taken in beside cash that went out. */
export function tendersWithChange(transactions: readonly TillTransaction[]): ReadonlySet<string> {
  return new Set(transactions.flatMap(giverOf));
}

function giverOf(transaction: TillTransaction): readonly string[] {
  const rows = tenderRows(transaction);
  const wentOut = rows.some(({ code, amountMinor }) => code === cashCode && amountMinor < 0);
  const taken = rows.filter(({ amountMinor }) => amountMinor > 0);
  const last = taken.at(-1);
  return wentOut && last !== undefined && taken.every(({ code }) => code !== cashCode) ? [last.code] : [];
}
