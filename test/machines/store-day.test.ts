import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storeDayMachine, type StoreDayContext, type StoreDayEvent } from '../../src/machines/store-day.ts';
import { firstWrong, recorded } from './card-words.ts';
import {
  checkMachine,
  effectsOf,
  traceOf,
  wander,
  type Check,
  type Invariants,
  type ModelEvent,
  type Trace,
} from './model.ts';
import { at, mutate } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';

const eventTypes = {
  OPEN_DAY: 'command',
  CLOSE_DAY: 'command',
  COUNTER_OPENED: true,
  COUNTER_CLOSED: true,
} as const satisfies Record<StoreDayEvent['type'], true | 'command'>;

type Event = ModelEvent<typeof storeDayMachine>;
const openDay = (businessDate: string): Event => ({ type: 'OPEN_DAY', businessDate });
const closeDay: Event = { type: 'CLOSE_DAY' };
const opened = (counterId: string): Event => ({ type: 'COUNTER_OPENED', counterId });
const closed = (counterId: string): Event => ({ type: 'COUNTER_CLOSED', counterId });

const days = (trace: Trace): readonly (readonly [type: string, date: string])[] =>
  effectsOf(trace, 'record').flatMap((fact) =>
    fact.type === 'day.opened' || fact.type === 'day.closed' ? [[fact.type, fact.payload.businessDate] as const] : [],
  );
/** Counters that are open, as their own words say. */
const standing = (trace: Trace): readonly string[] =>
  trace.reduce<readonly string[]>((open, { event, refused }) => {
    if (refused !== null || !('counterId' in event)) return open;
    const counterId = String(event.counterId);
    const others = open.filter((one) => one !== counterId);
    return event.type === 'COUNTER_OPENED' ? [...others, counterId] : others;
  }, []);

const invariants: Invariants = {
  'N2: a business date is later than the one before': (trace) => {
    const dates = days(trace).flatMap(([type, date]) => (type === 'day.opened' ? [date] : []));
    return dates.find((date, index) => index > 0 && date <= (dates[index - 1] ?? '')) ?? null;
  },
  'a day is opened, then closed, each once and on record': (trace) => {
    const types = days(trace).map(([type]) => type);
    const wrong = types.findIndex((type, index) => type !== (index % 2 === 0 ? 'day.opened' : 'day.closed'));
    const left = (types.length % 2 === 1) !== (trace.at(-1)?.to !== 'closed');
    return wrong >= 0 || left ? types.join() : null;
  },
  'the day that closes is the one that was opened': (trace) =>
    days(trace).find(([type, date], index, all) => type === 'day.closed' && date !== all[index - 1]?.[1])?.[1] ?? null,
  'a day never ends over an open counter': (trace) =>
    firstWrong(
      trace,
      (step, index) => recorded([step]).includes('day.closed') && standing(trace.slice(0, index + 1)).length > 0,
    ),
  'a day that is being closed ends with its last counter': (trace) =>
    trace.at(-1)?.to === 'closing' && standing(trace).length === 0 ? 'closing' : null,
  'it knows which counters are open': (trace) => {
    const known = (trace.at(-1)?.context as StoreDayContext | undefined)?.openCounters ?? [];
    const same = known.toSorted().join() === standing(trace).toSorted().join();
    return trace.length === 0 || same ? null : known.join();
  },
  'no counter opens while the day is closed or being closed': (trace) =>
    firstWrong(
      trace,
      (step) => step.event.type === 'COUNTER_OPENED' && step.from !== 'open' && step.refused !== 'day-closed',
    ),
};

const model: Check<typeof storeDayMachine> = {
  machine: storeDayMachine,
  events: [
    openDay('2026-03-02'),
    closeDay,
    opened('1'),
    opened('2'),
    closed('1'),
    closed('2'),
    closeDay,
    openDay('2026-03-03'),
  ],
  crash: { times: 1 },
  depth: 7,
  invariants,
};

