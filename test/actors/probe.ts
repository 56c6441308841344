import { assign, enqueueActions, setup, type AnyStateMachine } from 'xstate';
import type { ActorKind, Address } from '../../src/domain/address.ts';
import { effects } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import type { Message } from '../../src/domain/message.ts';
import { kinds, type Kind, type Kinds } from '../../src/actors/kinds.ts';

/**
 * An actor that does what each message tells it to: for tests of the runtime itself. A client sends it as the reason of a
 * CANCEL_ORDER to a counter (`script(…)`), a device and other actors as DO.
 */
export type Deed =
  | readonly ['note', string]
  | readonly ['tell', Address, readonly Deed[]]
  /** Records that a day opened; as often as wanted. */
  | readonly ['day', string]
  /** Records a movement of the till; the database takes each name once. */
  | readonly ['move', string]
  | readonly ['answer', Readonly<Record<string, unknown>>]
  | readonly ['refuse', string]
  /** Throws unless it has been mended. */
  | readonly ['throw', string]
  /** Calls the display of its own id. */
  | readonly ['show', string]
  /** Asks the terminal of its own id to charge: a call that is never repeated by itself. */
  | readonly ['charge', string]
  | readonly ['ask', string]
  /** Sets, or sets anew, a timer of 1 s; it notes `rang`. */
  | readonly ['wait']
  /** Calls the timer off. */
  | readonly ['stop']
  /** Tells itself to do this again, for ever. */
  | readonly ['loop'];

interface Seen {
  /** What happened to it, in order. */
  readonly notes: readonly string[];
  readonly training: boolean;
}

const deedsOf = (event: Message): readonly Deed[] => {
  if (event.type === 'CANCEL_ORDER') return JSON.parse(String(event['reason'])) as readonly Deed[];
  return event.type === 'DO' ? (event['deeds'] as readonly Deed[]) : [];
};

/** The command that makes a counter's probe do this. At most 200 characters. */
export const script = (...deeds: readonly Deed[]): Message => ({ type: 'CANCEL_ORDER', reason: JSON.stringify(deeds) });
export const doing = (...deeds: readonly Deed[]): Message => ({ type: 'DO', deeds });

const has = (event: Message, deed: Deed[0]): boolean => deedsOf(event).some(([name]) => name === deed);

export const createProbe = (options: { readonly mended?: boolean; readonly self?: Address } = {}): AnyStateMachine =>
  setup({
    types: { context: {} as Seen, events: {} as Message },
    actions: {
      ...effects,
      note: assign(({ context, event }) => {
        const said = deedsOf(event).flatMap((deed) => (deed[0] === 'note' ? [deed[1]] : []));
        const heard = event.type === 'DO' || event.type === 'CANCEL_ORDER' ? said : [event.type];
        return { notes: [...context.notes, ...heard] };
      }),
      rang: assign(({ context }) => ({ notes: [...context.notes, 'rang'] })),
      perform: enqueueActions(({ event, enqueue }) => {
        for (const deed of deedsOf(event)) {
          switch (deed[0]) {
            case 'tell':
              enqueue({ type: 'tell', params: { to: deed[1], event: doing(...deed[2]) } });
              break;
            case 'day':
              enqueue({ type: 'record', params: { type: 'day.opened', payload: { businessDate: deed[1] } } });
              break;
            case 'move':
              enqueue({ type: 'record', params: tillMoved(deed[1]) });
              break;
            case 'answer':
              enqueue({ type: 'answer', params: deed[1] });
              break;
            case 'refuse':
              enqueue({ type: 'refuse', params: { reason: 'not-now', detail: deed[1] } });
              break;
            case 'throw':
              if (options.mended !== true) throw new Error(deed[1]);
              break;
            case 'show':
              enqueue({ type: 'showText', params: { top: deed[1], bottom: '' } });
              break;
            case 'charge':
              enqueue({
                type: 'authorizeCard',
                params: { requester: 'payment/p', reference: deed[1], amountMinor: 1, currency: 'EUR' },
              });
              break;
            case 'ask':
              enqueue({ type: 'queryCard', params: { requester: 'payment/p', reference: deed[1] } });
              break;
            case 'loop':
              enqueue({ type: 'tell', params: { to: options.self ?? 'counter/1', event: doing(deed) } });
              break;
            case 'note':
            case 'wait':
            case 'stop':
              break;
          }
        }
      }),
    },
    guards: { waits: ({ event }) => has(event, 'wait'), stops: ({ event }) => has(event, 'stop') },
    delays: { ringMs: 1_000 },
  }).createMachine({
    id: 'probe',
    context: { notes: [], training: false },
    initial: 'still',
    on: {
      RESTARTED: { actions: 'note' },
      AUTHORIZE_ENDED: { actions: 'note' },
      QUERY_ENDED: { actions: 'note' },
      SHOW_ENDED: { actions: 'note' },
    },
    states: {
      still: {
        tags: ['in-flight'],
        on: {
          DO: [{ guard: 'waits', target: 'waiting', actions: ['note', 'perform'] }, { actions: ['note', 'perform'] }],
          CANCEL_ORDER: [
            { guard: 'waits', target: 'waiting', actions: ['note', 'perform'] },
            { actions: ['note', 'perform'] },
          ],
        },
      },
      waiting: {
        tags: ['in-flight'],
        after: { ringMs: { target: 'still', actions: 'rang' } },
        on: {
          DO: [
            { guard: 'waits', target: 'waiting', reenter: true, actions: ['note', 'perform'] },
            { guard: 'stops', target: 'still', actions: ['note', 'perform'] },
            { actions: ['note', 'perform'] },
          ],
          CANCEL_ORDER: [
            { guard: 'waits', target: 'waiting', reenter: true, actions: ['note', 'perform'] },
            { guard: 'stops', target: 'still', actions: ['note', 'perform'] },
            { actions: ['note', 'perform'] },
          ],
        },
      },
    },
  });

export const kindOfProbe = (over: Partial<Kind> = {}): Kind => ({
  machine: createProbe(),
  version: 1,
  migrations: {},
  ...over,
});

/** Every kind is a probe, but for those given. */
export const probes = (over: Partial<Kinds> = {}): Kinds => ({
  ...(Object.fromEntries(Object.keys(kinds).map((kind) => [kind, kindOfProbe()])) as Record<ActorKind, Kind>),
  ...over,
});

const tillMoved = (movementId: string): Fact => ({
  type: 'till.moved',
  payload: {
    movementId,
    counterId: '1',
    shiftId: 's',
    businessDate: '2026-03-02',
    movement: 'paid-in',
    amountMinor: 1,
    reason: 'test',
    operatorId: 'ann',
    at: 0,
  },
});
