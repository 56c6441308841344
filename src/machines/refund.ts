import type { CardApproval } from '../domain/card.ts';
import { assign, setup } from 'xstate';
import { effects } from '../domain/effects.ts';
import type { Stamp } from '../domain/message.ts';
import { blankPayment, initiatedOf, type PaymentStart } from '../domain/payment.ts';

/** Money back on a card. Like a payment turned round: when nobody knows whether it went through it is asked for, never sent again. */
export type RefundEvent = (
  | { readonly type: 'START'; readonly payment: PaymentStart }
  | { readonly type: 'CARD_APPROVED'; readonly reference: string; readonly approval: CardApproval }
  | { readonly type: 'CARD_FAILED'; readonly reference: string; readonly reason: string }
  | { readonly type: CardDoubt; readonly reference: string }
  | { readonly type: 'CARD_REVERSE_FAILED'; readonly reference: string; readonly reason: string }
  | { readonly type: 'ASK_AGAIN' | 'RESTARTED' }
  | { readonly type: 'REVERSE'; readonly reason: string }
  | { readonly type: 'RESOLVE'; readonly outcome: 'approved' | 'failed'; readonly reason: string }
) &
  Stamp;

type CardDoubt =
  | 'CARD_NO_ANSWER'
  | 'CARD_UNREACHABLE'
  | 'CARD_NOT_FOUND'
  | 'CARD_IN_PROGRESS'
  | 'CARD_REVERSED'
  | 'CARD_REVERSE_NO_ANSWER';

export interface RefundContext extends PaymentStart {
  readonly approval: CardApproval | null;
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly asks: number;
}

export const delays = { answerMs: 120_000, askMs: 30_000, askAgainMs: 5_000 } as const;

/** After so many questions without an answer a person must look, and may have it asked again. The terminal is still listened to. */
export const asksMax = 12;

const blank: RefundContext = { ...blankPayment, approval: null, reason: null, decidedBy: null, asks: 0 };

interface Args {
  readonly context: RefundContext;
  readonly event: RefundEvent;
}
const terminal = (context: RefundContext) => `terminal/${context.counterId}` as const;
const reference = (context: RefundContext) => ({
  requester: `refund/${context.paymentId}` as const,
  reference: context.paymentId,
});
const names = (context: RefundContext) => ({ paymentId: context.paymentId, orderId: context.orderId });

const tellOrder = (type: 'PAYMENT_SUCCEEDED' | 'PAYMENT_FAILED' | 'PAYMENT_UNKNOWN') =>
  ({
    type: 'tell',
    params: ({ context }: Args) => ({
      to: `order/${context.orderId}` as const,
      event: { type, paymentId: context.paymentId, approval: context.approval, reason: context.reason ?? 'failed' },
    }),
  }) as const;

const answers = {
  CARD_APPROVED: { target: 'success', actions: 'approve' },
  CARD_FAILED: { target: 'failed', actions: 'decline' },
  CARD_NOT_FOUND: { target: 'failed', actions: 'decline' },
} as const;
const decision = [
  { guard: 'saysApproved', target: 'success', actions: 'decide' },
  { target: 'failed', actions: 'decide' },
] as const;

