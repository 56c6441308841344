import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from 'xstate';
import { waitingMax } from '../../src/domain/card-questions.ts';
import {
  confirmTriesMax,
  usedMax,
  terminalMachine,
  type TerminalContext,
  type TerminalEvent,
} from '../../src/machines/terminal.ts';
import {
  checkMachine,
  deviceAnswers,
  effectsOf,
  traceOf,
  twice,
  wander,
  type Check,
  type Invariants,
  type Trace,
} from './model.ts';
import { at, mutate } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';

const eventTypes = {
  INSTALL: true,
  RESTARTED: true,
  DISCONNECTED: true,
  CONNECT_ENDED: true,
  AUTHORIZE: true,
  REFUND: true,
  REVERSE: true,
  QUERY: true,
  ABORT: true,
  AUTHORIZE_ENDED: true,
  REFUND_ENDED: true,
  REVERSE_ENDED: true,
  QUERY_ENDED: true,
  CONFIRM_ENDED: true,
  ABORT_ENDED: true,
} as const satisfies Record<TerminalEvent['type'], true>;

const install = { type: 'INSTALL', counterId: '3' } as const;
const connected = { type: 'CONNECT_ENDED', outcome: 'connected' } as const;
const disconnected = { type: 'DISCONNECTED' } as const;
const card = (reference: string) =>
  ({ requester: `payment/${reference}`, reference, amountMinor: 1_250, currency: 'EUR' }) as const;
const asker = (reference: string) => ({ requester: `payment/${reference}`, reference }) as const;
const authorize = (reference: string) => ({ type: 'AUTHORIZE', ...card(reference) }) as const;
const query = (reference: string) => ({ type: 'QUERY', ...asker(reference) }) as const;

const approved = {
  outcome: 'approved',
  authCode: '123456',
  maskedPan: '************1234',
  scheme: 'test',
  terminalReceipt: '77',
  amountMinor: 1_250,
} as const;
const failed = { outcome: 'failed', reason: 'declined' } as const;
const authorized = (reference: string) => ({ type: 'AUTHORIZE_ENDED', request: card(reference), ...approved }) as const;
const answers = deviceAnswers({
  connectDevice: [{ outcome: 'connected' }],
  authorizeCard: [approved, failed, { outcome: 'no-answer' }, { outcome: 'unreachable' }],
  refundCard: [approved, { outcome: 'no-answer' }],
  confirmCard: [{ outcome: 'confirmed' }, { outcome: 'reversed' }, { outcome: 'no-answer' }],
  queryCard: [approved, { outcome: 'not-found' }, { outcome: 'in-progress' }, { outcome: 'unreachable' }],
  reverseCard: [{ outcome: 'reversed' }, { outcome: 'no-answer' }],
});

/** References that somebody was told something about, by the words given; all words without any. */
const told = (trace: Trace, ...words: readonly string[]): readonly string[] =>
  effectsOf(trace, 'tell').flatMap(({ event }) =>
    words.length === 0 || words.includes(event.type) ? [String(event['reference'])] : [],
  );
const contextAfter = (trace: Trace): TerminalContext => trace.at(-1)?.context as TerminalContext;
const referenceOf = (event: object): string | null =>
  'reference' in event
    ? String(event.reference)
    : 'request' in event
      ? String((event.request as { readonly reference?: unknown }).reference)
      : null;
const isOpen = (trace: Trace, reference: string): boolean =>
  contextAfter(trace).questions.some((question) => question.reference === reference);
/** The first step for which something should have followed and has not. */
const unanswered = (trace: Trace, wanted: (step: Trace[number], rest: Trace, reference: string) => boolean) =>
  trace.flatMap((step, index) => {
    const reference = referenceOf(step.event);
    return reference === null || wanted(step, trace.slice(index), reference) ? [] : [`${step.event.type} ${reference}`];
  })[0] ?? null;

