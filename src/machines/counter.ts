import { assign, setup } from 'xstate';
import { effects } from '../domain/effects.ts';
import type { Refusal } from '../domain/errors.ts';
import type { ShiftReport, TillMovement } from '../domain/facts.ts';
import type { Message, Stamp } from '../domain/message.ts';
import type { ManualDiscount } from '../domain/order.ts';
import type { SaleOpening } from '../domain/sale.ts';
import type { Tender } from '../domain/tender.ts';

/** A counter: closed → open (idle · selling · tendering · locked) → counting → closed. What the cashier says goes through here. */
export type CounterEvent = (
  | { readonly type: 'OPEN'; readonly shift: Shift; readonly businessDate: string | null }
  /** What was scanned or keyed, as it came: the order reads the price book. `order` opens one, where the counter has none. */
  | { readonly type: 'RING'; readonly ring: Message; readonly order: SaleOpening | null }
  | OrderCommand
  | { readonly type: 'SUSPEND' | 'SELL_ON' }
  | { readonly type: 'RESUME'; readonly orderId: string }
  | { readonly type: 'CANCEL_ORDER'; readonly reason: string }
  | { readonly type: 'PAY'; readonly paymentId: string; readonly tender: Tender; readonly offeredMinor: number | null }
  | { readonly type: 'VOID_PAYMENT'; readonly paymentId: string; readonly reason: string }
  | { readonly type: 'ABORT_PAYMENT'; readonly paymentId: string }
  | ({ readonly type: 'PAID_IN' | 'PAID_OUT' | 'SAFE_DROP' | 'NO_SALE' } & Movement)
  | { readonly type: 'REPRINT'; readonly orderId: string; readonly printerId: string }
  | { readonly type: 'LOCK' | 'UNLOCK' | 'START_COUNT' | 'CANCEL_COUNT' | 'RESTARTED' }
  | { readonly type: 'X_REPORT'; readonly report: ShiftReport }
  | { readonly type: 'COUNT'; readonly countedMinor: number; readonly report: ShiftReport }
  | OrderNews
) &
  Stamp;

/** Commands that go on to the order as they are. */
type OrderCommand =
  | { readonly type: 'VOID_LINE'; readonly line: number }
  | { readonly type: 'DISCOUNT_LINE'; readonly line: number; readonly manual: ManualDiscount }
  | { readonly type: 'DISCOUNT_ORDER'; readonly percentHundredths: number; readonly amountMinor: number }
  | { readonly type: 'SET_MEMBER'; readonly memberId: string | null }
  | { readonly type: 'SET_TAX_EXEMPT'; readonly taxExempt: boolean };

interface Movement {
  readonly movementId: string;
  /** Unsigned; the kind of movement says which way. */
  readonly amountMinor: number;
  readonly reason: string;
}

interface OrderNewsData {
  readonly orderId: string;
  readonly paymentId: string;
  readonly dueMinor: number;
  readonly reason: string | null;
}
type OrderNews =
  | ({ readonly type: 'ORDER_PART_PAID' | 'PAYMENT_FAILED' | 'PAYMENT_UNKNOWN' | 'PAYMENT_REVERSED' } & OrderNewsData)
  | ({ readonly type: 'ORDER_PAID' } & OrderNewsData & LastOrder & { readonly opensDrawer: boolean })
  | { readonly type: 'ORDER_CANCELLED'; readonly orderId: string };

export interface Shift {
  readonly counterId: string;
  readonly shiftId: string;
  readonly businessDate: string;
  readonly operatorId: string;
  readonly floatMinor: number;
  readonly training: boolean;
  /** Whether a drawer hangs on this counter. */
  readonly hasDrawer: boolean;
}

interface LastOrder {
  readonly orderId: string;
  readonly receiptNumber: number;
  readonly totalMinor: number;
  readonly changeMinor: number;
}

export interface CounterContext {
  readonly shift: Shift | null;
  readonly training: boolean;
  readonly orderId: string | null;
  /** The bill on this counter was there when the store last stopped. */
  readonly survived: boolean;
  readonly last: LastOrder | null;
  /** News of the payment under way, for the cashier. */
  readonly notice: { readonly type: string; readonly paymentId: string; readonly reason: string | null } | null;
  /** Number of Z reports made: gapless. */
  readonly zNumber: number;
}

