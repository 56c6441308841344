import type { TillTransaction } from './till-log.ts';
import { goodsRows, cents } from './till-row.ts';

/** By place in the log: which suspended transaction a later one takes up again. */
export type Resumptions = ReadonlyMap<number, number>;

/**
 * The log says only "cancelled or suspended". One was suspended if a completed one of the same day begins with the very same rows, to the
 * second of their ringing: a till copies them when it takes a basket up again.
 */
export function findResumptions(transactions: readonly TillTransaction[]): Resumptions {
  const open = new Map<string, number>();
  const found = new Map<number, number>();
  for (const [index, transaction] of transactions.entries()) {
    if (transaction.kind === 'cancelled_or_suspended') {
      const rows = goodsRows(transaction).length;
      if (rows > 0) open.set(beginningOf(transaction, rows), index);
    }
    if (transaction.kind !== 'completed') continue;
    const from = longestOpen(transaction, open);
    if (from !== null) {
      found.set(index, from.index);
      open.delete(from.key);
    }
  }
  return found;
}

function longestOpen(
  transaction: TillTransaction,
  open: ReadonlyMap<string, number>,
): { readonly index: number; readonly key: string } | null {
  for (let rows = goodsRows(transaction).length; rows > 0; rows -= 1) {
    const key = beginningOf(transaction, rows);
    const index = open.get(key);
    if (index !== undefined) return { index, key };
  }
  return null;
}

const beginningOf = (transaction: TillTransaction, rows: number): string =>
  JSON.stringify([
    transaction.day,
    ...goodsRows(transaction)
      .slice(0, rows)
      .map(({ datetime, upc, quantity, total, trans_status }) => [
        datetime,
        upc,
        quantity,
        cents(total),
        trans_status === 'V',
      ]),
  ]);
