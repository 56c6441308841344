import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../src/domain/address.ts';
import { paidMinor } from '../../src/domain/due.ts';
import type { OrderPaid } from '../../src/domain/facts.ts';
import { isOpen, paymentOf, totalOf, type Sale } from '../../src/domain/sale.ts';
import type { Tender } from '../../src/domain/tender.ts';
import { orderMachine, type OrderEvent } from '../../src/machines/order.ts';
import { card, cash, draft, opening } from './basket.ts';
import { firstWrong, recorded, toldTo } from './card-words.ts';
import {
  checkMachine,
  effectsOf,
  traceOf,
  wander,
  type Check,
  type Effect,
  type Invariants,
  type ModelEvent,
  type Trace,
  type TraceStep,
} from './model.ts';
import { at, mutate, type OpenConfig } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';

const eventTypes = {
  OPEN: 'command',
  ADD_LINES: 'command',
  VOID_LINE: 'command',
  DISCOUNT_LINE: 'command',
  DISCOUNT_ORDER: 'command',
  SET_MEMBER: 'command',
  SET_TAX_EXEMPT: 'command',
  SUSPEND: 'command',
  SELL_ON: 'command',
  RESUME: 'command',
  CANCEL: 'command',
  TENDER: 'command',
  VOID_PAYMENT: 'command',
  PAYMENT_SUCCEEDED: true,
  PAYMENT_FAILED: true,
  PAYMENT_UNKNOWN: true,
  PAYMENT_REVERSED: true,
  RECEIPT_PRINTED: true,
  RECEIPT_HELD: true,
  RECEIPT_UNSURE: true,
  REPRINT: 'command',
  RETURN_LINES: true,
  RELEASE_LINES: true,
} as const satisfies Record<OrderEvent['type'], true | 'command'>;

type Event = ModelEvent<typeof orderMachine>;
const open: Event = { type: 'OPEN', order: opening, drafts: [], offers: [] };
const ring = (...drafts: readonly ReturnType<typeof draft>[]): Event => ({ type: 'ADD_LINES', drafts, offers: [] });
const bread = ring(draft('bread', 1_000));
const voidLine = (line: number): Event => ({ type: 'VOID_LINE', line });
const pay = (paymentId: string, tender: Tender, offeredMinor: number | null = null): Event => ({
  type: 'TENDER',
  paymentId,
  tender,
  offeredMinor,
});
const voidPayment = (paymentId: string): Event => ({ type: 'VOID_PAYMENT', paymentId, reason: 'changed mind' });
const succeeded = (paymentId: string): Event => ({
  type: 'PAYMENT_SUCCEEDED',
  paymentId,
  approval: null,
  receiptNumber: 7,
  header: { store: { name: 'Shop', address: [] }, utcOffsetMinutes: 0 },
});
const failed = (paymentId: string): Event => ({ type: 'PAYMENT_FAILED', paymentId, reason: 'declined' });
const unknown = (paymentId: string): Event => ({ type: 'PAYMENT_UNKNOWN', paymentId });
const reversed = (paymentId: string): Event => ({ type: 'PAYMENT_REVERSED', paymentId });
const suspend: Event = { type: 'SUSPEND' };
const resume: Event = { type: 'RESUME', counterId: '4', shiftId: 's2', businessDate: '2026-03-03' };
const sellOn: Event = { type: 'SELL_ON' };
const cancel: Event = { type: 'CANCEL', reason: 'left' };
const reprint: Event = { type: 'REPRINT', printerId: '3' };

/** What payments and printers say to what they are told; a payment that is unsure says more later, or never. */
const answers = (effect: Effect): readonly Event[] => {
  if (effect.type !== 'tell') return [];
  const { to, event } = effect.params;
  const paymentId = to.slice(to.indexOf('/') + 1);
  if (event.type === 'START') {
    const { method } = event['payment'] as { readonly method: string };
    return method === 'card' ? [succeeded(paymentId), failed(paymentId), unknown(paymentId)] : [succeeded(paymentId)];
  }
  if (event.type === 'PAYMENT_UNKNOWN') {
    const unsure = String(event['paymentId']);
    return [succeeded(unsure), failed(unsure)];
  }
  // Given back, or a person says that the charge stands.
  if (event.type === 'REVERSE' && kindOf(to) === 'payment') return [reversed(paymentId), succeeded(paymentId)];
  if (event.type !== 'PRINT') return [];
  const jobId = String(event['jobId']);
  return [
    { type: 'RECEIPT_PRINTED', jobId, copy: event['copy'] === true },
    { type: 'RECEIPT_HELD', jobId },
    { type: 'RECEIPT_UNSURE', jobId },
  ];
};

