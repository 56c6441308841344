import { assert } from './errors.ts';
import type { LineType, ManualDiscount, OrderLine, ReturnOf } from './order.ts';
import type { Item } from './product.ts';

/** A line before it has its number. */
export type LineDraft = Omit<OrderLine, 'line' | 'voidedBy'>;

export interface Ring {
  readonly type: Exclude<LineType, 'void'>;
  readonly code: string;
  /** Signed thousandths. */
  readonly quantity: number;
  /** Price of one, where a label or an operator says so. */
  readonly price: { readonly unitPriceMinor: number; readonly source: OrderLine['priceSource'] } | null;
  readonly returnOf: ReturnOf | null;
}

/** The line that an item of the price book makes. A price by label or hand takes no offers: it is a price already. */
export const draftItem = (item: Item, ring: Ring): LineDraft => ({
  type: ring.type,
  productId: item.productId,
  code: ring.code,
  description: item.description,
  department: item.department,
  quantity: ring.quantity,
  weighed: item.weighed,
  tare: item.weighed ? item.tare : 0,
  unitPriceMinor: ring.price?.unitPriceMinor ?? item.unitPriceMinor,
  regularPriceMinor: item.regularPriceMinor,
  priceSource: ring.price?.source ?? 'price-book',
  taxClass: item.taxClass,
  discountable: item.discountable,
  offerIds: ring.price === null ? item.offers.map(({ offerId }) => offerId) : [],
  manual: null,
  voids: null,
  returnOf: ring.returnOf,
  linkedTo: null,
});

/** The deposit that comes with an item: untaxed, no discount. */
export const draftDeposit = (item: Item, ring: Ring): LineDraft => ({
  ...draftItem({ ...item, unitPriceMinor: item.depositMinor, regularPriceMinor: item.depositMinor }, ring),
  type: 'deposit',
  productId: `deposit-${item.productId}`,
  description: `Deposit ${item.description}`,
  weighed: false,
  tare: 0,
  unitPriceMinor: item.depositMinor,
  priceSource: 'price-book',
  taxClass: null,
  discountable: false,
  offerIds: [],
});

/** Numbers drafts after the lines that are there. A draft's `linkedTo: 0` means the draft just before it. */
export function appendLines(lines: readonly OrderLine[], drafts: readonly LineDraft[]): readonly OrderLine[] {
  let next = lines.length;
  const added = drafts.map((draft) => {
    next += 1;
    return { ...draft, line: next, voidedBy: null, linkedTo: draft.linkedTo === 0 ? next - 1 : draft.linkedTo };
  });
  return [...lines, ...added];
}

export const isVoidable = (lines: readonly OrderLine[], number: number): boolean => {
  const line = lines[number - 1];
  return line !== undefined && line.type !== 'void' && line.voidedBy === null;
};

/** Takes a line back, and what is linked to it (its deposit), by lines that negate them exactly. */
export function voidLine(lines: readonly OrderLine[], number: number): readonly OrderLine[] {
  const wanted = lines.filter((line) => line.line === number || (line.linkedTo === number && line.voidedBy === null));
  assert(wanted.length > 0 && isVoidable(lines, number), 'a line is voided once');
  return wanted.reduce<readonly OrderLine[]>((all, line) => voidOne(all, line), lines);
}

function voidOne(lines: readonly OrderLine[], line: OrderLine): readonly OrderLine[] {
  const number = lines.length + 1;
  const marked = lines.map((other) => (other.line === line.line ? { ...other, voidedBy: number } : other));
  return [
    ...marked,
    { ...line, line: number, type: 'void', quantity: -line.quantity, voids: line.line, voidedBy: null },
  ];
}

export const discountLine = (
  lines: readonly OrderLine[],
  number: number,
  manual: ManualDiscount,
): readonly OrderLine[] => lines.map((line) => (line.line === number ? { ...line, manual } : line));
