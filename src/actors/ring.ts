import type { Refusal } from '../domain/errors.ts';
import { draftDeposit, draftItem, type LineDraft, type Ring } from '../domain/lines.ts';
import { roundDivide } from '../domain/money.ts';
import type { Offer } from '../domain/offers.ts';
import { netOfTare } from '../domain/quantity.ts';
import type { OrderLine } from '../domain/order.ts';
import type { Sale } from '../domain/sale.ts';
import type { FoundItem, StoreReader } from '../domain/settings.ts';

/** What is rung becomes lines: the price book is read here, before the machine sees anything. */
export interface Rung {
  readonly drafts: readonly LineDraft[];
  readonly offers: readonly Offer[];
}

interface CodeRing {
  readonly code: string;
  readonly quantity: number | null;
  readonly unitPriceMinor: number | null;
  readonly type: 'item' | 'return';
}

export function ringCode(reader: StoreReader, wanted: CodeRing, at: number): Rung | Refusal {
  const found = reader.lookUp(wanted.code, at);
  if (found === null) return { reason: 'unknown-code', detail: `${wanted.code} is not in the price book` };
  const quantity = netQuantity(found, wanted.quantity);
  if (quantity === null)
    return { reason: 'quantity-needed', detail: `${found.item.description} is weighed: give its weight` };
  if (quantity <= 0)
    return { reason: 'quantity-needed', detail: `${found.item.description}: nothing is left after the tare` };
  const ring: Ring = {
    type: wanted.type,
    code: wanted.code,
    quantity: wanted.type === 'return' ? -quantity : quantity,
    price: priceOf(found, wanted.unitPriceMinor),
    returnOf: null,
  };
  const draft = draftItem(found.item, ring);
  const drafts = found.item.depositMinor > 0 ? [draft, { ...draftDeposit(found.item, ring), linkedTo: 0 }] : [draft];
  return { drafts, offers: ring.price === null ? found.item.offers : [] };
}

/** A weight from a label is net; one from the scale carries the container. */
function netQuantity({ item, quantity: onLabel, labelPriceMinor }: FoundItem, given: number | null): number | null {
  if (onLabel !== null) return onLabel;
  if (labelPriceMinor !== null) return given ?? 1000;
  if (!item.weighed) return given ?? 1000;
  if (given === null) return null;
  const net = netOfTare(given, item.tare);
  return net.ok ? net.quantity : 0;
}

const priceOf = ({ labelPriceMinor }: FoundItem, override: number | null): Ring['price'] => {
  if (override !== null) return { unitPriceMinor: override, source: 'override' };
  return labelPriceMinor === null ? null : { unitPriceMinor: labelPriceMinor, source: 'label' };
};

interface OpenRing {
  readonly department: string;
  readonly amountMinor: number;
  readonly quantity: number;
  readonly description: string | null;
  readonly type: 'department' | 'return';
}

/** An amount keyed in under a department, without a product. */
export function ringDepartment(reader: StoreReader, ring: OpenRing): Rung | Refusal {
  const department = reader.department(ring.department);
  if (department === null) return { reason: 'unknown-code', detail: `no department ${ring.department}` };
  const draft = openLine({
    type: ring.type,
    code: `department-${ring.department}`,
    description: ring.description ?? department.name,
    department: ring.department,
    quantity: ring.quantity,
    unitPriceMinor: ring.amountMinor,
    taxClass: department.taxClass,
    discountable: department.discountable,
  });
  return { drafts: [draft], offers: [] };
}

type OpenLine = Pick<
  OrderLine,
  'code' | 'description' | 'department' | 'quantity' | 'unitPriceMinor' | 'taxClass' | 'discountable'
> & { readonly type: LineDraft['type'] };

/** A line that no product stands behind: open ring, coupon, adjustment. */
export const openLine = (line: OpenLine): LineDraft => ({
  ...line,
  productId: '',
  weighed: false,
  tare: 0,
  regularPriceMinor: line.unitPriceMinor,
  priceSource: 'open-ring',
  offerIds: [],
  manual: null,
  voids: null,
  returnOf: null,
  linkedTo: null,
});

/** Goods of a known sale come back at what was paid for them: price, and their share of what came off it. */
export function ringReturnOf(sale: Sale, number: number, quantity: number | null): Rung | Refusal {
  const line = sale.lines[number - 1];
  const priced = sale.priced.lines[number - 1];
  if (line === undefined || priced === undefined)
    return { reason: 'unknown-line', detail: `the receipt has no line ${number}` };
  const back = quantity ?? line.quantity;
  const offMinor = roundDivide((priced.extendedMinor - priced.totalMinor) * back, line.quantity);
  const draft: LineDraft = {
    ...line,
    type: 'return',
    quantity: -back,
    priceSource: 'override',
    offerIds: [],
    manual: offMinor === 0 ? null : { type: 'amount', amountMinor: offMinor, reason: 'as sold' },
    voids: null,
    returnOf: { orderId: sale.orderId, line: number },
    linkedTo: null,
  };
  const { line: _line, voidedBy: _voidedBy, ...unnumbered } = draft as OrderLine;
  return { drafts: [unnumbered], offers: [] };
}
