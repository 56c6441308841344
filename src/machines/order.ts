import type { CardApproval } from '../domain/card.ts';
import { assign, enqueueActions, setup } from 'xstate';
import { isPending, isUnknown } from '../domain/due.ts';
import { effects } from '../domain/effects.ts';
import { assert, type Refusal } from '../domain/errors.ts';
import { appendLines, discountLine, isVoidable, voidLine, type LineDraft } from '../domain/lines.ts';
import type { Stamp } from '../domain/message.ts';
import type { Offer } from '../domain/offers.ts';
import { orderLinesMax, type ManualDiscount } from '../domain/order.ts';
import { addReturned, returnable } from '../domain/returned.ts';
import * as sale from '../domain/sale.ts';
import {
  paidNews,
  paymentNews,
  summaryOf,
  tellCounter,
  tellPayment,
  tellPrint,
  tellSales,
  tellStart,
} from '../domain/sale-messages.ts';
import { paidOf } from '../domain/sold.ts';
import { addPayment, settlementOf, type Tendered } from '../domain/tendering.ts';

/** An order: PENDING (building, suspended, tendering) → PAID → RECEIPTED, or CANCELLED. */
export type OrderEvent = (
  | ({ readonly type: 'OPEN'; readonly order: sale.SaleOpening } & Rung)
  | ({ readonly type: 'ADD_LINES' } & Rung)
  | { readonly type: 'VOID_LINE'; readonly line: number }
  | { readonly type: 'DISCOUNT_LINE'; readonly line: number; readonly manual: ManualDiscount }
  | { readonly type: 'DISCOUNT_ORDER'; readonly percentHundredths: number; readonly amountMinor: number }
  | { readonly type: 'SET_MEMBER'; readonly memberId: string | null }
  | { readonly type: 'SET_TAX_EXEMPT'; readonly taxExempt: boolean }
  | { readonly type: 'SUSPEND' | 'SELL_ON' }
  | { readonly type: 'RESUME'; readonly counterId: string; readonly shiftId: string; readonly businessDate: string }
  | { readonly type: 'CANCEL'; readonly reason: string }
  | ({ readonly type: 'TENDER' } & Tendered)
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

/** What was rung, read in the price book by the runtime. */
interface Rung {
  readonly drafts: readonly LineDraft[];
  readonly offers: readonly Offer[];
}

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

const paymentId = (event: OrderEvent): string => ('paymentId' in event ? event.paymentId : '');
const lineNumber = (event: OrderEvent): number => ('line' in event ? event.line : 0);

// ---- what an order asks for, as data ---------------------------------------------------------------------------------

const refuse = (reason: Refusal['reason'], detail: string) => ({ type: 'refuse', params: { reason, detail } }) as const;
const refuseTender = ({ context, event }: Args): Refusal => {
  const settled = event.type === 'TENDER' ? settlementOf(context, event) : null;
  assert(settled !== null && 'reason' in settled, 'a tender is refused for a reason');
  return settled;
};
const noSuchLine = refuse('unknown-line', 'no such line, or it was voided already');
const pending = refuse('payment-pending', 'void or settle the payments of this order first');

const answered = { type: 'answer', params: ({ context }: Args) => ({ ...summaryOf(context) }) } as const;
const recordOrder = (type: 'order.suspended' | 'order.resumed') =>
  ({
    type: 'record',
    params: ({ context: { orderId, counterId, shiftId, businessDate } }: Args) =>
      ({ type, payload: { orderId, counterId, shiftId, businessDate } }) as const,
  }) as const;
const recordCreated = {
  type: 'record',
  params: ({ context }: Args) => {
    const { orderId, counterId, shiftId, businessDate, operatorId, rules, openedAt } = context;
    const names = { orderId, counterId, shiftId, businessDate, operatorId };
    return { type: 'order.created', payload: { ...names, currency: rules.currency, at: openedAt } } as const;
  },
} as const;
const recordPaid = {
  type: 'record',
  params: ({ context }: Args) => ({ type: 'order.paid', payload: paidOf(context) }) as const,
} as const;
const recordCancelled = {
  type: 'record',
  params: ({ context, event }: Args) => {
    const { orderId, counterId, lines } = context;
    const reason = event.type === 'CANCEL' ? event.reason : '';
    const payload = { orderId, counterId, reason, lines: lines.length, totalMinor: sale.totalOf(context) };
    return { type: 'order.cancelled', payload } as const;
  },
} as const;
/** The money is not where the books say, and no program can put it right: a person must know. */
const recordDisputed = (reason: 'reversed-by-terminal' | 'not-given-back') =>
  ({
    type: 'record',
    params: ({ context, event }: Args) =>
      ({
        type: 'order.disputed',
        payload: { orderId: context.orderId, paymentId: paymentId(event), reason },
      }) as const,
  }) as const;
const recordReceipted = {
  type: 'record',
  params: ({ context }: Args) =>
    ({ type: 'order.receipted', payload: { orderId: context.orderId, copies: context.copies } }) as const,
} as const;

const newsOf = (type: 'ORDER_PART_PAID' | 'PAYMENT_FAILED' | 'PAYMENT_UNKNOWN' | 'PAYMENT_REVERSED') =>
  ({
    type: 'tell',
    params: ({ context, event }: Args) => {
      const reason = event.type === 'PAYMENT_FAILED' ? event.reason : null;
      return tellCounter(context, paymentNews(context, type, paymentId(event), reason));
    },
  }) as const;
const newsOfPaid = {
  type: 'tell',
  params: ({ context, event }: Args) => tellCounter(context, paidNews(context, paymentId(event))),
} as const;
const newsOfCancelled = {
  type: 'tell',
  params: ({ context }: Args) => tellCounter(context, { type: 'ORDER_CANCELLED' }),
} as const;
const startPayment = {
  type: 'tell',
  params: ({ context, event }: Args) => tellStart(context, paymentId(event)),
} as const;
const reverse = {
  type: 'tell',
  params: ({ context, event }: Args) => {
    const reason = event.type === 'VOID_PAYMENT' ? event.reason : 'paid-otherwise';
    return tellPayment(context, paymentId(event), { type: 'REVERSE', reason });
  },
} as const;
const printOriginal = {
  type: 'tell',
  params: ({ context }: Args) => tellPrint(context, context.counterId),
} as const;
const printCopy = {
  type: 'tell',
  params: ({ context, event }: Args) =>
    tellPrint(context, event.type === 'REPRINT' ? event.printerId : context.counterId),
} as const;

// ---- handlers that several states share -------------------------------------------------------------------------------

/** A payment that succeeded although the order is covered, cancelled or paid: the money goes back (never kept, X3). */
const giveBack = ['markReversing', reverse] as const;
const cannotGiveBack = ['markSuccess', recordDisputed('not-given-back')] as const;
const cancelling = [
  { guard: 'isUntouched', target: '#order.cancelled', actions: ['releaseReturns', recordCancelled, newsOfCancelled] },
  { actions: pending },
] as const;
const tendering = [
  { guard: 'canTender', target: '#order.pending.tendering', actions: ['addPayment', startPayment, answered] },
  { actions: { type: 'refuse', params: refuseTender } },
] as const;
/** Of an order that was sold. */
const afterwards = {
  RECEIPT_HELD: { actions: 'markHeld' },
  RECEIPT_UNSURE: { actions: 'markHeld' },
  REPRINT: { actions: ['countCopy', printCopy, answered] },
  RETURN_LINES: [
    { guard: 'mayReturn', actions: 'returnLines' },
    { actions: refuse('returned-already', 'more would come back than was sold') },
  ],
} as const;

export const orderMachine = setup({
  types: { context: {} as sale.Sale, events: {} as OrderEvent },
  actions: {
    ...effects,
    open: assign(({ event }) =>
      event.type === 'OPEN' ? { ...event.order, openedAt: event.at, operatorId: event.by.id } : {},
    ),
    addLines: assign(({ context, event }) =>
      event.type === 'ADD_LINES' || event.type === 'OPEN'
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
    markReversing: assign(({ context, event }) =>
      sale.changePayment(context, paymentId(event), { status: 'reversing' }),
    ),
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
      const gone = context.lines.filter(
        ({ line, voidedBy }) => voidedBy === null && (event.type === 'CANCEL' || line === lineNumber(event)),
      );
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
    isQuiet: ({ context }) => context.payments.every(({ status }) => status !== 'pending'),
    isUntouched: ({ context }) =>
      !isPending(context.payments) && !isUnknown(context.payments) && sale.settled(context).length === 0,
    canTender: ({ context, event }) => event.type === 'TENDER' && !('reason' in settlementOf(context, event)),
    /** Its drawer may be counted already: what goes out now goes out of this one, as money back. */
    liesElsewhere: ({ context, event }) => {
      const known = sale.paymentOf(context, paymentId(event));
      return known?.status === 'success' && known.shiftId !== context.shiftId;
    },
    isSuccess: ({ context, event }) => sale.paymentOf(context, paymentId(event))?.status === 'success',
    isOpen: ({ context, event }) => sale.isOpen(context, paymentId(event)),
    standsForGood: ({ context, event }) => sale.standsForGood(context, paymentId(event)),
    covers: ({ context, event }) => sale.covers(context, paymentId(event)),
    coversAndPrints: ({ context, event }) => context.prints && sale.covers(context, paymentId(event)),
    isPart: ({ context, event }) => sale.isPart(context, paymentId(event)),
    exceeds: ({ context, event }) => sale.exceeds(context, paymentId(event)),
    mayReturn: ({ context, event }) =>
      event.type === 'RETURN_LINES' && returnable(context.lines, context.returned, event.quantities),
  },
}).createMachine({
  id: 'order',
  context: sale.blankSale,
  initial: 'new',
  // After the end: what still comes from payments is never kept, and never forgotten.
  on: {
    PAYMENT_SUCCEEDED: [
      { guard: 'standsForGood', actions: [...cannotGiveBack] },
      { guard: 'isOpen', actions: [...giveBack] },
      {},
    ],
    PAYMENT_FAILED: { actions: 'markFailed' },
    PAYMENT_UNKNOWN: { actions: 'markUnknown' },
    PAYMENT_REVERSED: [
      // The terminal took back, by itself, what this order was paid with: a person must know.
      {
        guard: 'isSuccess',
        actions: [recordDisputed('reversed-by-terminal'), 'markReversed', newsOf('PAYMENT_REVERSED')],
      },
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
      on: { OPEN: { target: 'pending', actions: ['open', recordCreated, 'addLines', 'reserveReturns', answered] } },
    },
    pending: {
      initial: 'building',
      on: {
        PAYMENT_SUCCEEDED: [
          { guard: 'coversAndPrints', target: 'paid', actions: ['markSuccess', 'markPaid'] },
          {
            guard: 'covers',
            target: 'receipted',
            actions: ['markSuccess', 'markPaid', recordPaid, recordReceipted, newsOfPaid],
          },
          { guard: 'isPart', actions: ['markSuccess', newsOf('ORDER_PART_PAID'), answered] },
          { guard: 'standsForGood', actions: [...cannotGiveBack, newsOf('ORDER_PART_PAID')] },
          { guard: 'exceeds', actions: [...giveBack] },
          // Said before, or taken back: nothing to do.
          {},
        ],
        PAYMENT_FAILED: { actions: ['markFailed', newsOf('PAYMENT_FAILED')] },
        PAYMENT_UNKNOWN: { actions: ['markUnknown', newsOf('PAYMENT_UNKNOWN')] },
        PAYMENT_REVERSED: { actions: ['markReversed', newsOf('PAYMENT_REVERSED')] },
        VOID_PAYMENT: [
          {
            guard: 'liesElsewhere',
            actions: refuse('not-now', 'paid in another shift: void lines and give money back'),
          },
          { guard: 'isSuccess', actions: [...giveBack] },
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
            VOID_LINE: [
              { guard: 'hasLine', actions: ['releaseReturns', 'voidLine', answered] },
              { actions: noSuchLine },
            ],
            DISCOUNT_LINE: [{ guard: 'hasLine', actions: ['discountLine', answered] }, { actions: noSuchLine }],
            DISCOUNT_ORDER: { actions: ['discountOrder', answered] },
            SET_MEMBER: { actions: ['setMember', answered] },
            SET_TAX_EXEMPT: { actions: ['setTaxExempt', answered] },
            SUSPEND: { target: 'suspended', actions: recordOrder('order.suspended') },
            TENDER: tendering,
            CANCEL: cancelling,
          },
        },
        tendering: {
          on: {
            TENDER: tendering,
            SET_TAX_EXEMPT: [{ guard: 'isFree', actions: ['setTaxExempt', answered] }, { actions: pending }],
            SELL_ON: [{ guard: 'isFree', target: 'building', actions: answered }, { actions: pending }],
            // What is being given back does not need the customer any more: the next one can be served.
            SUSPEND: [
              { guard: 'isQuiet', target: 'suspended', actions: recordOrder('order.suspended') },
              { actions: pending },
            ],
            CANCEL: cancelling,
          },
        },
        suspended: {
          on: {
            RESUME: { target: 'building', actions: ['move', recordOrder('order.resumed'), answered] },
            CANCEL: cancelling,
          },
        },
      },
    },
    paid: {
      entry: [recordPaid, newsOfPaid, printOriginal],
      on: { ...afterwards, RECEIPT_PRINTED: { target: 'receipted', actions: ['markPrinted', recordReceipted] } },
    },
    receipted: {
      on: { ...afterwards, RECEIPT_PRINTED: { actions: ['markPrinted', recordReceipted] } },
    },
    cancelled: {},
  },
});