const blank: CounterContext = {
  shift: null,
  training: false,
  orderId: null,
  survived: false,
  last: null,
  notice: null,
  zNumber: 0,
};

interface Args {
  readonly context: CounterContext;
  readonly event: CounterEvent;
}

const order = (context: CounterContext) => `order/${context.orderId ?? 'none'}` as const;
const shiftOf = (context: CounterContext) => ({
  counterId: context.shift?.counterId ?? '',
  shiftId: context.shift?.shiftId ?? '',
  businessDate: context.shift?.businessDate ?? '',
});

/** The command as it came, without what the runtime put on it: the order gets its own stamp. */
const forward = {
  type: 'tell',
  params: ({ context, event: { at: _at, by: _by, ...event } }: Args) => ({ to: order(context), event }),
} as const;
const tellOrder = (message: (event: CounterEvent, context: CounterContext) => { readonly type: string }) =>
  ({
    type: 'tell',
    params: ({ context, event }: Args) => ({ to: order(context), event: message(event, context) }),
  }) as const;
const tellDay = (type: 'COUNTER_OPENED' | 'COUNTER_CLOSED') =>
  ({
    type: 'tell',
    params: ({ context }: Args) =>
      ({ to: 'store-day/main', event: { type, counterId: context.shift?.counterId ?? '' } }) as const,
  }) as const;
const refuse = (reason: Refusal['reason'], detail: string) => ({ type: 'refuse', params: { reason, detail } }) as const;

const openOrder = tellOrder((event) =>
  event.type === 'RING' ? { type: 'OPEN', order: event.order, ring: event.ring } : event,
);
const addLines = tellOrder((event) => (event.type === 'RING' ? { type: 'ADD_LINES', ring: event.ring } : event));
const resume = tellOrder((_, context) => ({ type: 'RESUME', ...shiftOf(context) }));
const cancel = tellOrder((event) => ({ type: 'CANCEL', reason: event.type === 'CANCEL_ORDER' ? event.reason : '' }));
const suspend = tellOrder(() => ({ type: 'SUSPEND' }));
const tender = tellOrder((event) =>
  event.type === 'PAY'
    ? { type: 'TENDER', paymentId: event.paymentId, tender: event.tender, offeredMinor: event.offeredMinor }
    : event,
);

const openDrawer = {
  type: 'tell',
  params: ({ context, event }: Args) => ({
    to: `drawer/${context.shift?.counterId ?? ''}` as const,
    event: { type: 'OPEN_DRAWER', kickId: kickOf(event) },
  }),
} as const;
const kickOf = (event: CounterEvent): string =>
  event.type === 'ORDER_PAID' ? event.orderId : 'movementId' in event ? event.movementId : '';

const movements = {
  PAID_IN: ['paid-in', 1],
  PAID_OUT: ['paid-out', -1],
  SAFE_DROP: ['safe-drop', -1],
  NO_SALE: ['no-sale', 0],
} as const satisfies Record<string, readonly [TillMovement, number]>;

const recordMovement = {
  type: 'record',
  params: ({ context, event }: Args) => {
    const moved = 'movementId' in event ? event : null;
    const [movement, sign] = moved === null ? (['float', 1] as const) : movements[moved.type];
    return {
      type: 'till.moved',
      payload: {
        ...shiftOf(context),
        movementId: moved?.movementId ?? context.shift?.shiftId ?? '',
        movement,
        // `+ 0`: no negative zero in the books.
        amountMinor: sign * (moved?.amountMinor ?? context.shift?.floatMinor ?? 0) + 0,
        reason: moved?.reason ?? 'float',
        operatorId: event.by.id,
        at: event.at,
      },
    } as const;
  },
} as const;

const recordOpened = {
  type: 'record',
  params: ({ context, event }: Args) =>
    ({
      type: 'shift.opened',
      payload: {
        ...shiftOf(context),
        operatorId: event.by.id,
        role: event.by.role,
        floatMinor: context.shift?.floatMinor ?? 0,
        at: event.at,
      },
    }) as const,
} as const;

