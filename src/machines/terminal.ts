import type { CardReference, CardRequest } from '../domain/card.ts';
import { setup } from 'xstate';
import type { Tell } from '../domain/effects.ts';
import { effects } from '../domain/effects.ts';
import { assert } from '../domain/errors.ts';
import type { Message, Stamp } from '../domain/message.ts';
import type {
  CardOutcome,
  CardQueryOutcome,
  ConfirmOutcome,
  ConnectOutcome,
  ReversalOutcome,
} from '../domain/ports.ts';
import { answer, cardAnswer, referenceOf, requestOf, reversalAnswer } from '../domain/card-answers.ts';
import type { Question } from '../domain/card-questions.ts';
import {
  asked,
  askedFirst,
  confirmed,
  doubtedFirst,
  doubtedLast,
  find,
  triedOnce,
  waitingMax,
  without,
} from '../domain/card-questions.ts';

/**
 * The payment terminal of a counter: one card at a time, and never a card charged because somebody was unsure.
 *
 * What must still be asked stands in `questions` from the moment it is unsure until an answer is told: a lost line or a
 * killed store has nothing to repair, the list is asked once the terminal is back. Nothing here ever repeats an
 * authorisation or a refund: a reference that was sent or asked about before is asked about instead.
 */
export type TerminalEvent = Stamp &
  (
    | { readonly type: 'INSTALL'; readonly counterId: string }
    | { readonly type: 'RESTARTED' }
    | { readonly type: 'DISCONNECTED' }
    | ({ readonly type: 'CONNECT_ENDED' } & ConnectOutcome)
    | ({ readonly type: 'AUTHORIZE' } & CardRequest)
    | ({ readonly type: 'REFUND' } & CardRequest)
    | ({ readonly type: 'REVERSE' } & CardRequest)
    | ({ readonly type: 'QUERY' } & CardReference)
    | ({ readonly type: 'ABORT' } & CardReference)
    | ({ readonly type: 'AUTHORIZE_ENDED'; readonly request: CardRequest } & CardOutcome)
    | ({ readonly type: 'REFUND_ENDED'; readonly request: CardRequest } & CardOutcome)
    | ({ readonly type: 'REVERSE_ENDED'; readonly request: CardRequest } & ReversalOutcome)
    | ({ readonly type: 'QUERY_ENDED'; readonly request: CardReference } & CardQueryOutcome)
    | ({ readonly type: 'CONFIRM_ENDED'; readonly request: CardReference } & ConfirmOutcome)
    | { readonly type: 'ABORT_ENDED'; readonly request: CardReference; readonly outcome: 'aborting' | 'unreachable' }
  );

export type TerminalContext = {
  readonly counterId: string | null;
  /** What is being authorised, refunded or reversed. */
  readonly current: CardRequest | null;
  /** To be asked or confirmed, oldest first; while querying or confirming the first is the one at hand. */
  readonly questions: readonly Question[];
  /** References sent or asked about lately: never charged any more, so that `not found` stays true. */
  readonly used: readonly string[];
  readonly reconnects: number;
};

export const delays = {
  reconnectMs: 1_000,
  reconnectMaxMs: 30_000,
  connectMs: 30_000,
  confirmAgainMs: 2_000,
  answerMs: 60_000,
} as const;

/** How often an approval that could not be confirmed is asked about before a person must look: CARD_NO_ANSWER. */
export const confirmTriesMax = 3;
/** References remembered against being charged twice; the inbox of the runtime is the first guard, this is the second. */
export const usedMax = 16;

type Ended = Extract<TerminalEvent, { readonly type: 'AUTHORIZE_ENDED' | 'REFUND_ENDED' | 'QUERY_ENDED' }>;
type Seen = { readonly context: TerminalContext; readonly event: TerminalEvent };

const currentOf = ({ context }: { readonly context: TerminalContext }): CardRequest => {
  assert(context.current !== null, 'a terminal at work has a request');
  return context.current;
};
const headOf = ({ context }: { readonly context: TerminalContext }): Question => {
  const head = context.questions[0];
  assert(head !== undefined, 'a terminal that asks or confirms has a question');
  return head;
};
const headReference = (seen: { readonly context: TerminalContext }): CardReference => referenceOf(headOf(seen));

// ---- guards ---------------------------------------------------------------------------------------------------------

