import type { DaySums } from './projections.ts';
import { tenderRows } from './tender-row.ts';
import type { TillTransaction } from './till-log.ts';
import { goodsRows, isDiscountRow, isTaxRow, sumTotals } from './till-row.ts';

/** A day's sums as the log has them: only to be compared with. */
export function recordedDays(transactions: readonly TillTransaction[]): ReadonlyMap<number, DaySums> {
  const completed = transactions.filter(({ kind }) => kind === 'completed');
  return new Map([...Map.groupBy(completed, ({ day }) => day)].map(([day, all]) => [day, sumDay(all)]));
}

function sumDay(transactions: readonly TillTransaction[]): DaySums {
  const rows = transactions.flatMap((transaction) => transaction.rows);
  const goods = transactions.flatMap(goodsRows);
  const tenders: Record<string, number> = {};
  for (const { code, amountMinor } of transactions.flatMap(tenderRows))
    tenders[code] = (tenders[code] ?? 0) + amountMinor;
  return {
    completed: transactions.length,
    itemsCents: sumTotals(goods),
    discountCents: sumTotals(rows.filter(isDiscountRow)),
    taxCents: sumTotals(rows.filter(isTaxRow)),
    tenders,
    voidLines: goods.filter(({ trans_status }) => trans_status === 'V').length,
    returnLines: goods.filter(({ trans_status }) => trans_status === 'R').length,
  };
}
