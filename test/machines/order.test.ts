import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Sale } from '../../src/domain/sale.ts';
import { orderMachine } from '../../src/machines/order.ts';
import { card, cash, draft, opening } from './basket.ts';
import { checkMachine, traceOf, wander } from './model.ts';
import { at, mutate, type OpenConfig } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';
import {
  eventTypes,
  type Event,
  open,
  ring,
  bread,
  voidLine,
  pay,
  voidPayment,
  succeeded,
  reversed,
  suspend,
  resume,
  sellOn,
  cancel,
  reprint,
  paidFacts,
  model,
} from './order-model.ts';

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
