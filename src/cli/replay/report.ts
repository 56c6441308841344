import { businessDate } from './business-date.ts';
import { compare, type Comparison } from './compare.ts';
import { deviationsMax, type Deviation } from './deviation.ts';
import type { LogBook } from './log-book.ts';
import { compareStock, type StockCheck } from './compare-stock.ts';
import type { Played } from './played.ts';
import type { DaySums, StoreFigures } from './projections.ts';
import { recordedDays } from './recorded-days.ts';
import { compareDays, type DayDifference } from './compare-days.ts';
import type { RingRule } from './script.ts';
import { differenceCode } from './tender-row.ts';
import { listUnknown } from './unknown.ts';

/** What a replay found. Amounts are cents; sums of days come from the store's tables. */
export interface ReplayReport {
  readonly transactions: number;
  readonly lines: Comparison['lines'];
  readonly tax: Comparison['tax'];
  readonly balance: Comparison['balance'];
  readonly days: readonly DayReport[];
  /** Restarts of the store's process. */
  readonly resumed: number;
  readonly durationMs: number;
  readonly exemptTax: Comparison['exemptTax'];
  readonly discount: Comparison['discount'];
  readonly stock: StockCheck;
  /** Sums of days that are not as recorded, and how much of that the listed deviations explain. */
  readonly dayDifferences: readonly DayDifference[];
  /** What closed baskets that the old till had added up differently; no tender of the store's days. */
  readonly differenceCents: number;
  readonly ends: Readonly<Partial<Record<Played['end'], number>>>;
  /** How rows were rung. */
  readonly rules: Readonly<Partial<Record<RingRule, number>>>;
  readonly deviations: readonly Deviation[];
  /** Deviations beyond the longest list. */
  readonly deviationsLeftOut: number;
}
export interface DayReport extends DaySums {
  readonly day: number;
}

export interface ReportInput {
  readonly played: readonly Played[];
  readonly book: LogBook;
  readonly resumed: number;
  readonly durationMs: number;
}

export function createReport({ played, book, resumed, durationMs }: ReportInput, store: StoreFigures): ReplayReport {
  const compared = compare(played, store);
  const transactions = played.map(({ transaction }) => transaction);
  const recorded = recordedDays(transactions);
  const deviations = [...listUnknown(transactions, book), ...compared.deviations];
  const all = [...new Set(transactions.map(({ day }) => day))].toSorted((a, b) => a - b);
  const sums = all.map((day) => ({ day, ...(store.days.get(businessDate(day)) ?? noSums) }));
  const days = sums.map(({ tenders, ...sum }): DayReport => {
    const { [differenceCode]: _difference, ...money } = tenders;
    return { ...sum, tenders: money };
  });
  return {
    transactions: played.length,
    lines: compared.lines,
    tax: compared.tax,
    balance: compared.balance,
    days,
    resumed,
    durationMs,
    exemptTax: compared.exemptTax,
    discount: compared.discount,
    stock: compareStock(played, book, store),
    dayDifferences: compareDays(days, recorded, compared.deviations),
    differenceCents: sums.reduce((sum, { tenders }) => sum + (tenders[differenceCode] ?? 0), 0),
    ends: countBy(played.map(({ end }) => end)),
    rules: countBy(played.flatMap(({ script }) => script.steps.map(({ rule }) => rule))),
    deviations: deviations.slice(0, deviationsMax),
    deviationsLeftOut: Math.max(0, deviations.length - deviationsMax),
  };
}

const noSums: DaySums = {
  completed: 0,
  itemsCents: 0,
  discountCents: 0,
  taxCents: 0,
  tenders: {},
  voidLines: 0,
  returnLines: 0,
};

function countBy<T extends string>(words: readonly T[]): Readonly<Partial<Record<T, number>>> {
  const counts: Partial<Record<T, number>> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
