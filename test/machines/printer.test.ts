import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from 'xstate';
import {
  jobsMax,
  printedMax,
  printerMachine,
  type PrinterContext,
  type PrinterEvent,
} from '../../src/machines/printer.ts';
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
import { receiptNumber } from './receipt.ts';
import { stateEventTable } from './state-event-table.ts';

const eventTypes = {
  INSTALL: true,
  RESTARTED: true,
  DISCONNECTED: true,
  CONNECT_ENDED: true,
  PRINT: true,
  PRINT_ENDED: true,
  PRINT_QUERY_ENDED: true,
  PAPER_OUT: true,
  PAPER_LOADED: true,
  COVER_OPEN: true,
  COVER_CLOSED: true,
} as const satisfies Record<PrinterEvent['type'], true>;

const install = { type: 'INSTALL', counterId: '3' } as const;
const connected = { type: 'CONNECT_ENDED', outcome: 'connected' } as const;
const disconnected = { type: 'DISCONNECTED' } as const;
const job = (jobId: string) =>
  ({ requester: `order/${jobId}`, jobId, receipt: receiptNumber(1), copy: false }) as const;
const print = (jobId: string) => ({ type: 'PRINT', ...job(jobId) }) as const;
const ended = (jobId: string, outcome: 'printed' | 'no-paper' | 'cover-open' | 'offline' | 'unsure') =>
  ({ type: 'PRINT_ENDED', request: job(jobId), outcome }) as const;
const queried = (jobId: string, outcome: 'printed' | 'not-found' | 'unsure') =>
  ({ type: 'PRINT_QUERY_ENDED', request: { requester: `order/${jobId}`, jobId } as const, outcome }) as const;

const answers = deviceAnswers({
  connectDevice: [{ outcome: 'connected' }],
  printReceipt: [{ outcome: 'printed' }, { outcome: 'no-paper' }, { outcome: 'offline' }, { outcome: 'unsure' }],
  queryPrint: [{ outcome: 'printed' }, { outcome: 'not-found' }, { outcome: 'unsure' }, { outcome: 'offline' }],
});

const told = (trace: Trace, type: string): readonly string[] =>
  effectsOf(trace, 'tell').flatMap(({ event }) => (event.type === type ? [String(event['jobId'])] : []));
const contextAfter = (trace: Trace): PrinterContext => trace.at(-1)?.context as PrinterContext;
const isAnswer = (step: Trace[number], jobId: string): step is Trace[number] & { event: { outcome: string } } =>
  'request' in step.event && 'outcome' in step.event && (step.event.request as { jobId?: string }).jobId === jobId;
/** Nothing of the job is on paper: what a printer may say to make an unmarked second print right. */
const clears = ['not-found', 'no-paper', 'cover-open', 'offline'];

const invariants: Invariants = {
  'no second print without COPY, unless the printer had nothing of the first': (trace) => {
    const open = new Map<string, boolean>();
    for (const step of trace) {
      for (const jobId of open.keys()) {
        const isQuery = step.event.type === 'PRINT_QUERY_ENDED';
        if (!isAnswer(step, jobId)) continue;
        const { outcome } = step.event;
        if (isQuery ? outcome === 'not-found' : clears.includes(outcome)) open.set(jobId, false);
      }
      for (const { jobId, copy } of effectsOf([step], 'printReceipt')) {
        if (!copy && open.get(jobId) === true) return jobId;
        if (!copy) open.set(jobId, true);
      }
    }
    return null;
  },
  'what is printed again after doubt says COPY': (trace) => {
    const unsure = new Set<string>();
    for (const step of trace) {
      for (const jobId of told([step], 'RECEIPT_UNSURE')) unsure.add(jobId);
      const plain = effectsOf([step], 'printReceipt').find(
        ({ jobId, copy, receipt }) => unsure.has(jobId) && !(copy && receipt.copy),
      );
      if (plain !== undefined) return plain.jobId;
    }
    return null;
  },
  'a job is printed, waits, or is refused by name': (trace) =>
    trace
      .flatMap(({ event }) => (event.type === 'PRINT' && 'jobId' in event ? [String(event.jobId)] : []))
      .find(
        (jobId) =>
          !told(trace, 'RECEIPT_PRINTED').includes(jobId) &&
          !contextAfter(trace).jobs.some((one) => one.jobId === jobId) &&
          !told(trace, 'RECEIPT_HELD').includes(jobId),
      ) ?? null,
  'printed is told once a job, and only if the printer says so': (trace) =>
    twice(told(trace, 'RECEIPT_PRINTED')) ??
    told(trace, 'RECEIPT_PRINTED').find(
      (jobId) => !trace.some((step) => isAnswer(step, jobId) && step.event.outcome === 'printed'),
    ) ??
    null,
  'waiting is told once a job': (trace) => twice(told(trace, 'RECEIPT_HELD')),
  'a job that waits is not printed while the paper is out': (trace) =>
    trace.find(({ to, effects }) => to.startsWith('blocked') && effects.some(({ type }) => type === 'printReceipt'))
      ?.to ?? null,
};

