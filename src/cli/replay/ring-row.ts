import type { Message } from '../../domain/message.ts';
import { bundleOf } from './bundle.ts';
import { priceAt } from './log-articles.ts';
import type { LogBook } from './log-book.ts';
import type { RingRule, ScriptStep } from './script.ts';
import type { TillRow } from './till-log.ts';
import { isProductRow, labelOf } from './till-product.ts';
import { cents, extendedOf, taxClassOf, thousandths, type Exemption } from './till-row.ts';

export interface RingContext {
  readonly book: LogBook;
  readonly exemption: Exemption;
  readonly day: number;
}

/** How one row is rung up, voids apart. */
export function ringRow(row: TillRow, context: RingContext): ScriptStep {
  if (row.trans_status === 'M') return amountStep(row, 'special', cents(row.total), context);
  if (row.trans_status === 'C') return amountStep(row, 'coupon', cents(row.total), context);
  if (thousandths(row.quantity) === 0) return amountStep(row, 'amount', cents(row.total), context);
  // A price below zero is money for something brought back: a bag, a jug, a card that is full.
  if (cents(row.unitPrice) < 0) return amountStep(row, 'credit', extendedOf(row), context);
  const step = row.trans_type === 'D' ? departmentStep(row, context) : articleStep(row, context);
  if (step !== null) return step.rule === 'return' ? { ...step, why: whyReturn(row) } : step;
  const why = `no rule for a row of type ${row.trans_type ?? '(none)'}, status ${row.trans_status ?? '(none)'}: rung as an amount`;
  return { ...amountStep(row, 'amount', cents(row.total), context), why };
}

const whyReturn = ({ trans_status }: TillRow): string | null =>
  trans_status === 'R' || trans_status === 'X' ? null : 'pieces below zero, and not marked as a refund: rung as return';

const plain = { by: 'cashier', offMinor: 0, moves: null, why: null } as const;

function amountStep(row: TillRow, rule: RingRule, amountMinor: number, { exemption }: RingContext): ScriptStep {
  const taxClass = taxClassOf(row, exemption);
  const event: Message = {
    type: 'ADJUST',
    description: wordsOf(row),
    code: text(row.upc ?? 'none'),
    amountMinor,
    department: text(row.department ?? '0'),
    ...(taxClass !== null && { taxClass }),
    discountable: row.discountable !== undefined,
    coupon: rule === 'coupon',
  };
  return { ...plain, row, rule, event };
}

/** An amount keyed in under a department; below zero pieces it goes back. */
function departmentStep(row: TillRow, { book, exemption }: RingContext): ScriptStep {
  const quantity = thousandths(row.quantity);
  const ring = {
    department: book.departmentOf(row, exemption),
    amountMinor: cents(row.unitPrice),
    quantity: Math.abs(quantity),
  };
  if (quantity < 0) return { ...plain, row, rule: 'return', event: { type: 'RETURN', ...ring } };
  const event = { type: 'RING_DEPARTMENT', ...ring, description: wordsOf(row) };
  return { ...plain, row, rule: 'department', event };
}

/** By code at the book's price of that day; at another one as the label says it, else by a supervisor's hand. */
function articleStep(row: TillRow, { book, exemption, day }: RingContext): ScriptStep | null {
  const article = isProductRow(row) ? book.articleOf(row, exemption) : null;
  if (article === null) return null;
  const [quantity, unitPriceMinor] = [thousandths(row.quantity), cents(row.unitPrice)];
  const bookMinor = priceAt(article, day)?.priceMinor ?? null;
  const bundle = bundleOf(row, bookMinor);
  if (bundle !== null) {
    const event = { type: 'SCAN', code: article.ring, quantity: bundle.quantity };
    const moves = { productId: article.productId, quantity: bundle.quantity };
    return { ...plain, row, rule: 'bundle', event, offMinor: bundle.offMinor, moves };
  }
  const moves = { productId: article.productId, quantity };
  const size = Math.abs(quantity);
  if (unitPriceMinor === bookMinor) return codeStep(row, 'scan', { code: article.ring, quantity: size }, moves);
  const label = article.isMain ? labelOf(article.upc, unitPriceMinor) : null;
  if (label !== null) return codeStep(row, 'label', { code: label, quantity: size }, moves);
  return codeStep(row, 'override', { code: article.ring, quantity: size, unitPriceMinor }, moves);
}

const codeStep = (
  row: TillRow,
  rule: 'scan' | 'label' | 'override',
  ring: Readonly<Record<string, unknown>>,
  moves: NonNullable<ScriptStep['moves']>,
): ScriptStep =>
  moves.quantity < 0
    ? { ...plain, row, rule: 'return', event: { type: 'RETURN', ...ring }, moves }
    : {
        ...plain,
        row,
        rule,
        event: { type: 'SCAN', ...ring },
        by: rule === 'override' ? 'supervisor' : 'cashier',
        moves,
      };

/** Fields of a command have 1 to 200 characters. */
const text = (words: string): string => (words.trim() === '' ? 'none' : words.slice(0, 200));
const wordsOf = ({ description, upc }: TillRow): string => text(description ?? upc ?? 'none');
