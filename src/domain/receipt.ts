import { assert } from './errors.ts';
import { formatDecimal, formatMinor } from './money.ts';
import { formatQuantity, onePiece } from './quantity.ts';
import type { LineType } from './order.ts';
import type { TaxAmount } from './tax.ts';

/** What stands on paper: plain JSON, kept in the print job, so small and complete: nothing is looked up when it is printed. */
export interface Receipt {
  readonly store: ReceiptStore;
  readonly counter: string;
  /** Gapless per counter. */
  readonly number: number;
  readonly orderId: string;
  /** `2026-08-14`: the store's day, not the wall clock's. */
  readonly businessDate: string;
  /** Wall clock, milliseconds, and what to add to it for the store's local time. */
  readonly at: number;
  readonly utcOffsetMinutes: number;
  /** Operator id. */
  readonly operator: string;
  readonly currency: string;
  readonly lines: readonly ReceiptLine[];
  readonly itemsMinor: number;
  readonly discountMinor: number;
  /** Tax on top; what the prices contain stands in `taxes` only. */
  readonly taxMinor: number;
  readonly taxes: readonly ReceiptTax[];
  /** Before cash rounding. Negative: the customer gets it back. */
  readonly totalMinor: number;
  /** Cash rounding added to the total; 0 where there was none. */
  readonly roundingMinor: number;
  readonly tenders: readonly ReceiptTender[];
  readonly changeMinor: number;
  /** A second print of the same receipt: says COPY. */
  readonly copy: boolean;
  /** A training receipt: says so, and counts nowhere. */
  readonly training: boolean;
}

export interface ReceiptStore {
  readonly name: string;
  readonly address: readonly string[];
}

export interface ReceiptLine {
  readonly type: LineType;
  readonly description: string;
  readonly quantity: number;
  readonly weighed: boolean;
  readonly unitPriceMinor: number;
  /** Quantity × unit price, before modifiers. */
  readonly extendedMinor: number;
  readonly modifiers: readonly ReceiptModifier[];
  readonly taxClass: string | null;
}

export interface ReceiptModifier {
  readonly reason: string;
  readonly amountMinor: number;
}

export interface ReceiptTax extends TaxAmount {
  readonly name: string;
  readonly rateMillionths: number;
}

export interface ReceiptTender {
  /** As printed: `Cash`, `Card`. */
  readonly name: string;
  /** Money taken; negative for money given back. Change is not taken off. */
  readonly amountMinor: number;
  readonly card: ReceiptCard | null;
}

/** What a terminal may hand out, nothing more (K1). */
export interface ReceiptCard {
  readonly maskedPan: string;
  readonly scheme: string;
  readonly authCode: string;
  readonly terminalReceipt: string;
}

/** Columns of an 80 mm printer with its usual font, and of a 58 mm one. */
const usualColumns = 42;
const columnsMin = 32;

/**
 * A receipt as lines of text, none longer than `columns`: for text printers, screens and support. Only fills in words; adds nothing up
 * that the receipt does not hold.
 */
export const renderReceiptText = (receipt: Receipt, columns = usualColumns): readonly string[] => {
  assert(columns >= columnsMin, `a receipt has at least ${columnsMin} columns`);
  const rule = '-'.repeat(columns);
  return [
    ...heading(receipt, columns),
    rule,
    ...receipt.lines.flatMap((line) => lineText(line, receipt.currency, columns)),
    rule,
    ...totalsText(receipt, columns),
    ...tendersText(receipt, columns),
    ...taxesText(receipt, columns),
    rule,
    ...footing(receipt, columns),
  ];
};

const heading = ({ store, copy, training }: Receipt, columns: number): readonly string[] =>
  [store.name, ...store.address, ...marks(copy, training)].flatMap((text) => centred(text, columns));

const marks = (copy: boolean, training: boolean): readonly string[] => [
  ...(copy ? ['*** COPY ***'] : []),
  ...(training ? ['*** TRAINING - NO SALE ***'] : []),
];

const footing = (receipt: Receipt, columns: number): readonly string[] => {
  const { at, utcOffsetMinutes, counter, number, businessDate, operator, copy, training } = receipt;
  const local = new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');
  return [
    ...pair(`Counter ${counter}`, `Receipt ${number}`, columns),
    ...pair(local, `Operator ${operator}`, columns),
    ...(local.startsWith(businessDate) ? [] : pair('Business date', businessDate, columns)),
    ...marks(copy, training).flatMap((text) => centred(text, columns)),
  ];
};

