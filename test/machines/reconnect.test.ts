import { describe, expect, it } from 'vitest';
import { initialTransition, transition, type AnyStateMachine } from 'xstate';
import { delays as displayDelays, displayMachine } from '../../src/machines/display.ts';
import { delays as drawerDelays, drawerMachine } from '../../src/machines/drawer.ts';
import { delays as printerDelays, printerMachine } from '../../src/machines/printer.ts';
import { delays as scannerDelays, scannerMachine } from '../../src/machines/scanner.ts';
import { delays as terminalDelays, terminalMachine } from '../../src/machines/terminal.ts';

const stamp = { at: 0, by: { id: 'model', role: 'system' } } as const;

/** The waits before each attempt, while the device stays away. */
const waitsOf = (machine: AnyStateMachine, rounds: number): readonly unknown[] => {
  let [snapshot] = initialTransition(machine);
  const waits: unknown[] = [];
  const next = (event: { readonly type: string; readonly [key: string]: unknown }) => {
    const [after, actions] = transition(machine, snapshot, { ...event, ...stamp });
    snapshot = after;
    const timer = actions.find(({ type }) => type === 'xstate.raise')?.params as { readonly delay: number } | undefined;
    if (snapshot.value === 'disconnected') waits.push(timer?.delay);
  };
  next({ type: 'INSTALL', counterId: '3' });
  for (let round = 0; round < rounds; round += 1) {
    next({ type: 'CONNECT_ENDED', outcome: 'unreachable' });
    next({ type: `xstate.after.reconnectMs.${machine.id}.disconnected` });
  }
  return waits;
};

describe('a device that stays away is tried less and less often, up to a bound', () => {
  it.each([
    [terminalMachine, terminalDelays],
    [printerMachine, printerDelays],
    [drawerMachine, drawerDelays],
    [scannerMachine, scannerDelays],
    [displayMachine, displayDelays],
  ])('$id', (machine, { reconnectMs, reconnectMaxMs }) => {
    const factors = [2, 4, 8, 16, 32, 64, 128, 256, 256, 256];
    const expected = factors.map((factor) => Math.min(factor * reconnectMs, reconnectMaxMs));
    expect(waitsOf(machine, expected.length)).toEqual(expected);
  });
});