const model: Check<typeof printerMachine> = {
  machine: printerMachine,
  start: [install, connected],
  events: [print('j1')],
  answers,
  crash: { times: 1, sends: [install] },
  timers: 1,
  depth: 8,
  invariants,
};

describe('printer: every path', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(printerMachine, eventTypes)).toMatchFileSnapshot('tables/printer.txt');
  });

  const walks: readonly (readonly [moment: string, over: Partial<typeof model>])[] = [
    ['X3: the store crashes while a receipt is printed or asked about', {}],
    ['X3: it crashes twice', { crash: { times: 2, sends: [install] }, timers: 0 }],
    [
      'X5: the line is lost at any point, and comes back',
      { events: [print('j1'), disconnected], crash: { times: 0 }, timers: 2 },
    ],
    [
      'X2: a job comes twice, and another behind it',
      { events: [print('j1'), print('j1'), print('j2')], timers: 0, depth: 7 },
    ],
    [
      'X5: paper runs out and is loaded',
      { events: [print('j1'), { type: 'PAPER_OUT' }, { type: 'PAPER_LOADED' }], crash: { times: 0 } },
    ],
    [
      'a receipt comes before the printer is there',
      { start: [install], events: [print('j1'), { type: 'COVER_OPEN' }, { type: 'COVER_CLOSED' }] },
    ],
  ];
  it.each(walks)('%s', (_moment, over) => {
    const walked = checkMachine({ ...model, ...over });
    expect(walked.paths).toBeGreaterThan(100);
    expect(walked.states).toContain('asking');
  });

  it('X3: long days with crashes, lost lines and no paper', () => {
    const events = [
      ...['j1', 'j2', 'j3', 'j1'].map(print),
      disconnected,
      disconnected,
      { type: 'PAPER_OUT' },
      { type: 'PAPER_LOADED' },
    ] as const;
    const day = { ...model, events, crash: { times: 3, sends: [install] }, timers: 20 };
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 60 }), (picks) => void wander(day, picks)),
      {
        numRuns: 400,
      },
    );
  });
});

describe('printer: what the walks would catch', () => {
  const noJobs = assign({ jobs: [] });
  const mutants: readonly (readonly [fault: string, breaks: string, change: Parameters<typeof mutate>[1]])[] = [
    [
      'prints again after a restart without asking',
      'no second print without COPY',
      (config) => (at(config, 'printing').on['RESTARTED'] = { target: 'printing', reenter: true }),
    ],
    [
      'takes silence for nothing printed',
      'no second print without COPY',
      (config) => (at(config, 'asking')['after'] = { answerMs: 'printing' }),
    ],
    [
      'prints again when the printer is not sure',
      'no second print without COPY',
      (config) => (at(config, 'printing').on['PRINT_ENDED'] = { target: 'printing', reenter: true }),
    ],
    [
      'prints again unmarked when the answer is unsure',
      'no second print without COPY',
      (config) => {
        const on = at(config, 'asking').on;
        on['PRINT_QUERY_ENDED'] = (on['PRINT_QUERY_ENDED'] as readonly { readonly guard: string }[]).map((branch) =>
          branch.guard === 'headNotFound' || branch.guard === 'headUnsure' ? { target: 'printing' } : branch,
        );
      },
    ],
    [
      'forgets its jobs with the line',
      'a job is printed, waits',
      (config) => (config.on['DISCONNECTED'] = { target: '.disconnected', actions: [noJobs] }),
    ],
    [
      'drops a job while it is away',
      'a job is printed, waits',
      (config) => (at(config, 'disconnected').on['PRINT'] = {}),
    ],
    [
      'prints a job twice that came twice',
      'told once a job',
      (config) => (config.on['PRINT'] = (config.on['PRINT'] as readonly unknown[]).at(-1)),
    ],
    ['has no answer to paper', 'unhandled: PAPER_LOADED', (config) => delete config.on['PAPER_LOADED']],
  ];
  it.each(mutants)('a printer that %s', (_fault, breaks, change) => {
    const machine = mutate(printerMachine, change);
    const events = [print('j1'), print('j1'), disconnected, { type: 'PAPER_LOADED' }] as const;
    expect(() => checkMachine({ ...model, machine, events, depth: 7 })).toThrow(breaks);
  });
});

