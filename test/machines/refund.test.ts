import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../src/domain/view.ts';
import { asksMax, refundMachine, type RefundEvent } from '../../src/machines/refund.ts';
import { cardPayment, firstWrong, recorded, terminalAnswers, toldTo, words } from './card-words.ts';
import { checkMachine, traceOf, wander, type Check, type Invariants, type ModelEvent } from './model.ts';
import { at, mutate } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';

const eventTypes = {
  START: 'command',
  CARD_APPROVED: true,
  CARD_FAILED: true,
  CARD_NO_ANSWER: true,
  CARD_UNREACHABLE: true,
  CARD_NOT_FOUND: true,
  CARD_IN_PROGRESS: true,
  CARD_REVERSED: true,
  CARD_REVERSE_FAILED: true,
  CARD_REVERSE_NO_ANSWER: true,
  ASK_AGAIN: 'command',
  RESTARTED: true,
  // Comes with a command of the cashier: refused, it undoes the order's part too.
  REVERSE: 'command',
  RESOLVE: 'command',
} as const satisfies Record<RefundEvent['type'], true | 'command'>;

const start = { type: 'START', payment: { ...cardPayment, amountMinor: -1_250, tenderedMinor: -1_250 } } as const;
const reverse = { type: 'REVERSE', reason: 'void' } as const;
const resolve = (outcome: 'approved' | 'failed') => ({ type: 'RESOLVE', outcome, reason: 'seen on the slip' }) as const;
const askAgain = { type: 'ASK_AGAIN' } as const;

const factOf: Readonly<Record<string, string>> = {
  PAYMENT_SUCCEEDED: 'payment.succeeded',
  PAYMENT_FAILED: 'payment.failed',
  PAYMENT_UNKNOWN: 'payment.unknown',
};

const invariants: Invariants = {
  'money is paid out once': (trace) =>
    toldTo(trace, 'terminal').filter((word) => word === 'REFUND').length > 1 ? 'REFUND' : null,
  'a success is told once and never taken back': (trace) => {
    const told = toldTo(trace, 'order');
    const first = told.indexOf('PAYMENT_SUCCEEDED');
    return first >= 0 && first < told.length - 1 ? (told[first + 1] ?? null) : null;
  },
  'money that came out is never called failed': (trace) =>
    firstWrong(trace, ({ event, to }) => event.type === 'CARD_APPROVED' && to !== 'success'),
  'what the order is told is on record in the same turn': (trace) =>
    firstWrong(trace, (step) => toldTo([step], 'order').some((word) => !recorded([step]).includes(factOf[word] ?? ''))),
  'what it became is told': (trace) =>
    firstWrong(
      trace,
      (step) =>
        step.from !== step.to && ['success', 'failed'].includes(step.to) && toldTo([step], 'order').length === 0,
    ),
  'a crash asks, or changes nothing': (trace) =>
    firstWrong(
      trace,
      (step) =>
        step.event.type === 'RESTARTED' && step.effects.length > 0 && !toldTo([step], 'terminal').includes('QUERY'),
    ),
  'it has a public status at every point': (trace) =>
    firstWrong(trace, ({ to }) => !['initiated', 'success', 'failed', 'unknown'].includes(statusOf('refund', to))),
};

const model: Check<typeof refundMachine> = {
  machine: refundMachine,
  start: [start],
  events: [],
  commands: Object.entries(eventTypes).flatMap(([type, by]) => (by === 'command' ? [type] : [])),
  answers: terminalAnswers,
  crash: { times: 2 },
  timers: 2,
  depth: 7,
  invariants,
};
const anyWord = Object.values(words) as readonly ModelEvent<typeof refundMachine>[];

