import { address, idOf, type Address } from '../domain/address.ts';
import type { Refusal } from '../domain/errors.ts';
import type { ShiftReport } from '../domain/facts.ts';
import type { Message } from '../domain/message.ts';
import type { SaleOpening } from '../domain/sale.ts';
import type { CounterContext, Shift } from '../machines/counter.ts';
import type { StoreDayContext } from '../machines/store-day.ts';
import { numberOr, storeDay, type Reads } from './reads.ts';

/** Turns what a cashier says into what the counter is fed. Fields were checked by domain/commands.ts. */
export function prepareCounter(to: Address, event: Message, reads: Reads, counter: CounterContext): Message | Refusal {
  switch (event.type) {
    case 'OPEN':
      return prepareOpen(to, event, reads);
    case 'SCAN':
    case 'RING':
    case 'RING_DEPARTMENT':
    case 'ADJUST':
    case 'RETURN':
      return { type: 'RING', ring: event, order: opening(to, counter, reads) };
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
        : {
            ...event,
            report: counter.training ? trainingReport(counter.shift) : reads.store.report(counter.shift.shiftId),
          };
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
  unsurePayments: 0,
  unsureMinor: 0,
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
