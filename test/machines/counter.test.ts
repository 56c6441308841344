import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact, ShiftReport } from '../../src/domain/facts.ts';
import { counterMachine, type CounterContext, type CounterEvent, type Shift } from '../../src/machines/counter.ts';
import { card, cash, opening } from './basket.ts';
import { firstWrong, recorded, toldTo } from './card-words.ts';
import {
  checkMachine,
  effectsOf,
  traceOf,
  twice,
  wander,
  type Check,
  type Invariants,
  type ModelEvent,
  type Trace,
  type TraceStep,
} from './model.ts';
import { at, mutate } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';

const eventTypes = {
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

type Event = ModelEvent<typeof counterMachine>;
const shift: Shift = {
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
  returnLines: 0,
  cancelledOrders: 0,
  firstReceipt: null,
  lastReceipt: null,
};
const open: Event = { type: 'OPEN', shift, businessDate: shift.businessDate };
const openTraining: Event = { type: 'OPEN', shift: { ...shift, training: true }, businessDate: shift.businessDate };
const ring = (orderId: string): Event => ({
  type: 'RING',
  ring: { type: 'SCAN', code: 'bread' },
  order: { ...opening, orderId },
});
const pay: Event = { type: 'PAY', paymentId: 'p1', tender: cash, offeredMinor: null };
const payByCard: Event = { type: 'PAY', paymentId: 'p2', tender: card, offeredMinor: null };
const news = { paymentId: 'p1', dueMinor: 0, reason: null } as const;
const paid = (orderId: string, opensDrawer = true): Event => ({
  type: 'ORDER_PAID',
  orderId,
  ...news,
  receiptNumber: 7,
  changeMinor: 0,
  totalMinor: 1_000,
  opensDrawer,
});
const cancelled = (orderId: string): Event => ({ type: 'ORDER_CANCELLED', orderId });
const suspend: Event = { type: 'SUSPEND' };
const resume = (orderId: string): Event => ({ type: 'RESUME', orderId });
const cancel: Event = { type: 'CANCEL_ORDER', reason: 'left' };
const sellOn: Event = { type: 'SELL_ON' };
const lock: Event = { type: 'LOCK' };
const unlock: Event = { type: 'UNLOCK' };
const startCount: Event = { type: 'START_COUNT' };
const cancelCount: Event = { type: 'CANCEL_COUNT' };
const count: Event = { type: 'COUNT', countedMinor: 10_100, report };
const move = (type: 'PAID_IN' | 'PAID_OUT' | 'SAFE_DROP' | 'NO_SALE', movementId: string): Event => ({
  type,
  movementId,
  amountMinor: type === 'NO_SALE' ? 0 : 500,
  reason: 'change',
});

const contextOf = (step: TraceStep | undefined): CounterContext => step?.context as CounterContext;
const facts = <T extends Fact['type']>(trace: Trace, type: T): readonly Extract<Fact, { readonly type: T }>[] =>
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

const model: Check<typeof counterMachine> = {
  machine: counterMachine,
  start: [open],
  events: [ring('o1'), pay, paid('o1'), cancel, suspend, resume('o1')],
  commands: Object.entries(eventTypes).flatMap(([type, by]) => (by === 'command' ? [type] : [])),
  crash: { times: 1 },
  depth: 6,
  invariants,
};

describe('counter: every path', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(counterMachine, eventTypes)).toMatchFileSnapshot('tables/counter.txt');
  });

  const walks: readonly (readonly [moment: string, state: string, over: Partial<typeof model>])[] = [
    ['mid-bill: sold, put aside, taken up, cancelled, with a crash at any point', 'open.tendering', {}],
    [
      'the bill is paid or cancelled by others while the counter is locked',
      'open.locked',
      { events: [ring('o1'), lock, unlock, paid('o1', false), cancelled('o1'), ring('o2')] },
    ],
    [
      'two bills: news of the one that is put aside comes while the other is rung',
      'open.selling',
      { events: [ring('o1'), suspend, ring('o2'), paid('o1'), cancelled('o1'), pay, paid('o2')], depth: 7 },
    ],
    [
      'a card is unsure, another tender pays, the cashier sells on',
      'open.tendering',
      {
        events: [
          ring('o1'),
          payByCard,
          { type: 'PAYMENT_UNKNOWN', orderId: 'o1', ...news },
          sellOn,
          pay,
          paid('o1'),
          { type: 'PAYMENT_REVERSED', orderId: 'o1', ...news },
        ],
      },
    ],
    [
      'the till is counted, the count broken off, the next shift opened',
      'counting',
      { events: [startCount, cancelCount, count, count, open, startCount, ring('o1')], depth: 7 },
    ],
    [
      'money goes in and out of the drawer',
      'open.idle',
      {
        events: [
          move('PAID_IN', 'm1'),
          move('PAID_OUT', 'm2'),
          move('SAFE_DROP', 'm3'),
          move('NO_SALE', 'm4'),
          ring('o1'),
          paid('o1'),
        ],
      },
    ],
    [
      'a training shift between two real ones',
      'counting',
      {
        start: [openTraining, startCount, count],
        events: [open, openTraining, startCount, startCount, count, count],
        depth: 6,
      },
    ],
  ];
  it.each(walks)('%s', (_moment, state, over) => {
    const walked = checkMachine({ ...model, ...over });
    expect(walked.paths).toBeGreaterThan(50);
    expect(walked.states).toContain(state);
  });

  it('X3: long days: bills, movements, locks, counts, crashes', () => {
    const bills = ['o1', 'o2', 'o3'].flatMap((id) => [
      ring(id),
      pay,
      paid(id),
      suspend,
      resume(id),
      cancel,
      cancelled(id),
    ]);
    const till = [move('PAID_IN', 'm1'), move('SAFE_DROP', 'm2'), lock, unlock, lock, unlock, sellOn, sellOn];
    const shifts = [startCount, cancelCount, count, open, startCount, count, openTraining, startCount, count, open];
    const day = { ...model, events: [...bills, ...till, ...shifts], crash: { times: 4 } };
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 60 }), (picks) => void wander(day, picks)),
      { numRuns: 500 },
    );
  });
});

