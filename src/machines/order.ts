import { assign, enqueueActions, setup } from 'xstate';
import { isPending, isUnknown, settle } from '../domain/due.ts';
import { effects } from '../domain/effects.ts';
import type { Refusal } from '../domain/errors.ts';
import { appendLines, discountLine, isVoidable, voidLine, type LineDraft } from '../domain/lines.ts';
import type { Stamp } from '../domain/message.ts';
import type { Offer } from '../domain/offers.ts';
import { orderLinesMax, type ManualDiscount } from '../domain/order.ts';
import type { CardApproval } from '../domain/ports.ts';
import { addReturned, returnable, returnsOf } from '../domain/returned.ts';
import * as sale from '../domain/sale.ts';
import { paidOf, receiptOf } from '../domain/sold.ts';
import type { Tender } from '../domain/tender.ts';

/** An order: PENDING (building, suspended, tendering) → PAID → RECEIPTED, or CANCELLED. */
export type OrderEvent = (
  | { readonly type: 'OPEN'; readonly order: sale.SaleOpening }
  | { readonly type: 'ADD_LINES'; readonly drafts: readonly LineDraft[]; readonly offers: readonly Offer[] }
  | { readonly type: 'VOID_LINE'; readonly line: number }
  | { readonly type: 'DISCOUNT_LINE'; readonly line: number; readonly manual: ManualDiscount }
  | { readonly type: 'DISCOUNT_ORDER'; readonly percentHundredths: number; readonly amountMinor: number }
  | { readonly type: 'SET_MEMBER'; readonly memberId: string | null }
  | { readonly type: 'SET_TAX_EXEMPT'; readonly taxExempt: boolean }
  | { readonly type: 'SUSPEND' | 'SELL_ON' }
  | { readonly type: 'RESUME'; readonly counterId: string; readonly shiftId: string; readonly businessDate: string }
  | { readonly type: 'CANCEL'; readonly reason: string }
  | { readonly type: 'TENDER'; readonly paymentId: string; readonly tender: Tender; readonly offeredMinor: number | null }
  | { readonly type: 'VOID_PAYMENT'; readonly paymentId: string; readonly reason: string }
  | ({ readonly type: 'PAYMENT_SUCCEEDED'; readonly paymentId: string; readonly approval: CardApproval | null } & Issue)
  | { readonly type: 'PAYMENT_FAILED'; readonly paymentId: string; readonly reason: string }
  | { readonly type: 'PAYMENT_UNKNOWN' | 'PAYMENT_REVERSED'; readonly paymentId: string }
  | { readonly type: 'RECEIPT_PRINTED'; readonly jobId: string; readonly copy: boolean }
  | { readonly type: 'RECEIPT_HELD' | 'RECEIPT_UNSURE'; readonly jobId: string }
  | { readonly type: 'REPRINT'; readonly printerId: string }
  | { readonly type: 'RETURN_LINES' | 'RELEASE_LINES'; readonly quantities: Readonly<Record<string, number>> }
) &
  Stamp;

/** What an order needs to become PAID; the runtime puts it on the event. */
export interface Issue {
  /** The next number of the counter; taken by the commit only if the order becomes PAID, so that none is skipped. */
  readonly receiptNumber: number;
  readonly header: sale.ReceiptHeader;
}

interface Args {
  readonly context: sale.Sale;
  readonly event: OrderEvent;
}
type Of<T extends OrderEvent['type']> = Extract<OrderEvent, { readonly type: T }>;

const paymentId = (event: OrderEvent): string => ('paymentId' in event ? event.paymentId : '');
const lineNumber = (event: OrderEvent): number => ('line' in event ? event.line : 0);
const counter = (context: sale.Sale) => `counter/${context.counterId}` as const;
const payment = (context: sale.Sale, event: OrderEvent) => {
  const known = sale.paymentOf(context, paymentId(event));
  return `${known?.kind ?? 'payment'}/${paymentId(event)}` as const;
};

const settlement = (context: sale.Sale, event: Of<'TENDER'>) =>
  settle(sale.dueOf(context), event.tender, event.offeredMinor, context.rules.cashRoundingMinor);

