import { kindOf } from '../../src/domain/address.ts';
import { paidMinor } from '../../src/domain/due.ts';
import type { OrderPaid } from '../../src/domain/facts.ts';
import { isOpen, paymentOf, totalOf, type Sale } from '../../src/domain/sale.ts';
import type { Tender } from '../../src/domain/tender.ts';
import { orderMachine, type OrderEvent } from '../../src/machines/order.ts';
import { card, cash, draft, opening } from './basket.ts';
import { firstWrong, recorded, toldTo } from './card-words.ts';
import {
  effectsOf,
  type Check,
  type Effect,
  type Invariants,
  type ModelEvent,
  type Trace,
  type TraceStep,
} from './model.ts';

export const eventTypes = {
  OPEN: 'command',
  ADD_LINES: 'command',
  VOID_LINE: 'command',
  DISCOUNT_LINE: 'command',
  DISCOUNT_ORDER: 'command',
  SET_MEMBER: 'command',
  SET_TAX_EXEMPT: 'command',
  SUSPEND: 'command',
  SELL_ON: 'command',
  RESUME: 'command',
  CANCEL: 'command',
  TENDER: 'command',
  VOID_PAYMENT: 'command',
  PAYMENT_SUCCEEDED: true,
  PAYMENT_FAILED: true,
  PAYMENT_UNKNOWN: true,
  PAYMENT_REVERSED: true,
  RECEIPT_PRINTED: true,
  RECEIPT_HELD: true,
  RECEIPT_UNSURE: true,
  REPRINT: 'command',
  RETURN_LINES: true,
  RELEASE_LINES: true,
} as const satisfies Record<OrderEvent['type'], true | 'command'>;

export type Event = ModelEvent<typeof orderMachine>;
export const open: Event = { type: 'OPEN', order: opening, drafts: [], offers: [] };
export const ring = (...drafts: readonly ReturnType<typeof draft>[]): Event => ({
  type: 'ADD_LINES',
  drafts,
  offers: [],
});
export const bread = ring(draft('bread', 1_000));
export const voidLine = (line: number): Event => ({ type: 'VOID_LINE', line });
export const pay = (paymentId: string, tender: Tender, offeredMinor: number | null = null): Event => ({
  type: 'TENDER',
  paymentId,
  tender,
  offeredMinor,
});
export const voidPayment = (paymentId: string): Event => ({ type: 'VOID_PAYMENT', paymentId, reason: 'changed mind' });
export const succeeded = (paymentId: string): Event => ({
  type: 'PAYMENT_SUCCEEDED',
  paymentId,
  approval: null,
  receiptNumber: 7,
  header: { store: { name: 'Shop', address: [] }, utcOffsetMinutes: 0 },
});
const failed = (paymentId: string): Event => ({ type: 'PAYMENT_FAILED', paymentId, reason: 'declined' });
export const unknown = (paymentId: string): Event => ({ type: 'PAYMENT_UNKNOWN', paymentId });
export const reversed = (paymentId: string): Event => ({ type: 'PAYMENT_REVERSED', paymentId });
export const suspend: Event = { type: 'SUSPEND' };
export const resume: Event = { type: 'RESUME', counterId: '4', shiftId: 's2', businessDate: '2026-03-03' };
export const sellOn: Event = { type: 'SELL_ON' };
export const cancel: Event = { type: 'CANCEL', reason: 'left' };
export const reprint: Event = { type: 'REPRINT', printerId: '3' };

/** What payments and printers say to what they are told; a payment that is unsure says more later, or never. */
const answers = (effect: Effect): readonly Event[] => {
  if (effect.type !== 'tell') return [];
  const { to, event } = effect.params;
  const paymentId = to.slice(to.indexOf('/') + 1);
  if (event.type === 'START') {
    const { method } = event['payment'] as { readonly method: string };
    return method === 'card' ? [succeeded(paymentId), failed(paymentId), unknown(paymentId)] : [succeeded(paymentId)];
  }
  if (event.type === 'PAYMENT_UNKNOWN') {
    const unsure = String(event['paymentId']);
    return [succeeded(unsure), failed(unsure)];
  }
  // Given back, or a person says that the charge stands.
  if (event.type === 'REVERSE' && kindOf(to) === 'payment') return [reversed(paymentId), succeeded(paymentId)];
  if (event.type !== 'PRINT') return [];
  const jobId = String(event['jobId']);
  return [
    { type: 'RECEIPT_PRINTED', jobId, copy: event['copy'] === true },
    { type: 'RECEIPT_HELD', jobId },
    { type: 'RECEIPT_UNSURE', jobId },
  ];
};

export const saleOf = (step: TraceStep | undefined): Sale => step?.context as Sale;
const isSold = (state: string): boolean => state === 'paid' || state === 'receipted';
const becomesPaid = ({ from, to }: TraceStep): boolean => !isSold(from) && isSold(to);
export const paidFacts = (trace: Trace): readonly OrderPaid[] =>
  effectsOf(trace, 'record').flatMap((fact) => (fact.type === 'order.paid' ? [fact.payload] : []));
