import { renderReceiptText } from '../../domain/receipt.ts';
import type { Sale } from '../../domain/sale.ts';
import { receiptOf } from '../../domain/sold.ts';
import { createCatalog } from '../../persistence/catalog.ts';
import type { NameMatch } from '../../persistence/catalog-reader.ts';
import type { Sqlite } from '../../persistence/database.ts';

/** What a till looks up in the store's database, read-only: names, bills that were put aside, receipts. */
export interface TillRecords {
  head(): number;
  find(text: string): readonly NameMatch[];
  suspended(): readonly SuspendedBill[];
  /** As it was printed; `null` where the order has no receipt. */
  receipt(orderId: string): readonly string[] | null;
  priceOf(code: string): number | null;
}

export interface SuspendedBill {
  readonly orderId: string;
  readonly counterId: string;
  readonly lines: number;
  readonly totalMinor: number;
  readonly first: string;
}

const matchesMax = 12;
const suspendedMax = 20;

export const createTillRecords = (database: Sqlite): TillRecords => {
  const catalog = createCatalog(database);
  const head = database.prepare<[], number>('SELECT max(sequence) FROM journal').pluck();
  const snapshot = database.prepare<[string], string>('SELECT snapshot FROM actor WHERE address = ?').pluck();
  const suspended = database
    .prepare<[], string>(
      `SELECT order_id FROM orders WHERE status = 'SUSPENDED' ORDER BY order_id LIMIT ${suspendedMax}`,
    )
    .pluck();
  /** The order as its actor keeps it. */
  const saleOf = (orderId: string): Sale | null => {
    const kept = snapshot.get(`order/${orderId}`);
    return kept === undefined ? null : (JSON.parse(kept) as { readonly context: Sale }).context;
  };

  return {
    head: () => head.get() ?? 0,
    find: (text) => catalog.search(text, matchesMax),
    suspended: () =>
      suspended
        .all()
        .map(saleOf)
        .filter((sale) => sale !== null)
        .map(({ orderId, counterId, lines, priced }) => ({
          orderId,
          counterId,
          lines: lines.filter(({ type, voidedBy }) => type !== 'void' && voidedBy === null).length,
          totalMinor: priced.totals.totalMinor,
          first: lines[0]?.description ?? '',
        })),
    receipt(orderId) {
      const sale = saleOf(orderId);
      return sale === null || sale.paidAt === null ? null : renderReceiptText(receiptOf(sale, false));
    },
    priceOf: (code) => catalog.find(code, Date.now())?.unitPriceMinor ?? null,
  };
};
