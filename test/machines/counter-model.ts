import type { Fact, ShiftReport } from '../../src/domain/facts.ts';
import { counterMachine, type CounterContext, type CounterEvent, type Shift } from '../../src/machines/counter.ts';
import { card, cash, opening } from './basket.ts';
import { firstWrong, recorded, toldTo } from './card-words.ts';
import { effectsOf, twice, type Check, type Invariants, type ModelEvent, type Trace, type TraceStep } from './model.ts';

export const eventTypes = {
  OPEN: 'command',
  RING: 'command',
  VOID_LINE: 'command',
  DISCOUNT_LINE: 'command',
  DISCOUNT_ORDER: 'command',
  SET_MEMBER: 'command',
  SET_TAX_EXEMPT: 'command',
  SUSPEND: 'command',
  SELL_ON: 'command',
  RESUME: 'command',
  CANCEL_ORDER: 'command',
  PAY: 'command',
  VOID_PAYMENT: 'command',
  ABORT_PAYMENT: 'command',
  PAID_IN: 'command',
  PAID_OUT: 'command',
  SAFE_DROP: 'command',
  NO_SALE: 'command',
  REPRINT: 'command',
  LOCK: 'command',
  UNLOCK: 'command',
  START_COUNT: 'command',
  CANCEL_COUNT: 'command',
  X_REPORT: 'command',
  COUNT: 'command',
  RESTARTED: true,
  ORDER_PAID: true,
  ORDER_PART_PAID: true,
  ORDER_CANCELLED: true,
  PAYMENT_FAILED: true,
  PAYMENT_UNKNOWN: true,
  PAYMENT_REVERSED: true,
} as const satisfies Record<CounterEvent['type'], true | 'command'>;

export type Event = ModelEvent<typeof counterMachine>;
export const shift: Shift = {
  counterId: '3',
  shiftId: 's1',
  businessDate: '2026-03-02',
  operatorId: 'ann',
  floatMinor: 10_000,
  training: false,
  hasDrawer: true,
};
const report: ShiftReport = {
  shiftId: 's1',
  counterId: '3',
  businessDate: '2026-03-02',
  orders: 0,
  itemsMinor: 0,
  discountMinor: 0,
  taxMinor: 0,
  totalMinor: 0,
  roundingMinor: 0,
  tenders: {},
  movements: {},
  expectedCashMinor: 10_000,
  voidLines: 0,
  unsurePayments: 0,
  unsureMinor: 0,
  returnLines: 0,
  cancelledOrders: 0,
  firstReceipt: null,
  lastReceipt: null,
};
export const open: Event = { type: 'OPEN', shift, businessDate: shift.businessDate };
export const openTraining: Event = {
  type: 'OPEN',
  shift: { ...shift, training: true },
  businessDate: shift.businessDate,
};
export const ring = (orderId: string): Event => ({
  type: 'RING',
  ring: { type: 'SCAN', code: 'bread' },
  order: { ...opening, orderId },
});
export const pay: Event = { type: 'PAY', paymentId: 'p1', tender: cash, offeredMinor: null };
export const payByCard: Event = { type: 'PAY', paymentId: 'p2', tender: card, offeredMinor: null };
export const news = { paymentId: 'p1', dueMinor: 0, reason: null } as const;
export const paid = (orderId: string, opensDrawer = true): Event => ({
  type: 'ORDER_PAID',
  orderId,
  ...news,
  receiptNumber: 7,
  changeMinor: 0,
  totalMinor: 1_000,
  opensDrawer,
});
export const cancelled = (orderId: string): Event => ({ type: 'ORDER_CANCELLED', orderId });
export const suspend: Event = { type: 'SUSPEND' };
export const resume = (orderId: string): Event => ({ type: 'RESUME', orderId });
export const cancel: Event = { type: 'CANCEL_ORDER', reason: 'left' };
export const sellOn: Event = { type: 'SELL_ON' };
export const lock: Event = { type: 'LOCK' };
export const unlock: Event = { type: 'UNLOCK' };
export const startCount: Event = { type: 'START_COUNT' };
export const cancelCount: Event = { type: 'CANCEL_COUNT' };
export const count: Event = { type: 'COUNT', countedMinor: 10_100, report };
export const move = (type: 'PAID_IN' | 'PAID_OUT' | 'SAFE_DROP' | 'NO_SALE', movementId: string): Event => ({
  type,
  movementId,
  amountMinor: type === 'NO_SALE' ? 0 : 500,
  reason: 'change',
});

export const contextOf = (step: TraceStep | undefined): CounterContext => step?.context as CounterContext;
export const facts = <T extends Fact['type']>(trace: Trace, type: T): readonly Extract<Fact, { readonly type: T }>[] =>
  effectsOf(trace, 'record').filter((fact): fact is Extract<Fact, { readonly type: T }> => fact.type === type);
