import { describe, expect, it } from 'vitest';
import { codeLengthMax, scannerMachine, type ScannerEvent } from '../../src/machines/scanner.ts';
import { checkMachine, deviceAnswers, effectsOf, traceOf, type Check } from './model.ts';
import { mutate } from './mutate.ts';
import { stateEventTable } from './state-event-table.ts';

const eventTypes = {
  INSTALL: true,
  RESTARTED: true,
  DISCONNECTED: true,
  CONNECT_ENDED: true,
  SCANNED: true,
} as const satisfies Record<ScannerEvent['type'], true>;

const install = { type: 'INSTALL', counterId: '3' } as const;
const connected = { type: 'CONNECT_ENDED', outcome: 'connected' } as const;
const scanned = (code: string) => ({ type: 'SCANNED', code }) as const;

const model: Check<typeof scannerMachine> = {
  machine: scannerMachine,
  start: [install],
  events: [scanned('a'), scanned('a'), scanned('b'), { type: 'DISCONNECTED' }],
  answers: deviceAnswers({ connectDevice: [{ outcome: 'connected' }, { outcome: 'unreachable' }] }),
  crash: { times: 1, sends: [install] },
  timers: 2,
  depth: 8,
  invariants: {
    'each code that was read is told once, in its order': (trace) => {
      const read = trace.flatMap(({ event }) => ('code' in event ? [event.code] : []));
      const told = effectsOf(trace, 'tell').map(({ event }) => event['code']);
      return JSON.stringify(read) === JSON.stringify(told) ? null : `${String(read)} became ${String(told)}`;
    },
  },
};

describe('scanner', () => {
  it('every state has an answer to every event', async () => {
    await expect(stateEventTable(scannerMachine, eventTypes)).toMatchFileSnapshot('tables/scanner.txt');
  });

  it('F1: no scan is lost or doubled, whatever line and store do', () => {
    expect(checkMachine(model).paths).toBeGreaterThan(1_000);
  });

  it('the walk catches a scanner that drops what it reads while the line comes and goes', () => {
    const machine = mutate(scannerMachine, (config) => (config.on['SCANNED'] = {}));
    expect(() => checkMachine({ ...model, machine, depth: 4 })).toThrow('each code that was read');
  });

  it('tells its own counter, and only the code', () => {
    const trace = traceOf(scannerMachine, [install, connected, scanned('4006381333931')]);
    expect(effectsOf(trace, 'tell')).toEqual([{ to: 'counter/3', event: { type: 'SCAN', code: '4006381333931' } }]);
  });

  it('K5: what cannot be a code is dropped', () => {
    const trace = traceOf(scannerMachine, [
      scanned('early'),
      install,
      connected,
      scanned(''),
      scanned('9'.repeat(codeLengthMax + 1)),
    ]);
    expect(effectsOf(trace, 'tell')).toEqual([]);
  });
});