const saleOf = (step: TraceStep | undefined): Sale => step?.context as Sale;
const isSold = (state: string): boolean => state === 'paid' || state === 'receipted';
const becomesPaid = ({ from, to }: TraceStep): boolean => !isSold(from) && isSold(to);
const paidFacts = (trace: Trace): readonly OrderPaid[] =>
  effectsOf(trace, 'record').flatMap((fact) => (fact.type === 'order.paid' ? [fact.payload] : []));
const moved = ({ lines }: Sale): readonly object[] =>
  lines.flatMap(({ type, voids, productId, quantity, line }) =>
    ['item', 'return'].includes(voids === null ? type : (lines[voids - 1]?.type ?? ''))
      ? [{ productId, change: -quantity, reason: type === 'return' ? 'return' : 'sale', line }]
      : [],
  );

const invariants: Invariants = {
  'order.paid is recorded once': (trace) => (paidFacts(trace).length > 1 ? 'order.paid' : null),
  'an order becomes PAID and is recorded as paid in the same turn': (trace) =>
    firstWrong(trace, (step) => becomesPaid(step) !== recorded([step]).includes('order.paid')),
  'PAID means that the payments cover the total': (trace) =>
    firstWrong(trace, (step) => becomesPaid(step) && paidMinor(saleOf(step).payments) !== totalOf(saleOf(step))),
  'an order whose payments cover its total is PAID in that turn': (trace) =>
    firstWrong(trace, (step) => {
      if (step.event.type !== 'PAYMENT_SUCCEEDED' || !step.from.startsWith('pending')) return false;
      const counted = paymentOf(saleOf(step), String((step.event as { paymentId?: string }).paymentId))?.status;
      const covered = counted === 'success' && paidMinor(saleOf(step).payments) === totalOf(saleOf(step));
      return covered && !isSold(step.to);
    }),
  'the ledger stands in the fact that makes it PAID': (trace) =>
    firstWrong(trace, (step) =>
      paidFacts([step]).some(({ ledger }) => JSON.stringify(ledger) !== JSON.stringify(moved(saleOf(step)))),
    ),
  'the original is printed once': (trace) =>
    effectsOf(trace, 'tell').filter(({ event }) => event.type === 'PRINT' && event['copy'] !== true).length > 1
      ? 'PRINT'
      : null,
  'each print is a job of its own': (trace) => {
    const jobs = effectsOf(trace, 'tell').flatMap(({ event }) => (event.type === 'PRINT' ? [event['jobId']] : []));
    return new Set(jobs).size < jobs.length ? String(jobs) : null;
  },
  'CANCELLED keeps no money': (trace) =>
    firstWrong(trace, (step, index) => {
      if (step.to !== 'cancelled') return false;
      const entering = step.from !== 'cancelled';
      const held = entering ? ['success', 'pending', 'unknown', 'reversing'] : ['success'];
      const disputed = recorded(trace.slice(0, index + 1)).includes('order.disputed');
      return !disputed && saleOf(step).payments.some(({ status }) => held.includes(status));
    }),
  'money that came is counted or given back in that turn': (trace) =>
    firstWrong(trace, (step, index) => {
      if (step.event.type !== 'PAYMENT_SUCCEEDED' || !('paymentId' in step.event)) return false;
      const paymentId = String(step.event.paymentId);
      const before = saleOf(trace[index - 1]);
      if (!isOpen(before, paymentId)) return false;
      const status = paymentOf(saleOf(step), paymentId)?.status;
      const gaveBack = status === 'reversing' && toldTo([step], 'payment').includes('REVERSE');
      return status !== 'success' && !gaveBack;
    }),
  'what comes late and is too much is never kept in silence': (trace) =>
    firstWrong(trace, (step, index) => {
      if (step.event.type !== 'PAYMENT_SUCCEEDED' || !('paymentId' in step.event)) return false;
      const [before, after] = [saleOf(trace[index - 1]), saleOf(step)];
      const late = paymentOf(before, String(step.event.paymentId))?.status !== 'pending';
      const [had, has] = [paidMinor(before.payments), paidMinor(after.payments)];
      const over = totalOf(after) >= 0 && has > totalOf(after) && has > had;
      return late && over && !recorded([step]).includes('order.disputed');
    }),
  'what paid for a sold order and was taken back is disputed': (trace) =>
    firstWrong(trace, (step, index) => {
      if (step.event.type !== 'PAYMENT_REVERSED' || !isSold(step.from) || !('paymentId' in step.event)) return false;
      const before = paymentOf(saleOf(trace[index - 1]), String(step.event.paymentId))?.status;
      return before === 'success' && !recorded([step]).includes('order.disputed');
    }),
  'a payment is started once': (trace) => {
    const started = effectsOf(trace, 'tell').flatMap(({ to, event }) => (event.type === 'START' ? [to] : []));
    return new Set(started).size < started.length ? String(started) : null;
  },
  'its counter hears of the end': (trace) =>
    firstWrong(
      trace,
      (step) =>
        (becomesPaid(step) && !toldTo([step], 'counter').includes('ORDER_PAID')) ||
        (step.from !== step.to && step.to === 'cancelled' && !toldTo([step], 'counter').includes('ORDER_CANCELLED')),
    ),
  'a sold order keeps its lines': (trace) =>
    firstWrong(
      trace,
      (step, index) => isSold(step.from) && saleOf(step).lines.length !== saleOf(trace[index - 1]).lines.length,
    ),
};