const done = (trace: Trace, type: string): Trace =>
  trace.filter((step) => step.event.type === type && step.refused === null);
const orderOf = (step: TraceStep): string => String((step.event as { readonly orderId?: string }).orderId);
/** Orders that this counter let go of, in one step. */
const released = (step: TraceStep): readonly string[] => [
  ...effectsOf([step], 'tell').flatMap(({ to, event }) =>
    ['SUSPEND', 'CANCEL'].includes(event.type) ? [to.slice('order/'.length)] : [],
  ),
  ...(['ORDER_PAID', 'ORDER_CANCELLED'].includes(step.event.type) ? [orderOf(step)] : []),
];
const isMovement = ({ event: { type } }: TraceStep): boolean =>
  ['PAID_IN', 'PAID_OUT', 'SAFE_DROP', 'NO_SALE'].includes(type);

const invariants: Invariants = {
  'one order at a time is opened': (trace) =>
    firstWrong(trace, (step, index) => {
      const opens = effectsOf([step], 'tell').some(({ to, event }) => to.startsWith('order/') && event.type === 'OPEN');
      return opens && (contextOf(trace[index - 1])?.orderId ?? null) !== null;
    }),
  'no order is lost: it stands on the counter until it is suspended, cancelled or paid': (trace) =>
    firstWrong(trace, (step, index) => {
      const before = contextOf(trace[index - 1])?.orderId ?? null;
      return before !== null && contextOf(step).orderId !== before && !released(step).includes(before);
    }),
  'a bill stands on the counter just where it sells': (trace) =>
    firstWrong(trace, (step) => {
      const has = contextOf(step).orderId !== null;
      if (['open.selling', 'open.tendering'].includes(step.to)) return !has;
      return ['closed', 'open.idle', 'counting'].includes(step.to) && has;
    }),
  'a paid or cancelled bill leaves the counter': (trace) =>
    firstWrong(trace, (step) => {
      const ended = ['ORDER_PAID', 'ORDER_CANCELLED'].includes(step.event.type);
      return ended && contextOf(step).orderId === orderOf(step);
    }),
  'a shift that closes is on record, and the day hears of it': (trace) =>
    firstWrong(
      trace,
      (step) =>
        step.from !== 'closed' &&
        step.to === 'closed' &&
        !(recorded([step]).includes('shift.closed') && toldTo([step], 'store-day').includes('COUNTER_CLOSED')),
    ),
  'Z is counted once a COUNT': (trace) => {
    const counts = done(trace, 'COUNT');
    const real = counts.filter((step) => !contextOf(trace[trace.indexOf(step) - 1]).training);
    const numbers = facts(real, 'shift.closed').map(({ payload }) => payload.zNumber);
    const wanted = real.map((_, index) => index + 1);
    const stands = contextOf(trace.at(-1))?.zNumber ?? 0;
    return JSON.stringify(numbers) === JSON.stringify(wanted) && stands === wanted.length ? null : String(numbers);
  },
  'a shift that opens is on record with its float, and the day hears of it': (trace) =>
    firstWrong(
      trace,
      (step) =>
        step.from === 'closed' &&
        step.to !== 'closed' &&
        !(
          recorded([step]).join() === 'shift.opened,till.moved' &&
          toldTo([step], 'store-day').includes('COUNTER_OPENED')
        ),
    ),
  'the drawer is kicked once for one reason': (trace) =>
    twice(
      effectsOf(trace, 'tell').flatMap(({ event }) => (event.type === 'OPEN_DRAWER' ? [String(event['kickId'])] : [])),
    ),
  'money moves only on record': (trace) =>
    firstWrong(
      trace,
      (step) =>
        step.refused === null &&
        isMovement(step) !== recorded([step]).includes('till.moved') &&
        step.event.type !== 'OPEN',
    ),
  'a locked counter sells nothing': (trace) =>
    firstWrong(trace, (step) => step.from === 'open.locked' && step.effects.length > 0),
  'a crash loses nothing and asks for nothing': (trace) =>
    firstWrong(trace, (step) => step.event.type === 'RESTARTED' && (step.from !== step.to || step.effects.length > 0)),
};

export const model: Check<typeof counterMachine> = {
  machine: counterMachine,
  start: [open],
  events: [ring('o1'), pay, paid('o1'), cancel, suspend, resume('o1')],
  commands: Object.entries(eventTypes).flatMap(([type, by]) => (by === 'command' ? [type] : [])),
  crash: { times: 1 },
  depth: 6,
  invariants,
};