const typeMarks: Readonly<Record<LineType, string>> = {
  item: '',
  department: '',
  deposit: '',
  coupon: '',
  adjustment: '',
  void: 'VOID ',
  return: 'RETURN ',
};

const lineText = (line: ReceiptLine, currency: string, columns: number): readonly string[] => {
  const amount = `${formatMinor(line.extendedMinor, currency)} ${line.taxClass ?? ' '}`;
  const count = `  ${formatQuantity(line.quantity)} x ${formatMinor(line.unitPriceMinor, currency)}`;
  const single = line.quantity === onePiece && !line.weighed;
  return [
    ...pair(typeMarks[line.type] + line.description, amount, columns),
    ...(single ? [] : pair(count, '', columns)),
    ...line.modifiers.flatMap(({ reason, amountMinor }) =>
      pair(`  ${reason}`, `${formatMinor(amountMinor, currency)}  `, columns),
    ),
  ];
};

const totalsText = (receipt: Receipt, columns: number): readonly string[] => {
  const { currency, itemsMinor, discountMinor, taxMinor, totalMinor, roundingMinor } = receipt;
  const row = (name: string, amountMinor: number): readonly string[] =>
    pair(name, `${formatMinor(amountMinor, currency)}  `, columns);
  return [
    ...(itemsMinor === totalMinor ? [] : row('Subtotal', itemsMinor)),
    ...(discountMinor === 0 ? [] : row('Discount', discountMinor)),
    ...(taxMinor === 0 ? [] : row('Tax', taxMinor)),
    ...row(`TOTAL ${currency}`, totalMinor),
    ...(roundingMinor === 0 ? [] : row('Cash rounding', roundingMinor)),
  ];
};

const tendersText = ({ tenders, changeMinor, currency }: Receipt, columns: number): readonly string[] => [
  ...tenders.flatMap(({ name, amountMinor, card }) => [
    ...pair(name, `${formatMinor(amountMinor, currency)}  `, columns),
    ...(card === null ? [] : cardText(card, columns)),
  ]),
  ...(changeMinor === 0 ? [] : pair('Change', `${formatMinor(changeMinor, currency)}  `, columns)),
];

const cardText = (card: ReceiptCard, columns: number): readonly string[] => [
  ...pair(`  ${card.scheme} ${lastFour(card.maskedPan)}`, '', columns),
  ...pair(`  Approval ${card.authCode}, terminal ${card.terminalReceipt}`, '', columns),
];

/** Whatever a terminal handed out, no more than the last four digits reach paper (K1). */
const lastFour = (maskedPan: string): string => `****${/\d{1,4}$/.exec(maskedPan)?.[0] ?? ''}`;

const taxesText = ({ taxes, currency }: Receipt, columns: number): readonly string[] =>
  taxes.flatMap(({ classId, name, rateMillionths, baseMinor, taxMinor, inclusive }) =>
    pair(
      `${classId} ${name} ${formatDecimal(rateMillionths, 4).replace(/\.?0+$/, '')} %${inclusive ? ' incl.' : ''}`,
      `${formatMinor(taxMinor, currency)} of ${formatMinor(baseMinor, currency)}  `,
      columns,
    ),
  );

/** Text from outside must not steer a printer: control characters become blanks. */
const printable = (text: string): string => text.replaceAll(control, ' ').trimEnd();

const control = /\p{Cc}/gu;

/** By code points, so that no character is cut in two. */
const cut = (text: string, columns: number): string => Array.from(text).slice(0, columns).join('');

const width = (text: string): number => Array.from(text).length;

const centred = (text: string, columns: number): readonly string[] => {
  const shown = cut(printable(text).trim(), columns);
  return [' '.repeat(Math.floor((columns - width(shown)) / 2)) + shown];
};

/** Left and right on one line; the left gives way, for an amount is never cut. Where the right needs the room, on two lines. */
const pair = (left: string, right: string, columns: number): readonly string[] => {
  const shown = printable(right) === '' ? '' : ` ${right.replaceAll(control, ' ')}`;
  const room = columns - width(shown);
  if (room >= columns / 4) return [(padEnd(cut(printable(left), room), room) + shown).trimEnd()];
  const alone = cut(printable(right).trim(), columns);
  return [cut(printable(left), columns), ' '.repeat(columns - width(alone)) + alone];
};

const padEnd = (text: string, columns: number): string => text + ' '.repeat(columns - width(text));