describe('counter: what the walks would catch', () => {
  type Change = Parameters<typeof mutate>[1];
  type Handler = { readonly target?: string; readonly actions: readonly unknown[] };
  const without = (handler: unknown, index: number): Handler => {
    const { actions, ...rest } = handler as Handler;
    return { ...rest, actions: actions.filter((_, which) => which !== index) };
  };
  const mutants: readonly (readonly [fault: string, breaks: string, change: Change])[] = [
    [
      'does not count its Z',
      'Z is counted once a COUNT',
      (config) => (at(config, 'counting').on['COUNT'] = without(at(config, 'counting').on['COUNT'], 0)),
    ],
    [
      'closes a shift without record',
      'a shift that closes is on record',
      (config) => (at(config, 'counting').on['COUNT'] = without(at(config, 'counting').on['COUNT'], 1)),
    ],
    [
      'does not tell the day that it closed',
      'a shift that closes is on record, and the day hears of it',
      (config) => (at(config, 'counting').on['COUNT'] = without(at(config, 'counting').on['COUNT'], 3)),
    ],
    [
      'drops a bill without putting it aside',
      'no order is lost',
      (config) => (at(config, 'open.selling').on['SUSPEND'] = without(at(config, 'open.selling').on['SUSPEND'], 0)),
    ],
    [
      'keeps a bill that was paid while it was locked',
      'a paid or cancelled bill leaves the counter',
      (config) => (at(config, 'open.locked').on['ORDER_PAID'] = { actions: 'note' }),
    ],
    [
      'keeps a bill that somebody else cancelled',
      'a paid or cancelled bill leaves the counter',
      (config) => (at(config, 'open.selling').on['ORDER_CANCELLED'] = {}),
    ],
    [
      'kicks the drawer for each word about a paid bill',
      'the drawer is kicked once for one reason',
      (config) => {
        const [first] = at(config, 'open.selling').on['ORDER_PAID'] as readonly Handler[];
        at(config, 'open.idle').on['ORDER_PAID'] = { actions: first?.actions.slice(1) };
      },
    ],
    [
      'opens a second bill over the first',
      'one order at a time is opened',
      (config) => (at(config, 'open.selling').on['RING'] = at(config, 'open.idle').on['RING']),
    ],
    [
      'goes idle after a crash',
      'a bill stands on the counter just where it sells',
      (config) => (at(config, 'open.selling').on['RESTARTED'] = 'idle'),
    ],
    [
      'moves money without record',
      'money moves only on record',
      (config) => (at(config, 'open.idle').on['PAID_IN'] = {}),
    ],
    [
      'sells while it is locked',
      'a locked counter sells nothing',
      (config) => (at(config, 'open.locked').on['RING'] = at(config, 'open.selling').on['RING']),
    ],
    ['has no answer to late news', 'unhandled: ORDER_CANCELLED', (config) => delete config.on['ORDER_CANCELLED']],
  ];
  it.each(mutants)('a counter that %s', (_fault, breaks, change) => {
    const machine = mutate(counterMachine, change);
    const bills = [ring('o1'), suspend, paid('o1'), paid('o1'), cancelled('o1'), ring('o2'), lock];
    const walks = [
      { events: bills, depth: 4 },
      { events: [startCount, count, move('PAID_IN', 'm1')], depth: 3 },
    ];
    expect(() => walks.forEach((walk) => checkMachine({ ...model, ...walk, machine }))).toThrow(breaks);
  });
});

