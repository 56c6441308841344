import { setup } from 'xstate';
import type { PrintReference, PrintRequest, Tell } from '../domain/effects.ts';
import { effects } from '../domain/effects.ts';
import { assert } from '../domain/errors.ts';
import type { Message, Stamp } from '../domain/message.ts';
import type { ConnectOutcome, PrintOutcome, PrintQueryOutcome } from '../domain/ports.ts';

/**
 * The receipt printer of a counter: a queue that loses no job, and no job twice on paper without COPY.
 *
 * A job is `sent` from the moment the printer may have it until the printer has surely nothing of it. A sent job is never
 * printed again before the printer was asked; what cannot be told for certain is printed again as a copy.
 */
export type PrinterEvent = Stamp &
  (
    | { readonly type: 'INSTALL'; readonly counterId: string }
    | { readonly type: 'RESTARTED' }
    | { readonly type: 'DISCONNECTED' }
    | ({ readonly type: 'CONNECT_ENDED' } & ConnectOutcome)
    | ({ readonly type: 'PRINT' } & PrintRequest)
    | ({ readonly type: 'PRINT_ENDED'; readonly request: PrintRequest } & PrintOutcome)
    | ({ readonly type: 'PRINT_QUERY_ENDED'; readonly request: PrintReference } & PrintQueryOutcome)
    | { readonly type: 'PAPER_OUT' }
    | { readonly type: 'PAPER_LOADED' }
    | { readonly type: 'COVER_OPEN' }
    | { readonly type: 'COVER_CLOSED' }
  );

export type PrintJob = PrintRequest & {
  /** The printer may have it. */
  readonly sent: boolean;
  /** Calls for this job that have not been answered: with more than one out, an answer may belong to an earlier one. */
  readonly calls: number;
  /** The requester was told that it waits. */
  readonly held: boolean;
};

export type HeldReason = 'offline' | 'no-paper' | 'cover-open' | 'queue-full';

export type PrinterContext = {
  readonly counterId: string | null;
  /** Oldest first; the first is the one at hand. */
  readonly jobs: readonly PrintJob[];
  /** Jobs that came out lately, the newest last. */
  readonly printed: readonly string[];
  readonly reconnects: number;
};

export const delays = {
  reconnectMs: 1_000,
  reconnectMaxMs: 30_000,
  connectMs: 30_000,
  retryMs: 5_000,
  answerMs: 60_000,
} as const;

/** Receipts kept for a printer that is away: hours of one counter. Above it the order hears `queue-full` and can print later. */
export const jobsMax = 100;
/** Jobs remembered against being printed again by a repeated message; the inbox of the runtime is the first guard. */
export const printedMax = 16;

type Seen = { readonly context: PrinterContext; readonly event: PrinterEvent };

// ---- the queue ------------------------------------------------------------------------------------------------------

const headOf = ({ context }: { readonly context: PrinterContext }): PrintJob => {
  const head = context.jobs[0];
  assert(head !== undefined, 'a printer at work has a job');
  return head;
};
const requestOf = (seen: { readonly context: PrinterContext }): PrintRequest => {
  const { requester, jobId, receipt, copy } = headOf(seen);
  return { requester, jobId, receipt: { ...receipt, copy }, copy };
};
const referenceOf = (seen: { readonly context: PrinterContext }): PrintReference => {
  const { requester, jobId } = headOf(seen);
  return { requester, jobId };
};
const jobIn = (event: PrinterEvent): string | null =>
  'request' in event ? event.request.jobId : 'jobId' in event ? event.jobId : null;
const outcomeIn = (event: PrinterEvent): string | null => ('outcome' in event ? event.outcome : null);

const changeHead = (
  context: PrinterContext,
  change: (job: PrintJob) => PrintJob,
): { readonly jobs: readonly PrintJob[] } => ({
  jobs: context.jobs.map((job, index) => (index === 0 ? change(job) : job)),
});
const answered = (job: PrintJob): PrintJob => ({ ...job, calls: Math.max(0, job.calls - 1) });

// ---- guards ---------------------------------------------------------------------------------------------------------

const isQueued = ({ context, event }: Seen): boolean => context.jobs.some((job) => job.jobId === jobIn(event));
const ofHead = ({ context, event }: Seen): boolean => context.jobs[0]?.jobId === jobIn(event);
/** The answer belongs to the latest call, or a wrong one does no harm: a copy may come out twice. */
const isSure = ({ context }: Seen): boolean => context.jobs[0]?.calls === 1 || context.jobs[0]?.copy === true;
const headIs = (outcome: string) => (seen: Seen) => ofHead(seen) && outcomeIn(seen.event) === outcome;
const headSurely = (outcome: string) => (seen: Seen) =>
  ofHead(seen) && isSure(seen) && outcomeIn(seen.event) === outcome;

