import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../src/domain/view.ts';
import { asksMax, paymentMachine, type PaymentEvent } from '../../src/machines/payment.ts';
import { cardPayment, firstWrong, recorded, terminalAnswers, toldTo, words } from './card-words.ts';
import { checkMachine, traceOf, wander, type Check, type Invariants, type ModelEvent, type Trace } from './model.ts';
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
  ABORT: 'command',
  ASK_AGAIN: 'command',
  RESTARTED: true,
  // Comes with a command of the cashier: refused, it undoes the order's part too.
  REVERSE: 'command',
  RESOLVE: 'command',
} as const satisfies Record<PaymentEvent['type'], true | 'command'>;

const start = { type: 'START', payment: cardPayment } as const;
const cash = { type: 'START', payment: { ...cardPayment, method: 'cash', tender: 'CASH' } } as const;
const reverse = { type: 'REVERSE', reason: 'void' } as const;
const resolve = (outcome: 'approved' | 'failed') => ({ type: 'RESOLVE', outcome, reason: 'seen on the slip' }) as const;
const askAgain = { type: 'ASK_AGAIN' } as const;
const abort = { type: 'ABORT' } as const;

const verdicts = ['PAYMENT_SUCCEEDED', 'PAYMENT_FAILED', 'PAYMENT_REVERSED'];
const verdictsOf = (trace: Trace): readonly string[] =>
  toldTo(trace, 'order').filter((word) => verdicts.includes(word));
const factOf: Readonly<Record<string, string>> = {
  PAYMENT_SUCCEEDED: 'payment.succeeded',
  PAYMENT_FAILED: 'payment.failed',
  PAYMENT_REVERSED: 'payment.reversed',
  PAYMENT_UNKNOWN: 'payment.unknown',
};
const stands: Readonly<Record<string, string>> = {
  success: 'PAYMENT_SUCCEEDED',
  failed: 'PAYMENT_FAILED',
  reversed: 'PAYMENT_REVERSED',
};

const invariants: Invariants = {
  'a card is charged once': (trace) =>
    toldTo(trace, 'terminal').filter((word) => word === 'AUTHORIZE').length > 1 ? 'AUTHORIZE' : null,
  'a success is told once, unless its reversal was begun and did not get through': (trace) =>
    firstWrong(trace, (step, index) => {
      if (!toldTo([step], 'order').includes('PAYMENT_SUCCEEDED')) return false;
      const before = trace.slice(0, index);
      const last = before.findLastIndex((one) => toldTo([one], 'order').includes('PAYMENT_SUCCEEDED'));
      return last >= 0 && !toldTo(before.slice(last), 'terminal').includes('REVERSE');
    }),
  'success and failure never both stand': (trace) =>
    verdictsOf(trace).find(
      (word, index, all) =>
        (word === 'PAYMENT_FAILED' && all[index - 1] === 'PAYMENT_SUCCEEDED') ||
        (word === 'PAYMENT_SUCCEEDED' &&
          all[index - 1] === 'PAYMENT_FAILED' &&
          !toldTo(trace, 'terminal').includes('REVERSE')),
    ) ?? null,
  'what it ended as is what the order was told last': (trace) =>
    firstWrong(trace, ({ to }, index) => to in stands && verdictsOf(trace.slice(0, index + 1)).at(-1) !== stands[to]),
  'what the order is told is on record in the same turn': (trace) =>
    firstWrong(trace, (step) => toldTo([step], 'order').some((word) => !recorded([step]).includes(factOf[word] ?? ''))),
  'a late approval of a failed payment is taken back': (trace) =>
    firstWrong(
      trace,
      (step) =>
        step.from === 'failed' &&
        step.event.type === 'CARD_APPROVED' &&
        !toldTo([step], 'terminal').includes('REVERSE'),
    ),
  'what the terminal took back is no success': (trace) =>
    firstWrong(
      trace,
      (step) =>
        step.event.type === 'CARD_REVERSED' &&
        step.from === 'success' &&
        !toldTo([step], 'order').includes('PAYMENT_REVERSED'),
    ),
  'a crash asks, or changes nothing': (trace) =>
    firstWrong(
      trace,
      (step) =>
        step.event.type === 'RESTARTED' && step.effects.length > 0 && !toldTo([step], 'terminal').includes('QUERY'),
    ),
  'it has a public status at every point': (trace) =>
    firstWrong(
      trace,
      ({ to }) =>
        !['initiated', 'success', 'failed', 'unknown', 'reversing', 'reversed'].includes(statusOf('payment', to)),
    ),
};

