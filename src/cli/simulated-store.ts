import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SimulatedCard } from '../config.ts';
import { createSimulatedDisplay } from '../devices/display/simulated.ts';
import { createSimulatedDrawer } from '../devices/drawer/simulated.ts';
import { createFileMemory } from '../devices/memory.ts';
import { createSimulatedPrinter } from '../devices/printer/simulated.ts';
import { createSimulatedScanner } from '../devices/scanner/simulated.ts';
import { createSimulatedTerminal, type SimulatedTerminal } from '../devices/terminal/simulated.ts';
import type { Devices, PaymentTerminal } from '../domain/ports.ts';

/** As quick as people are: long enough to see a card payment under way. */
const cardMs = 700;
const bankMs = 400;
const printMs = 300;

const simulatedFolder = (dataDir: string): string => join(dataDir, 'simulated');

/** What a simulated terminal remembers, line by line. */
export const terminalMemoryPath = (dataDir: string, counterId: string): string =>
  join(simulatedFolder(dataDir), `terminal-${counterId}.jsonl`);

/** What came out of a simulated printer, sheet by sheet. */
export const printerMemoryPath = (dataDir: string, counterId: string): string =>
  join(simulatedFolder(dataDir), `printer-${counterId}.jsonl`);

/** A full set of simulated devices for each counter. What they remember stands in files: a real device outlives the store's process. */
export const createSimulatedStore = (
  counterIds: readonly string[],
  options: { readonly dataDir: string; readonly card: SimulatedCard },
): Devices => {
  const { dataDir, card } = options;
  mkdirSync(simulatedFolder(dataDir), { recursive: true });
  const perCounter = <T>(create: (id: string) => T): ReadonlyMap<string, T> =>
    new Map(counterIds.map((id) => [id, create(id)]));
  const timed = <T extends object>(deps: T) => ({ ...deps, wait: (ms: number) => wait(ms) });

  return {
    terminals: perCounter((id) =>
      behaving(
        createSimulatedTerminal(timed({ memory: createFileMemory(terminalMemoryPath(dataDir, id)) }), {
          cardMs,
          bankMs,
        }),
        card,
      ),
    ),
    printers: perCounter((id) =>
      createSimulatedPrinter(timed({ memory: createFileMemory(printerMemoryPath(dataDir, id)) }), { printMs }),
    ),
    drawers: perCounter((id) =>
      createSimulatedDrawer({ memory: createFileMemory(join(simulatedFolder(dataDir), `drawer-${id}.txt`)) }),
    ),
    displays: perCounter(createSimulatedDisplay),
    scanners: perCounter(createSimulatedScanner),
  };
};

/** A terminal that treats every card alike. */
const behaving = (terminal: SimulatedTerminal, card: SimulatedCard): PaymentTerminal => ({
  ...terminal,
  authorize(request) {
    if (card === 'declined') terminal.declineNext();
    if (card === 'silent') terminal.loseAnswer();
    return terminal.authorize(request);
  },
});