const guards = {
  installed: ({ context }: Seen) => context.counterId !== null,
  sameCounter: ({ context, event }: Seen) => event.type === 'INSTALL' && event.counterId === context.counterId,
  connected: ({ event }: Seen) => outcomeIn(event) === 'connected',
  /** The same job twice: waiting, or printed lately. */
  known: (seen: Seen) => isQueued(seen) || seen.context.printed.includes(jobIn(seen.event) ?? ''),
  queueFull: ({ context }: Seen) => context.jobs.length >= jobsMax,
  hasNewJob: ({ context }: Seen) => context.jobs[0]?.sent === false,
  hasSentJob: ({ context }: Seen) => context.jobs[0]?.sent === true,
  queuedPrinted: (seen: Seen) => isQueued(seen) && outcomeIn(seen.event) === 'printed',
  ofHead,
  headPrinted: headIs('printed'),
  headUnsure: headIs('unsure'),
  headNotFound: headIs('not-found'),
  headSurelyNotFound: headSurely('not-found'),
  headNoPaper: headIs('no-paper'),
  headCoverOpen: headIs('cover-open'),
  headOffline: headIs('offline'),
  headSurelyNoPaper: headSurely('no-paper'),
  headSurelyCoverOpen: headSurely('cover-open'),
  headSurelyOffline: headSurely('offline'),
};

// ---- answers as data ------------------------------------------------------------------------------------------------

type Ended = Extract<PrinterEvent, { readonly type: 'PRINT_ENDED' | 'PRINT_QUERY_ENDED' }>;
type Asked = { readonly event: PrintReference };
const answer = (to: PrintReference, message: Message): Tell => ({
  to: to.requester,
  event: { ...message, jobId: to.jobId },
});
const held = (reason: HeldReason) =>
  ({ type: 'tell', params: ({ event }: Asked) => answer(event, { type: 'RECEIPT_HELD', reason }) }) as const;
const tellPrinted = {
  type: 'tell',
  params: ({ context, event }: { readonly context: PrinterContext; readonly event: Ended }) => {
    const job = context.jobs.find((one) => one.jobId === event.request.jobId);
    assert(job !== undefined, 'what came out was waited for');
    return answer(job, { type: 'RECEIPT_PRINTED', copy: job.copy });
  },
} as const;
const tellUnsure = {
  type: 'tell',
  params: ({ event }: { readonly event: Ended }) => answer(event.request, { type: 'RECEIPT_UNSURE' }),
} as const;

const printer = setup({
  types: { context: {} as PrinterContext, events: {} as PrinterEvent, tags: {} as 'in-flight' },
  actions: {
    tell: effects.tell,
    connectDevice: effects.connectDevice,
    printReceipt: effects.printReceipt,
    queryPrint: effects.queryPrint,
  },
  guards,
  delays: {
    ...delays,
    reconnectMs: ({ context }) => Math.min(delays.reconnectMs * 2 ** context.reconnects, delays.reconnectMaxMs),
  },
});

const enqueueJob = (isHeld: boolean) =>
  printer.assign(({ context, event }) => {
    if (event.type !== 'PRINT') return {};
    const { requester, jobId, receipt, copy } = event;
    return { jobs: [...context.jobs, { requester, jobId, receipt, copy, sent: false, calls: 0, held: isHeld }] };
  });
const keep = enqueueJob(false);
const keepHeld = enqueueJob(true);
const send = printer.assign(({ context }) =>
  changeHead(context, (job) => ({ ...job, sent: true, calls: job.calls + 1 })),
);
const ask = printer.assign(({ context }) => changeHead(context, (job) => ({ ...job, calls: job.calls + 1 })));
const notSent = printer.assign(({ context }) => changeHead(context, (job) => ({ ...answered(job), sent: false })));
const noAnswerYet = printer.assign(({ context }) => changeHead(context, answered));
const asCopy = printer.assign(({ context }) =>
  changeHead(context, (job) => ({ ...answered(job), sent: false, copy: true })),
);
const printed = printer.assign(({ context, event }) => ({
  jobs: context.jobs.filter((job) => job.jobId !== jobIn(event)),
  printed: [...context.printed, jobIn(event) ?? ''].slice(-printedMax),
}));
/** With the process every call that was out is gone: no late answer can be mistaken any more. */
const forgetCalls = printer.assign(({ context }) => changeHead(context, (job) => ({ ...job, calls: 0 })));
const install = printer.assign(({ event }) => (event.type === 'INSTALL' ? { counterId: event.counterId } : {}));
const online = printer.assign({ reconnects: 0 });
const offline = printer.assign(({ context }) => ({ reconnects: Math.min(context.reconnects + 1, 8) }));

/** Each job that must wait says so once. */
const holdAll = (reason: HeldReason) =>
  printer.enqueueActions(({ context, enqueue }) => {
    for (const job of context.jobs) {
      if (!job.held) enqueue({ type: 'tell', params: answer(job, { type: 'RECEIPT_HELD', reason }) });
    }
    enqueue.assign({ jobs: context.jobs.map((job) => ({ ...job, held: true })) });
  });
const takePrint = (reason: HeldReason) =>
  [
    { guard: 'known' }, // the same message twice
    { guard: 'queueFull', actions: [held('queue-full')] },
    { actions: [keepHeld, held(reason)] },
  ] as const;

const ready = '#printer.ready';
const noPaper = '#printer.blocked.noPaper';
const coverOpen = '#printer.blocked.coverOpen';
const disconnected = '#printer.disconnected';