export const moved = ({ lines }: Sale): readonly object[] =>
  lines.flatMap(({ type, voids, productId, quantity, line }) =>
    ['item', 'return'].includes(voids === null ? type : (lines[voids - 1]?.type ?? ''))
      ? [{ productId, change: -quantity, reason: type === 'return' ? 'return' : 'sale', line }]
      : [],
  );

const invariants: Invariants = {
  'order.paid is recorded once': (trace) => (paidFacts(trace).length > 1 ? 'order.paid' : null),
  'an order becomes PAID and is recorded as paid in the same turn': (trace) =>
    firstWrong(trace, (step) => becomesPaid(step) !== recorded([step]).includes('order.paid')),
  'PAID means that the payments cover the total': (trace) =>
    firstWrong(trace, (step) => becomesPaid(step) && paidMinor(saleOf(step).payments) !== totalOf(saleOf(step))),
  'an order whose payments cover its total is PAID in that turn': (trace) =>
    firstWrong(trace, (step) => {
      if (step.event.type !== 'PAYMENT_SUCCEEDED' || !step.from.startsWith('pending')) return false;
      const counted = paymentOf(saleOf(step), String((step.event as { paymentId?: string }).paymentId))?.status;
      const covered = counted === 'success' && paidMinor(saleOf(step).payments) === totalOf(saleOf(step));
      return covered && !isSold(step.to);
    }),
  'the ledger stands in the fact that makes it PAID': (trace) =>
    firstWrong(trace, (step) =>
      paidFacts([step]).some(({ ledger }) => JSON.stringify(ledger) !== JSON.stringify(moved(saleOf(step)))),
    ),
  'the original is printed once': (trace) =>
    effectsOf(trace, 'tell').filter(({ event }) => event.type === 'PRINT' && event['copy'] !== true).length > 1
      ? 'PRINT'
      : null,
  'each print is a job of its own': (trace) => {
    const jobs = effectsOf(trace, 'tell').flatMap(({ event }) => (event.type === 'PRINT' ? [event['jobId']] : []));
    return new Set(jobs).size < jobs.length ? String(jobs) : null;
  },
  'CANCELLED keeps no money': (trace) =>
    firstWrong(trace, (step, index) => {
      if (step.to !== 'cancelled') return false;
      const entering = step.from !== 'cancelled';
      const held = entering ? ['success', 'pending', 'unknown', 'reversing'] : ['success'];
      const disputed = recorded(trace.slice(0, index + 1)).includes('order.disputed');
      return !disputed && saleOf(step).payments.some(({ status }) => held.includes(status));
    }),
  'money that came is counted or given back in that turn': (trace) =>
    firstWrong(trace, (step, index) => {
      if (step.event.type !== 'PAYMENT_SUCCEEDED' || !('paymentId' in step.event)) return false;
      const paymentId = String(step.event.paymentId);
      const before = saleOf(trace[index - 1]);
      if (!isOpen(before, paymentId)) return false;
      const status = paymentOf(saleOf(step), paymentId)?.status;
      const gaveBack = status === 'reversing' && toldTo([step], 'payment').includes('REVERSE');
      return status !== 'success' && !gaveBack;
    }),
  'what comes late and is too much is never kept in silence': (trace) =>
    firstWrong(trace, (step, index) => {
      if (step.event.type !== 'PAYMENT_SUCCEEDED' || !('paymentId' in step.event)) return false;
      const [before, after] = [saleOf(trace[index - 1]), saleOf(step)];
      const late = paymentOf(before, String(step.event.paymentId))?.status !== 'pending';
      const [had, has] = [paidMinor(before.payments), paidMinor(after.payments)];
      const over = totalOf(after) >= 0 && has > totalOf(after) && has > had;
      return late && over && !recorded([step]).includes('order.disputed');
    }),
  'what paid for a sold order and was taken back is disputed': (trace) =>
    firstWrong(trace, (step, index) => {
      if (step.event.type !== 'PAYMENT_REVERSED' || !isSold(step.from) || !('paymentId' in step.event)) return false;
      const before = paymentOf(saleOf(trace[index - 1]), String(step.event.paymentId))?.status;
      return before === 'success' && !recorded([step]).includes('order.disputed');
    }),
  'a payment is started once': (trace) => {
    const started = effectsOf(trace, 'tell').flatMap(({ to, event }) => (event.type === 'START' ? [to] : []));
    return new Set(started).size < started.length ? String(started) : null;
  },
  'its counter hears of the end': (trace) =>
    firstWrong(
      trace,
      (step) =>
        (becomesPaid(step) && !toldTo([step], 'counter').includes('ORDER_PAID')) ||
        (step.from !== step.to && step.to === 'cancelled' && !toldTo([step], 'counter').includes('ORDER_CANCELLED')),
    ),
  'a sold order keeps its lines': (trace) =>
    firstWrong(
      trace,
      (step, index) => isSold(step.from) && saleOf(step).lines.length !== saleOf(trace[index - 1]).lines.length,
    ),
};

export const model: Check<typeof orderMachine> = {
  machine: orderMachine,
  start: [open, bread],
  events: [pay('p1', card), pay('p2', cash)],
  commands: Object.entries(eventTypes).flatMap(([type, by]) => (by === 'command' ? [type] : [])),
  answers,
  crash: { times: 0 },
  depth: 7,
  invariants,
};