const addPayment = (context: sale.Sale, event: Of<'TENDER'>): Partial<sale.Sale> => {
  const paid = settlement(context, event);
  if ('reason' in paid) return {};
  const { method, code, opensDrawer } = event.tender;
  const kind = paid.amountMinor < 0 && method === 'card' ? 'refund' : 'payment';
  const added = { paymentId: event.paymentId, kind, method, tender: code, opensDrawer, status: 'pending', approval: null } as const;
  return { payments: [...context.payments, { ...added, ...paid }] };
};

const startPayment = ({ context, event }: Args) => {
  const started = sale.paymentOf(context, paymentId(event));
  const { orderId, counterId, shiftId, businessDate, training, rules } = context;
  return {
    to: payment(context, event),
    event: {
      type: 'START',
      payment: { ...started, orderId, counterId, shiftId, businessDate, training, currency: rules.currency },
    },
  };
};

const refuseTender = ({ context, event }: Args): Refusal => {
  if (context.lines.length === 0) return { reason: 'order-empty', detail: 'ring something first' };
  if (isPending(context.payments)) return { reason: 'payment-pending', detail: 'wait for the payment that is under way' };
  const paid = event.type === 'TENDER' ? settlement(context, event) : null;
  return paid !== null && 'reason' in paid ? paid : { reason: 'already-paid', detail: 'nothing is due' };
};

const print = (context: sale.Sale, printerId: string) => ({
  to: `printer/${printerId}` as const,
  event: {
    type: 'PRINT',
    requester: `order/${context.orderId}`,
    jobId: context.copies === 0 ? context.orderId : `${context.orderId}-copy-${context.copies}`,
    receipt: receiptOf(context, context.copies > 0),
    copy: context.copies > 0,
  },
});

const summary = ({ context }: { readonly context: sale.Sale }) => ({
  orderId: context.orderId,
  lines: context.lines.length,
  totalMinor: sale.totalOf(context),
  dueMinor: sale.dueOf(context),
});

const refuse = (reason: Refusal['reason'], detail: string) =>
  ({ type: 'refuse', params: { reason, detail } }) as const;
const noSuchLine = refuse('unknown-line', 'no such line, or it was voided already');
const pending = refuse('payment-pending', 'void or settle the payments of this order first');

const answered = { type: 'answer', params: summary } as const;
const recordOrder = (type: 'order.suspended' | 'order.resumed') =>
  ({
    type: 'record',
    params: ({ context }: Args) => ({ type, payload: { orderId: context.orderId, counterId: context.counterId } }) as const,
  }) as const;
/** A payment that succeeded although the order is covered, cancelled or paid: the money goes back (never kept, X3). */
const giveBack = [
  'markReversing',
  {
    type: 'tell',
    params: ({ context, event }: Args) => ({ to: payment(context, event), event: { type: 'REVERSE', reason: 'paid-otherwise' } }),
  },
] as const;
const tellCounter = (type: 'ORDER_PAID' | 'ORDER_PART_PAID' | 'PAYMENT_FAILED' | 'PAYMENT_UNKNOWN' | 'PAYMENT_REVERSED') =>
  ({
    type: 'tell',
    params: ({ context, event }: Args) => ({
      to: counter(context),
      event: {
        type,
        orderId: context.orderId,
        paymentId: paymentId(event),
        dueMinor: sale.dueOf(context),
        reason: event.type === 'PAYMENT_FAILED' ? event.reason : null,
        ...(type === 'ORDER_PAID' && {
          receiptNumber: context.receiptNumber,
          changeMinor: sale.changeOf(context),
          totalMinor: sale.totalOf(context),
          opensDrawer: sale.opensDrawer(context),
        }),
      },
    }),
  }) as const;
const recordPaid = {
  type: 'record',
  params: ({ context }: Args) => ({ type: 'order.paid', payload: paidOf(context) }) as const,
} as const;
const recordCancelled = {
  type: 'record',
  params: ({ context, event }: Args) =>
    ({
      type: 'order.cancelled',
      payload: {
        orderId: context.orderId,
        counterId: context.counterId,
        reason: event.type === 'CANCEL' ? event.reason : '',
        lines: context.lines.length,
        totalMinor: sale.totalOf(context),
      },
    }) as const,
} as const;
const recordDisputed = {
  type: 'record',
  params: ({ context, event }: Args) =>
    ({
      type: 'order.disputed',
      payload: { orderId: context.orderId, paymentId: paymentId(event), reason: 'reversed-by-terminal' },
    }) as const,
} as const;
const recordReceipted = {
  type: 'record',
  params: ({ context }: Args) =>
    ({ type: 'order.receipted', payload: { orderId: context.orderId, copies: context.copies } }) as const,
} as const;

