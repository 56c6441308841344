import type { Message } from '../../domain/message.ts';
import type { LogBook } from './log-book.ts';
import { ringRow } from './ring-row.ts';
import type { TillRow, TillTransaction } from './till-log.ts';
import { cents, exemptionOf, goodsRows, thousandths } from './till-row.ts';

/** What a cashier does for one row of goods: exactly one line of the order. */
export interface ScriptStep {
  readonly row: TillRow;
  readonly rule: RingRule;
  readonly event: Message;
  /** A price by hand and a discount on a line need a supervisor. */
  readonly by: 'cashier' | 'supervisor';
  /** Taken off the line just rung, cents: quantity pricing. */
  readonly offMinor: number;
  /** What stock this line moves: product and thousandths that leave the store. */
  readonly moves: Move | null;
  /** Why this row was not rung as it stands; null: it was. */
  readonly why: string | null;
}
export interface Move {
  readonly productId: string;
  readonly quantity: number;
}
/** How a row was rung up: named in the report. */
export type RingRule =
  | 'scan'
  | 'label'
  | 'override'
  | 'bundle'
  | 'department'
  | 'return'
  | 'void'
  | 'credit'
  | 'coupon'
  | 'special'
  | 'amount';

/** One transaction as commands: goods in their order, then what holds for all of them. */
export interface Script {
  readonly steps: readonly ScriptStep[];
  /** Basket discount, hundredths of a percent. */
  readonly percentHundredths: number;
  readonly taxExempt: boolean;
}

/** A transaction's rows as what was done at the till. Rows of a kind that nobody has seen become amounts, and say so. */
export function createScript(transaction: TillTransaction, book: LogBook): Script {
  const exemption = exemptionOf(transaction);
  const steps: ScriptStep[] = [];
  for (const row of goodsRows(transaction)) {
    const ring = (): ScriptStep => ringRow(row, { book, exemption, day: transaction.day });
    steps.push(row.trans_status === 'V' ? (voidStep(row, steps) ?? notThere(ring())) : ring());
  }
  const percents = transaction.rows.map(({ percentDiscount }) => cents(percentDiscount));
  return {
    steps,
    percentHundredths: Math.min(Math.max(0, ...percents), 10_000),
    taxExempt: exemption === 'basket',
  };
}

/** The last line that this row takes back: the same article, price and pieces. */
function voidStep(row: TillRow, before: readonly ScriptStep[]): ScriptStep | null {
  const gone = new Set(before.map(({ event }) => event['line']));
  const isOpen = (step: ScriptStep, line: number): boolean => step.rule !== 'void' && !gone.has(line);
  const at = before.findLastIndex((step, index) => isOpen(step, index + 1) && takesBack(row, step.row));
  const rung = before[at];
  if (rung === undefined) return null;
  const moves = rung.moves === null ? null : { ...rung.moves, quantity: 0 - rung.moves.quantity };
  const event = { type: 'VOID_LINE', line: at + 1 };
  return { row, rule: 'void', event, by: 'cashier', offMinor: 0, moves, why: null };
}

const takesBack = (row: TillRow, rung: TillRow): boolean =>
  row.upc === rung.upc &&
  row.trans_type === rung.trans_type &&
  thousandths(row.quantity) === 0 - thousandths(rung.quantity) &&
  cents(row.unitPrice) === cents(rung.unitPrice);

const notThere = (step: ScriptStep): ScriptStep => ({
  ...step,
  why: `takes back no line that stands there: rung as ${step.rule}`,
});
