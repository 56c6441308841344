import type { LogBook } from './log-book.ts';
import type { Played } from './played.ts';
import type { StoreFigures } from './projections.ts';
import { grow } from './tally.ts';

/** The ledger of each product against what the log sold and took back, thousandths. */
export interface StockCheck {
  readonly products: number;
  readonly equal: number;
  readonly different: readonly StockDifference[];
}
export interface StockDifference {
  readonly upc: string;
  readonly ledger: number;
  readonly sold: number;
}

export function compareStock(played: readonly Played[], book: LogBook, store: StoreFigures): StockCheck {
  const byUpc = new Map<string, { ledger: number; sold: number }>();
  const at = (productId: string) => grow(byUpc, book.upcOf(productId), () => ({ ledger: 0, sold: 0 }));
  for (const { transaction, script } of played) {
    if (transaction.kind !== 'completed') continue;
    for (const { moves } of script.steps) if (moves !== null) at(moves.productId).sold += moves.quantity;
  }
  for (const [productId, sold] of store.sold) at(productId).ledger += sold;
  const different = [...byUpc]
    .filter(([, { ledger, sold }]) => ledger !== sold)
    .map(([upc, sums]) => ({ upc, ...sums }));
  return { products: byUpc.size, equal: byUpc.size - different.length, different };
}