const referenceIn = (event: TerminalEvent): string | null =>
  'request' in event ? event.request.reference : 'reference' in event ? event.reference : null;
const outcomeIn = (event: TerminalEvent): string | null => ('outcome' in event ? event.outcome : null);
const ofCurrent = ({ context, event }: Seen): boolean =>
  context.current !== null && context.current.reference === referenceIn(event);
const ofHead = ({ context, event }: Seen): boolean => context.questions[0]?.reference === referenceIn(event);
const wasUsed = ({ context, event }: Seen): boolean => {
  const reference = referenceIn(event);
  return reference !== null && (context.used.includes(reference) || find(context.questions, reference) !== undefined);
};
const listFull = ({ context, event }: Seen): boolean =>
  context.questions.length >= waitingMax && find(context.questions, referenceIn(event) ?? '') === undefined;
const isDoubt = ({ context }: Seen): boolean => context.questions[0]?.doubt === true;
const isAwaited = ({ context }: Seen): boolean => context.questions[0]?.waits === true;
const triesLeft = ({ context }: Seen): boolean => (context.questions[0]?.tries ?? 0) < confirmTriesMax;
const noDecision = (event: TerminalEvent): boolean => ['in-progress', 'no-answer'].includes(outcomeIn(event) ?? '');

const guards = {
  installed: ({ context }: Seen) => context.counterId !== null,
  sameCounter: ({ context, event }: Seen) => event.type === 'INSTALL' && event.counterId === context.counterId,
  connected: ({ event }: Seen) => outcomeIn(event) === 'connected',
  approved: ({ event }: Seen) => outcomeIn(event) === 'approved',
  decided: ({ event }: Seen) => ['failed', 'reversed', 'not-found'].includes(outcomeIn(event) ?? ''),
  wasUsed,
  wasUsedListFull: (seen: Seen) => wasUsed(seen) && listFull(seen),
  ofCurrent,
  currentApproved: (seen: Seen) => ofCurrent(seen) && outcomeIn(seen.event) === 'approved',
  currentUnreachable: (seen: Seen) => ofCurrent(seen) && outcomeIn(seen.event) === 'unreachable',
  ofHead,
  headApproved: (seen: Seen) => ofHead(seen) && outcomeIn(seen.event) === 'approved',
  headApprovedAndTold: (seen: Seen) => ofHead(seen) && !isAwaited(seen) && outcomeIn(seen.event) === 'approved',
  headFailed: (seen: Seen) => ofHead(seen) && outcomeIn(seen.event) === 'failed',
  headReversed: (seen: Seen) => ofHead(seen) && outcomeIn(seen.event) === 'reversed',
  headUnreachable: (seen: Seen) => ofHead(seen) && outcomeIn(seen.event) === 'unreachable',
  headTriesLeft: (seen: Seen) => ofHead(seen) && triesLeft(seen),
  headConfirmed: (seen: Seen) => ofHead(seen) && outcomeIn(seen.event) === 'confirmed',
  headConfirmedAndTold: (seen: Seen) => ofHead(seen) && !isAwaited(seen) && outcomeIn(seen.event) === 'confirmed',
  /** Still unsure whether the head's approval stands, and it may be asked again. */
  headUnsureTriesLeft: (seen: Seen) => ofHead(seen) && isDoubt(seen) && noDecision(seen.event) && triesLeft(seen),
  headUnsure: (seen: Seen) => ofHead(seen) && isDoubt(seen) && noDecision(seen.event),
  doubtTriesLeft: (seen: Seen) => isDoubt(seen) && triesLeft(seen),
  reversed: ({ event }: Seen) => outcomeIn(event) === 'reversed',
  confirmed: ({ event }: Seen) => outcomeIn(event) === 'confirmed',
  hasQuestions: ({ context }: Seen) => context.questions.length > 0,
  listFull,
};

// ---- answers and calls, as data -------------------------------------------------------------------------------------

type WithReference = Stamp & CardReference;
type WithRequest = { readonly event: { readonly request: CardReference } };
const telling = <E>(params: (seen: { readonly context: TerminalContext; readonly event: E }) => Tell) =>
  ({ type: 'tell', params }) as const;