const invariants: Invariants = {
  'what it remembers is bounded': (trace) =>
    trace.find(({ context }) => {
      const { used, questions } = context as TerminalContext;
      return used.length > usedMax || questions.length > waitingMax + 1;
    })?.event.type ?? null,
  'a reference is charged once': (trace) =>
    twice([...effectsOf(trace, 'authorizeCard'), ...effectsOf(trace, 'refundCard')].map((one) => one.reference)),
  'what is told approved is confirmed in the same turn': (trace) =>
    trace.find((step) => told([step], 'CARD_APPROVED').length > 0 && effectsOf([step], 'confirmCard').length === 0)
      ?.event.type ?? null,
  'nothing is confirmed that nobody was told': (trace) =>
    effectsOf(trace, 'confirmCard').find(({ reference }) => !told(trace, 'CARD_APPROVED').includes(reference))
      ?.reference ?? null,
  'unreachable is never said of a charge that was sent': (trace) =>
    trace.find((step, index) => {
      const sent = effectsOf(trace.slice(0, index), 'authorizeCard').map(({ reference }) => reference);
      const asks = ['AUTHORIZE', 'QUERY', 'QUERY_ENDED'].includes(step.event.type);
      return asks && told([step], 'CARD_UNREACHABLE').some((reference) => sent.includes(reference));
    })?.event.type ?? null,
  'who asks is told, or stands in the list': (trace) =>
    unanswered(
      trace,
      ({ event }, rest, reference) =>
        event.type !== 'QUERY' || isOpen(trace, reference) || told(rest).includes(reference),
    ),
  'who wants to charge is told, or the terminal is at it, or a crash makes the payment ask': (trace) =>
    unanswered(
      trace,
      ({ event }, rest, reference) =>
        event.type !== 'AUTHORIZE' ||
        contextAfter(trace).current?.reference === reference ||
        isOpen(trace, reference) ||
        told(trace).includes(reference) ||
        rest.some(({ event: { type } }) => type === 'RESTARTED' || type === 'INSTALL'),
    ),
  'an approval is told': (trace) =>
    unanswered(
      trace,
      ({ event }, _rest, reference) =>
        event.type !== 'AUTHORIZE_ENDED' ||
        !('outcome' in event && event.outcome === 'approved') ||
        told(trace, 'CARD_APPROVED').includes(reference),
    ),
  'an approval is in doubt until it is confirmed, taken back, or a person must look': (trace) =>
    unanswered(
      trace,
      (step, rest, reference) =>
        !told([step], 'CARD_APPROVED').includes(reference) ||
        isOpen(trace, reference) ||
        rest.some(
          ({ event }) =>
            event.type === 'CONFIRM_ENDED' &&
            'outcome' in event &&
            event.outcome === 'confirmed' &&
            referenceOf(event) === reference,
        ) ||
        told(rest, 'CARD_REVERSED', 'CARD_NO_ANSWER', 'CARD_NOT_FOUND', 'CARD_FAILED').includes(reference),
    ),
};

const model: Check<typeof terminalMachine> = {
  machine: terminalMachine,
  start: [install, connected],
  events: [authorize('p1'), query('p1')],
  answers,
  crash: { times: 1, sends: [install] },
  timers: 1,
  depth: 8,
  invariants,
};

describe('terminal: every path', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(terminalMachine, eventTypes)).toMatchFileSnapshot('tables/terminal.txt');
  });

  const walks: readonly (readonly [moment: string, over: Partial<typeof model>])[] = [
    ['X3: the store crashes while a card is charged, asked about or confirmed', {}],
    [
      'X2: the wish to charge and the question come twice',
      { events: [authorize('p1'), authorize('p1'), query('p1')], depth: 6 },
    ],
    [
      'X5: the line is lost at any point',
      { events: [authorize('p1'), query('p1'), disconnected], crash: { times: 0 }, timers: 2 },
    ],
    [
      'X5: two payments at one terminal',
      { events: [authorize('p1'), authorize('p2'), query('p2')], crash: { times: 0 }, depth: 6 },
    ],
    [
      'a refund is reversed while the store crashes',
      { events: [{ type: 'REFUND', ...card('r1') }, { type: 'REVERSE', ...card('r1') }, query('r1')], depth: 6 },
    ],
    [
      'a charge comes before the terminal is there',
      { start: [install], events: [authorize('p1'), query('p1'), { type: 'ABORT', ...asker('p1') }] },
    ],
  ];
  it.each(walks)('%s', (_moment, over) => {
    const walked = checkMachine({ ...model, ...over });
    expect(walked.paths).toBeGreaterThan(100);
    expect(walked.states).toContain('busy.confirming');
  });

  it('X3: long days of two payments, with crashes and lost lines', () => {
    const events = [
      authorize('p1'),
      authorize('p2'),
      query('p1'),
      query('p2'),
      query('p1'),
      disconnected,
      disconnected,
    ];
    const day = { ...model, events, crash: { times: 3, sends: [install] }, timers: 20 };
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 60 }), (picks) => void wander(day, picks)),
      {
        numRuns: 400,
      },
    );
  });
});

