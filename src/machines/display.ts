import { setup } from 'xstate';
import type { DisplayText } from '../domain/effects.ts';
import { effects } from '../domain/effects.ts';
import type { Stamp } from '../domain/message.ts';
import type { ConnectOutcome } from '../domain/ports.ts';

/** The customer display of a counter: the latest text wins, and it may be shown as often as one likes. */
export type DisplayEvent = Stamp &
  (
    | { readonly type: 'INSTALL'; readonly counterId: string }
    | { readonly type: 'RESTARTED' }
    | { readonly type: 'DISCONNECTED' }
    | ({ readonly type: 'CONNECT_ENDED' } & ConnectOutcome)
    | ({ readonly type: 'SHOW' } & DisplayText)
    | { readonly type: 'SHOW_ENDED'; readonly request: DisplayText; readonly outcome: 'shown' | 'unreachable' }
  );

export type DisplayContext = {
  readonly counterId: string | null;
  readonly text: DisplayText | null;
  readonly reconnects: number;
};

export const delays = { reconnectMs: 1_000, reconnectMaxMs: 30_000, connectMs: 30_000 } as const;

const textOf = ({ context }: { readonly context: DisplayContext }): DisplayText =>
  context.text ?? { top: '', bottom: '' };

const display = setup({
  types: { context: {} as DisplayContext, events: {} as DisplayEvent, tags: {} as 'in-flight' },
  actions: { connectDevice: effects.connectDevice, showText: effects.showText },
  guards: {
    installed: ({ context }) => context.counterId !== null,
    sameCounter: ({ context, event }) => event.type === 'INSTALL' && event.counterId === context.counterId,
    connected: ({ event }) => event.type === 'CONNECT_ENDED' && event.outcome === 'connected',
    unreachable: ({ event }) => event.type === 'SHOW_ENDED' && event.outcome === 'unreachable',
  },
  delays: {
    ...delays,
    reconnectMs: ({ context }) => Math.min(delays.reconnectMs * 2 ** context.reconnects, delays.reconnectMaxMs),
  },
});

const install = display.assign(({ event }) => (event.type === 'INSTALL' ? { counterId: event.counterId } : {}));
const keep = display.assign(({ event }) =>
  event.type === 'SHOW' ? { text: { top: event.top, bottom: event.bottom } } : {},
);
const online = display.assign({ reconnects: 0 });
const offline = display.assign(({ context }) => ({ reconnects: Math.min(context.reconnects + 1, 8) }));
const show = { type: 'showText', params: textOf } as const;

export const displayMachine = display.createMachine({
  id: 'display',
  context: { counterId: null, text: null, reconnects: 0 },
  initial: 'disconnected',
  on: {
    INSTALL: { target: '.connecting', reenter: true, actions: [install] },
    RESTARTED: { target: '.connecting', reenter: true },
    DISCONNECTED: { target: '.disconnected' },
    CONNECT_ENDED: {}, // late, of an attempt that was given up: a timer makes the next one
    SHOW: { actions: [keep] },
    SHOW_ENDED: {}, // late: the latest text is shown once the display is back
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
      // A text that is shown again does no harm, so nothing waits for the display and no answer is needed for the next text.
      entry: [show],
      on: {
        SHOW: { actions: [keep, show] },
        // A second attempt was out, and it says how things are now.
        CONNECT_ENDED: [{ guard: 'connected' }, { target: 'disconnected', actions: [offline] }],
        SHOW_ENDED: [{ guard: 'unreachable', target: 'disconnected' }, {}],
      },
    },
  },
});