describe('store-day', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(storeDayMachine, eventTypes)).toMatchFileSnapshot('tables/store-day.txt');
  });

  const walks: readonly (readonly [moment: string, over: Partial<typeof model>])[] = [
    ['the day is closed while counters are still open', {}],
    [
      'a counter says twice that it opened or closed',
      {
        start: [openDay('2026-03-02')],
        events: [opened('1'), opened('1'), closed('1'), closed('1'), closeDay, opened('2')],
        depth: 6,
      },
    ],
    [
      'N2: a clock that went back opens no day that was there before',
      {
        events: [
          openDay('2026-03-02'),
          openDay('2026-03-01'),
          openDay('2026-03-02'),
          openDay('2026-03-03'),
          closeDay,
          closeDay,
        ],
      },
    ],
  ];
  it.each(walks)('%s', (_moment, over) => {
    const walked = checkMachine({ ...model, ...over });
    expect(walked.paths).toBeGreaterThan(20);
    expect(walked.states).toContain('open');
  });

  it('long years', () => {
    const dates = ['2026-03-02', '2026-03-03', '2026-03-01', '2026-03-04'].map(openDay);
    const counters = ['1', '2', '3'].flatMap((id) => [opened(id), closed(id), opened(id), closed(id)]);
    const year = { ...model, events: [...dates, ...counters, closeDay, closeDay, closeDay] };
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 20, maxLength: 60 }), (picks) => void wander(year, picks)),
      { numRuns: 400 },
    );
  });

  it('who closes the day hears which counters it waits for', () => {
    const trace = traceOf(storeDayMachine, [openDay('2026-03-02'), opened('1'), opened('2'), closeDay]);
    expect(effectsOf(trace, 'answer')).toEqual([{ waitingFor: ['1', '2'] }]);
  });

  const mutants: readonly (readonly [fault: string, breaks: string, change: Parameters<typeof mutate>[1]])[] = [
    [
      'opens a date again',
      'N2: a business date is later than the one before',
      (config) => {
        const [first] = at(config, 'closed').on['OPEN_DAY'] as readonly { readonly guard?: string }[];
        const { guard: _, ...always } = first ?? {};
        at(config, 'closed').on['OPEN_DAY'] = always;
      },
    ],
    [
      'closes over an open counter',
      'a day never ends over an open counter',
      (config) => {
        const [first] = at(config, 'open').on['CLOSE_DAY'] as readonly { readonly guard?: string }[];
        const { guard: _, ...always } = first ?? {};
        at(config, 'open').on['CLOSE_DAY'] = always;
      },
    ],
    [
      'closes without record',
      'a day is opened, then closed, each once and on record',
      (config) => (at(config, 'open').on['CLOSE_DAY'] = 'closed'),
    ],
    [
      'forgets to end with its last counter',
      'a day that is being closed ends with its last counter',
      (config) => (at(config, 'closing').on['COUNTER_CLOSED'] = { actions: 'removeCounter' }),
    ],
    [
      'lets a counter open while it closes',
      'no counter opens while the day is closed',
      (config) => (at(config, 'closing').on['COUNTER_OPENED'] = { actions: 'addCounter' }),
    ],
    [
      'forgets a counter',
      'it knows which counters are open',
      (config) => (at(config, 'open').on['COUNTER_OPENED'] = {}),
    ],
    [
      'has no answer to a late word',
      'unhandled: COUNTER_CLOSED',
      (config) => delete at(config, 'closed').on['COUNTER_CLOSED'],
    ],
  ];
  it.each(mutants)('a store day that %s would be caught', (_fault, breaks, change) => {
    const events = [openDay('2026-03-02'), opened('1'), closed('1'), closeDay, openDay('2026-03-02'), opened('2')];
    expect(() => checkMachine({ ...model, machine: mutate(storeDayMachine, change), events, depth: 6 })).toThrow(
      breaks,
    );
  });
});