const recordClosed = {
  type: 'record',
  params: ({ context, event }: Args) => ({ type: 'shift.closed', payload: closed(context, event) }) as const,
} as const;
const closed = (context: CounterContext, event: CounterEvent) => ({
  shiftId: context.shift?.shiftId ?? '',
  counterId: context.shift?.counterId ?? '',
  zNumber: context.zNumber,
  countedMinor: event.type === 'COUNT' ? event.countedMinor : 0,
  report: (event.type === 'COUNT' ? event.report : null) as ShiftReport,
  operatorId: event.by.id,
  at: event.at,
});
const answerOrder = {
  type: 'answer',
  params: ({ context }: Args) => ({ orderId: context.orderId }),
} as const;
const answerReport = {
  type: 'answer',
  params: ({ event }: Args) => ({ report: 'report' in event ? event.report : null }),
} as const;

/** Money in and out of the drawer outside of sales; the drawer opens for each. */
const tillCommands = {
  PAID_IN: [{ guard: 'hasDrawer', actions: [recordMovement, openDrawer] }, { actions: recordMovement }],
  PAID_OUT: [{ guard: 'hasDrawer', actions: [recordMovement, openDrawer] }, { actions: recordMovement }],
  SAFE_DROP: [{ guard: 'hasDrawer', actions: [recordMovement, openDrawer] }, { actions: recordMovement }],
  NO_SALE: [{ guard: 'hasDrawer', actions: [recordMovement, openDrawer] }, { actions: recordMovement }],
} as const;
const reprint = {
  type: 'tell',
  params: ({ event }: Args) => ({
    to: `order/${'orderId' in event ? event.orderId : ''}` as const,
    event: { type: 'REPRINT', printerId: event.type === 'REPRINT' ? event.printerId : '' },
  }),
} as const;
const abort = {
  type: 'tell',
  params: ({ event }: Args) => ({
    to: `payment/${'paymentId' in event ? event.paymentId : ''}` as const,
    event: { type: 'ABORT' },
  }),
} as const;
const orderCommands = {
  RING: { actions: [addLines] },
  VOID_LINE: { actions: [forward] },
  DISCOUNT_LINE: { actions: [forward] },
  DISCOUNT_ORDER: { actions: [forward] },
  SET_MEMBER: { actions: [forward] },
  SET_TAX_EXEMPT: { actions: [forward] },
} as const;
/** The end of the bill on this counter, whoever brought it about. */
const endings = {
  ORDER_PAID: [
    { guard: 'opensDrawer', target: 'idle', actions: ['finish', openDrawer] },
    { guard: 'isCurrent', target: 'idle', actions: 'finish' },
    { actions: 'note' },
  ],
  ORDER_CANCELLED: [{ guard: 'isCurrent', target: 'idle', actions: 'dropOrder' }, {}],
} as const;

