import { describe, expect, it } from 'vitest';
import { displayMachine, type DisplayContext, type DisplayEvent } from '../../src/machines/display.ts';
import { checkMachine, deviceAnswers, effectsOf, traceOf, type Check } from './model.ts';
import { at, mutate } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';

const eventTypes = {
  INSTALL: true,
  RESTARTED: true,
  DISCONNECTED: true,
  CONNECT_ENDED: true,
  SHOW: true,
  SHOW_ENDED: true,
} as const satisfies Record<DisplayEvent['type'], true>;

const install = { type: 'INSTALL', counterId: '3' } as const;
const connected = { type: 'CONNECT_ENDED', outcome: 'connected' } as const;
const text = (top: string) => ({ top, bottom: '' });
const show = (top: string) => ({ type: 'SHOW', ...text(top) }) as const;

const model: Check<typeof displayMachine> = {
  machine: displayMachine,
  start: [install],
  events: [show('a'), show('b'), { type: 'DISCONNECTED' }],
  answers: deviceAnswers({
    connectDevice: [{ outcome: 'connected' }, { outcome: 'unreachable' }],
    showText: [{ outcome: 'shown' }, { outcome: 'unreachable' }],
  }),
  crash: { times: 1, sends: [install] },
  timers: 2,
  depth: 7,
  invariants: {
    'while it is ready the latest text is the one that was shown last': (trace) => {
      const last = trace.at(-1);
      if (last === undefined || last.to !== 'ready') return null;
      const wanted = (last.context as DisplayContext).text ?? text('');
      const shown = effectsOf(trace, 'showText').at(-1);
      return JSON.stringify(shown) === JSON.stringify(wanted) ? null : `${wanted.top}, shown ${String(shown?.top)}`;
    },
    'the latest text is never forgotten': (trace) => {
      const latest = trace.map(({ event }) => event).findLast(({ type }) => type === 'SHOW');
      const kept = (trace.at(-1)?.context as DisplayContext | undefined)?.text;
      return latest === undefined || ('top' in latest && latest.top === kept?.top) ? null : String(kept?.top);
    },
  },
};

describe('display', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(displayMachine, eventTypes)).toMatchFileSnapshot('tables/display.txt');
  });

  it('the latest text wins, whatever line and store do', () => {
    expect(checkMachine(model).paths).toBeGreaterThan(1_000);
  });

  const mutants: readonly (readonly [fault: string, breaks: string, change: Parameters<typeof mutate>[1]])[] = [
    ['stays dark after a lost line', 'the latest text is the one', (config) => delete at(config, 'ready')['entry']],
    ['forgets what came while it was away', 'never forgotten', (config) => (config.on['SHOW'] = {})],
  ];
  it.each(mutants)('the walk catches a display that %s', (_fault, breaks, change) => {
    expect(() => checkMachine({ ...model, machine: mutate(displayMachine, change), depth: 5 })).toThrow(breaks);
  });

  it('of the texts that came while it was away only the latest is shown', () => {
    const trace = traceOf(displayMachine, [install, show('a'), show('b'), connected]);
    expect(effectsOf(trace, 'showText')).toEqual([text('b')]);
  });
});
