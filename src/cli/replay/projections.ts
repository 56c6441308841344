import { openReadOnly } from '../../persistence/database.ts';

/** What the store's own tables say after a replay: nothing here comes from the log. */
export interface StoreFigures {
  readonly days: ReadonlyMap<string, DaySums>;
  line(orderId: string, line: number): number | null;
  order(orderId: string): OrderSums | null;
  /** Thousandths that left the store, by product: minus the ledger's sum. */
  readonly sold: ReadonlyMap<string, number>;
  close(): void;
}
export interface DaySums {
  readonly completed: number;
  readonly itemsCents: number;
  readonly discountCents: number;
  readonly taxCents: number;
  /** By tender code, positive is taken in; change is taken off the cash. */
  readonly tenders: Readonly<Record<string, number>>;
  readonly voidLines: number;
  readonly returnLines: number;
}
export interface OrderSums {
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
}

export function readFigures(dataDir: string, cashCode: string): StoreFigures {
  const database = openReadOnly(dataDir);
  const line = database
    .prepare<[string, number], number>('SELECT total FROM order_line WHERE order_id = ? AND line = ?')
    .pluck();
  const order = database.prepare<[string], OrderSums>(
    'SELECT discount_amount AS discount, tax_amount AS tax, total_amount AS total FROM orders WHERE order_id = ?',
  );
  const orders = database.prepare<[], DaySums & { readonly date: string }>(ordersSql).all();
  const lines = new Map(
    database
      .prepare<[], LineRow>(linesSql)
      .all()
      .map((row) => [row.date, row]),
  );
  const payments = Map.groupBy(database.prepare<[], PaymentRow>(paymentsSql).all(), ({ date }) => date);
  const ledger = database.prepare<[], { id: string; sold: number }>(
    'SELECT product_id AS id, -sum(change) AS sold FROM inventory_ledger GROUP BY product_id',
  );
  return {
    days: new Map(
      orders.map(({ date, completed, itemsCents, discountCents, taxCents }) => {
        const { voidLines = 0, returnLines = 0 } = lines.get(date) ?? {};
        const tenders = sumTenders(payments.get(date) ?? [], cashCode);
        return [date, { completed, itemsCents, discountCents, taxCents, tenders, voidLines, returnLines }];
      }),
    ),
    line: (orderId, number) => line.get(orderId, number) ?? null,
    order: (orderId) => order.get(orderId) ?? null,
    sold: new Map(ledger.all().map(({ id, sold }) => [id, sold])),
    close: () => database.close(),
  };
}

interface LineRow {
  readonly date: string;
  readonly voidLines: number;
  readonly returnLines: number;
}
interface PaymentRow {
  readonly date: string;
  readonly tender: string;
  readonly tendered: number;
  readonly change: number;
}

const paid = `status IN ('PAID', 'RECEIPTED')`;
const ordersSql = `SELECT business_date AS date, count(*) AS completed, sum(items_amount) AS itemsCents,
    sum(discount_amount) AS discountCents, sum(tax_amount) AS taxCents
  FROM orders WHERE ${paid} GROUP BY business_date ORDER BY business_date`;
const linesSql = `SELECT o.business_date AS date, count(*) FILTER (WHERE l.type = 'void') AS voidLines,
    count(*) FILTER (WHERE l.type = 'return') AS returnLines
  FROM orders o JOIN order_line l USING (order_id) WHERE o.${paid} GROUP BY o.business_date`;
// What was reversed or never succeeded is no money.
const paymentsSql = `SELECT business_date AS date, tender, sum(tendered) AS tendered, sum(change_given) AS change
  FROM payments WHERE status = 'success' GROUP BY business_date, tender ORDER BY tender`;

function sumTenders(payments: readonly PaymentRow[], cashCode: string): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { tender, tendered, change } of payments) {
    sums[tender] = (sums[tender] ?? 0) + tendered;
    if (change !== 0) sums[cashCode] = (sums[cashCode] ?? 0) - change;
  }
  return Object.fromEntries(Object.entries(sums).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