export const counterMachine = setup({
  types: { context: {} as CounterContext, events: {} as CounterEvent },
  actions: {
    ...effects,
    openShift: assign(({ event }) =>
      event.type === 'OPEN' ? { shift: event.shift, training: event.shift.training, last: null, notice: null } : {},
    ),
    startOrder: assign(({ event }) =>
      event.type === 'RING' ? { orderId: event.order?.orderId ?? null, notice: null } : {},
    ),
    takeOrder: assign(({ event }) => (event.type === 'RESUME' ? { orderId: event.orderId, notice: null } : {})),
    dropOrder: assign({ orderId: null, survived: false, notice: null }),
    finish: assign(({ event }) => ({
      orderId: null,
      survived: false,
      notice: null,
      ...(event.type === 'ORDER_PAID' && { last: lastOf(event) }),
    })),
    note: assign(({ event }) =>
      'paymentId' in event && 'dueMinor' in event
        ? { notice: { type: event.type, paymentId: event.paymentId, reason: event.reason } }
        : {},
    ),
    clearNotice: assign({ notice: null }),
    markSurvived: assign({ survived: true }),
    countZ: assign(({ context }) => ({ zNumber: context.zNumber + (context.training ? 0 : 1) })),
    closeShift: assign({ shift: null, last: null, notice: null }),
    leaveTraining: assign({ training: false }),
  },
  guards: {
    isDayOpen: ({ event }) => event.type === 'OPEN' && event.businessDate !== null,
    hasDrawer: ({ context }) => context.shift?.hasDrawer === true,
    hasOrder: ({ context }) => context.orderId !== null,
    isCurrent: ({ context, event }) => 'orderId' in event && event.orderId === context.orderId,
    opensDrawer: ({ context, event }) =>
      event.type === 'ORDER_PAID' &&
      event.orderId === context.orderId &&
      event.opensDrawer &&
      context.shift?.hasDrawer === true,
  },
}).createMachine({
  id: 'counter',
  context: blank,
  initial: 'closed',
  // News of an order that is not on the counter any more: shown, and nothing else.
  on: {
    ORDER_PAID: { actions: 'note' },
    ORDER_PART_PAID: { actions: 'note' },
    PAYMENT_FAILED: { actions: 'note' },
    PAYMENT_UNKNOWN: { actions: 'note' },
    PAYMENT_REVERSED: { actions: 'note' },
    ORDER_CANCELLED: {},
    RESTARTED: {},
  },
  states: {
    closed: {
      on: {
        OPEN: [
          {
            guard: 'isDayOpen',
            target: 'open',
            actions: ['openShift', recordOpened, recordMovement, tellDay('COUNTER_OPENED')],
          },
          { actions: refuse('day-closed', 'open the store day first') },
        ],
      },
    },
    open: {
      initial: 'idle',
      on: { X_REPORT: { actions: answerReport }, REPRINT: { actions: reprint } },
      states: {
        idle: {
          on: {
            ...tillCommands,
            RING: { target: 'selling', actions: ['startOrder', openOrder, answerOrder] },
            RESUME: { target: 'selling', actions: ['takeOrder', resume, answerOrder] },
            LOCK: 'locked',
            START_COUNT: '#counter.counting',
          },
        },
        selling: {
          tags: ['in-flight'],
          on: {
            ...orderCommands,
            SUSPEND: { target: 'idle', actions: [suspend, answerOrder, 'dropOrder'] },
            CANCEL_ORDER: { target: 'idle', actions: [cancel, answerOrder, 'dropOrder'] },
            PAY: { target: 'tendering', actions: ['clearNotice', tender] },
            VOID_PAYMENT: { actions: forward },
            ...endings,
            LOCK: 'locked',
            RESTARTED: { actions: 'markSurvived' },
          },
        },
        tendering: {
          tags: ['in-flight'],
          on: {
            PAY: { actions: ['clearNotice', tender] },
            SET_TAX_EXEMPT: { actions: forward },
            SELL_ON: { target: 'selling', actions: forward },
            SUSPEND: { target: 'idle', actions: [suspend, answerOrder, 'dropOrder'] },
            CANCEL_ORDER: { target: 'idle', actions: [cancel, answerOrder, 'dropOrder'] },
            VOID_PAYMENT: { actions: forward },
            ABORT_PAYMENT: { actions: abort },
            ...endings,
            RESTARTED: { actions: 'markSurvived' },
          },
        },
        locked: {
          tags: ['in-flight'],
          on: {
            X_REPORT: { actions: refuse('not-now', 'the counter is locked') },
            REPRINT: { actions: refuse('not-now', 'the counter is locked') },
            UNLOCK: [{ guard: 'hasOrder', target: 'selling' }, { target: 'idle' }],
            // Only a payment that was unsure can do this: nobody stands at the drawer.
            ORDER_PAID: [{ guard: 'isCurrent', actions: 'finish' }, { actions: 'note' }],
            ORDER_CANCELLED: [{ guard: 'isCurrent', actions: 'dropOrder' }, {}],
            RESTARTED: { actions: 'markSurvived' },
          },
        },
      },
    },
    counting: {
      on: {
        X_REPORT: { actions: answerReport },
        CANCEL_COUNT: 'open',
        COUNT: {
          target: 'closed',
          actions: ['countZ', recordClosed, answerReport, tellDay('COUNTER_CLOSED'), 'closeShift', 'leaveTraining'],
        },
      },
    },
  },
});

const lastOf = ({ orderId, receiptNumber, totalMinor, changeMinor }: LastOrder): LastOrder => ({
  orderId,
  receiptNumber,
  totalMinor,
  changeMinor,
});