const model: Check<typeof orderMachine> = {
  machine: orderMachine,
  start: [open, bread],
  events: [pay('p1', card), pay('p2', cash)],
  commands: Object.entries(eventTypes).flatMap(([type, by]) => (by === 'command' ? [type] : [])),
  answers,
  crash: { times: 0 },
  depth: 7,
  invariants,
};

describe('order: every path', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(orderMachine, eventTypes)).toMatchFileSnapshot('tables/order.txt');
  });

  const noPrinter: Event = { type: 'OPEN', order: { ...opening, prints: false }, drafts: [], offers: [] };
  const parts = [pay('p1', cash, 400), pay('p2', card), pay('p3', cash)];
  const walks: readonly (readonly [moment: string, state: string, over: Partial<typeof model>])[] = [
    ['X5: a card payment is unsure and cash pays: what comes late goes back', 'receipted', {}],
    [
      'F2: several tenders, some voided',
      'receipted',
      { events: [...parts, voidPayment('p1'), voidPayment('p2')], depth: 6 },
    ],
    [
      'the bill grows and shrinks between part payments',
      'receipted',
      {
        start: [open, bread, ring(draft('milk', 400))],
        events: [pay('p1', cash, 400), sellOn, voidLine(1), voidLine(2), pay('p2', card), pay('p3', cash)],
        depth: 6,
      },
    ],
    [
      'suspended, resumed elsewhere or cancelled while a payment is unsure or given back',
      'cancelled',
      { events: [pay('p1', card), voidPayment('p1'), suspend, resume, sellOn, cancel], depth: 6 },
    ],
    [
      'a part payment is given back before the bill is cancelled',
      'cancelled',
      { events: [pay('p1', card, 400), voidPayment('p1'), suspend, resume, cancel], depth: 7 },
    ],
    [
      'T3: the receipt is held, unsure, printed again',
      'receipted',
      { start: [open, bread, pay('p1', cash), succeeded('p1')], events: [reprint, reprint, reversed('p1'), cancel] },
    ],
    ['a counter without a printer', 'receipted', { start: [noPrinter, bread], events: [...parts, reprint], depth: 6 }],
    [
      'money goes back on a card, or cash when the card is unsure',
      'receipted',
      {
        start: [open, ring(draft('bread', 1_000, { type: 'return', quantity: -1000 }))],
        events: [...model.events, cancel],
      },
    ],
    [
      'X2: news comes before its time, twice, or of a payment that nobody knows',
      'receipted',
      { events: [pay('p1', card), succeeded('p1'), succeeded('p1'), succeeded('p9'), reversed('p1')], depth: 6 },
    ],
    ['nothing was rung', 'cancelled', { start: [open], events: [pay('p1', cash), cancel, bread, suspend, resume] }],
  ];
  it.each(walks)('%s', (_moment, state, over) => {
    const walked = checkMachine({ ...model, ...over });
    expect(walked.paths).toBeGreaterThan(20);
    expect(walked.states).toContain(state);
  });

  it('F2: long bills of many tenders, late news and changes', () => {
    const tenders = ['p1', 'p2', 'p3'].map((id) => pay(id, card, 300));
    const rest = [pay('p4', cash, 200), pay('p5', cash), pay('p6', card), pay('p7', cash)];
    const basket = [
      bread,
      ring(draft('milk', 400)),
      voidLine(1),
      voidLine(2),
      sellOn,
      sellOn,
      suspend,
      resume,
      suspend,
      resume,
    ];
    const voids = ['p1', 'p2', 'p4'].map(voidPayment);
    const day = { ...model, events: [...tenders, ...rest, ...basket, ...voids, cancel, reprint], crash: { times: 1 } };
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 60 }), (picks) => void wander(day, picks)),
      { numRuns: 500 },
    );
  });
});

