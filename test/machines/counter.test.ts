import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counterMachine } from '../../src/machines/counter.ts';
import { checkMachine, wander } from './model.ts';
import { at, mutate } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';
import {
  eventTypes,
  open,
  openTraining,
  ring,
  pay,
  payByCard,
  news,
  paid,
  cancelled,
  suspend,
  resume,
  cancel,
  sellOn,
  lock,
  unlock,
  startCount,
  cancelCount,
  count,
  move,
  model,
} from './counter-model.ts';

describe('counter: every path', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(counterMachine, eventTypes)).toMatchFileSnapshot('tables/counter.txt');
  });

  const walks: readonly (readonly [moment: string, state: string, over: Partial<typeof model>])[] = [
    ['mid-bill: sold, put aside, taken up, cancelled, with a crash at any point', 'open.tendering', {}],
    [
      'the bill is paid or cancelled by others while the counter is locked',
      'open.locked',
      { events: [ring('o1'), lock, unlock, paid('o1', false), cancelled('o1'), ring('o2')] },
    ],
    [
      'two bills: news of the one that is put aside comes while the other is rung',
      'open.selling',
      { events: [ring('o1'), suspend, ring('o2'), paid('o1'), cancelled('o1'), pay, paid('o2')], depth: 7 },
    ],
    [
      'a card is unsure, another tender pays, the cashier sells on',
      'open.tendering',
      {
        events: [
          ring('o1'),
          payByCard,
          { type: 'PAYMENT_UNKNOWN', orderId: 'o1', ...news },
          sellOn,
          pay,
          paid('o1'),
          { type: 'PAYMENT_REVERSED', orderId: 'o1', ...news },
        ],
      },
    ],
    [
      'the till is counted, the count broken off, the next shift opened',
      'counting',
      { events: [startCount, cancelCount, count, count, open, startCount, ring('o1')], depth: 7 },
    ],
    [
      'money goes in and out of the drawer',
      'open.idle',
      {
        events: [
          move('PAID_IN', 'm1'),
          move('PAID_OUT', 'm2'),
          move('SAFE_DROP', 'm3'),
          move('NO_SALE', 'm4'),
          ring('o1'),
          paid('o1'),
        ],
      },
    ],
    [
      'a training shift between two real ones',
      'counting',
      {
        start: [openTraining, startCount, count],
        events: [open, openTraining, startCount, startCount, count, count],
        depth: 6,
      },
    ],
  ];
  it.each(walks)('%s', (_moment, state, over) => {
    const walked = checkMachine({ ...model, ...over });
    expect(walked.paths).toBeGreaterThan(50);
    expect(walked.states).toContain(state);
  });

  it('X3: long days: bills, movements, locks, counts, crashes', () => {
    const bills = ['o1', 'o2', 'o3'].flatMap((id) => [
      ring(id),
      pay,
      paid(id),
      suspend,
      resume(id),
      cancel,
      cancelled(id),
    ]);
    const till = [move('PAID_IN', 'm1'), move('SAFE_DROP', 'm2'), lock, unlock, lock, unlock, sellOn, sellOn];
    const shifts = [startCount, cancelCount, count, open, startCount, count, openTraining, startCount, count, open];
    const day = { ...model, events: [...bills, ...till, ...shifts], crash: { times: 4 } };
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 60 }), (picks) => void wander(day, picks)),
      { numRuns: 500 },
    );
  });
});

describe('counter: what the walks would catch', () => {
  type Change = Parameters<typeof mutate>[1];
  type Handler = { readonly target?: string; readonly actions: readonly unknown[] };
  const without = (handler: unknown, index: number): Handler => {
    const { actions, ...rest } = handler as Handler;
    return { ...rest, actions: actions.filter((_, which) => which !== index) };
  };
  const mutants: readonly (readonly [fault: string, breaks: string, change: Change])[] = [
    [
      'does not count its Z',
      'Z is counted once a COUNT',
      (config) => (at(config, 'counting').on['COUNT'] = without(at(config, 'counting').on['COUNT'], 0)),
    ],
    [
      'closes a shift without record',
      'a shift that closes is on record',
      (config) => (at(config, 'counting').on['COUNT'] = without(at(config, 'counting').on['COUNT'], 1)),
    ],
    [
      'does not tell the day that it closed',
      'a shift that closes is on record, and the day hears of it',
      (config) => (at(config, 'counting').on['COUNT'] = without(at(config, 'counting').on['COUNT'], 3)),
    ],
    [
      'drops a bill without putting it aside',
      'no order is lost',
      (config) => (at(config, 'open.selling').on['SUSPEND'] = without(at(config, 'open.selling').on['SUSPEND'], 0)),
    ],
    [
      'keeps a bill that was paid while it was locked',
      'a paid or cancelled bill leaves the counter',
      (config) => (at(config, 'open.locked').on['ORDER_PAID'] = { actions: 'note' }),
    ],
    [
      'keeps a bill that somebody else cancelled',
      'a paid or cancelled bill leaves the counter',
      (config) => (at(config, 'open.selling').on['ORDER_CANCELLED'] = {}),
    ],
    [
      'kicks the drawer for each word about a paid bill',
      'the drawer is kicked once for one reason',
      (config) => {
        const [first] = at(config, 'open.selling').on['ORDER_PAID'] as readonly Handler[];
        at(config, 'open.idle').on['ORDER_PAID'] = { actions: first?.actions.slice(1) };
      },
    ],
    [
      'opens a second bill over the first',
      'one order at a time is opened',
      (config) => (at(config, 'open.selling').on['RING'] = at(config, 'open.idle').on['RING']),
    ],
    [
      'goes idle after a crash',
      'a bill stands on the counter just where it sells',
      (config) => (at(config, 'open.selling').on['RESTARTED'] = 'idle'),
    ],
    [
      'moves money without record',
      'money moves only on record',
      (config) => (at(config, 'open.idle').on['PAID_IN'] = {}),
    ],
    [
      'sells while it is locked',
      'a locked counter sells nothing',
      (config) => (at(config, 'open.locked').on['RING'] = at(config, 'open.selling').on['RING']),
    ],
    ['has no answer to late news', 'unhandled: ORDER_CANCELLED', (config) => delete config.on['ORDER_CANCELLED']],
  ];
  it.each(mutants)('a counter that %s', (_fault, breaks, change) => {
    const machine = mutate(counterMachine, change);
    const bills = [ring('o1'), suspend, paid('o1'), paid('o1'), cancelled('o1'), ring('o2'), lock];
    const walks = [
      { events: bills, depth: 4 },
      { events: [startCount, count, move('PAID_IN', 'm1')], depth: 3 },
    ];
    expect(() => walks.forEach((walk) => checkMachine({ ...model, ...walk, machine }))).toThrow(breaks);
  });
});
