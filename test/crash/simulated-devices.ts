import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Devices } from '../../src/domain/ports.ts';
import { createSimulatedDisplay } from '../../src/devices/display/simulated.ts';
import { createSimulatedDrawer } from '../../src/devices/drawer/simulated.ts';
import { createFileMemory, type DeviceMemory } from '../../src/devices/memory.ts';
import { createSimulatedPrinter, type Sheet } from '../../src/devices/printer/simulated.ts';
import { createSimulatedScanner } from '../../src/devices/scanner/simulated.ts';
import { createCardBook, type CardEntry } from '../../src/devices/terminal/simulated-book.ts';
import { createSimulatedTerminal } from '../../src/devices/terminal/simulated.ts';
import { counterIds, type DeviceVerb } from './protocol.ts';

/** The devices of both counters. Their memory is in files: it outlives the store, as theirs does. */
export interface CrashDevices extends Devices {
  call(verb: DeviceVerb): void;
}

export interface CrashDevicesOptions {
  readonly folder: string;
  readonly printerTells: boolean;
}

export function createCrashDevices(wait: (ms: number) => Promise<void>, options: CrashDevicesOptions): CrashDevices {
  mkdirSync(options.folder, { recursive: true });
  const memory = (kind: string, id: string): DeviceMemory => memoryOf(options.folder, kind, id);
  const each = <D>(create: (id: string) => D): ReadonlyMap<string, D> =>
    new Map(counterIds.map((id) => [id, create(id)]));
  const terminals = each((id) => createSimulatedTerminal({ wait, memory: memory('terminal', id) }));
  const printers = each((id) =>
    createSimulatedPrinter({ wait, memory: memory('printer', id) }, { tellsJobs: options.printerTells }),
  );
  return {
    terminals,
    printers,
    drawers: each((id) => createSimulatedDrawer({ memory: memory('drawer', id) })),
    displays: each(createSimulatedDisplay),
    scanners: each(createSimulatedScanner),
    call({ kind, counterId, verb }) {
      const device = { terminals, printers }[kind].get(counterId);
      const call = (device as Readonly<Record<string, unknown>> | undefined)?.[verb];
      if (typeof call !== 'function') throw new Error(`${kind} ${counterId} has no verb ${verb}`);
      (call as () => void)();
    },
  };
}

const memoryOf = (folder: string, kind: string, id: string): DeviceMemory =>
  createFileMemory(join(folder, `${kind}-${id}.txt`));

/** What the devices remember of it all, read when their store is dead. */
export interface DeviceTraces {
  readonly charges: readonly CardEntry[];
  readonly sheets: readonly (Sheet & { readonly printer: string })[];
  readonly kicks: readonly string[];
}

export const readTraces = (folder: string): DeviceTraces => ({
  charges: counterIds.flatMap((id) => createCardBook(memoryOf(folder, 'terminal', id)).entries()),
  sheets: counterIds.flatMap((id) =>
    memoryOf(folder, 'printer', id)
      .load()
      .map((line) => ({ ...(JSON.parse(line) as Sheet), printer: id })),
  ),
  kicks: counterIds.flatMap((id) => memoryOf(folder, 'drawer', id).load()),
});