const branches = (config: OpenConfig, path: string, type: string): readonly Branch[] =>
  at(config, path).on[type] as readonly Branch[];
interface Branch {
  readonly guard?: string;
  readonly target?: string;
  readonly actions: readonly unknown[];
}
/** Takes the branches with this guard out of a handler, or puts others in their place. */
const replace = (
  config: OpenConfig,
  path: string,
  type: string,
  guards: readonly string[],
  by: readonly Branch[] = [],
) => {
  at(config, path).on[type] = branches(config, path, type).flatMap((branch) =>
    branch.guard !== undefined && guards.includes(branch.guard) ? by : [branch],
  );
};
const withoutLedger = {
  type: 'record',
  params: ({ context }: { readonly context: Sale }) => ({
    type: 'order.paid',
    payload: {
      ...paidFacts(traceOf(orderMachine, [open, bread, pay('p', cash), succeeded('p')]))[0],
      ledger: [],
      orderId: context.orderId,
    },
  }),
};

describe('order: what the walks would catch', () => {
  type Change = Parameters<typeof mutate>[1];
  const mutants: readonly (readonly [fault: string, breaks: string, change: Change, over?: Partial<typeof model>])[] = [
    [
      'removes the ledger from order.paid',
      'the ledger stands in the fact that makes it PAID',
      (config) => {
        const entry = at(config, 'paid')['entry'] as readonly unknown[];
        at(config, 'paid')['entry'] = [withoutLedger, ...entry.slice(1)];
      },
    ],
    [
      'forgets the fact',
      'an order becomes PAID and is recorded as paid in the same turn',
      (config) => (at(config, 'paid')['entry'] = (at(config, 'paid')['entry'] as readonly unknown[]).slice(1)),
    ],
    [
      'prints twice',
      'the original is printed once',
      (config) => {
        const entry = at(config, 'paid')['entry'] as readonly unknown[];
        at(config, 'paid')['entry'] = [...entry, entry.at(-1)];
      },
    ],
    [
      'prints the original again when the printer is unsure',
      'the original is printed once',
      (config) => {
        const print = (at(config, 'paid')['entry'] as readonly unknown[]).at(-1);
        at(config, 'paid').on['RECEIPT_UNSURE'] = { actions: ['markHeld', print] };
      },
    ],
    [
      'forgets PAID: no payment ever covers',
      'money that came is counted or given back in that turn',
      (config) => replace(config, 'pending', 'PAYMENT_SUCCEEDED', ['covers', 'coversAndPrints']),
    ],
    [
      'forgets PAID: what covers is a part payment',
      'an order whose payments cover its total is PAID in that turn',
      (config) =>
        replace(
          config,
          'pending',
          'PAYMENT_SUCCEEDED',
          ['coversAndPrints'],
          [{ guard: 'covers', actions: ['markSuccess'] }],
        ),
    ],
    [
      'counts a part payment as covering',
      'PAID means that the payments cover the total',
      (config) =>
        replace(
          config,
          'pending',
          'PAYMENT_SUCCEEDED',
          ['isPart'],
          [{ guard: 'isPart', target: 'paid', actions: ['markSuccess', 'markPaid'] }],
        ),
      { events: [pay('p1', cash, 400)] },
    ],
    [
      'keeps what came too late',
      'money that came is counted or given back in that turn',
      (config) => (config.on['PAYMENT_SUCCEEDED'] = {}),
    ],
    [
      'keeps what is too much',
      'what comes late and is too much is never kept in silence',
      (config) =>
        replace(config, 'pending', 'PAYMENT_SUCCEEDED', ['exceeds'], [{ guard: 'exceeds', actions: ['markSuccess'] }]),
      { events: [pay('p1', card), pay('p2', cash, 400)] },
    ],
    [
      'is cancelled although money came',
      'CANCELLED keeps no money',
      (config) => (at(config, 'pending.tendering').on['CANCEL'] = '#order.cancelled'),
      { events: [pay('p1', cash, 400), cancel] },
    ],
    [
      'is silent when its terminal takes the money back',
      'what paid for a sold order and was taken back is disputed',
      (config) => (config.on['PAYMENT_REVERSED'] = { actions: 'markReversed' }),
      { events: [pay('p1', card), reversed('p1')] },
    ],
    [
      'leaves its counter with a bill that is cancelled',
      'its counter hears of the end',
      (config) => {
        const [first, ...rest] = branches(config, 'pending.building', 'CANCEL');
        at(config, 'pending.building').on['CANCEL'] = [{ ...first, actions: first?.actions.slice(0, -1) }, ...rest];
      },
      { events: [cancel] },
    ],
    ['has no answer to late news', 'unhandled: PAYMENT_FAILED', (config) => delete config.on['PAYMENT_FAILED']],
  ];
  for (const [fault, breaks, change, over] of mutants) {
    it(`an order that ${fault}`, () => {
      const machine = mutate(orderMachine, change);
      expect(() => checkMachine({ ...model, depth: 6, ...over, machine })).toThrow(breaks);
    });
  }
});