const tellOutcome = telling(({ event }: { event: Ended }) => answer(event.request, cardAnswer(event)));
const tellingAsker = (message: Message) => telling(({ event }: { event: WithReference }) => answer(event, message));
const tellUnreachable = tellingAsker({ type: 'CARD_UNREACHABLE' });
const tellNoAnswer = tellingAsker({ type: 'CARD_NO_ANSWER' });
const tellBusy = tellingAsker({ type: 'CARD_FAILED', reason: 'busy' });
const tellNotReversed = tellingAsker({ type: 'CARD_REVERSE_FAILED', reason: 'busy' });
const tellReversed = telling(({ event }: WithRequest) => answer(event.request, { type: 'CARD_REVERSED' }));
const tellCurrentNoAnswer = telling<unknown>((seen) => answer(currentOf(seen), { type: 'CARD_NO_ANSWER' }));
const tellHeadNoAnswer = telling<unknown>((seen) => answer(headOf(seen), { type: 'CARD_NO_ANSWER' }));
const tellReversal = telling(({ event }: { event: Extract<TerminalEvent, { readonly type: 'REVERSE_ENDED' }> }) =>
  answer(event.request, reversalAnswer(event)),
);
const confirmLate = { type: 'confirmCard', params: ({ event }: WithRequest) => referenceOf(event.request) } as const;
const abort = { type: 'abortCard', params: ({ event }: { event: WithReference }) => referenceOf(event) } as const;
const tellReversalUnknown = telling<unknown>((seen) => answer(currentOf(seen), { type: 'CARD_REVERSE_NO_ANSWER' }));

const { tell, connectDevice, authorizeCard, confirmCard, queryCard, reverseCard, refundCard, abortCard } = effects;
const terminal = setup({
  types: { context: {} as TerminalContext, events: {} as TerminalEvent, tags: {} as 'in-flight' },
  actions: { tell, connectDevice, authorizeCard, confirmCard, queryCard, reverseCard, refundCard, abortCard },
  guards,
  delays: {
    ...delays,
    reconnectMs: ({ context }) => Math.min(delays.reconnectMs * 2 ** context.reconnects, delays.reconnectMaxMs),
  },
});

const keepReference = terminal.assign(({ context, event }) => {
  if (!('reference' in event)) return {};
  const { used, questions } = context;
  const isUsed = used.includes(event.reference);
  return { questions: asked(questions, event), used: isUsed ? used : [...used, event.reference].slice(-usedMax) };
});
const keepCurrent = terminal.assign(({ context, event }) =>
  event.type === 'QUERY' ? { current: null, questions: askedFirst(context.questions, event) } : {},
);
const begin = terminal.assign(({ event }) => (event.type === 'REVERSE' ? { current: requestOf(event) } : {}));
const beginOnce = terminal.assign(({ context, event }) =>
  event.type === 'AUTHORIZE' || event.type === 'REFUND'
    ? { current: requestOf(event), used: [...context.used, event.reference].slice(-usedMax) }
    : {},
);
const clear = terminal.assign({ current: null });
const doubtFirst = terminal.assign(({ context, event }) =>
  'request' in event ? { current: null, questions: doubtedFirst(context.questions, event.request) } : {},
);
const doubtLast = terminal.assign(({ context, event }) =>
  'request' in event ? { questions: doubtedLast(context.questions, event.request) } : {},
);
const settle = terminal.assign(({ context, event }) =>
  'request' in event ? { questions: without(context.questions, event.request.reference) } : {},
);
const stands = terminal.assign(({ context, event }) =>
  'request' in event ? { questions: confirmed(context.questions, event.request.reference) } : {},
);
const settleHead = terminal.assign(({ context }) => ({ questions: context.questions.slice(1) }));
const tryAgain = terminal.assign(({ context }) => ({ questions: triedOnce(context.questions) }));
const install = terminal.assign(({ event }) =>
  event.type === 'INSTALL' ? { counterId: event.counterId, current: null } : {},
);
const online = terminal.assign({ reconnects: 0 });
const offline = terminal.assign(({ context }) => ({ reconnects: Math.min(context.reconnects + 1, 8) }));

/** Sent or asked about before: it is asked about, not charged. */
const usedBefore = [
  { guard: 'wasUsedListFull', actions: [tellNoAnswer] },
  { guard: 'wasUsed', actions: [keepReference] },
] as const;
const ready = '#terminal.ready';
const busy = '#terminal.busy';
const disconnected = '#terminal.disconnected';

