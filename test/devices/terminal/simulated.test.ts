import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createArrayMemory, createFileMemory, type DeviceMemory } from '../../../src/devices/memory.ts';
import { createSimulatedTerminal } from '../../../src/devices/terminal/simulated.ts';
import { terminalAcceptance, type TerminalPair } from '../acceptance/terminal.ts';
import { createListener } from '../acceptance/listener.ts';
import { createManualTime } from '../manual-time.ts';

const folder = mkdtempSync(join(tmpdir(), 'storefirst-terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pairOver = (openMemory: () => DeviceMemory): TerminalPair => {
  const { wait, pass } = createManualTime();
  const terminal = createSimulatedTerminal({ wait, memory: openMemory() });
  return {
    terminal,
    verbs: terminal,
    reopen: async () => createSimulatedTerminal({ wait, memory: openMemory() }),
    charges: (reference) => terminal.book().filter((entry) => entry.reference === reference).length,
    pass,
  };
};
let files = 0;

terminalAcceptance('simulated, in memory', () => {
  const lines: string[] = [];
  return pairOver(() => createArrayMemory(lines));
});
terminalAcceptance('simulated, in a file', () => {
  const path = join(folder, `terminal-${(files += 1)}.log`);
  return pairOver(() => createFileMemory(path));
});

const request = { requester: 'payment/p1', reference: 'p1', amountMinor: 100, currency: 'EUR' } as const;

describe('simulated terminal', () => {
  it('charges a reference twice when it is told to twice: it must not hide what a store does wrong', async () => {
    const terminal = createSimulatedTerminal({ wait: createManualTime().wait, memory: createArrayMemory() });
    await terminal.connect(createListener().listen);
    await terminal.authorize(request);
    await terminal.authorize(request);
    expect(terminal.book().map(({ reference, amountMinor }) => [reference, amountMinor])).toEqual([
      ['p1', 100],
      ['p1', 100],
    ]);
  });

  it('takes an approval back by itself, also one from before a restart', async () => {
    const { wait, pass } = createManualTime();
    const lines: string[] = [];
    const first = createSimulatedTerminal({ wait, memory: createArrayMemory(lines) });
    await first.connect(createListener().listen);
    await first.authorize(request);
    const second = createSimulatedTerminal({ wait, memory: createArrayMemory(lines) }, { takesBackMs: 60_000 });
    await pass(60_000);
    expect(second.book().map(({ state }) => state)).toEqual(['reversed']);
  });

  it('the power fails with an answer on its way: the call ends, and a listener that was replaced hears nothing', async () => {
    const { wait, pass } = createManualTime();
    const terminal = createSimulatedTerminal({ wait, memory: createArrayMemory() });
    const [old, current] = [createListener(), createListener()];
    await terminal.connect(old.listen);
    await terminal.connect(current.listen);
    terminal.answerLate(10_000);
    const call = terminal.authorize(request);
    await pass(0);
    terminal.powerOff();
    expect(await call).toEqual({ outcome: 'no-answer' });
    expect([old.types(), current.types()]).toEqual([[], ['DISCONNECTED']]);
    expect(terminal.book()).toHaveLength(1);
  });
});
