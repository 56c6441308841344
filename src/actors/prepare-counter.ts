import { address, idOf, type Address } from '../domain/address.ts';
import type { Refusal } from '../domain/errors.ts';
import type { ShiftReport } from '../domain/facts.ts';
import type { LineDraft } from '../domain/lines.ts';
import type { Message } from '../domain/message.ts';
import type { SaleOpening, Sale } from '../domain/sale.ts';
import type { CounterContext, Shift } from '../machines/counter.ts';
import type { StoreDayContext } from '../machines/store-day.ts';
import { isRefusal, storeDay, type Reads } from './reads.ts';
import { openLine, ringCode, ringDepartment, ringReturnOf, type Rung } from './ring.ts';

/** Turns what a cashier says into what the counter is fed. Fields were checked by domain/commands.ts. */
export function prepareCounter(to: Address, event: Message, reads: Reads, counter: CounterContext): Message | Refusal {
  switch (event.type) {
    case 'OPEN':
      return prepareOpen(to, event, reads);
    case 'SCAN':
    case 'RING':
    case 'RING_DEPARTMENT':
    case 'ADJUST':
    case 'RETURN': {
      const rung = ring(event, reads);
      return isRefusal(rung) ? rung : { type: 'RING', ...rung, order: opening(to, counter, reads) };
    }
    case 'RESUME':
      return prepareResume(event, reads);
    case 'PAY':
      return preparePay(event, reads);
    case 'DISCOUNT_LINE':
      return prepareLineDiscount(event);
    case 'DISCOUNT_ORDER':
      return {
        type: event.type,
        percentHundredths: event['percentHundredths'] ?? 0,
        amountMinor: event['amountMinor'] ?? 0,
        reason: event['reason'],
      };
    case 'SET_MEMBER':
      return { type: event.type, memberId: event['memberId'] ?? null };
    case 'PAID_IN':
    case 'PAID_OUT':
    case 'SAFE_DROP':
      return event['amountMinor'] === 0
        ? { reason: 'amount-needed', detail: `${event.type} needs an amount above zero` }
        : { ...event, movementId: reads.newId() };
    case 'NO_SALE':
      return { ...event, amountMinor: 0, movementId: reads.newId() };
    case 'REPRINT':
      return { type: event.type, orderId: event['orderId'], printerId: event['printer'] ?? idOf(to) };
    case 'X_REPORT':
    case 'COUNT':
      return counter.shift === null
        ? { reason: 'not-now', detail: 'the counter is closed' }
        : { ...event, report: counter.training ? trainingReport(counter.shift) : reads.store.report(counter.shift.shiftId) };
    default:
      return event;
  }
}

/** Training is in no figures: there is nothing on record that could be summed. */
const trainingReport = ({ shiftId, counterId, businessDate }: Shift): ShiftReport => ({
  shiftId,
  counterId,
  businessDate,
  orders: 0,
  itemsMinor: 0,
  discountMinor: 0,
  taxMinor: 0,
  totalMinor: 0,
  roundingMinor: 0,
  tenders: {},
  movements: {},
  expectedCashMinor: 0,
  voidLines: 0,
  returnLines: 0,
  cancelledOrders: 0,
  firstReceipt: null,
  lastReceipt: null,
});

function prepareOpen(to: Address, event: Message, reads: Reads): Message {
  const day = reads.stateOf(storeDay) === 'open' ? (reads.contextOf(storeDay) as StoreDayContext).businessDate : null;
  const shift = {
    counterId: idOf(to),
    shiftId: reads.newId(),
    businessDate: day ?? '',
    operatorId: reads.by.id,
    floatMinor: event['floatMinor'],
    training: event['training'] === true,
    hasDrawer: reads.store.settings.counters[idOf(to)]?.drawer === true,
  };
  return { type: 'OPEN', shift, businessDate: day };
}

/** A bill begins with its first line: the order gets its id, its rules and its place. */
function opening(to: Address, { orderId, shift, training }: CounterContext, reads: Reads): SaleOpening | null {
  if (orderId !== null || shift === null) return null;
  return {
    orderId: reads.newId(),
    counterId: idOf(to),
    shiftId: shift.shiftId,
    businessDate: shift.businessDate,
    rules: reads.store.orderRules(reads.at),
    prints: reads.store.settings.counters[idOf(to)]?.printer === true,
    training,
  };
}

