import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** One row of a till's log; a column that was empty or 0 is left out. Money and quantities are decimal text. */
export interface TillRow {
  readonly datetime?: string;
  /** 13 digits without check digit, or `<amount>DP<department>`, or a word. */
  readonly upc?: string;
  readonly description?: string;
  /** I item, D department ring, T tender, A tax, C comment, none: comment. */
  readonly trans_type?: string;
  readonly trans_subtype?: string;
  /** V void, R refund, M member special, C coupon, D informational, X cancelled or suspended. */
  readonly trans_status?: string;
  readonly department?: string;
  readonly quantity?: string;
  readonly ItemQtty?: string;
  readonly unitPrice?: string;
  readonly regPrice?: string;
  readonly total?: string;
  readonly tax?: string;
  readonly scale?: string;
  readonly foodstamp?: string;
  readonly discountable?: string;
  readonly percentDiscount?: string;
  readonly volDiscType?: string;
  readonly VolSpecial?: string;
}

export interface TillTransaction {
  readonly day: number;
  readonly cashier: string;
  readonly transNo: string;
  /** completed, cancelled_or_suspended, training or other. */
  readonly kind: string;
  readonly start?: string;
  readonly rows: readonly TillRow[];
}

export type TillLog =
  | { readonly ok: true; readonly transactions: readonly TillTransaction[] }
  | { readonly ok: false; readonly detail: string };

/** Lines of one log: a month of a busy till has a hundredth of it. */
const transactionsMax = 1_000_000;

/** Reads a log, gzipped or not: one transaction a line. Names the first line that is none. */
export function readTillLog(file: string): TillLog {
  let text: string;
  try {
    const bytes = readFileSync(file);
    text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    return { ok: false, detail: `${file}: ${error instanceof Error ? error.message : String(error)}` };
  }
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > transactionsMax) return { ok: false, detail: `${file} has more than ${transactionsMax} lines` };
  const transactions: TillTransaction[] = [];
  for (const [index, line] of lines.entries()) {
    const transaction = parseTransaction(line);
    if (transaction === null) return { ok: false, detail: `${file}, line ${index + 1}: not a till transaction` };
    transactions.push(transaction);
  }
  return { ok: true, transactions };
}

function parseTransaction(line: string): TillTransaction | null {
  try {
    const value = JSON.parse(line) as Partial<Record<keyof TillTransaction, unknown>> | null;
    const { day, cashier, transNo, kind, start, rows } = value ?? {};
    if (!Array.isArray(rows) || !Number.isInteger(Number(day)) || !isName(cashier)) return null;
    return {
      day: Number(day),
      cashier: String(cashier),
      transNo: isName(transNo) ? String(transNo) : '',
      kind: typeof kind === 'string' ? kind : 'other',
      ...(typeof start === 'string' && { start }),
      rows: rows.map(toRow),
    };
  } catch {
    return null;
  }
}

const isName = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Columns may be numbers, or empty, where somebody else wrote the file. */
const toRow = (row: object): TillRow =>
  Object.fromEntries(
    Object.entries(row)
      .map(([key, value]) => [key, String(value ?? '').trim()])
      .filter(([, value]) => value !== ''),
  );