const copy = [
  'countCopy',
  {
    type: 'tell',
    params: ({ context, event }: Args) => print(context, event.type === 'REPRINT' ? event.printerId : context.counterId),
  },
  answered,
] as const;
/** Goods that come back are booked on the sale they were sold on, so that two counters cannot return them twice. */
const tellSales = (type: 'RETURN_LINES' | 'RELEASE_LINES', lines: readonly LineDraft[]) =>
  [...returnsOf(lines)].map(([orderId, quantities]) => ({ to: `order/${orderId}` as const, event: { type, quantities } }));

export const orderMachine = setup({
  types: { context: {} as sale.Sale, events: {} as OrderEvent },
  actions: {
    ...effects,
    open: assign(({ event }) =>
      event.type === 'OPEN' ? { ...event.order, openedAt: event.at, operatorId: event.by.id } : {},
    ),
    addLines: assign(({ context, event }) =>
      event.type === 'ADD_LINES'
        ? sale.changeBasket(context, {
            lines: appendLines(context.lines, event.drafts),
            offers: { ...context.offers, ...Object.fromEntries(event.offers.map((offer) => [offer.offerId, offer])) },
          })
        : {},
    ),
    voidLine: assign(({ context, event }) =>
      event.type === 'VOID_LINE' ? sale.changeBasket(context, { lines: voidLine(context.lines, event.line) }) : {},
    ),
    discountLine: assign(({ context, event }) =>
      event.type === 'DISCOUNT_LINE'
        ? sale.changeBasket(context, { lines: discountLine(context.lines, event.line, event.manual) })
        : {},
    ),
    discountOrder: assign(({ context, event }) =>
      event.type === 'DISCOUNT_ORDER'
        ? sale.changeBasket(context, {
            discountHundredths: event.percentHundredths,
            discountAmountMinor: event.amountMinor,
          })
        : {},
    ),
    setMember: assign(({ context, event }) =>
      event.type === 'SET_MEMBER' ? sale.changeBasket(context, { memberId: event.memberId }) : {},
    ),
    setTaxExempt: assign(({ context, event }) =>
      event.type === 'SET_TAX_EXEMPT' ? sale.changeBasket(context, { taxExempt: event.taxExempt }) : {},
    ),
    move: assign(({ event }) =>
      event.type === 'RESUME'
        ? { counterId: event.counterId, shiftId: event.shiftId, businessDate: event.businessDate }
        : {},
    ),
    addPayment: assign(({ context, event }) => (event.type === 'TENDER' ? addPayment(context, event) : {})),
    markSuccess: assign(({ context, event }) =>
      event.type === 'PAYMENT_SUCCEEDED'
        ? sale.changePayment(context, event.paymentId, { status: 'success', approval: event.approval })
        : {},
    ),
    markFailed: assign(({ context, event }) => sale.changePayment(context, paymentId(event), { status: 'failed' })),
    markUnknown: assign(({ context, event }) => sale.changePayment(context, paymentId(event), { status: 'unknown' })),
    markReversing: assign(({ context, event }) => sale.changePayment(context, paymentId(event), { status: 'reversing' })),
    markReversed: assign(({ context, event }) => sale.changePayment(context, paymentId(event), { status: 'reversed' })),
    markPaid: assign(({ event }) =>
      event.type === 'PAYMENT_SUCCEEDED'
        ? { receiptNumber: event.receiptNumber, header: event.header, paidAt: event.at }
        : {},
    ),
    markHeld: assign({ held: true }),
    markPrinted: assign({ held: false }),
    countCopy: assign(({ context }) => ({ copies: context.copies + 1 })),
    reserveReturns: enqueueActions(({ event, enqueue }) => {
      if (event.type !== 'ADD_LINES') return;
      for (const tell of tellSales('RETURN_LINES', event.drafts)) enqueue({ type: 'tell', params: tell });
    }),
    releaseReturns: enqueueActions(({ context, event, enqueue }) => {
      const gone = context.lines.filter(({ line, voidedBy }) => voidedBy === null && (event.type === 'CANCEL' || line === lineNumber(event)));
      for (const tell of tellSales('RELEASE_LINES', gone)) enqueue({ type: 'tell', params: tell });
    }),
    returnLines: assign(({ context, event }) =>
      event.type === 'RETURN_LINES' || event.type === 'RELEASE_LINES'
        ? { returned: addReturned(context.returned, event.quantities, event.type === 'RETURN_LINES' ? 1 : -1) }
        : {},
    ),
  },
  guards: {
    hasRoom: ({ context, event }) =>
      event.type === 'ADD_LINES' && context.lines.length + event.drafts.length <= orderLinesMax,
    hasLine: ({ context, event }) => isVoidable(context.lines, lineNumber(event)),
    isFree: ({ context }) => !isPending(context.payments),
    isUntouched: ({ context }) =>
      !isPending(context.payments) && !isUnknown(context.payments) && sale.settled(context).length === 0,
    canTender: ({ context, event }) =>
      event.type === 'TENDER' &&
      context.lines.length > 0 &&
      !isPending(context.payments) &&
      (sale.dueOf(context) !== 0 || context.payments.length === 0 || sale.totalOf(context) === 0) &&
      !('reason' in settlement(context, event)),
    isSuccess: ({ context, event }) => sale.paymentOf(context, paymentId(event))?.status === 'success',
    isOpen: ({ context, event }) => sale.isOpen(context, paymentId(event)),
    covers: ({ context, event }) => sale.covers(context, paymentId(event)),
    coversAndPrints: ({ context, event }) => context.prints && sale.covers(context, paymentId(event)),
    isPart: ({ context, event }) => sale.isPart(context, paymentId(event)),
    exceeds: ({ context, event }) => sale.exceeds(context, paymentId(event)),
    isOriginal: ({ event }) => event.type === 'RECEIPT_PRINTED' && !event.copy,
    mayReturn: ({ context, event }) =>
      event.type === 'RETURN_LINES' && returnable(context.lines, context.returned, event.quantities),
  },
}).createMachine({
  id: 'order',
  context: sale.blankSale,
  initial: 'new',
  // After the end: what still comes from payments is never kept, and never forgotten.
  on: {
    PAYMENT_SUCCEEDED: [{ guard: 'isOpen', actions: [...giveBack] }, {}],
    PAYMENT_FAILED: { actions: 'markFailed' },
    PAYMENT_UNKNOWN: { actions: 'markUnknown' },
    PAYMENT_REVERSED: [
      // The terminal took back, by itself, what this order was paid with: a person must know.
      { guard: 'isSuccess', actions: [recordDisputed, 'markReversed', tellCounter('PAYMENT_REVERSED')] },
      { actions: 'markReversed' },
    ],
    RECEIPT_PRINTED: {},
    RECEIPT_HELD: {},
    RECEIPT_UNSURE: {},
    RETURN_LINES: { actions: refuse('unknown-receipt', 'this order was not paid') },
    RELEASE_LINES: { actions: 'returnLines' },
  },
  states: {
    new: {
      on: {
        OPEN: {
          target: 'pending',
          actions: [
            'open',
            {
              type: 'record',
              params: ({ context }) => {
                const { orderId, counterId, shiftId, businessDate, operatorId, rules, openedAt } = context;
                const names = { orderId, counterId, shiftId, businessDate, operatorId };
                return { type: 'order.created', payload: { ...names, currency: rules.currency, at: openedAt } };
              },
            },
          ],
        },
      },
    },
    pending: {
      initial: 'building',
      on: {
        PAYMENT_SUCCEEDED: [
          { guard: 'coversAndPrints', target: 'paid', actions: ['markSuccess', 'markPaid'] },
          { guard: 'covers', target: 'receipted', actions: ['markSuccess', 'markPaid', recordPaid, recordReceipted, tellCounter('ORDER_PAID')] },
          { guard: 'isPart', actions: ['markSuccess', tellCounter('ORDER_PART_PAID'), answered] },
          { guard: 'exceeds', actions: [...giveBack] },
          // Said before, or taken back: nothing to do.
          {},
        ],
        PAYMENT_FAILED: { actions: ['markFailed', tellCounter('PAYMENT_FAILED')] },
        PAYMENT_UNKNOWN: { actions: ['markUnknown', tellCounter('PAYMENT_UNKNOWN')] },
        PAYMENT_REVERSED: { actions: ['markReversed', tellCounter('PAYMENT_REVERSED')] },
        VOID_PAYMENT: [
          {
            guard: 'isSuccess',
            actions: [
              'markReversing',
              {
                type: 'tell',
                params: ({ context, event }) => ({
                  to: payment(context, event),
                  event: { type: 'REVERSE', reason: event.type === 'VOID_PAYMENT' ? event.reason : '' },
                }),
              },
            ],
          },
          { actions: refuse('unknown-payment', 'only a payment that succeeded can be voided') },
        ],
      },
      states: {
        building: {
          on: {
            ADD_LINES: [
              { guard: 'hasRoom', actions: ['addLines', 'reserveReturns', answered] },
              { actions: refuse('order-full', `an order has at most ${orderLinesMax} lines`) },
            ],
            VOID_LINE: [{ guard: 'hasLine', actions: ['releaseReturns', 'voidLine', answered] }, { actions: noSuchLine }],
            DISCOUNT_LINE: [{ guard: 'hasLine', actions: ['discountLine', answered] }, { actions: noSuchLine }],
            DISCOUNT_ORDER: { actions: ['discountOrder', answered] },
            SET_MEMBER: { actions: ['setMember', answered] },
            SET_TAX_EXEMPT: { actions: ['setTaxExempt', answered] },
            SUSPEND: { target: 'suspended', actions: recordOrder('order.suspended') },
            TENDER: [
              { guard: 'canTender', target: 'tendering', actions: ['addPayment', { type: 'tell', params: startPayment }, answered] },
              { actions: { type: 'refuse', params: refuseTender } },
            ],
            CANCEL: [{ guard: 'isUntouched', target: '#order.cancelled', actions: ['releaseReturns', recordCancelled] }, { actions: pending }],
          },
        },
        tendering: {
          on: {
            TENDER: [
              { guard: 'canTender', actions: ['addPayment', { type: 'tell', params: startPayment }, answered] },
              { actions: { type: 'refuse', params: refuseTender } },
            ],
            SET_TAX_EXEMPT: [{ guard: 'isFree', actions: ['setTaxExempt', answered] }, { actions: pending }],
            SELL_ON: [{ guard: 'isFree', target: 'building', actions: answered }, { actions: pending }],
            SUSPEND: [
              { guard: 'isFree', target: 'suspended', actions: recordOrder('order.suspended') },
              { actions: pending },
            ],
            CANCEL: [{ guard: 'isUntouched', target: '#order.cancelled', actions: ['releaseReturns', recordCancelled] }, { actions: pending }],
          },
        },
        suspended: {
          on: {
            RESUME: { target: 'building', actions: ['move', recordOrder('order.resumed'), answered] },
            CANCEL: [{ guard: 'isUntouched', target: '#order.cancelled', actions: ['releaseReturns', recordCancelled] }, { actions: pending }],
          },
        },
      },
    },
    paid: {
      entry: [
        recordPaid,
        tellCounter('ORDER_PAID'),
        { type: 'tell', params: ({ context }) => print(context, context.counterId) },
      ],
      on: {
        RECEIPT_PRINTED: { target: 'receipted', actions: ['markPrinted', recordReceipted] },
        RECEIPT_HELD: { actions: 'markHeld' },
        RECEIPT_UNSURE: { actions: 'markHeld' },
        REPRINT: { actions: [...copy] },
        RETURN_LINES: [
          { guard: 'mayReturn', actions: 'returnLines' },
          { actions: refuse('returned-already', 'more would come back than was sold') },
        ],
      },
    },
    receipted: {
      on: {
        RECEIPT_PRINTED: { actions: ['markPrinted', recordReceipted] },
        RECEIPT_HELD: { actions: 'markHeld' },
        RECEIPT_UNSURE: { actions: 'markHeld' },
        REPRINT: { actions: [...copy] },
        RETURN_LINES: [
          { guard: 'mayReturn', actions: 'returnLines' },
          { actions: refuse('returned-already', 'more would come back than was sold') },
        ],
      },
    },
    cancelled: {},
  },
});
