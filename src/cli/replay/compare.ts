import { formatMinor } from '../../domain/money.ts';
import { deviationOf, type Deviation, type Note } from './deviation.ts';
import type { Played } from './played.ts';
import type { StoreFigures } from './projections.ts';
import { tenderRows } from './tender-row.ts';
import type { TillRow } from './till-log.ts';
import { cents, currency, isDiscountRow, isTaxedAsUsual, isTaxRow, isTie, sumTotals } from './till-row.ts';

/** Baskets of the log held against the store's tables. */
export interface Comparison {
  readonly lines: LineCount;
  /** Baskets that are taxed as usual. */
  readonly tax: EqualCount;
  /** Baskets freed of tax by food stamps or by name: by a rule of the log's own. */
  readonly exemptTax: EqualCount;
  readonly discount: EqualCount;
  readonly balance: { readonly checked: number; readonly equal: number };
  readonly deviations: readonly Deviation[];
}
export interface LineCount extends EqualCount {
  readonly knownTies: number;
}
export interface EqualCount {
  readonly checked: number;
  readonly equal: number;
  readonly different: number;
}

interface Counts {
  readonly lines: { checked: number; equal: number; knownTies: number; different: number };
  readonly tax: { checked: number; equal: number; different: number };
  readonly exemptTax: { checked: number; equal: number; different: number };
  readonly discount: { checked: number; equal: number; different: number };
  readonly balance: { checked: number; equal: number };
}

export function compare(played: readonly Played[], store: StoreFigures): Comparison {
  const none = { checked: 0, equal: 0, different: 0 };
  const counts: Counts = {
    lines: { ...none, knownTies: 0 },
    tax: { ...none },
    exemptTax: { ...none },
    discount: { ...none },
    balance: { checked: 0, equal: 0 },
  };
  const deviations = played.flatMap((one) => {
    const notes = one.transaction.kind === 'completed' ? compareBasket(one, store, counts) : [];
    return [...one.notes, ...notes].map((note) => deviationOf(one.transaction, note));
  });
  return { ...counts, deviations };
}

function compareBasket(
  { transaction, script, orderId, end }: Played,
  store: StoreFigures,
  counts: Counts,
): readonly Note[] {
  const order = orderId === null || end !== 'paid' ? null : store.order(orderId);
  if (orderId === null || order === null) {
    return [{ what: 'not-finished', ours: end, recorded: 'completed', why: 'the store has no paid order of it' }];
  }
  const lines = script.steps.flatMap(({ row, rule }, index) =>
    compareLine(row, rule === 'bundle', store.line(orderId, index + 1), counts),
  );
  const causes = [...lines.map(({ what }) => what), ...damageOf(transaction.rows)];
  const cause = causes.length === 0 ? 'rounded otherwise' : `follows from ${[...new Set(causes)].join(', ')}`;
  const count = isTaxedAsUsual(transaction) ? ('tax' as const) : ('exemptTax' as const);
  const tax = compareSum(
    count === 'tax' ? 'tax' : 'exempt-tax',
    order.tax,
    transaction.rows.filter(isTaxRow),
    counts[count],
  );
  const discount = compareSum('discount', order.discount, transaction.rows.filter(isDiscountRow), counts.discount);
  const paid = tenderRows(transaction).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  counts.balance.checked += 1;
  const balance: Note[] =
    paid === order.total ? [] : [{ what: 'balance', ours: money(order.total), recorded: money(paid), why: cause }];
  if (balance.length === 0) counts.balance.equal += 1;
  return [...lines, ...[...tax, ...discount].map((note) => ({ ...note, why: cause })), ...balance];
}

/** What is wrong with the log itself. */
const damageOf = (rows: readonly TillRow[]): readonly string[] =>
  rows.filter(isTaxRow).length > 1 ? ['a basket that was finished twice, with rows missing'] : [];

function compareLine(row: TillRow, isBundle: boolean, ours: number | null, { lines }: Counts): readonly Note[] {
  const recorded = cents(row.total);
  lines.checked += 1;
  if (ours === recorded) {
    lines.equal += 1;
    return [];
  }
  const note = { ours: ours === null ? 'no line' : money(ours), recorded: money(recorded) };
  const words = `${row.upc ?? ''} ${row.quantity ?? ''} × ${row.unitPrice ?? ''}`.trim();
  if (!isBundle && ours !== null && isTie(row) && Math.abs(ours) - Math.abs(recorded) === 1) {
    lines.knownTies += 1;
    return [{ ...note, what: 'line-tie', why: `${words} is half a cent: the old till’s floats fell below it` }];
  }
  lines.different += 1;
  return [{ ...note, what: 'line', why: `${words} is not what the log says` }];
}

function compareSum(what: Note['what'], ours: number, rows: readonly TillRow[], count: Counts['tax']): readonly Note[] {
  const recorded = sumTotals(rows);
  count.checked += 1;
  if (ours === recorded) count.equal += 1;
  else count.different += 1;
  return ours === recorded ? [] : [{ what, ours: money(ours), recorded: money(recorded), why: '' }];
}

const money = (amountMinor: number): string => formatMinor(amountMinor, currency);
