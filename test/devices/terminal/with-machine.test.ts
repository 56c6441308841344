import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { createArrayMemory } from '../../../src/devices/memory.ts';
import { createSimulatedTerminal, type SimulatedTerminal } from '../../../src/devices/terminal/simulated.ts';
import { terminalMachine, type TerminalContext } from '../../../src/machines/terminal.ts';
import { at, mutate } from '../../machines/mutate.ts';
import { createLoop, noDevices, type Loop } from '../loop.ts';
import { createManualTime, type ManualTime } from '../manual-time.ts';

const references = ['p1', 'p2', 'p3'] as const;
const asked = (reference: string) => ({ requester: `payment/${reference}`, reference }) as const;
const charge = (reference: string) => ({ type: 'AUTHORIZE', ...asked(reference), amountMinor: 100, currency: 'EUR' });

interface World {
  readonly loop: Loop;
  readonly time: ManualTime;
  /** The port of this start of the store. */
  readonly terminal: () => SimulatedTerminal;
}
/** @param goesOn the terminal lives on while the store is dead; else it dies with it and remembers only its memory. */
const createWorld = (machine: AnyStateMachine, goesOn: boolean): World => {
  const time = createManualTime();
  const lines: string[] = [];
  const open = () => createSimulatedTerminal({ wait: time.wait, memory: createArrayMemory(lines) });
  let terminal = open();
  const loop = createLoop(machine, 'terminal/3', () => {
    if (goesOn) {
      void terminal.close();
    } else {
      terminal.powerOff();
      terminal = open();
    }
    return { ...noDevices, terminals: new Map([['3', terminal]]) };
  });
  return { loop, time, terminal: () => terminal };
};

const happenings: Readonly<Record<string, (world: World) => unknown>> = {
  ...Object.fromEntries(references.map((one) => [`charge ${one}`, ({ loop }: World) => loop.send(charge(one))])),
  ...Object.fromEntries(
    references.map((one) => [`ask ${one}`, ({ loop }: World) => loop.send({ type: 'QUERY', ...asked(one) })]),
  ),
  'the store crashes': ({ loop }) => loop.crash(),
  'answers come in': ({ loop }) => loop.settle(),
  'timers fire': ({ loop }) => loop.fireTimers(),
  'time passes': ({ time }) => time.pass(5_000),
  'power off': ({ terminal }) => terminal().powerOff(),
  'power on': ({ terminal }) => terminal().powerOn(),
  'line lost': ({ terminal }) => terminal().dropLine(),
  'answer lost': ({ terminal }) => terminal().loseAnswer(),
  'answer late': ({ terminal }) => terminal().answerLate(5_000),
  'approved, line lost': ({ terminal }) => terminal().approveThenDrop(),
  declined: ({ terminal }) => terminal().declineNext(),
  'confirm lost': ({ terminal }) => terminal().loseConfirm(),
  'taken back': ({ terminal }) => terminal().reverseUnconfirmed(),
  'customer is slow': ({ terminal }) => terminal().cardTakes(5_000),
};

const lastWord = (loop: Loop, reference: string): string | undefined =>
  loop.told().findLast(({ event }) => event['reference'] === reference)?.event.type;
const uncertain = [undefined, 'CARD_IN_PROGRESS', 'CARD_NO_ANSWER', 'CARD_UNREACHABLE'];

/** Everything works again, and every payment asks until it is told something certain, as payments do. */
const recover = async ({ loop, time, terminal }: World): Promise<void> => {
  terminal().powerOn();
  for (const reference of references) loop.send({ type: 'QUERY', ...asked(reference) });
  for (let round = 0; round < 12; round += 1) {
    await time.pass(10_000);
    await loop.settle();
    loop.fireTimers();
    await loop.settle();
    for (const reference of references) {
      if (uncertain.includes(lastWord(loop, reference))) loop.send({ type: 'QUERY', ...asked(reference) });
    }
  }
  await loop.settle();
};

const bothSaySame = ({ loop, terminal }: World): void => {
  expect(loop.state().value).toBe('ready');
  for (const reference of references) {
    const entries = terminal()
      .book()
      .filter((entry) => entry.reference === reference);
    expect(entries.length).toBeLessThanOrEqual(1);
    const word = lastWord(loop, reference);
    const state = entries[0]?.state ?? 'not charged';
    if (state === 'not charged') expect(['CARD_NOT_FOUND', 'CARD_FAILED']).toContain(word);
    else if (state === 'reversed') expect(word).toBe('CARD_REVERSED');
    else expect([word, state]).toEqual(['CARD_APPROVED', 'confirmed']);
  }
};

const anyDays = (machine: AnyStateMachine, goesOn: boolean) =>
  fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(happenings)), { maxLength: 40 }), async (days) => {
    const world = createWorld(machine, goesOn);
    world.loop.send({ type: 'INSTALL', counterId: '3' });
    await world.loop.settle();
    for (const day of days) await happenings[day]?.(world);
    await recover(world);
    bothSaySame(world);
  });

describe('terminal: machine and simulated device', () => {
  it.each([
    ['a terminal that goes on while the store is dead', true],
    ['a terminal that dies with the store', false],
  ])('X3: %s: no card is charged twice, and in the end both say the same', async (_name, goesOn) => {
    await fc.assert(anyDays(terminalMachine, goesOn), { numRuns: 200 });
  });

  it('and the same days catch a machine that charges again after a restart', async () => {
    const machine = mutate(terminalMachine, (config) => {
      at(config, 'busy.authorizing').on['RESTARTED'] = { target: 'authorizing', reenter: true };
      at(config, 'busy.authorizing').on['INSTALL'] = { target: '#terminal.connecting' };
      at(config, 'connecting').on['CONNECT_ENDED'] = [
        { guard: 'hasCurrent', target: '#terminal.busy.authorizing' },
        { target: 'ready' },
      ];
    });
    const hasCurrent = ({ context }: { readonly context: TerminalContext }) => context.current !== null;
    const found = await fc.check(anyDays(machine.provide({ guards: { hasCurrent } as never }), true), { numRuns: 300 });
    expect(found.failed).toBe(true);
  });
});