describe('terminal: what the walks would catch', () => {
  const assignNothing = { target: '.connecting', reenter: true };
  const mutants: readonly (readonly [fault: string, breaks: string, change: Parameters<typeof mutate>[1]])[] = [
    [
      'charges again after a restart',
      'a reference is charged once',
      (config) => (at(config, 'busy.authorizing').on['RESTARTED'] = { target: 'authorizing', reenter: true }),
    ],
    [
      'charges whenever it is told to',
      'a reference is charged once',
      (config) =>
        (at(config, 'ready').on['AUTHORIZE'] = (at(config, 'ready').on['AUTHORIZE'] as readonly unknown[]).at(-1)),
    ],
    [
      'tells an approval and does not confirm it',
      'what is told approved is confirmed',
      (config) => (at(config, 'busy.confirming')['entry'] = []),
    ],
    [
      'confirms what it did not tell',
      'nothing is confirmed that nobody was told',
      (config) => {
        const on = at(config, 'busy.authorizing').on;
        const [first, ...rest] = on['AUTHORIZE_ENDED'] as readonly { readonly actions: readonly unknown[] }[];
        on['AUTHORIZE_ENDED'] = [{ ...first, actions: first?.actions.slice(1) }, ...rest];
      },
    ],
    ['drops a late approval', 'an approval is told', (config) => (config.on['AUTHORIZE_ENDED'] = {})],
    ['drops a question while it is busy', 'who asks is told', (config) => (at(config, 'busy').on['QUERY'] = {})],
    [
      'forgets a lost line while it charges',
      'who wants to charge is told',
      (config) =>
        (at(config, 'busy.authorizing').on['DISCONNECTED'] = {
          target: '#terminal.disconnected',
          actions: [clearCurrent],
        }),
    ],
    [
      'forgets an approval that was not confirmed',
      'an approval is in doubt until',
      (config) =>
        (at(config, 'busy.confirming').on['RESTARTED'] = {
          ...assignNothing,
          target: '#terminal.connecting',
          actions: [clearQuestions],
        }),
    ],
    [
      'says unreachable of a charge that was sent',
      'unreachable is never said of a charge that was sent',
      (config) => (config.on['AUTHORIZE'] = (config.on['AUTHORIZE'] as readonly unknown[]).at(-1)),
    ],
    ['has no answer to a late query', 'unhandled: QUERY_ENDED', (config) => delete config.on['QUERY_ENDED']],
  ];
  it.each(mutants)('a terminal that %s', (_fault, breaks, change) => {
    const machine = mutate(terminalMachine, change);
    const events = [authorize('p1'), authorize('p1'), query('p1'), disconnected];
    expect(() => checkMachine({ ...model, machine, events, depth: 5 })).toThrow(breaks);
  });
});
const clearCurrent = assign({ current: null });
const clearQuestions = assign({ questions: [] });

