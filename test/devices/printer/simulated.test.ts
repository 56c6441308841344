import { describe, expect, it } from 'vitest';
import { createArrayMemory } from '../../../src/devices/memory.ts';
import { createSimulatedPrinter, type SimulatedPrinterOptions } from '../../../src/devices/printer/simulated.ts';
import { receiptNumber } from '../../machines/receipt.ts';
import { createListener } from '../acceptance/listener.ts';
import { printerAcceptance, type PrinterPair } from '../acceptance/printer.ts';
import { createManualTime } from '../manual-time.ts';

const pair = (): PrinterPair => {
  const { wait, pass } = createManualTime();
  const lines: string[] = [];
  const open = () => createSimulatedPrinter({ wait, memory: createArrayMemory(lines) });
  const printer = open();
  return { printer, verbs: printer, reopen: async () => open(), sheets: () => printer.sheets(), pass };
};
printerAcceptance('simulated', pair);

const job = { requester: 'order/o1', jobId: 'j1', receipt: receiptNumber(41), copy: false } as const;
const connected = async (options: SimulatedPrinterOptions) => {
  const time = createManualTime();
  const printer = createSimulatedPrinter({ wait: time.wait, memory: createArrayMemory() }, options);
  const listener = createListener();
  await printer.connect(listener.listen);
  return { printer, listener, ...time };
};

describe('simulated printer', () => {
  it('its paper shows the receipt as text, and COPY on a copy', async () => {
    const { printer } = await connected({});
    await printer.print(job);
    expect(printer.paper().join('\n')).toContain('41');
    expect(printer.paper().join('\n')).not.toContain('COPY');
    await printer.print({ ...job, copy: true });
    expect(printer.paper().join('\n')).toContain('COPY');
  });

  it('power fails and comes back while a receipt waits: nothing of it comes out later', async () => {
    const { printer, listener, pass } = await connected({ printMs: 2_000 });
    const call = printer.print(job);
    await pass(0);
    printer.powerOff();
    expect(await call).toEqual({ outcome: 'unsure' });
    printer.powerOn();
    await printer.connect(listener.listen);
    await pass(2_000);
    expect(printer.sheets()).toEqual([]);
  });

  it('one that cannot tell is unsure of everything', async () => {
    const { printer } = await connected({ tellsJobs: false });
    await printer.print(job);
    expect(await printer.query(job)).toEqual({ outcome: 'unsure' });
  });
});
