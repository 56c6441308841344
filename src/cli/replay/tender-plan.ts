import { settle } from '../../domain/due.ts';
import type { Tender } from '../../domain/tender.ts';
import { cashCode, differenceCode, type TenderRow } from './tender-row.ts';

/** One PAY command. */
export interface PlannedPayment {
  readonly tender: string;
  readonly amountMinor: number;
}

/** Payments that end an order of `dueMinor` with the recorded sums by tender; what is left over is closed by the difference. */
export interface TenderPlan {
  readonly payments: readonly PlannedPayment[];
  /** What we are owed less what was recorded; positive: the old till took less. */
  readonly differenceMinor: number;
  /** No way was found to pay as recorded: the difference stands for all of it. */
  readonly isLost: boolean;
}

/**
 * Puts recorded tenders in an order that the store accepts. The first of these ways that works: as they stand, change from the last
 * one; change from another one; change as cash that goes back first.
 */
export function planTenders(dueMinor: number, rows: readonly TenderRow[], tenders: readonly Tender[]): TenderPlan {
  const moved = dropVoided(rows).filter(({ amountMinor }) => amountMinor !== 0);
  const differenceMinor = dueMinor - rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const difference = differenceMinor === 0 ? [] : [{ tender: differenceCode, amountMinor: differenceMinor }];
  const plans = waysToPay(dueMinor, moved).map((payments) => [...difference, ...payments]);
  const payments = [...plans, ...plans.map((plan) => [...plan.slice(difference.length), ...difference])].find((plan) =>
    pays(dueMinor, plan, tenders),
  );
  if (payments !== undefined) return { payments, differenceMinor, isLost: false };
  const all = { tender: dueMinor === 0 ? cashCode : differenceCode, amountMinor: dueMinor };
  return { payments: [all], differenceMinor: dueMinor, isLost: true };
}

function waysToPay(dueMinor: number, rows: readonly TenderRow[]): readonly (readonly PlannedPayment[])[] {
  const all = rows.map(toPayment);
  if (all.length === 0) return [dueMinor === 0 ? [{ tender: cashCode, amountMinor: 0 }] : []];
  // Nothing is due and money changes its form: the first payment ends the order, so there can be one only.
  if (dueMinor === 0) return [taken(mergeByTender(all))];
  const paid = taken(all);
  const change = all.filter(({ tender, amountMinor }) => tender === cashCode && amountMinor < 0);
  const back = all.filter(({ tender, amountMinor }) => tender !== cashCode && amountMinor < 0);
  if (dueMinor < 0) return [all, [...back, ...change, ...paid], [...paid, ...back, ...change]];
  const givers = paid.map((giver) => [...back, ...paid.filter((other) => other !== giver), giver]).toReversed();
  return change.length === 0 ? [all, ...givers] : [...givers, [...back, ...change, ...paid]];
}

const taken = (payments: readonly PlannedPayment[]): readonly PlannedPayment[] =>
  payments.filter(({ amountMinor }) => amountMinor > 0);

function mergeByTender(payments: readonly PlannedPayment[]): readonly PlannedPayment[] {
  const sums = new Map<string, number>();
  for (const { tender, amountMinor } of payments) sums.set(tender, (sums.get(tender) ?? 0) + amountMinor);
  return [...sums].map(([tender, amountMinor]) => ({ tender, amountMinor }));
}

const toPayment = ({ code, amountMinor }: TenderRow): PlannedPayment => ({ tender: code, amountMinor });

/** A tender that was taken back before the end never paid anything. */
function dropVoided(rows: readonly TenderRow[]): readonly TenderRow[] {
  const kept: TenderRow[] = [];
  for (const row of rows) {
    const at =
      row.code === cashCode
        ? -1
        : kept.findIndex(({ code, amountMinor }) => code === row.code && amountMinor === 0 - row.amountMinor);
    if (at < 0 || row.amountMinor === 0) kept.push(row);
    else kept.splice(at, 1);
  }
  return kept;
}

/** Whether the store would take these payments one after the other, and the last one ends the order. */
function pays(dueMinor: number, payments: readonly PlannedPayment[], tenders: readonly Tender[]): boolean {
  let due = dueMinor;
  let changeMinor = 0;
  for (const [index, { tender: code, amountMinor }] of payments.entries()) {
    const tender = tenders.find((one) => one.code === code);
    const settled = tender === undefined ? null : settle(due, tender, amountMinor, 1);
    if (settled === null || 'reason' in settled) return false;
    due -= settled.amountMinor;
    changeMinor += settled.changeMinor;
    if ((due === 0) !== (index === payments.length - 1)) return false;
  }
  return payments.length > 0 && changeMinor >= 0;
}