describe('counter: moments', () => {
  it('power fails mid-bill: the bill is there, and the counter says that it survived', () => {
    const last = traceOf(counterMachine, [open, ring('o1'), { type: 'RESTARTED' }]).at(-1);
    expect(last?.to).toBe('open.selling');
    expect(contextOf(last)).toMatchObject({ orderId: 'o1', survived: true });
  });

  it('the store day is not open: no shift begins', () => {
    expect(traceOf(counterMachine, [{ type: 'OPEN', shift, businessDate: null }]).at(-1)?.refused).toBe('day-closed');
  });

  it('the float is the first movement of a shift, under the name of the shift', () => {
    expect(facts(traceOf(counterMachine, [open]), 'till.moved')[0]?.payload).toMatchObject({
      movementId: 's1',
      movement: 'float',
      amountMinor: 10_000,
    });
  });

  it('a movement is signed by its kind: into the drawer is positive', () => {
    const all = (['PAID_IN', 'PAID_OUT', 'SAFE_DROP', 'NO_SALE'] as const).map((type) => move(type, type));
    const moved = facts(traceOf(counterMachine, [open, ...all]), 'till.moved').map(
      ({ payload }) => payload.amountMinor,
    );
    expect(moved).toEqual([10_000, 500, -500, -500, 0]);
  });

  it('a counter without a drawer books movements all the same', () => {
    const noDrawer: Event = {
      ...open,
      type: 'OPEN',
      shift: { ...shift, hasDrawer: false },
      businessDate: '2026-03-02',
    };
    const trace = traceOf(counterMachine, [noDrawer, move('PAID_IN', 'm1'), ring('o1'), pay, paid('o1')]);
    expect(toldTo(trace, 'drawer')).toEqual([]);
    expect(recorded(trace)).toEqual(['shift.opened', 'till.moved', 'till.moved']);
  });

  it('a training shift takes no Z number', () => {
    const trained = [openTraining, startCount, count, open, startCount, count] as const;
    const closed = facts(traceOf(counterMachine, trained), 'shift.closed').map(({ payload }) => payload.zNumber);
    expect(closed).toEqual([0, 1]);
  });
});
