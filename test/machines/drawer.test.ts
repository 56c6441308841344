import { describe, expect, it } from 'vitest';
import { drawerMachine, kicksMax, type DrawerContext, type DrawerEvent } from '../../src/machines/drawer.ts';
import { checkMachine, deviceAnswers, effectsOf, traceOf, twice, type Check, type Trace } from './model.ts';
import { at, mutate } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';

const eventTypes = {
  INSTALL: true,
  RESTARTED: true,
  DISCONNECTED: true,
  CONNECT_ENDED: true,
  OPEN_DRAWER: true,
  DRAWER_ENDED: true,
  DRAWER_OPENED: true,
  DRAWER_CLOSED: true,
} as const satisfies Record<DrawerEvent['type'], true>;

const install = { type: 'INSTALL', counterId: '3' } as const;
const connected = { type: 'CONNECT_ENDED', outcome: 'connected' } as const;
const open = (kickId: string) => ({ type: 'OPEN_DRAWER', kickId }) as const;
const contextAfter = (trace: Trace): DrawerContext => trace.at(-1)?.context as DrawerContext;

const model: Check<typeof drawerMachine> = {
  machine: drawerMachine,
  start: [install, connected],
  events: [open('k1'), open('k1'), open('k2'), { type: 'DISCONNECTED' }],
  answers: deviceAnswers({
    connectDevice: [{ outcome: 'connected' }, { outcome: 'unreachable' }],
    openDrawer: [{ outcome: 'opened' }, { outcome: 'unreachable' }],
  }),
  crash: { times: 2, sends: [install] },
  timers: 1,
  depth: 7,
  invariants: {
    'a kick is never made twice': (trace) => twice(effectsOf(trace, 'openDrawer').map(({ kickId }) => kickId)),
    'a kick is made at once or never': (trace) =>
      trace.find(
        ({ event, effects }) => event.type !== 'OPEN_DRAWER' && effects.some(({ type }) => type === 'openDrawer'),
      )?.event.type ?? null,
    'no sale is refused over its drawer': (trace) => trace.find(({ refused }) => refused !== null)?.refused ?? null,
  },
};

describe('drawer', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(drawerMachine, eventTypes)).toMatchFileSnapshot('tables/drawer.txt');
  });

  it('X3: the store crashes, the line is lost, kicks come twice', () => {
    const walked = checkMachine(model);
    expect(walked.paths).toBeGreaterThan(1_000);
    expect([...walked.states].toSorted()).toEqual(['connecting', 'disconnected', 'opening', 'ready']);
  });

  const mutants: readonly (readonly [fault: string, breaks: string, change: Parameters<typeof mutate>[1]])[] = [
    [
      'kicks again after a restart',
      'never made twice',
      (config) => (at(config, 'opening').on['RESTARTED'] = { target: 'opening', reenter: true }),
    ],
    [
      'kicks whenever it is told to',
      'never made twice',
      (config) =>
        (at(config, 'ready').on['OPEN_DRAWER'] = (at(config, 'ready').on['OPEN_DRAWER'] as readonly unknown[]).at(-1)),
    ],
    [
      'kicks once the line is back',
      'a kick is ',
      (config) =>
        (at(config, 'connecting').on['CONNECT_ENDED'] = [{ guard: 'hasKick', target: 'opening' }, { target: 'ready' }]),
    ],
    ['has no answer to its sensor', 'unhandled: DRAWER_OPENED', (config) => delete config.on['DRAWER_OPENED']],
  ];
  it.each(mutants)('the walk catches a drawer that %s', (_fault, breaks, change) => {
    const hasKick = ({ context }: { readonly context: DrawerContext }) => context.kicks.length > 0;
    const machine = mutate(drawerMachine.provide({ guards: { hasKick } as never }), change);
    const events = [...model.events, { type: 'DRAWER_OPENED' } as const];
    expect(() => checkMachine({ ...model, machine, events, depth: 5 })).toThrow(breaks);
  });

  it('what the sensor says is kept, in every state', () => {
    const trace = traceOf(drawerMachine, [install, { type: 'DRAWER_OPENED' }, connected, { type: 'DRAWER_CLOSED' }]);
    expect(trace.map(({ context }) => (context as DrawerContext).drawer)).toEqual([
      'unknown',
      'open',
      'open',
      'closed',
    ]);
  });

  it('a kick that came while the drawer was away is dropped, also when the message comes again', () => {
    const trace = traceOf(drawerMachine, [install, open('k1'), connected, open('k1')]);
    expect(effectsOf(trace, 'openDrawer')).toEqual([]);
  });

  it('remembers so many kicks and no more', () => {
    const kicks = Array.from({ length: kicksMax + 5 }, (_, index) => open(`k${index}`));
    expect(contextAfter(traceOf(drawerMachine, [install, connected, ...kicks])).kicks).toHaveLength(kicksMax);
  });
});