describe('order: moments', () => {
  const sold = [open, bread, pay('p1', cash), succeeded('p1')];
  const last = (events: readonly Event[]): TraceStep | undefined => traceOf(orderMachine, events).at(-1);

  it('lines are voided down to what is paid already: a tender of nothing makes it PAID', () => {
    const half = [open, bread, ring(draft('milk', 400)), pay('p1', cash, 400), succeeded('p1'), sellOn, voidLine(1)];
    expect(saleOf(last(half)).payments).toHaveLength(1);
    const trace = traceOf(orderMachine, [...half, pay('p2', cash), succeeded('p2')]);
    expect(trace.at(-1)?.to).toBe('paid');
    expect(paidFacts(trace)[0]?.totals.totalMinor).toBe(400);
  });

  it('X5: the terminal is gone while a part payment goes back: the bill can be put aside, and the next customer served', () => {
    const stuck = [open, bread, pay('p1', card, 400), succeeded('p1'), voidPayment('p1')];
    expect(last([...stuck, suspend])?.to).toBe('pending.suspended');
    expect(last([...stuck, suspend, reversed('p1'), cancel])?.to).toBe('cancelled');
    expect(last([...stuck, cancel])?.refused).toBe('payment-pending');
  });

  it('a card is being charged: the bill cannot be put aside or cancelled', () => {
    expect(last([open, bread, pay('p1', card), suspend])?.refused).toBe('payment-pending');
    expect(last([open, bread, pay('p1', card), cancel])?.refused).toBe('payment-pending');
    expect(last([open, bread, pay('p1', card), pay('p2', cash)])?.refused).toBe('payment-pending');
  });

  it('a charge could not be given back, and a person says that it stands: it counts again, on record', () => {
    const given = [open, bread, pay('p1', card, 400), succeeded('p1'), voidPayment('p1')];
    expect(last([...given, succeeded('p1')])).toMatchObject({ to: 'pending.tendering', refused: null });
    const paid = [...given, succeeded('p1'), pay('p2', cash), succeeded('p2')];
    expect(paidMinor(saleOf(last(paid)).payments)).toBe(1_000);
    const both = [open, bread, pay('p1', card), unknown('p1'), pay('p2', cash), succeeded('p2'), succeeded('p1')];
    const trace = traceOf(orderMachine, [...both, succeeded('p1')]);
    expect(recorded(trace.slice(-1))).toEqual(['order.disputed']);
  });

  it('a refund on a card comes out after the money went back in cash: a person must know', () => {
    const back = ring(draft('bread', 1_000, { type: 'return', quantity: -1000 }));
    const trace = traceOf(orderMachine, [
      open,
      back,
      pay('r1', card),
      unknown('r1'),
      pay('p2', cash),
      succeeded('p2'),
      succeeded('r1'),
    ]);
    expect(toldTo(trace, 'refund')).toEqual(['START']);
    expect(recorded(trace.slice(-1))).toEqual(['order.disputed']);
  });

  it('a part payment of a shift that was counted is not voided from another drawer: lines are, and money goes back', () => {
    const moved = [open, bread, pay('p1', cash, 400), succeeded('p1'), suspend, resume];
    expect(last([...moved, voidPayment('p1')])?.refused).toBe('not-now');
    const back = traceOf(orderMachine, [...moved, voidLine(1), pay('p2', cash), succeeded('p2')]);
    expect(back.at(-1)?.to).toBe('paid');
    expect(saleOf(back.at(-1)).payments.map(({ amountMinor, shiftId }) => [amountMinor, shiftId])).toEqual([
      [400, 's1'],
      [-400, 's2'],
    ]);
  });

  it('an unsure payment comes after the bill was voided below what is paid: it goes back, and is not one more part', () => {
    const paid = [
      open,
      bread,
      ring(draft('milk', 400)),
      pay('p1', card, 300),
      unknown('p1'),
      pay('p2', cash, 800),
      succeeded('p2'),
    ];
    const shrunk = [...paid, sellOn, voidLine(1)];
    expect(toldTo(traceOf(orderMachine, [...shrunk, succeeded('p1')]).slice(-1), 'payment')).toEqual(['REVERSE']);
  });

  it('two counters return the same piece: the second is refused, and may when the first gives it up', () => {
    const quantities = { 1: 1000 };
    const returned: Event = { type: 'RETURN_LINES', quantities };
    const released: Event = { type: 'RELEASE_LINES', quantities };
    expect(last([...sold, returned])?.refused).toBeNull();
    expect(last([...sold, returned, returned])?.refused).toBe('returned-already');
    expect(last([...sold, returned, released, returned])?.refused).toBeNull();
    expect(last([open, bread, returned])?.refused).toBe('unknown-receipt');
  });

  it('a return that is voided or cancelled gives the goods back to their sale', () => {
    const returnOf = { orderId: 'o0', line: 2 };
    const back = ring(draft('bread', 1_000, { type: 'return', quantity: -1000, returnOf }));
    const ends: readonly Event[] = [voidLine(1), cancel];
    for (const end of ends) {
      const tells = effectsOf(traceOf(orderMachine, [open, back, end]), 'tell').filter(({ to }) => to === 'order/o0');
      expect(tells.map(({ event }) => event)).toEqual([
        { type: 'RETURN_LINES', quantities: { 2: 1000 } },
        { type: 'RELEASE_LINES', quantities: { 2: 1000 } },
      ]);
    }
    const voided = traceOf(orderMachine, [open, back, voidLine(1), cancel]);
    expect(toldTo(voided, 'order').filter((word) => word === 'RELEASE_LINES')).toHaveLength(1);
  });

  it('T3: a copy says that it is one, and each copy is counted', () => {
    const prints = effectsOf(traceOf(orderMachine, [...sold, reprint, reprint]), 'tell').filter(
      ({ event }) => event.type === 'PRINT',
    );
    expect(prints.map(({ event }) => [event['jobId'], event['copy']])).toEqual([
      ['o1', false],
      ['o1-copy-1', true],
      ['o1-copy-2', true],
    ]);
  });
});