function ring(event: Message, reads: Reads): Rung | Refusal {
  switch (event.type) {
    case 'SCAN':
      if (event['unitPriceMinor'] !== undefined && reads.by.role === 'cashier') {
        return { reason: 'not-allowed', detail: 'a price by hand needs a supervisor' };
      }
      return ringCode(reads.store, { ...codeOf(event), type: 'item' }, reads.at);
    case 'RING':
      return ringAll(event['items'] as readonly Message[], reads);
    case 'RING_DEPARTMENT':
      return ringDepartment(reads.store, { ...departmentOf(event), type: 'department' });
    case 'ADJUST':
      return { drafts: [adjustment(event)], offers: [] };
    default:
      return ringReturn(event, reads);
  }
}

const codeOf = (event: Message) => ({
  code: String(event['code']),
  quantity: numberOr(event['quantity']),
  unitPriceMinor: numberOr(event['unitPriceMinor']),
});
const departmentOf = (event: Message) => ({
  department: String(event['department']),
  amountMinor: Number(event['amountMinor']),
  quantity: numberOr(event['quantity']) ?? 1000,
  description: typeof event['description'] === 'string' ? event['description'] : null,
});
const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function ringAll(items: readonly Message[], reads: Reads): Rung | Refusal {
  const rung: Rung[] = [];
  for (const item of items) {
    const one = ringCode(reads.store, { ...codeOf(item), type: 'item' }, reads.at);
    if (isRefusal(one)) return one;
    rung.push(one);
  }
  return { drafts: rung.flatMap(({ drafts }) => drafts), offers: rung.flatMap(({ offers }) => offers) };
}

/** An amount on the bill that is neither product nor department: a coupon, a member's adjustment. */
const adjustment = (event: Message): LineDraft =>
  openLine({
    type: event['coupon'] === true ? 'coupon' : 'adjustment',
    code: String(event['code']),
    description: String(event['description']),
    department: String(event['department']),
    quantity: 1000,
    unitPriceMinor: Number(event['amountMinor']),
    taxClass: typeof event['taxClass'] === 'string' ? event['taxClass'] : null,
    discountable: event['discountable'] === true,
  });

function ringReturn(event: Message, reads: Reads): Rung | Refusal {
  const { receiptCounter, receiptNumber, line } = event as unknown as ReturnCommand;
  if (receiptNumber !== undefined) {
    const orderId = reads.store.orderOf(receiptCounter ?? '', receiptNumber);
    const sale = orderId === null ? null : (reads.contextOf(address('order', orderId)) as Sale | null);
    if (sale === null) {
      return { reason: 'unknown-receipt', detail: `no receipt ${receiptNumber} of counter ${receiptCounter ?? '(receiptCounter is missing)'}` };
    }
    return ringReturnOf(sale, line ?? 0, numberOr(event['quantity']));
  }
  if (event['code'] !== undefined) return ringCode(reads.store, { ...codeOf(event), type: 'return' }, reads.at);
  if (event['department'] === undefined) {
    return { reason: 'bad-command', detail: 'RETURN needs a receipt and line, a code, or a department' };
  }
  const back = departmentOf(event);
  return ringDepartment(reads.store, { ...back, quantity: -back.quantity, type: 'return' });
}

interface ReturnCommand {
  readonly receiptCounter?: string;
  readonly receiptNumber?: number;
  readonly line?: number;
}

function prepareResume(event: Message, reads: Reads): Message | Refusal {
  const order = address('order', String(event['orderId']));
  return reads.stateOf(order) === 'pending.suspended'
    ? event
    : { reason: 'unknown-order', detail: `${String(event['orderId'])} is not a suspended order` };
}

function preparePay(event: Message, reads: Reads): Message | Refusal {
  const tender = reads.store.settings.tenders.find(({ code }) => code === event['tender']);
  if (tender === undefined) {
    const known = reads.store.settings.tenders.map(({ code }) => code).join(', ');
    return { reason: 'unknown-tender', detail: `${String(event['tender'])}: the store takes ${known}` };
  }
  return { type: 'PAY', paymentId: reads.newId(), tender, offeredMinor: numberOr(event['amountMinor']) };
}

function prepareLineDiscount(event: Message): Message | Refusal {
  const { percentHundredths, amountMinor, reason, line } = event;
  if ((percentHundredths === undefined) === (amountMinor === undefined)) {
    return { reason: 'bad-command', detail: 'DISCOUNT_LINE needs either percentHundredths or amountMinor' };
  }
  const manual =
    percentHundredths === undefined
      ? { type: 'amount', amountMinor, reason }
      : { type: 'percent', percentHundredths, reason };
  return { type: event.type, line, manual };
}