export const refundMachine = setup({
  types: { context: {} as RefundContext, events: {} as RefundEvent },
  actions: {
    ...effects,
    start: assign(({ event }) => (event.type === 'START' ? event.payment : {})),
    approve: assign(({ event }) => (event.type === 'CARD_APPROVED' ? { approval: event.approval, reason: null } : {})),
    decline: assign(({ event }) => ({ reason: 'reason' in event ? event.reason : event.type.toLowerCase() })),
    decide: assign(({ event }) =>
      event.type === 'RESOLVE' ? { decidedBy: event.by.id, reason: event.reason, approval: null } : {},
    ),
    countAsk: assign(({ context }) => ({ asks: context.asks + 1 })),
    resetAsks: assign({ asks: 0 }),
  },
  guards: {
    isTraining: ({ event }) => event.type === 'START' && event.payment.training,
    asksLeft: ({ context }) => context.asks < asksMax,
    saysApproved: ({ event }) => event.type === 'RESOLVE' && event.outcome === 'approved',
  },
  delays,
}).createMachine({
  id: 'refund',
  context: blank,
  initial: 'initiated',
  // Late: an answer to a question that has been settled since.
  on: {
    CARD_APPROVED: {},
    CARD_FAILED: {},
    CARD_NO_ANSWER: {},
    CARD_UNREACHABLE: {},
    CARD_NOT_FOUND: {},
    CARD_IN_PROGRESS: {},
    CARD_REVERSED: {},
    CARD_REVERSE_FAILED: {},
    CARD_REVERSE_NO_ANSWER: {},
    RESTARTED: {},
  },
  states: {
    initiated: {
      on: {
        START: [
          { guard: 'isTraining', target: 'success', actions: 'start' },
          {
            target: 'refunding',
            actions: [
              'start',
              {
                type: 'record',
                params: ({ context, event }) => ({
                  type: 'payment.initiated',
                  payload: initiatedOf(context, event.at),
                }),
              },
            ],
          },
        ],
      },
    },
    refunding: {
      tags: ['in-flight'],
      entry: {
        type: 'tell',
        params: ({ context }) => ({
          to: terminal(context),
          event: {
            type: 'REFUND',
            ...reference(context),
            amountMinor: -context.amountMinor,
            currency: context.currency,
          },
        }),
      },
      after: { answerMs: 'asking' },
      on: {
        ...answers,
        CARD_UNREACHABLE: { target: 'failed', actions: 'decline' },
        CARD_NO_ANSWER: 'asking',
        CARD_NOT_FOUND: 'asking',
        CARD_REVERSED: 'asking',
        RESTARTED: 'asking',
      },
    },
    // The terminal may have paid out: ask it, never pay out again.
    asking: {
      tags: ['in-flight'],
      entry: [
        'countAsk',
        {
          type: 'tell',
          params: ({ context }) => ({ to: terminal(context), event: { type: 'QUERY', ...reference(context) } }),
        },
      ],
      after: { askMs: 'unknown' },
      on: {
        ...answers,
        CARD_REVERSED: { target: 'failed', actions: 'decline' },
        CARD_NO_ANSWER: 'unknown',
        CARD_UNREACHABLE: 'unknown',
        CARD_IN_PROGRESS: 'unknown',
        RESTARTED: { target: 'asking', reenter: true },
        RESOLVE: decision,
      },
    },
    unknown: {
      tags: ['in-flight', 'unsure'],
      entry: [
        { type: 'record', params: ({ context }) => ({ type: 'payment.unknown', payload: names(context) }) },
        tellOrder('PAYMENT_UNKNOWN'),
      ],
      after: { askAgainMs: [{ guard: 'asksLeft', target: 'asking' }, {}] },
      on: {
        ...answers,
        CARD_REVERSED: { target: 'failed', actions: 'decline' },
        ASK_AGAIN: { target: 'asking', actions: 'resetAsks' },
        RESTARTED: { target: 'asking', actions: 'resetAsks' },
        RESOLVE: decision,
      },
    },
    success: {
      entry: [
        {
          type: 'record',
          params: ({ context }) => ({
            type: 'payment.succeeded',
            payload: {
              ...names(context),
              approval: context.approval,
              tenderedMinor: context.tenderedMinor,
              changeMinor: 0,
              roundingMinor: 0,
              decidedBy: context.decidedBy,
            },
          }),
        },
        tellOrder('PAYMENT_SUCCEEDED'),
      ],
      on: {
        CARD_APPROVED: { actions: 'approve' },
        REVERSE: {
          actions: { type: 'refuse', params: { reason: 'not-now', detail: 'a refund on a card cannot be taken back' } },
        },
      },
    },
    failed: {
      entry: [
        {
          type: 'record',
          params: ({ context }) => ({
            type: 'payment.failed',
            payload: { ...names(context), reason: context.reason ?? 'failed' },
          }),
        },
        tellOrder('PAYMENT_FAILED'),
      ],
      // The refund came out after all: the order must know, on record.
      on: { CARD_APPROVED: { target: 'success', actions: 'approve' } },
    },
  },
});
