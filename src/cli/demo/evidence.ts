import { readFileSync } from 'node:fs';
import type { Sqlite } from '../../persistence/database.ts';

/** What the store's database and the terminal's own memory say: the demo reports these, and nothing that it knows by itself. */
export interface Evidence {
  head(): number;
  order(orderId: string): OrderRow;
  payments(orderId: string): readonly PaymentRow[];
  ledger(orderId: string): readonly LedgerRow[];
  receipts(): readonly { readonly number: number; readonly orderId: string }[];
  /** Turns after a sequence of the actors that a card payment goes through. */
  journal(afterSequence: number, addresses: readonly string[]): readonly TurnRow[];
}

export interface OrderRow {
  readonly status: string;
  readonly totalMinor: number;
  readonly currency: string;
}
export interface PaymentRow {
  readonly paymentId: string;
  readonly tender: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly authCode: string | null;
  readonly terminalReceipt: string | null;
}
export interface LedgerRow {
  readonly productId: string;
  readonly description: string;
  readonly change: number;
}
export interface TurnRow {
  readonly sequence: number;
  readonly address: string;
  readonly event: string;
  readonly from: string;
  readonly to: string;
  readonly effects: string;
}

export const createEvidence = (database: Sqlite): Evidence => {
  const head = database.prepare<[], number>('SELECT coalesce(max(sequence), 0) FROM journal').pluck();
  const order = database.prepare<[string], OrderRow>(
    'SELECT status, total_amount AS totalMinor, currency FROM orders WHERE order_id = ?',
  );
  const payments = database.prepare<[string], PaymentRow>(
    `SELECT payment_id AS paymentId, tender, status, amount AS amountMinor, auth_code AS authCode,
            reference_id AS terminalReceipt FROM payments WHERE order_id = ? ORDER BY created_at`,
  );
  const ledger = database.prepare<[string], LedgerRow>(
    `SELECT l.product_id AS productId, o.description, l.change FROM inventory_ledger l
       JOIN order_line o ON o.order_id = l.reference_id AND o.line = l.line WHERE l.reference_id = ? ORDER BY l.line`,
  );
  const receipts = database.prepare<[], { number: number; orderId: string }>(
    'SELECT number, order_id AS orderId FROM receipt ORDER BY number',
  );
  const journal = database.prepare<[number, string], TurnRow>(
    `SELECT sequence, address, json_extract(event, '$.type') AS event, from_state AS "from", to_state AS "to", effects
       FROM journal WHERE sequence > ? AND address IN (SELECT value FROM json_each(?)) ORDER BY sequence`,
  );
  return {
    head: () => head.get() ?? 0,
    order: (orderId) => order.get(orderId) ?? { status: 'none', totalMinor: 0, currency: 'USD' },
    payments: (orderId) => payments.all(orderId),
    ledger: (orderId) => ledger.all(orderId),
    receipts: () => receipts.all(),
    journal: (after, addresses) => journal.all(after, JSON.stringify(addresses)),
  };
};

/** A line of the terminal's memory (devices/terminal/simulated-book.ts). */
type TerminalLine =
  | { readonly type: 'approved'; readonly entry: Charge }
  | { readonly type: 'failed' | 'confirmed' | 'reversed'; readonly reference: string };

export interface Charge {
  readonly reference: string;
  readonly amountMinor: number;
  readonly authCode: string;
  readonly terminalReceipt: string;
}

/** What the terminal remembers by itself, whatever the store knows: each time it charged, each approval that was confirmed. */
export const readTerminal = (
  path: string,
): { readonly charges: readonly Charge[]; readonly confirmed: readonly string[] } => {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as TerminalLine);
  return {
    charges: lines.flatMap((line) => (line.type === 'approved' ? [line.entry] : [])),
    confirmed: lines.flatMap((line) => (line.type === 'confirmed' ? [line.reference] : [])),
  };
};

/** Sheets of a receipt that came out whole, as the printer remembers them. */
export const readPrinter = (path: string): readonly { readonly jobId: string; readonly copy: boolean }[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { readonly jobId: string; readonly copy: boolean; readonly whole: boolean })
    .filter(({ whole }) => whole);
