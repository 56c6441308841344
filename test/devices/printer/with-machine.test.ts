import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { createArrayMemory } from '../../../src/devices/memory.ts';
import { createSimulatedPrinter, type SimulatedPrinter } from '../../../src/devices/printer/simulated.ts';
import { printerMachine, type PrinterContext } from '../../../src/machines/printer.ts';
import { at, mutate } from '../../machines/mutate.ts';
import { receiptNumber } from '../../machines/receipt.ts';
import { createLoop, noDevices, type Loop } from '../loop.ts';
import { createManualTime, type ManualTime } from '../manual-time.ts';

const jobs = ['j1', 'j2', 'j3'] as const;
const print = (jobId: string) => ({
  type: 'PRINT',
  requester: `order/${jobId}`,
  jobId,
  receipt: receiptNumber(jobs.indexOf(jobId as 'j1') + 1),
  copy: false,
});

interface World {
  readonly loop: Loop;
  readonly time: ManualTime;
  readonly printer: () => SimulatedPrinter;
  readonly wanted: Set<string>;
}
const createWorld = (machine: AnyStateMachine, tellsJobs: boolean, printMs: number): World => {
  const time = createManualTime();
  const lines: string[] = [];
  const open = () =>
    createSimulatedPrinter({ wait: time.wait, memory: createArrayMemory(lines) }, { tellsJobs, printMs });
  let printer = open();
  const loop = createLoop(machine, 'printer/3', () => {
    // It dies with the store and remembers what came out: what it had not printed it does not print by itself.
    printer.powerOff();
    printer = open();
    return { ...noDevices, printers: new Map([['3', printer]]) };
  });
  return { loop, time, printer: () => printer, wanted: new Set() };
};

const happenings: Readonly<Record<string, (world: World) => unknown>> = {
  ...Object.fromEntries(
    jobs.map((job) => [
      `print ${job}`,
      ({ loop, wanted }: World) => {
        wanted.add(job);
        loop.send(print(job));
      },
    ]),
  ),
  'the store crashes': ({ loop }) => loop.crash(),
  'answers come in': ({ loop }) => loop.settle(),
  'timers fire': ({ loop }) => loop.fireTimers(),
  'time passes': ({ time }) => time.pass(5_000),
  'power off': ({ printer }) => printer().powerOff(),
  'power on': ({ printer }) => printer().powerOn(),
  'power fails in mid-receipt': ({ printer }) => printer().powerOffAfterLine(3),
  'power fails before it': ({ printer }) => printer().powerOffAfterLine(0),
  'answer lost': ({ printer }) => printer().loseAnswer(),
  'no paper': ({ printer }) => printer().noPaper(),
  paper: ({ printer }) => printer().loadPaper(),
  'cover open': ({ printer }) => printer().openCover(),
  'cover closed': ({ printer }) => printer().closeCover(),
};

const recover = async ({ loop, time, printer }: World): Promise<void> => {
  for (let round = 0; round < 20; round += 1) {
    printer().powerOn();
    printer().loadPaper();
    printer().closeCover();
    await time.pass(10_000);
    await loop.settle();
    loop.fireTimers();
  }
  await time.pass(10_000);
  await loop.settle();
};

const paperIsRight = ({ loop, printer, wanted }: World): void => {
  expect((loop.state().context as PrinterContext).jobs).toEqual([]);
  for (const job of wanted) {
    const sheets = printer()
      .sheets()
      .filter(({ jobId }) => jobId === job);
    const told = loop.told().flatMap(({ event }) => (event['jobId'] === job ? [event.type] : []));
    expect(sheets.filter(({ whole }) => whole).length).toBeGreaterThan(0);
    expect(sheets.filter(({ copy }) => !copy).length).toBeLessThanOrEqual(1);
    expect(told.filter((type) => type === 'RECEIPT_PRINTED')).toHaveLength(1);
    expect(told.filter((type) => type === 'RECEIPT_HELD').length).toBeLessThanOrEqual(1);
  }
};

const anyDays = (machine: AnyStateMachine, tellsJobs: boolean, printMs: number) =>
  fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(happenings)), { maxLength: 40 }), async (days) => {
    const world = createWorld(machine, tellsJobs, printMs);
    world.loop.send({ type: 'INSTALL', counterId: '3' });
    await world.loop.settle();
    for (const day of days) await happenings[day]?.(world);
    await recover(world);
    paperIsRight(world);
  });

describe('printer: machine and simulated device', () => {
  it.each([
    ['a printer that knows what came out', true, 0],
    ['a printer that cannot tell', false, 0],
    ['a slow printer', true, 2_000],
  ])('X5: %s: no receipt is lost, none comes out twice unmarked', async (_name, tellsJobs, printMs) => {
    await fc.assert(anyDays(printerMachine, tellsJobs, printMs), { numRuns: 150 });
  });

  it('and the same days catch a machine that prints again without asking', async () => {
    const machine = mutate(printerMachine, (config) => {
      at(config, 'ready')['always'] = [
        { guard: 'hasSentJob', target: 'printing' },
        { guard: 'hasNewJob', target: 'printing' },
      ];
    });
    const found = await fc.check(anyDays(machine, true, 0), { numRuns: 300 });
    expect(found.failed).toBe(true);
  });
});
