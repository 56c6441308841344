import type { PaymentStart } from '../../src/domain/payment.ts';
import { blankPayment } from '../../src/domain/payment.ts';
import { kindOf } from '../../src/domain/address.ts';
import { effectsOf, type Effect, type Trace } from './model.ts';

/** What payments and refunds have in common: a terminal that answers in any way, and an order that is told. */
export const cardPayment: PaymentStart = {
  ...blankPayment,
  paymentId: 'p1',
  orderId: 'o1',
  counterId: '3',
  shiftId: 's1',
  businessDate: '2026-03-02',
  method: 'card',
  tender: 'CARD',
  amountMinor: 1_250,
  tenderedMinor: 1_250,
  currency: 'EUR',
};
const reference = cardPayment.paymentId;
const approval = {
  authCode: '123456',
  maskedPan: '************1234',
  scheme: 'test',
  terminalReceipt: '77',
  amountMinor: 1_250,
};

export const words = {
  approved: { type: 'CARD_APPROVED', reference, approval },
  failed: { type: 'CARD_FAILED', reference, reason: 'declined' },
  noAnswer: { type: 'CARD_NO_ANSWER', reference },
  unreachable: { type: 'CARD_UNREACHABLE', reference },
  notFound: { type: 'CARD_NOT_FOUND', reference },
  inProgress: { type: 'CARD_IN_PROGRESS', reference },
  reversed: { type: 'CARD_REVERSED', reference },
  reverseFailed: { type: 'CARD_REVERSE_FAILED', reference, reason: 'busy' },
  reverseNoAnswer: { type: 'CARD_REVERSE_NO_ANSWER', reference },
} as const;

const wordsTo: Readonly<Record<string, readonly (typeof words)[keyof typeof words][]>> = {
  AUTHORIZE: [words.approved, words.failed, words.noAnswer, words.unreachable],
  REFUND: [words.approved, words.failed, words.noAnswer, words.unreachable],
  QUERY: [words.approved, words.notFound, words.inProgress, words.noAnswer, words.reversed],
  REVERSE: [words.reversed, words.reverseFailed, words.reverseNoAnswer],
};

/** Each answer of the terminal to what it is told; which one, and whether at all, is the walk's choice. */
export const terminalAnswers = (effect: Effect): (typeof words)[keyof typeof words][] =>
  effect.type === 'tell' && kindOf(effect.params.to) === 'terminal'
    ? [...(wordsTo[effect.params.event.type] ?? [])]
    : [];

/** What the actors of a kind were told, by type, in order. */
export const toldTo = (trace: Trace, kind: string): readonly string[] =>
  effectsOf(trace, 'tell').flatMap(({ to, event }) => (kindOf(to) === kind ? [event.type] : []));

export const recorded = (trace: Trace): readonly string[] => effectsOf(trace, 'record').map(({ type }) => type);

/** The first step of which something is wrong, by its event. */
export const firstWrong = (trace: Trace, wrong: (step: Trace[number], index: number) => boolean): string | null =>
  trace.find(wrong)?.event.type ?? null;
