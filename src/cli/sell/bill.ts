import { styleText } from 'node:util';
import type { OrderPayment } from '../../domain/due.ts';
import { formatMinor } from '../../domain/money.ts';
import type { OrderLine, OrderTotals, PricedLine } from '../../domain/order.ts';
import type { View } from '../../domain/ports.ts';
import { formatQuantity, onePiece } from '../../domain/quantity.ts';

/** What a till draws of an order: its view (domain/view.ts). */
interface OrderData {
  readonly lines: readonly (OrderLine & PricedLine)[];
  readonly totals: OrderTotals;
  readonly payments: readonly OrderPayment[];
  readonly currency: string;
  readonly memberId: string | null;
  readonly dueMinor: number;
}

export const columns = 60;
const amountColumns = 12;
/** Lines of a bill on the screen; the older ones are above, and still sold. */
const linesMax = 30;

export const rule = (): string => dim('─'.repeat(columns));
export const dim = (text: string): string => styleText('dim', text, { stream: process.stdout });
export const strong = (text: string): string => styleText('bold', text, { stream: process.stdout });

/** Left, and an amount at the right edge. */
export const amountRow = (left: string, right: string): string => {
  const room = columns - Math.max(amountColumns, right.length + 1) - 2;
  const shown = left.length > room ? `${left.slice(0, room - 1)}…` : left;
  return `  ${shown.padEnd(room)}${right.padStart(columns - 2 - room)}`.trimEnd();
};

/** The view's data, as its order wrote it. */
const orderData = ({ data }: View): OrderData => data as unknown as OrderData;

/** The bill: its lines, what applied to them, what is due. Nothing is added up here. */
export const billText = (order: View): readonly string[] => {
  const bill = orderData(order);
  const rows = bill.lines.filter(({ type }) => type !== 'void');
  const above = Math.max(0, rows.length - linesMax);
  return [
    rule(),
    ...(above === 0 ? [] : [dim(`  … ${above} more above`)]),
    ...rows.slice(above).flatMap((line) => lineText(line, bill.currency)),
    ...(rows.length === 0 ? [dim('  nothing rung yet')] : []),
    rule(),
    ...totalsText(bill),
    ...bill.payments.flatMap((payment) => paymentText(payment, bill.currency)),
    strong(
      amountRow(
        bill.dueMinor < 0 ? `TO GIVE BACK ${bill.currency}` : `TO PAY ${bill.currency}`,
        money(bill, Math.abs(bill.dueMinor)),
      ),
    ),
  ];
};

const money = ({ currency }: OrderData, amountMinor: number): string => formatMinor(amountMinor, currency);

const lineText = (line: OrderLine & PricedLine, currency: string): readonly string[] => {
  const name = `${String(line.line).padStart(3)}  ${line.type === 'return' ? 'RETURN ' : ''}${line.description}`;
  if (line.voidedBy !== null) return [dim(amountRow(name, 'voided'))];
  const single = line.quantity === onePiece && !line.weighed;
  const count = `     ${formatQuantity(line.quantity)} × ${formatMinor(line.unitPriceMinor, currency)}`;
  return [
    amountRow(name, formatMinor(line.extendedMinor, currency)),
    ...(single ? [] : [dim(amountRow(count, ''))]),
    ...line.modifiers.map(({ reason, amountMinor }) =>
      dim(amountRow(`     ${reason}`, formatMinor(amountMinor, currency))),
    ),
  ];
};

const totalsText = (bill: OrderData): readonly string[] => {
  const { itemsMinor, discountMinor, taxMinor, includedTaxMinor, totalMinor } = bill.totals;
  return [
    ...(itemsMinor === totalMinor ? [] : [amountRow('Items', money(bill, itemsMinor))]),
    ...(discountMinor === 0 ? [] : [amountRow('Discount', money(bill, discountMinor))]),
    ...(taxMinor === 0 ? [] : [amountRow('Tax', money(bill, taxMinor))]),
    ...(includedTaxMinor === 0 ? [] : [dim(amountRow('Tax in the prices', money(bill, includedTaxMinor)))]),
    ...(bill.memberId === null ? [] : [dim(amountRow(`Member ${bill.memberId}`, ''))]),
  ];
};

const paymentWords = {
  pending: 'under way',
  unknown: 'nobody knows yet: the terminal is asked',
  success: '',
  failed: 'failed',
  reversing: 'is being given back',
  reversed: 'given back',
} as const satisfies Record<OrderPayment['status'], string>;

const paymentText = ({ tender, status, tenderedMinor }: OrderPayment, currency: string): readonly string[] => {
  const word = paymentWords[status];
  const row = amountRow(word === '' ? tender : `${tender}  ${word}`, formatMinor(-tenderedMinor, currency));
  return [status === 'success' || status === 'pending' ? row : dim(row)];
};

/** The payment that the cashier waits for, if any. */
export const paymentUnderWay = (order: View): OrderPayment | null =>
  orderData(order).payments.findLast(({ status }) => status === 'pending') ?? null;

/** The payment of which nobody knows yet what became of it, if any. */
export const paymentInDoubt = (order: View): OrderPayment | null =>
  orderData(order).payments.findLast(({ status }) => status === 'unknown') ?? null;
