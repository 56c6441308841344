import { setup } from 'xstate';
import type { DrawerKick } from '../domain/effects.ts';
import { effects } from '../domain/effects.ts';
import { assert } from '../domain/errors.ts';
import type { Stamp } from '../domain/message.ts';
import type { ConnectOutcome } from '../domain/ports.ts';

/**
 * The cash drawer of a counter. A kick is made at once or never, and never twice: a drawer that springs open minutes later,
 * with nobody before it, is worse than one that the cashier opens by key.
 */
export type DrawerEvent = Stamp &
  (
    | { readonly type: 'INSTALL'; readonly counterId: string }
    | { readonly type: 'RESTARTED' }
    | { readonly type: 'DISCONNECTED' }
    | ({ readonly type: 'CONNECT_ENDED' } & ConnectOutcome)
    | ({ readonly type: 'OPEN_DRAWER' } & DrawerKick)
    | { readonly type: 'DRAWER_ENDED'; readonly request: DrawerKick; readonly outcome: 'opened' | 'unreachable' }
    | { readonly type: 'DRAWER_OPENED' }
    | { readonly type: 'DRAWER_CLOSED' }
  );

export type DrawerContext = {
  readonly counterId: string | null;
  /** As sensed; `unknown` until the drawer has said anything. */
  readonly drawer: 'open' | 'closed' | 'unknown';
  /** Kicks made or dropped lately, the newest last. */
  readonly kicks: readonly string[];
  readonly reconnects: number;
};

export const delays = { reconnectMs: 1_000, reconnectMaxMs: 30_000, connectMs: 30_000, answerMs: 10_000 } as const;

/** Kicks remembered against being made twice. */
export const kicksMax = 16;

const lastKick = ({ context }: { readonly context: DrawerContext }): DrawerKick => {
  const kickId = context.kicks.at(-1);
  assert(kickId !== undefined, 'a drawer that opens was asked to');
  return { kickId };
};

const drawer = setup({
  types: { context: {} as DrawerContext, events: {} as DrawerEvent, tags: {} as 'in-flight' },
  actions: { connectDevice: effects.connectDevice, openDrawer: effects.openDrawer },
  guards: {
    installed: ({ context }) => context.counterId !== null,
    sameCounter: ({ context, event }) => event.type === 'INSTALL' && event.counterId === context.counterId,
    connected: ({ event }) => event.type === 'CONNECT_ENDED' && event.outcome === 'connected',
    kicked: ({ context, event }) => event.type === 'OPEN_DRAWER' && context.kicks.includes(event.kickId),
    ofLastKick: ({ context, event }) => event.type === 'DRAWER_ENDED' && event.request.kickId === context.kicks.at(-1),
    lastUnreachable: ({ context, event }) =>
      event.type === 'DRAWER_ENDED' && event.request.kickId === context.kicks.at(-1) && event.outcome === 'unreachable',
  },
  delays: {
    ...delays,
    reconnectMs: ({ context }) => Math.min(delays.reconnectMs * 2 ** context.reconnects, delays.reconnectMaxMs),
  },
});

const install = drawer.assign(({ event }) => (event.type === 'INSTALL' ? { counterId: event.counterId } : {}));
const keep = drawer.assign(({ context, event }) =>
  event.type === 'OPEN_DRAWER' ? { kicks: [...context.kicks, event.kickId].slice(-kicksMax) } : {},
);
const online = drawer.assign({ reconnects: 0 });
const offline = drawer.assign(({ context }) => ({ reconnects: Math.min(context.reconnects + 1, 8) }));
const opened = drawer.assign({ drawer: 'open' });
const closed = drawer.assign({ drawer: 'closed' });

export const drawerMachine = drawer.createMachine({
  id: 'drawer',
  context: { counterId: null, drawer: 'unknown', kicks: [], reconnects: 0 },
  initial: 'disconnected',
  on: {
    INSTALL: { target: '.connecting', reenter: true, actions: [install] },
    RESTARTED: { target: '.connecting', reenter: true },
    DISCONNECTED: { target: '.disconnected' },
    CONNECT_ENDED: {}, // late, of an attempt that was given up: a timer makes the next one
    // Never refused, a sale does not fail over its drawer; remembered, so that it is not made later by a repeated message.
    OPEN_DRAWER: [{ guard: 'kicked' }, { actions: [keep] }],
    DRAWER_ENDED: {}, // late: nothing depends on it
    DRAWER_OPENED: { actions: [opened] },
    DRAWER_CLOSED: { actions: [closed] },
  },
  states: {
    disconnected: {
      after: { reconnectMs: { guard: 'installed', target: 'connecting' } },
      on: {
        RESTARTED: {}, // nothing was in flight; INSTALL follows
        DISCONNECTED: {},
      },
    },
    connecting: {
      tags: ['in-flight'],
      entry: ['connectDevice'],
      after: { connectMs: { target: 'disconnected', actions: [offline] } },
      on: {
        INSTALL: [{ guard: 'sameCounter' }, { target: 'connecting', reenter: true, actions: [install] }],
        CONNECT_ENDED: [
          { guard: 'connected', target: 'ready', actions: [online] },
          { target: 'disconnected', actions: [offline] },
        ],
      },
    },
    ready: {
      tags: ['in-flight'],
      on: {
        OPEN_DRAWER: [{ guard: 'kicked' }, { target: 'opening', actions: [keep] }],
        // A second attempt was out, and it says how things are now.
        CONNECT_ENDED: [{ guard: 'connected' }, { target: 'disconnected', actions: [offline] }],
      },
    },
    opening: {
      tags: ['in-flight'],
      entry: { type: 'openDrawer', params: lastKick },
      after: { answerMs: 'ready' },
      on: {
        OPEN_DRAWER: [{ guard: 'kicked' }, { target: 'opening', reenter: true, actions: [keep] }],
        DRAWER_ENDED: [
          { guard: 'lastUnreachable', target: 'disconnected' },
          { guard: 'ofLastKick', target: 'ready' },
          {},
        ],
      },
    },
  },
});