describe('printer: moments', () => {
  const begun = [install, connected] as const;
  const copies = (trace: Trace) => effectsOf(trace, 'printReceipt').map(({ copy, receipt }) => [copy, receipt.copy]);

  it('power fails while it prints, and the printer knows that it is on paper', () => {
    const trace = traceOf(printerMachine, [
      ...begun,
      print('j1'),
      { type: 'RESTARTED' },
      connected,
      queried('j1', 'printed'),
    ]);
    expect(copies(trace)).toEqual([[false, false]]);
    expect(effectsOf(trace, 'tell')).toEqual([
      { to: 'order/j1', event: { type: 'RECEIPT_PRINTED', jobId: 'j1', copy: false } },
    ]);
  });

  it('power fails before the printer has anything: it is printed as it is', () => {
    const restart = [{ type: 'RESTARTED' }, connected, queried('j1', 'not-found')] as const;
    const trace = traceOf(printerMachine, [...begun, print('j1'), ...restart, ...restart, ended('j1', 'printed')]);
    expect(copies(trace)).toEqual([
      [false, false],
      [false, false],
      [false, false],
    ]);
    expect(told(trace, 'RECEIPT_PRINTED')).toEqual(['j1']);
  });

  it('the printer cannot tell: the second print says COPY, and the order hears of the doubt', () => {
    const trace = traceOf(printerMachine, [
      ...begun,
      print('j1'),
      ended('j1', 'unsure'),
      queried('j1', 'unsure'),
      ended('j1', 'printed'),
    ]);
    expect(copies(trace)).toEqual([
      [false, false],
      [true, true],
    ]);
    expect(effectsOf(trace, 'tell').map(({ event }) => event)).toEqual([
      { type: 'RECEIPT_UNSURE', jobId: 'j1' },
      { type: 'RECEIPT_PRINTED', jobId: 'j1', copy: true },
    ]);
  });

  it('an earlier call is still out, so its answer may be the one that says nothing is there: COPY', () => {
    const silence = { type: 'xstate.after.answerMs.printer.printing' } as never;
    const trace = traceOf(printerMachine, [...begun, print('j1'), silence, queried('j1', 'not-found')]);
    expect(copies(trace)).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('N1: no paper: the sale goes on, the receipts wait in their order, each says so once', () => {
    const trace = traceOf(printerMachine, [
      ...begun,
      print('j1'),
      print('j2'),
      ended('j1', 'no-paper'),
      print('j3'),
      { type: 'PAPER_LOADED' },
      ended('j1', 'printed'),
      ended('j2', 'printed'),
      ended('j3', 'printed'),
    ]);
    expect(told(trace, 'RECEIPT_HELD')).toEqual(['j1', 'j2', 'j3']);
    expect(told(trace, 'RECEIPT_PRINTED')).toEqual(['j1', 'j2', 'j3']);
    expect(copies(trace).flat()).not.toContain(true);
  });

  it('more receipts than it keeps: the order hears that the queue is full, and nothing that waits is lost', () => {
    const jobs = Array.from({ length: jobsMax + 1 }, (_, index) => print(`j${index}`));
    const trace = traceOf(printerMachine, [install, ...jobs]);
    expect(contextAfter(trace).jobs).toHaveLength(jobsMax);
    expect(effectsOf(trace, 'tell')).toEqual([
      { to: `order/j${jobsMax}`, event: { type: 'RECEIPT_HELD', jobId: `j${jobsMax}`, reason: 'queue-full' } },
    ]);
  });

  it('remembers so many jobs that came out and no more', () => {
    const jobs = Array.from({ length: printedMax + 5 }, (_, index) => [
      print(`j${index}`),
      ended(`j${index}`, 'printed'),
    ]);
    expect(contextAfter(traceOf(printerMachine, [...begun, ...jobs.flat()])).printed).toHaveLength(printedMax);
  });

  it('X2: a job that came out comes again: nothing happens', () => {
    const trace = traceOf(printerMachine, [
      ...begun,
      print('j1'),
      ended('j1', 'printed'),
      print('j2'),
      ended('j2', 'printed'),
      print('j1'),
    ]);
    expect(effectsOf(trace, 'printReceipt')).toHaveLength(2);
  });
});