describe('refund: every path', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(refundMachine, eventTypes)).toMatchFileSnapshot('tables/refund.txt');
  });

  const walks: readonly (readonly [moment: string, over: Partial<typeof model>])[] = [
    ['X3: the store crashes twice while money goes back', {}],
    [
      'a person decides while the terminal may still answer',
      { events: [resolve('approved'), resolve('failed'), askAgain, reverse], crash: { times: 1 }, timers: 1, depth: 6 },
    ],
    ['X2: each word of the terminal late, or twice', { events: [...anyWord, words.approved], depth: 3 }],
    ['X2: the wish comes twice', { start: [], events: [start, start], depth: 6, crash: { times: 1 }, timers: 1 }],
  ];
  it.each(walks)('%s', (_moment, over) => {
    const walked = checkMachine({ ...model, ...over });
    expect(walked.paths).toBeGreaterThan(100);
    expect(walked.states).toContain('asking');
  });

  it('X3: long days of late words, crashes and decisions', () => {
    const people = [resolve('approved'), resolve('failed'), askAgain, askAgain, reverse];
    const day = { ...model, events: [...people, ...anyWord, ...anyWord], crash: { times: 3 }, timers: 30 };
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 60 }), (picks) => void wander(day, picks)),
      { numRuns: 400 },
    );
  });
});

describe('refund: what the walks would catch', () => {
  const mutants: readonly (readonly [fault: string, breaks: string, change: Parameters<typeof mutate>[1]])[] = [
    [
      'pays out again after a restart',
      'money is paid out once',
      (config) => (at(config, 'refunding').on['RESTARTED'] = { target: 'refunding', reenter: true }),
    ],
    [
      'pays out again when it asks again',
      'money is paid out once',
      (config) => (at(config, 'unknown').on['ASK_AGAIN'] = 'refunding'),
    ],
    [
      'forgets the late success of what failed',
      'money that came out is never called failed',
      (config) => (at(config, 'failed').on['CARD_APPROVED'] = {}),
    ],
    [
      'fails what it said had succeeded',
      'a success is told once and never taken back',
      (config) => (at(config, 'success').on['CARD_FAILED'] = { target: 'failed', actions: 'decline' }),
    ],
    [
      'forgets the record',
      'what the order is told is on record in the same turn',
      (config) => (at(config, 'success')['entry'] = (at(config, 'success')['entry'] as readonly unknown[]).slice(1)),
    ],
    [
      'forgets to tell the order',
      'what it became is told',
      (config) => (at(config, 'failed')['entry'] = (at(config, 'failed')['entry'] as readonly unknown[]).slice(0, 1)),
    ],
    [
      'gives up after a restart',
      'a crash asks, or changes nothing',
      (config) => (at(config, 'asking').on['RESTARTED'] = { target: 'failed', actions: 'decline' }),
    ],
    ['has no answer to a late failure', 'unhandled: CARD_FAILED', (config) => delete config.on['CARD_FAILED']],
  ];
  it.each(mutants)('a refund that %s', (_fault, breaks, change) => {
    const machine = mutate(refundMachine, change);
    const events = [words.failed, words.approved, askAgain];
    expect(() => checkMachine({ ...model, machine, events, crash: { times: 1 }, depth: 5 })).toThrow(breaks);
  });
});

describe('refund: moments', () => {
  const again = { type: 'xstate.after.askAgainMs.refund.unknown' } as never;

  it('X5: the terminal is gone for good: it is asked so often, and again when a person wants it', () => {
    const rounds = Array.from({ length: asksMax - 1 }, () => [again, words.noAnswer]).flat();
    const trace = traceOf(refundMachine, [start, words.noAnswer, words.noAnswer, ...rounds, again]);
    expect(toldTo(trace, 'terminal').filter((word) => word === 'QUERY')).toHaveLength(asksMax);
    expect(trace.at(-1)).toMatchObject({ to: 'unknown', effects: [] });
    const asked = traceOf(refundMachine, [...trace.map(({ event }) => event as never), askAgain]);
    expect(asked.at(-1)?.to).toBe('asking');
  });

  it('the amount goes out as the terminal wants it: without its sign', () => {
    const trace = traceOf(refundMachine, [start]);
    const tell = trace.at(-1)?.effects.find(({ type }) => type === 'tell');
    expect(tell?.params).toMatchObject({ to: 'terminal/3', event: { type: 'REFUND', amountMinor: 1_250 } });
  });

  it('a refund cannot be reversed: who asks is refused', () => {
    expect(traceOf(refundMachine, [start, words.approved, reverse]).at(-1)?.refused).toBe('not-now');
  });
});