describe('terminal: moments', () => {
  const begun = [install, connected] as const;
  const unconfirmed = { type: 'CONFIRM_ENDED', request: asker('p1'), outcome: 'no-answer' } as const;
  const again = { type: 'xstate.after.confirmAgainMs.terminal.busy.pausing' } as never;
  const found = { type: 'QUERY_ENDED', request: asker('p1'), ...approved } as const;
  const words = (trace: Trace) => effectsOf(trace, 'tell').map(({ event }) => event.type);

  it('a second payment while the terminal is busy fails, and nothing of it is sent', () => {
    const trace = traceOf(terminalMachine, [...begun, authorize('p1'), authorize('p2')]);
    expect(effectsOf(trace, 'tell')).toEqual([
      { to: 'payment/p2', event: { type: 'CARD_FAILED', reference: 'p2', reason: 'busy' } },
    ]);
    expect(effectsOf(trace, 'authorizeCard')).toEqual([card('p1')]);
  });

  it('an approval goes to who asked for it, without the stamp of the turn', () => {
    const { outcome: _, ...approval } = approved;
    const trace = traceOf(terminalMachine, [...begun, authorize('p1'), authorized('p1')]);
    expect(effectsOf(trace, 'tell')).toEqual([
      { to: 'payment/p1', event: { type: 'CARD_APPROVED', reference: 'p1', approval } },
    ]);
    expect(effectsOf(trace, 'confirmCard')).toEqual([asker('p1')]);
  });

  it('the terminal took the payment back before it heard of our record', () => {
    const reversed = { type: 'CONFIRM_ENDED', request: asker('p1'), outcome: 'reversed' } as const;
    const trace = traceOf(terminalMachine, [...begun, authorize('p1'), authorized('p1'), reversed]);
    expect(words(trace)).toEqual(['CARD_APPROVED', 'CARD_REVERSED']);
    expect(trace.at(-1)?.to).toBe('ready');
  });

  it('power fails while it is confirmed: it is asked once the terminal is back, and confirmed again', () => {
    const trace = traceOf(terminalMachine, [
      ...begun,
      authorize('p1'),
      authorized('p1'),
      { type: 'RESTARTED' },
      connected,
      found,
    ]);
    expect(trace.at(-1)?.to).toBe('busy.confirming');
    expect(words(trace)).toEqual(['CARD_APPROVED']);
    expect(effectsOf(trace, 'confirmCard')).toHaveLength(2);
  });

  it('an approval that cannot be confirmed is asked about so often, then a person must look', () => {
    const rounds = Array.from({ length: confirmTriesMax }, () => [unconfirmed, again, found]).flat();
    const trace = traceOf(terminalMachine, [...begun, authorize('p1'), authorized('p1'), ...rounds, unconfirmed]);
    expect(words(trace)).toEqual(['CARD_APPROVED', 'CARD_NO_ANSWER']);
    expect(trace.at(-1)?.to).toBe('ready');
  });

  it('more questions than it keeps: the last hears that there is no answer', () => {
    const questions = Array.from({ length: waitingMax + 1 }, (_, index) => query(`q${index}`));
    const trace = traceOf(terminalMachine, [install, ...questions]);
    expect(contextAfter(trace).questions).toHaveLength(waitingMax);
    expect(effectsOf(trace, 'tell')).toEqual([
      { to: `payment/q${waitingMax}`, event: { type: 'CARD_NO_ANSWER', reference: `q${waitingMax}` } },
    ]);
  });

  it('questions kept while it was away are asked in their order', () => {
    const notFound = (reference: string) =>
      ({ type: 'QUERY_ENDED', request: asker(reference), outcome: 'not-found' }) as const;
    const trace = traceOf(terminalMachine, [
      install,
      query('p1'),
      query('p2'),
      connected,
      notFound('p1'),
      notFound('p2'),
    ]);
    expect(told(trace, 'CARD_NOT_FOUND')).toEqual(['p1', 'p2']);
    expect(trace.at(-1)?.to).toBe('ready');
  });

  it('a payment that has given up waiting asks, and the terminal becomes free again', () => {
    const inProgress = { type: 'QUERY_ENDED', request: asker('p1'), outcome: 'in-progress' } as const;
    const trace = traceOf(terminalMachine, [...begun, authorize('p1'), query('p1'), inProgress]);
    expect(words(trace)).toEqual(['CARD_IN_PROGRESS']);
    expect(trace.at(-1)?.to).toBe('ready');
  });

  it('remembers so many references and no more', () => {
    const failing = Array.from({ length: usedMax + 5 }, (_, index) => [
      authorize(`p${index}`),
      { type: 'AUTHORIZE_ENDED', request: card(`p${index}`), ...failed } as const,
    ]).flat();
    expect(contextAfter(traceOf(terminalMachine, [...begun, ...failing])).used).toHaveLength(usedMax);
  });

  it('a charge that comes after the question about it is not made: not found was the last word', () => {
    const notFound = { type: 'QUERY_ENDED', request: asker('p1'), outcome: 'not-found' } as const;
    const trace = traceOf(terminalMachine, [...begun, query('p1'), notFound, authorize('p1')]);
    expect(effectsOf(trace, 'authorizeCard')).toEqual([]);
    expect(trace.at(-1)?.to).toBe('busy.querying');
  });

  it('only the payment at hand can be aborted', () => {
    const abort = (reference: string) => ({ type: 'ABORT', ...asker(reference) }) as const;
    const trace = traceOf(terminalMachine, [...begun, abort('p1'), authorize('p1'), abort('p2'), abort('p1')]);
    expect(effectsOf(trace, 'abortCard')).toEqual([asker('p1')]);
  });
});
