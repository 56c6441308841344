import type { CardApproval, CardReference, CardRequest } from './card.ts';
import type { Tell } from './effects.ts';
import type { Message } from './message.ts';
import type { CardQueryOutcome, ReversalOutcome } from './ports.ts';

/** A request as it goes to the terminal: only what belongs to it, not the event that it came in. */
export const requestOf = ({ requester, reference, amountMinor, currency }: CardRequest): CardRequest => ({
  requester,
  reference,
  amountMinor,
  currency,
});
export const referenceOf = ({ requester, reference }: CardReference): CardReference => ({ requester, reference });

/** What a terminal tells who asked it: the outcome of a call in the words of a payment. */
export const answer = (to: CardReference, message: Message): Tell => ({
  to: to.requester,
  event: { ...message, reference: to.reference },
});

const approvalOf = ({ authCode, maskedPan, scheme, terminalReceipt, amountMinor }: CardApproval): CardApproval => ({
  authCode,
  maskedPan,
  scheme,
  terminalReceipt,
  amountMinor,
});

const cardWords = {
  approved: 'CARD_APPROVED',
  failed: 'CARD_FAILED',
  'no-answer': 'CARD_NO_ANSWER',
  unreachable: 'CARD_UNREACHABLE',
  'in-progress': 'CARD_IN_PROGRESS',
  'not-found': 'CARD_NOT_FOUND',
  reversed: 'CARD_REVERSED',
} as const satisfies Record<CardQueryOutcome['outcome'], string>;

const reversalWords = {
  reversed: 'CARD_REVERSED',
  failed: 'CARD_REVERSE_FAILED',
  'no-answer': 'CARD_REVERSE_NO_ANSWER',
  'not-found': 'CARD_NOT_FOUND',
  unreachable: 'CARD_UNREACHABLE',
} as const satisfies Record<ReversalOutcome['outcome'], string>;

export const cardAnswer = (ended: CardQueryOutcome): Message => {
  const type = cardWords[ended.outcome];
  if (ended.outcome === 'approved') return { type, approval: approvalOf(ended) };
  return ended.outcome === 'failed' ? { type, reason: ended.reason } : { type };
};

export const reversalAnswer = (ended: ReversalOutcome): Message => {
  const type = reversalWords[ended.outcome];
  return ended.outcome === 'failed' ? { type, reason: ended.reason } : { type };
};