export const printerMachine = printer.createMachine({
  id: 'printer',
  context: { counterId: null, jobs: [], printed: [], reconnects: 0 },
  initial: 'disconnected',
  on: {
    INSTALL: { target: '.connecting', reenter: true, actions: [install, forgetCalls] },
    RESTARTED: { target: '.connecting', reenter: true, actions: [forgetCalls] },
    DISCONNECTED: { target: '.disconnected' },
    CONNECT_ENDED: {}, // late, of an attempt that was given up: a timer makes the next one
    PRINT: [{ guard: 'known' }, { guard: 'queueFull', actions: [held('queue-full')] }, { actions: [keep] }],
    // Late, the line was lost meanwhile: on paper is on paper; anything else is one call less that may be mistaken.
    PRINT_ENDED: [
      { guard: 'queuedPrinted', actions: [tellPrinted, printed] },
      { guard: 'ofHead', actions: [noAnswerYet] },
      {},
    ],
    PRINT_QUERY_ENDED: [
      { guard: 'queuedPrinted', actions: [tellPrinted, printed] },
      { guard: 'ofHead', actions: [noAnswerYet] },
      {},
    ],
    // Away or at work: the next print says what is wrong.
    PAPER_OUT: {},
    PAPER_LOADED: {},
    COVER_OPEN: {},
    COVER_CLOSED: {},
  },
  states: {
    disconnected: {
      entry: [holdAll('offline')],
      after: { reconnectMs: { guard: 'installed', target: 'connecting' } },
      on: {
        RESTARTED: {}, // the line was down before; INSTALL follows
        DISCONNECTED: {},
        PRINT: takePrint('offline'),
      },
    },
    connecting: {
      tags: ['in-flight'],
      entry: ['connectDevice'],
      after: { connectMs: { target: 'disconnected', actions: [offline] } },
      on: {
        INSTALL: [{ guard: 'sameCounter' }, { target: 'connecting', reenter: true, actions: [install, forgetCalls] }],
        CONNECT_ENDED: [
          { guard: 'connected', target: 'ready', actions: [online] },
          { target: 'disconnected', actions: [offline] },
        ],
      },
    },
    ready: {
      tags: ['in-flight'],
      always: [
        { guard: 'hasSentJob', target: 'asking' },
        { guard: 'hasNewJob', target: 'printing' },
      ],
      on: {
        PAPER_OUT: noPaper,
        COVER_OPEN: coverOpen,
        // A second attempt was out, and it says how things are now.
        CONNECT_ENDED: [{ guard: 'connected' }, { target: 'disconnected', actions: [offline] }],
      },
    },
    printing: {
      tags: ['in-flight'],
      entry: [send, { type: 'printReceipt', params: requestOf }],
      after: { answerMs: 'asking' },
      on: {
        PRINT_ENDED: [
          { guard: 'headPrinted', target: ready, actions: [tellPrinted, printed] },
          { guard: 'headSurelyNoPaper', target: noPaper, actions: [notSent] },
          { guard: 'headSurelyCoverOpen', target: coverOpen, actions: [notSent] },
          { guard: 'headSurelyOffline', target: disconnected, actions: [notSent] },
          { guard: 'ofHead', target: 'asking', actions: [noAnswerYet] },
        ],
        // Late: the question came before this print, and the first one is on paper after all.
        PRINT_QUERY_ENDED: [{ guard: 'headPrinted', target: ready, actions: [tellPrinted, printed] }],
      },
    },
    /** The job at hand may be on paper. */
    asking: {
      tags: ['in-flight'],
      entry: [ask, { type: 'queryPrint', params: referenceOf }],
      after: { answerMs: { target: 'asking', reenter: true } },
      on: {
        PRINT_ENDED: [{ guard: 'headPrinted', target: ready, actions: [tellPrinted, printed] }],
        PRINT_QUERY_ENDED: [
          { guard: 'headPrinted', target: ready, actions: [tellPrinted, printed] },
          { guard: 'headSurelyNotFound', target: ready, actions: [notSent] },
          { guard: 'headNotFound', target: ready, actions: [tellUnsure, asCopy] },
          { guard: 'headUnsure', target: ready, actions: [tellUnsure, asCopy] },
          // It cannot say now: asked again later.
          { guard: 'headNoPaper', target: noPaper, actions: [noAnswerYet] },
          { guard: 'headCoverOpen', target: coverOpen, actions: [noAnswerYet] },
          { guard: 'headOffline', target: disconnected, actions: [noAnswerYet] },
        ],
      },
    },
    blocked: {
      tags: ['in-flight'],
      initial: 'noPaper',
      after: { retryMs: 'ready' },
      on: { PAPER_OUT: '.noPaper', COVER_OPEN: '.coverOpen' },
      states: {
        noPaper: { entry: [holdAll('no-paper')], on: { PAPER_LOADED: ready, PRINT: takePrint('no-paper') } },
        coverOpen: { entry: [holdAll('cover-open')], on: { COVER_CLOSED: ready, PRINT: takePrint('cover-open') } },
      },
    },
  },
});
