import { setup } from 'xstate';
import { address } from '../domain/address.ts';
import type { Tell } from '../domain/effects.ts';
import { effects } from '../domain/effects.ts';
import { assert } from '../domain/errors.ts';
import type { Stamp } from '../domain/message.ts';
import type { ConnectOutcome } from '../domain/ports.ts';

/** The scanner of a counter: each code that it reads goes to its counter. */
export type ScannerEvent = Stamp &
  (
    | { readonly type: 'INSTALL'; readonly counterId: string }
    | { readonly type: 'RESTARTED' }
    | { readonly type: 'DISCONNECTED' }
    | ({ readonly type: 'CONNECT_ENDED' } & ConnectOutcome)
    | { readonly type: 'SCANNED'; readonly code: string }
  );

export type ScannerContext = { readonly counterId: string | null; readonly reconnects: number };

export const delays = { reconnectMs: 1_000, reconnectMaxMs: 30_000, connectMs: 30_000 } as const;

/** A GS1 element string is at most this long; what is longer is a misread or not a scanner. */
export const codeLengthMax = 256;

type Scanned = { readonly context: ScannerContext; readonly event: { readonly code: string } };

const scan = ({ context, event }: Scanned): Tell => {
  assert(context.counterId !== null, 'a scanner that is connected belongs to a counter');
  return { to: address('counter', context.counterId), event: { type: 'SCAN', code: event.code } };
};

const scanner = setup({
  types: { context: {} as ScannerContext, events: {} as ScannerEvent, tags: {} as 'in-flight' },
  actions: { tell: effects.tell, connectDevice: effects.connectDevice },
  guards: {
    installed: ({ context }) => context.counterId !== null,
    sameCounter: ({ context, event }) => event.type === 'INSTALL' && event.counterId === context.counterId,
    connected: ({ event }) => event.type === 'CONNECT_ENDED' && event.outcome === 'connected',
    readable: ({ context, event }) =>
      context.counterId !== null && event.type === 'SCANNED' && event.code !== '' && event.code.length <= codeLengthMax,
  },
  delays: {
    ...delays,
    reconnectMs: ({ context }) => Math.min(delays.reconnectMs * 2 ** context.reconnects, delays.reconnectMaxMs),
  },
});

const install = scanner.assign(({ event }) => (event.type === 'INSTALL' ? { counterId: event.counterId } : {}));
const online = scanner.assign({ reconnects: 0 });
const offline = scanner.assign(({ context }) => ({ reconnects: Math.min(context.reconnects + 1, 8) }));

export const scannerMachine = scanner.createMachine({
  id: 'scanner',
  context: { counterId: null, reconnects: 0 },
  initial: 'disconnected',
  on: {
    INSTALL: { target: '.connecting', reenter: true, actions: [install] },
    RESTARTED: { target: '.connecting', reenter: true },
    DISCONNECTED: { target: '.disconnected' },
    CONNECT_ENDED: {}, // late, of an attempt that was given up: a timer makes the next one
    // In every state: a code that arrives was read by somebody at this counter, whatever the line has done since.
    SCANNED: [{ guard: 'readable', actions: [{ type: 'tell', params: scan }] }, {}],
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
        // A second attempt was out, and it says how things are now.
        CONNECT_ENDED: [{ guard: 'connected' }, { target: 'disconnected', actions: [offline] }],
      },
    },
  },
});
