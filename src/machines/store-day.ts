import { assign, setup } from 'xstate';
import { effects } from '../domain/effects.ts';
import type { Stamp } from '../domain/message.ts';

/** The store's business day: a date that a person opens and closes. The wall clock alone never moves it (N2, X5). */
export type StoreDayEvent = (
  | { readonly type: 'OPEN_DAY'; readonly businessDate: string }
  | { readonly type: 'CLOSE_DAY' }
  | { readonly type: 'COUNTER_OPENED' | 'COUNTER_CLOSED'; readonly counterId: string }
) &
  Stamp;

export interface StoreDayContext {
  /** ISO date of the day that is open or was open last; empty before the first. */
  readonly businessDate: string;
  readonly openCounters: readonly string[];
}

const blank: StoreDayContext = { businessDate: '', openCounters: [] };
const recordDay = (type: 'day.opened' | 'day.closed') =>
  ({
    type: 'record',
    params: ({ context }: { readonly context: StoreDayContext }) =>
      ({ type, payload: { businessDate: context.businessDate } }) as const,
  }) as const;
const refuseClosed = {
  type: 'refuse',
  params: { reason: 'day-closed', detail: 'open the store day first' },
} as const;

export const storeDayMachine = setup({
  types: { context: {} as StoreDayContext, events: {} as StoreDayEvent },
  actions: {
    ...effects,
    openDay: assign(({ event }) => (event.type === 'OPEN_DAY' ? { businessDate: event.businessDate } : {})),
    addCounter: assign(({ context, event }) =>
      event.type === 'COUNTER_OPENED' ? { openCounters: [...new Set([...context.openCounters, event.counterId])] } : {},
    ),
    removeCounter: assign(({ context, event }) =>
      event.type === 'COUNTER_CLOSED'
        ? { openCounters: context.openCounters.filter((counterId) => counterId !== event.counterId) }
        : {},
    ),
  },
  guards: {
    isLater: ({ context, event }) => event.type === 'OPEN_DAY' && event.businessDate > context.businessDate,
    noneOpen: ({ context }) => context.openCounters.length === 0,
    isLast: ({ context, event }) =>
      event.type === 'COUNTER_CLOSED' && context.openCounters.every((counterId) => counterId === event.counterId),
  },
}).createMachine({
  id: 'store-day',
  context: blank,
  initial: 'closed',
  states: {
    closed: {
      on: {
        OPEN_DAY: [
          { guard: 'isLater', target: 'open', actions: ['openDay', recordDay('day.opened')] },
          {
            actions: {
              type: 'refuse',
              params: ({ context }) =>
                ({ reason: 'business-date', detail: `the last business date was ${context.businessDate}` }) as const,
            },
          },
        ],
        CLOSE_DAY: { actions: refuseClosed },
        COUNTER_OPENED: { actions: refuseClosed },
        COUNTER_CLOSED: {},
      },
    },
    open: {
      on: {
        OPEN_DAY: { actions: { type: 'refuse', params: { reason: 'day-open', detail: 'close the open day first' } } },
        CLOSE_DAY: [
          { guard: 'noneOpen', target: 'closed', actions: recordDay('day.closed') },
          {
            target: 'closing',
            actions: { type: 'answer', params: ({ context }) => ({ waitingFor: context.openCounters }) },
          },
        ],
        COUNTER_OPENED: { actions: 'addCounter' },
        COUNTER_CLOSED: { actions: 'removeCounter' },
      },
    },
    // No counter opens any more; the last one to close ends the day.
    closing: {
      on: {
        OPEN_DAY: { actions: { type: 'refuse', params: { reason: 'day-open', detail: 'the day is being closed' } } },
        CLOSE_DAY: {
          actions: {
            type: 'refuse',
            params: ({ context }) =>
              ({ reason: 'counters-open', detail: `still open: ${context.openCounters.join(', ')}` }) as const,
          },
        },
        COUNTER_OPENED: { actions: refuseClosed },
        COUNTER_CLOSED: [
          { guard: 'isLast', target: 'closed', actions: ['removeCounter', recordDay('day.closed')] },
          { actions: 'removeCounter' },
        ],
      },
    },
  },
});
