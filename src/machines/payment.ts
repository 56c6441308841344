import type { CardApproval } from '../domain/card.ts';
import { assign, setup } from 'xstate';
import type { Address } from '../domain/address.ts';
import { effects } from '../domain/effects.ts';
import type { Stamp } from '../domain/message.ts';
import { blankPayment, initiatedOf, type PaymentStart } from '../domain/payment.ts';

/** One attempt to pay. Cash and vouchers succeed at once; a card may become `unknown`, and is then asked for, never charged again. */
export type PaymentEvent = (
  | { readonly type: 'START'; readonly payment: PaymentStart }
  | { readonly type: 'CARD_APPROVED'; readonly reference: string; readonly approval: CardApproval }
  | { readonly type: 'CARD_FAILED'; readonly reference: string; readonly reason: string }
  | { readonly type: CardDoubt; readonly reference: string }
  | { readonly type: 'CARD_REVERSE_FAILED'; readonly reference: string; readonly reason: string }
  | { readonly type: 'ABORT' | 'ASK_AGAIN' | 'RESTARTED' }
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

export interface PaymentContext extends PaymentStart {
  readonly approval: CardApproval | null;
  readonly reason: string | null;
  readonly decidedBy: string | null;
  readonly asks: number;
}

/** The terminal has `answerMs`; its host may take 90 s. Asking is cheap and is repeated, faster at first. */
export const delays = { answerMs: 120_000, askMs: 30_000, askAgainMs: 5_000 } as const;

/** After so many questions without an answer a person must look, and may have it asked again. The terminal is still listened to. */
export const asksMax = 12;

const blank: PaymentContext = { ...blankPayment, approval: null, reason: null, decidedBy: null, asks: 0 };

const self = (context: PaymentContext): Address => `payment/${context.paymentId}`;
const order = (context: PaymentContext): Address => `order/${context.orderId}`;
const terminal = (context: PaymentContext): Address => `terminal/${context.counterId}`;
const reference = (context: PaymentContext) => ({ requester: self(context), reference: context.paymentId });
const charge = (context: PaymentContext) => ({
  ...reference(context),
  amountMinor: context.amountMinor,
  currency: context.currency,
});
const names = (context: PaymentContext) => ({ paymentId: context.paymentId, orderId: context.orderId });

const recordInitiated = {
  type: 'record',
  params: ({ context, event }: { readonly context: PaymentContext; readonly event: PaymentEvent }) =>
    ({ type: 'payment.initiated', payload: initiatedOf(context, event.at) }) as const,
} as const;

/** A card payment of nothing ends an order without a terminal; training never reaches one. */
const needsTerminal = ({ method, amountMinor, training }: PaymentStart): boolean =>
  method === 'card' && amountMinor !== 0 && !training;

export const paymentMachine = setup({
  types: { context: {} as PaymentContext, events: {} as PaymentEvent },
  actions: {
    ...effects,
    start: assign(({ event }) => (event.type === 'START' ? event.payment : {})),
    approve: assign(({ event }) => (event.type === 'CARD_APPROVED' ? { approval: event.approval, reason: null } : {})),
    decline: assign(({ event }) => ({ reason: reasonOf(event) })),
    decide: assign(({ event }) =>
      event.type === 'RESOLVE' ? { decidedBy: event.by.id, reason: event.reason, approval: null } : {},
    ),
    countAsk: assign(({ context }) => ({ asks: context.asks + 1 })),
    resetAsks: assign({ asks: 0 }),
  },
  guards: {
    isCard: ({ event }) => event.type === 'START' && needsTerminal(event.payment),
    paidByCard: ({ context }) => needsTerminal(context),
    asksLeft: ({ context }) => context.asks < asksMax,
    wasBusy: ({ event }) => event.type === 'CARD_REVERSE_FAILED' && event.reason === 'busy',
    saysApproved: ({ event }) => event.type === 'RESOLVE' && event.outcome === 'approved',
  },
  delays,
}).createMachine({
  id: 'payment',
  context: blank,
  initial: 'initiated',
  // Late: an answer to a question that has been settled since.
  on: {
    CARD_FAILED: {},
    CARD_NO_ANSWER: {},
    CARD_UNREACHABLE: {},
    CARD_NOT_FOUND: {},
    CARD_IN_PROGRESS: {},
    CARD_REVERSED: {},
    CARD_REVERSE_FAILED: {},
    CARD_REVERSE_NO_ANSWER: {},
    CARD_APPROVED: {},
    RESTARTED: {},
  },
  states: {
    initiated: {
      on: {
        START: [
          { guard: 'isCard', target: 'authorizing', actions: ['start', recordInitiated] },
          { target: 'success', actions: ['start', recordInitiated] },
        ],
      },
    },
    authorizing: {
      tags: ['in-flight'],
      entry: {
        type: 'tell',
        params: ({ context }) => ({ to: terminal(context), event: { type: 'AUTHORIZE', ...charge(context) } }),
      },
      after: { answerMs: 'asking' },
      on: {
        CARD_APPROVED: { target: 'success', actions: 'approve' },
        CARD_FAILED: { target: 'failed', actions: 'decline' },
        CARD_UNREACHABLE: { target: 'failed', actions: 'decline' },
        CARD_NO_ANSWER: 'asking',
        CARD_NOT_FOUND: 'asking',
        CARD_REVERSED: 'asking',
        ABORT: {
          actions: {
            type: 'tell',
            params: ({ context }) => ({ to: terminal(context), event: { type: 'ABORT', ...reference(context) } }),
          },
        },
        RESTARTED: 'asking',
      },
    },
    // The terminal may have charged the card: ask it, never charge again.
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
        CARD_APPROVED: { target: 'success', actions: 'approve' },
        CARD_FAILED: { target: 'failed', actions: 'decline' },
        CARD_NOT_FOUND: { target: 'failed', actions: 'decline' },
        CARD_REVERSED: { target: 'failed', actions: 'decline' },
        CARD_NO_ANSWER: 'unknown',
        CARD_UNREACHABLE: 'unknown',
        CARD_IN_PROGRESS: 'unknown',
        ABORT: {
          actions: {
            type: 'tell',
            params: ({ context }) => ({ to: terminal(context), event: { type: 'ABORT', ...reference(context) } }),
          },
        },
        RESTARTED: { target: 'asking', reenter: true },
        RESOLVE: [
          { guard: 'saysApproved', target: 'success', actions: 'decide' },
          { target: 'failed', actions: 'decide' },
        ],
      },
    },
    // Nobody knows yet. The counter sells on by other tenders; the terminal is asked again and again.
    unknown: {
      tags: ['in-flight', 'unsure'],
      entry: [
        { type: 'record', params: ({ context }) => ({ type: 'payment.unknown', payload: names(context) }) },
        {
          type: 'tell',
          params: ({ context }) => ({
            to: order(context),
            event: { type: 'PAYMENT_UNKNOWN', paymentId: context.paymentId },
          }),
        },
      ],
      after: { askAgainMs: [{ guard: 'asksLeft', target: 'asking' }, { target: 'needsOperator' }] },
      on: {
        CARD_APPROVED: { target: 'success', actions: 'approve' },
        CARD_FAILED: { target: 'failed', actions: 'decline' },
        CARD_NOT_FOUND: { target: 'failed', actions: 'decline' },
        CARD_REVERSED: { target: 'failed', actions: 'decline' },
        ASK_AGAIN: 'asking',
        RESTARTED: 'asking',
        RESOLVE: [
          { guard: 'saysApproved', target: 'success', actions: 'decide' },
          { target: 'failed', actions: 'decide' },
        ],
      },
    },
    needsOperator: {
      tags: ['in-flight', 'unsure'],
      on: {
        CARD_APPROVED: { target: 'success', actions: 'approve' },
        CARD_FAILED: { target: 'failed', actions: 'decline' },
        CARD_NOT_FOUND: { target: 'failed', actions: 'decline' },
        CARD_REVERSED: { target: 'failed', actions: 'decline' },
        ASK_AGAIN: { target: 'asking', actions: 'resetAsks' },
        RESTARTED: { target: 'asking', actions: 'resetAsks' },
        RESOLVE: [
          { guard: 'saysApproved', target: 'success', actions: 'decide' },
          { target: 'failed', actions: 'decide' },
        ],
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
              changeMinor: context.changeMinor,
              roundingMinor: context.roundingMinor,
              decidedBy: context.decidedBy,
            },
          }),
        },
        {
          type: 'tell',
          params: ({ context }) => ({
            to: order(context),
            event: {
              type: 'PAYMENT_SUCCEEDED',
              paymentId: context.paymentId,
              approval: context.approval,
            },
          }),
        },
      ],
      on: {
        // A person said "approved" and the terminal now says the same: keep its receipt.
        CARD_APPROVED: { actions: 'approve' },
        CARD_REVERSED: { target: 'reversed', actions: 'decline' },
        REVERSE: [
          { guard: 'paidByCard', target: 'reversing', actions: ['decline', 'resetAsks'] },
          { target: 'reversed', actions: 'decline' },
        ],
      },
    },
    reversing: {
      tags: ['in-flight'],
      entry: {
        type: 'tell',
        params: ({ context }) => ({ to: terminal(context), event: { type: 'REVERSE', ...charge(context) } }),
      },
      after: { answerMs: 'reversalUnsure' },
      on: {
        CARD_REVERSED: 'reversed',
        CARD_NOT_FOUND: 'reversed',
        CARD_REVERSE_FAILED: [{ guard: 'wasBusy', target: 'reversalWaiting' }, { target: 'reversalUnsure' }],
        CARD_REVERSE_NO_ANSWER: 'reversalUnsure',
        CARD_UNREACHABLE: 'reversalUnsure',
        RESTARTED: 'reversalAsking',
      },
    },
    // The terminal was at something else and did nothing. Asking first would keep it busy with the answer's confirmation,
    // and the reversal that follows would meet it busy again.
    reversalWaiting: {
      tags: ['in-flight'],
      entry: 'countAsk',
      after: { askAgainMs: [{ guard: 'asksLeft', target: 'reversing' }, { target: 'reversalUnsure' }] },
      on: {
        CARD_REVERSED: 'reversed',
        ASK_AGAIN: { target: 'reversing', actions: 'resetAsks' },
        RESTARTED: { target: 'reversalAsking', actions: 'resetAsks' },
        RESOLVE: [
          { guard: 'saysApproved', target: 'success', actions: 'decide' },
          { target: 'reversed', actions: 'decide' },
        ],
      },
    },
    reversalAsking: {
      tags: ['in-flight'],
      entry: [
        'countAsk',
        {
          type: 'tell',
          params: ({ context }) => ({ to: terminal(context), event: { type: 'QUERY', ...reference(context) } }),
        },
      ],
      after: { askMs: 'reversalUnsure' },
      on: {
        CARD_REVERSED: 'reversed',
        CARD_NOT_FOUND: 'reversed',
        CARD_FAILED: 'reversed',
        // Still charged: the reversal did not get through, and a reversal of the same receipt is refused the second time.
        CARD_APPROVED: 'reversing',
        CARD_NO_ANSWER: 'reversalUnsure',
        CARD_UNREACHABLE: 'reversalUnsure',
        CARD_IN_PROGRESS: 'reversalUnsure',
        RESTARTED: { target: 'reversalAsking', reenter: true },
      },
    },
    reversalUnsure: {
      tags: ['in-flight', 'unsure'],
      // A terminal that is gone for good is not asked for ever: each question is a row on disk.
      after: { askAgainMs: [{ guard: 'asksLeft', target: 'reversalAsking' }, {}] },
      on: {
        CARD_REVERSED: 'reversed',
        ASK_AGAIN: { target: 'reversalAsking', actions: 'resetAsks' },
        RESTARTED: { target: 'reversalAsking', actions: 'resetAsks' },
        RESOLVE: [
          { guard: 'saysApproved', target: 'success', actions: 'decide' },
          { target: 'reversed', actions: 'decide' },
        ],
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
        {
          type: 'tell',
          params: ({ context }) => ({
            to: order(context),
            event: { type: 'PAYMENT_FAILED', paymentId: context.paymentId, reason: context.reason ?? 'failed' },
          }),
        },
      ],
      on: {
        // Said to have failed, and the late answer is an approval: the money is taken back, on record.
        CARD_APPROVED: { target: 'reversing', actions: ['approve', 'resetAsks'] },
      },
    },
    reversed: {
      entry: [
        {
          type: 'record',
          params: ({ context }) => ({
            type: 'payment.reversed',
            payload: { ...names(context), reason: context.reason ?? 'reversed' },
          }),
        },
        {
          type: 'tell',
          params: ({ context }) => ({
            to: order(context),
            event: { type: 'PAYMENT_REVERSED', paymentId: context.paymentId },
          }),
        },
      ],
    },
  },
});

function reasonOf(event: PaymentEvent): string {
  switch (event.type) {
    case 'CARD_FAILED':
    case 'CARD_REVERSE_FAILED':
    case 'REVERSE':
    case 'RESOLVE':
      return event.reason;
    case 'CARD_UNREACHABLE':
      return 'terminal-unreachable';
    case 'CARD_NOT_FOUND':
      return 'never-reached-terminal';
    case 'CARD_REVERSED':
      return 'reversed-by-terminal';
    case 'START':
    case 'CARD_APPROVED':
    case 'CARD_NO_ANSWER':
    case 'CARD_IN_PROGRESS':
    case 'CARD_REVERSE_NO_ANSWER':
    case 'ABORT':
    case 'ASK_AGAIN':
    case 'RESTARTED':
      return event.type.toLowerCase();
  }
}