/** An answer to a card call: what the terminal does with it while it is at that very call. */
const atWork = [
  { guard: 'currentApproved', target: `${busy}.confirming`, actions: [tellOutcome, doubtFirst] },
  { guard: 'currentUnreachable', target: disconnected, actions: [tellOutcome, clear] },
  { guard: 'ofCurrent', target: ready, actions: [tellOutcome, clear] },
] as const;
const whileCharging = {
  ABORT: [{ guard: 'ofCurrent', actions: [abort] }, {}],
  DISCONNECTED: { target: disconnected, actions: [tellCurrentNoAnswer, clear] },
} as const;
/** The head of the list, while it is being asked about: an answer to the first call settles it as well. */
const whileAsking = [
  { guard: 'headApprovedAndTold', target: `${busy}.confirming`, actions: [doubtFirst] },
  { guard: 'headApproved', target: `${busy}.confirming`, actions: [tellOutcome, doubtFirst] },
] as const;
const firstCall = [...whileAsking, { guard: 'headFailed', target: ready, actions: [tellOutcome, settleHead] }] as const;
/** Nobody can say whether the head's approval stands: a person must look. */
const giveUp = { target: ready, actions: [tellHeadNoAnswer, settleHead] } as const;
const standing = [
  { guard: 'headConfirmedAndTold', target: ready, actions: [settleHead] },
  { guard: 'headReversed', target: ready, actions: [tellReversed, settleHead] },
] as const;
// Late: an approval that nobody waits for any more is still told and confirmed; without a decision the asker asks by itself.
const late = [
  { guard: 'approved', actions: [tellOutcome, confirmLate, doubtLast] },
  { guard: 'decided', actions: [tellOutcome] },
  {},
] as const;