const model: Check<typeof paymentMachine> = {
  machine: paymentMachine,
  start: [start],
  events: [],
  commands: Object.entries(eventTypes).flatMap(([type, by]) => (by === 'command' ? [type] : [])),
  answers: terminalAnswers,
  crash: { times: 2 },
  timers: 2,
  depth: 7,
  invariants,
};
const anyWord = Object.values(words) as readonly ModelEvent<typeof paymentMachine>[];

describe('payment: every path', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(paymentMachine, eventTypes)).toMatchFileSnapshot('tables/payment.txt');
  });

  const walks: readonly (readonly [moment: string, state: string, over: Partial<typeof model>])[] = [
    ['X3: the store crashes twice while a card is charged or asked about', 'unknown', {}],
    [
      'X3: an approval comes after the payment was said to have failed, and the store crashes while it is taken back',
      'reversalAsking',
      { events: [words.failed, words.approved], crash: { times: 1 }, depth: 6 },
    ],
    [
      'a success is voided while the terminal answers, is silent or the store crashes',
      'reversed',
      { start: [start, words.approved], events: [reverse, resolve('failed')] },
    ],
    [
      'a person decides while the terminal may still answer',
      'reversing',
      { events: [resolve('approved'), resolve('failed'), askAgain], crash: { times: 1 }, timers: 1, depth: 6 },
    ],
    ['the cashier aborts at any point', 'failed', { events: [abort, abort], crash: { times: 1 }, timers: 1, depth: 6 }],
    ['X2: each word of the terminal late, or twice', 'reversing', { events: [...anyWord, words.approved], depth: 3 }],
    [
      'X2: the wish to pay comes twice',
      'success',
      { start: [], events: [start, start, reverse], depth: 6, crash: { times: 1 }, timers: 1 },
    ],
  ];
  it.each(walks)('%s', (_moment, state, over) => {
    const walked = checkMachine({ ...model, ...over });
    expect(walked.paths).toBeGreaterThan(100);
    expect(walked.states).toContain(state);
  });

  it('cash and vouchers ask no terminal', () => {
    const walked = checkMachine({ ...model, start: [cash], events: [reverse, reverse, ...anyWord], depth: 3 });
    expect([...walked.states].toSorted()).toEqual(['reversed', 'success']);
  });

  it('X3: long days of late words, crashes and decisions', () => {
    const people = [reverse, resolve('approved'), resolve('failed'), resolve('approved'), askAgain, askAgain, abort];
    const day = { ...model, events: [...people, ...anyWord, ...anyWord], crash: { times: 3 }, timers: 30 };
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 60 }), (picks) => void wander(day, picks)),
      { numRuns: 400 },
    );
  });

  it('no state waits for ever: a timer runs, or a person may decide', () => {
    const settled = ['initiated', 'success', 'failed', 'reversed'];
    const stuck = Object.entries(paymentMachine.states)
      .filter(([name, { after, on }]) => !settled.includes(name) && after.length === 0 && on['RESOLVE'] === undefined)
      .map(([name]) => name);
    expect(stuck).toEqual([]);
  });
});