export const terminalMachine = terminal.createMachine({
  id: 'terminal',
  context: { counterId: null, current: null, questions: [], used: [], reconnects: 0 },
  initial: 'disconnected',
  on: {
    INSTALL: { target: '.connecting', reenter: true, actions: [install] },
    RESTARTED: { target: '.connecting', reenter: true, actions: [clear] },
    DISCONNECTED: { target: '.disconnected' },
    // Late, of an attempt that was given up: a timer makes the next one, and a lost line is told by DISCONNECTED.
    CONNECT_ENDED: {},
    AUTHORIZE: [...usedBefore, { actions: [tellUnreachable] }],
    REFUND: [...usedBefore, { actions: [tellUnreachable] }],
    REVERSE: { actions: [tellUnreachable] },
    QUERY: [{ guard: 'listFull', actions: [tellNoAnswer] }, { actions: [keepReference] }],
    ABORT: {}, // late: nothing is being authorised, and what became of it was told
    ABORT_ENDED: {}, // the call that was aborted answers for itself
    AUTHORIZE_ENDED: late,
    REFUND_ENDED: late,
    REVERSE_ENDED: [{ guard: 'decided', actions: [tellReversal] }, {}],
    QUERY_ENDED: {}, // late: whatever is still open stands in the list and is asked again
    CONFIRM_ENDED: [
      { guard: 'confirmed', actions: [stands] },
      { guard: 'reversed', actions: [tellReversed, settle] },
      {},
    ],
  },
  states: {
    disconnected: {
      after: { reconnectMs: { guard: 'installed', target: 'connecting' } },
      on: {
        RESTARTED: {}, // nothing was in flight; INSTALL follows
        DISCONNECTED: {},
      },
    },
    connecting: {
      tags: ['in-flight'],
      entry: ['connectDevice'],
      after: { connectMs: { target: 'disconnected', actions: [offline] } },
      on: {
        INSTALL: [{ guard: 'sameCounter' }, { target: 'connecting', reenter: true, actions: [install] }],
        CONNECT_ENDED: [
          { guard: 'connected', target: 'ready', actions: [online] },
          { target: 'disconnected', actions: [offline] },
        ],
      },
    },
    ready: {
      tags: ['in-flight'],
      always: { guard: 'hasQuestions', target: 'busy.querying' },
      on: {
        AUTHORIZE: [...usedBefore, { target: 'busy.authorizing', actions: [beginOnce] }],
        REFUND: [...usedBefore, { target: 'busy.refunding', actions: [beginOnce] }],
        REVERSE: { target: 'busy.reversing', actions: [begin] },
        // A second attempt was out, and it says how things are now.
        CONNECT_ENDED: [{ guard: 'connected' }, { target: 'disconnected', actions: [offline] }],
        AUTHORIZE_ENDED: [{ guard: 'approved', target: 'busy.confirming', actions: [tellOutcome, doubtFirst] }],
        REFUND_ENDED: [{ guard: 'approved', target: 'busy.confirming', actions: [tellOutcome, doubtFirst] }],
      },
    },
    busy: {
      tags: ['in-flight'],
      initial: 'authorizing',
      on: {
        AUTHORIZE: [
          { guard: 'ofCurrent' }, // the same message twice: already at it
          ...usedBefore,
          { actions: [tellBusy] },
        ],
        REFUND: [{ guard: 'ofCurrent' }, ...usedBefore, { actions: [tellBusy] }],
        REVERSE: [{ guard: 'ofCurrent' }, { actions: [tellNotReversed] }],
        // Who asks about the very call that the terminal is at has given up waiting for its answer.
        QUERY: [
          { guard: 'ofCurrent', target: '.querying', actions: [keepCurrent] },
          { guard: 'listFull', actions: [tellNoAnswer] },
          { actions: [keepReference] },
        ],
      },
      states: {
        authorizing: {
          entry: { type: 'authorizeCard', params: currentOf },
          on: {
            AUTHORIZE_ENDED: atWork,
            ...whileCharging,
          },
        },
        refunding: {
          entry: { type: 'refundCard', params: currentOf },
          on: {
            REFUND_ENDED: atWork,
            ...whileCharging,
          },
        },
        reversing: {
          entry: { type: 'reverseCard', params: currentOf },
          on: {
            REVERSE_ENDED: [
              { guard: 'currentUnreachable', target: disconnected, actions: [tellReversal, clear] },
              { guard: 'ofCurrent', target: ready, actions: [tellReversal, clear] },
            ],
            DISCONNECTED: { target: disconnected, actions: [tellReversalUnknown, clear] },
          },
        },
        /** The approval is told and on our disk with this turn; the terminal may now stop thinking of taking it back. */
        confirming: {
          entry: { type: 'confirmCard', params: headReference },
          after: {
            answerMs: [{ guard: 'doubtTriesLeft', target: 'querying', actions: [tryAgain] }, giveUp],
          },
          on: {
            AUTHORIZE_ENDED: [{ guard: 'ofHead' }], // late: told when it was found
            REFUND_ENDED: [{ guard: 'ofHead' }],
            CONFIRM_ENDED: [
              ...standing,
              { guard: 'headUnreachable', target: disconnected },
              { guard: 'headConfirmed', target: 'querying', actions: [stands] }, // somebody asked meanwhile and is to be told
              { guard: 'headTriesLeft', target: 'pausing', actions: [tryAgain] },
              { guard: 'ofHead', ...giveUp },
            ],
          },
        },
        pausing: {
          after: { confirmAgainMs: 'querying' },
          on: {
            QUERY: [{ guard: 'ofHead', target: 'querying', actions: [keepReference] }],
            AUTHORIZE_ENDED: [{ guard: 'ofHead' }], // late: it is asked about in a moment
            REFUND_ENDED: [{ guard: 'ofHead' }],
            CONFIRM_ENDED: standing,
          },
        },
        querying: {
          entry: { type: 'queryCard', params: headReference },
          after: {
            answerMs: [{ guard: 'doubtTriesLeft', target: 'pausing', actions: [tryAgain] }, giveUp],
          },
          on: {
            // Asked again by who waits: the first question may be lost.
            QUERY: [{ guard: 'ofHead', target: 'querying', reenter: true, actions: [keepReference] }],
            AUTHORIZE_ENDED: firstCall,
            REFUND_ENDED: firstCall,
            QUERY_ENDED: [
              ...whileAsking,
              { guard: 'headUnreachable', target: disconnected }, // not asked: it stays in the list
              { guard: 'headUnsureTriesLeft', target: 'pausing', actions: [tryAgain] },
              { guard: 'headUnsure', ...giveUp },
              { guard: 'ofHead', target: ready, actions: [tellOutcome, settleHead] },
            ],
            CONFIRM_ENDED: standing,
          },
        },
      },
    },
  },
});