describe('payment: what the walks would catch', () => {
  const mutants: readonly (readonly [fault: string, breaks: string, change: Parameters<typeof mutate>[1]])[] = [
    [
      'authorises twice: again after a restart',
      'a card is charged once',
      (config) => (at(config, 'authorizing').on['RESTARTED'] = { target: 'authorizing', reenter: true }),
    ],
    [
      'authorises twice: again when the terminal has never heard of it',
      'a card is charged once',
      (config) => (at(config, 'asking').on['CARD_NOT_FOUND'] = 'authorizing'),
    ],
    [
      'forgets REVERSE on a late approval',
      'a late approval of a failed payment is taken back',
      (config) => (at(config, 'failed').on['CARD_APPROVED'] = {}),
    ],
    [
      'counts a late approval as a success',
      'success and failure never both stand',
      (config) => (at(config, 'failed').on['CARD_APPROVED'] = { target: 'success', actions: 'approve' }),
    ],
    [
      'keeps success on CARD_REVERSED',
      'what the terminal took back is no success',
      (config) => (at(config, 'success').on['CARD_REVERSED'] = {}),
    ],
    [
      'fails what it said had succeeded',
      'success and failure never both stand',
      (config) => (at(config, 'success').on['CARD_FAILED'] = { target: 'failed', actions: 'decline' }),
    ],
    [
      'tells a success with each late approval',
      'a success is told once',
      (config) => (at(config, 'success').on['CARD_APPROVED'] = { target: 'success', reenter: true }),
    ],
    [
      'forgets to tell the order',
      'what it ended as is what the order was told last',
      (config) => (at(config, 'success')['entry'] = (at(config, 'success')['entry'] as readonly unknown[]).slice(0, 1)),
    ],
    [
      'forgets the record',
      'what the order is told is on record in the same turn',
      (config) => (at(config, 'failed')['entry'] = (at(config, 'failed')['entry'] as readonly unknown[]).slice(1)),
    ],
    [
      'gives up after a restart',
      'a crash asks, or changes nothing',
      (config) => (at(config, 'authorizing').on['RESTARTED'] = { target: 'failed', actions: 'decline' }),
    ],
    ['has no answer to a late failure', 'unhandled: CARD_FAILED', (config) => delete config.on['CARD_FAILED']],
  ];
  it.each(mutants)('a payment that %s', (_fault, breaks, change) => {
    const machine = mutate(paymentMachine, change);
    const check = { ...model, machine, events: [words.failed, words.approved, words.reversed], crash: { times: 1 } };
    expect(() => checkMachine({ ...check, depth: 4 })).toThrow(breaks);
  });
});

describe('payment: moments', () => {
  const after = (name: string, state: string) => ({ type: `xstate.after.${name}.payment.${state}` }) as never;
  const round = [after('askAgainMs', 'unknown'), words.noAnswer] as const;

  it('X5: the terminal is gone for good: it is asked so often, then a person must look', () => {
    const rounds = Array.from({ length: asksMax - 1 }, () => round).flat();
    const trace = traceOf(paymentMachine, [
      start,
      words.noAnswer,
      words.noAnswer,
      ...rounds,
      after('askAgainMs', 'unknown'),
    ]);
    expect(toldTo(trace, 'terminal').filter((word) => word === 'QUERY')).toHaveLength(asksMax);
    expect(trace.at(-1)?.to).toBe('needsOperator');
  });

  it('X5: the terminal is gone for good while money goes back: it is asked so often, and again when a person wants it', () => {
    const again = after('askAgainMs', 'reversalUnsure');
    const rounds = Array.from({ length: asksMax }, () => [again, words.noAnswer]).flat();
    const trace = traceOf(paymentMachine, [start, words.approved, reverse, words.reverseNoAnswer, ...rounds, again]);
    expect(toldTo(trace, 'terminal').filter((word) => word === 'QUERY')).toHaveLength(asksMax);
    expect(trace.at(-1)).toMatchObject({ to: 'reversalUnsure', effects: [] });
    const asked = traceOf(paymentMachine, [...trace.map(({ event }) => event as never), askAgain]);
    expect(asked.at(-1)?.to).toBe('reversalAsking');
  });

  it('a person says that the charge stands after its reversal did not get through: the order hears it again', () => {
    const trace = traceOf(paymentMachine, [start, words.approved, reverse, words.reverseFailed, resolve('approved')]);
    expect(verdictsOf(trace)).toEqual(['PAYMENT_SUCCEEDED', 'PAYMENT_SUCCEEDED']);
  });

  it('training pays without a terminal', () => {
    const trace = traceOf(paymentMachine, [{ ...start, payment: { ...cardPayment, training: true } }, reverse]);
    expect(toldTo(trace, 'terminal')).toEqual([]);
    expect(verdictsOf(trace)).toEqual(['PAYMENT_SUCCEEDED', 'PAYMENT_REVERSED']);
  });

  it('K1: who decided stands on record, and a decision carries no approval of a terminal', () => {
    const trace = traceOf(paymentMachine, [start, words.noAnswer, words.noAnswer, resolve('approved')]);
    const success = trace.at(-1)?.effects.find(({ type }) => type === 'record');
    expect(success?.params).toMatchObject({ payload: { decidedBy: 'model', approval: null } });
  });
});
