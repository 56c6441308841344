import { initialTransition, transition, type AnyMachineSnapshot, type AnyStateMachine } from 'xstate';
import { performCall } from '../../src/actors/device-calls.ts';
import type { Address } from '../../src/domain/address.ts';
import { outcomeEvents, type DeviceEffectType, type Tell } from '../../src/domain/effects.ts';
import type { Message } from '../../src/domain/message.ts';
import type { Devices } from '../../src/domain/ports.ts';

/**
 * One device machine against its device, with nothing between but what the runtime promises: what a step asks for is
 * performed after the step, answers come back as events, a crash loses answers and calls that were not performed yet.
 */
export interface Loop {
  readonly send: (event: Message) => void;
  /** The store dies and starts again; with `before` set, before the last step's calls were performed. */
  readonly crash: () => void;
  /** Every timer that is set fires once. */
  readonly fireTimers: () => void;
  /** Lets answers come in. */
  readonly settle: () => Promise<void>;
  readonly state: () => AnyMachineSnapshot;
  readonly told: () => readonly Tell[];
}

interface Asked {
  readonly type: string;
  readonly params: unknown;
}

/** @param openDevices called at each start: ports to the same devices. */
export const createLoop = (machine: AnyStateMachine, address: Address, openDevices: () => Devices): Loop => {
  const stamp = { at: 0, by: { id: address, role: 'device' } };
  const told: Tell[] = [];
  const timers = new Set<string>();
  let devices = openDevices();
  let life = 0;
  let [snapshot] = initialTransition(machine) as [AnyMachineSnapshot, unknown];

  const send = (event: Message): void => {
    const [next, actions] = transition(machine, snapshot, { ...event, ...stamp });
    if (next.status !== 'active') throw new Error(`${event.type}: ${String(next.error)}`);
    snapshot = next;
    timers.delete(event.type);
    for (const action of actions as readonly Asked[]) keep(action);
  };
  const keep = ({ type, params }: Asked): void => {
    if (type === 'tell') told.push(params as Tell);
    if (type === 'xstate.raise') timers.add((params as { readonly id: string }).id);
    if (type === 'xstate.cancel') timers.delete((params as { readonly sendId: string }).sendId);
    if (type in outcomeEvents) void perform(type as DeviceEffectType, params, life);
  };
  /** After the commit: not in the turn that asked, and not at all where the store died in between. */
  const perform = async (type: DeviceEffectType, params: unknown, asker: number): Promise<void> => {
    await Promise.resolve();
    if (asker !== life) return;
    const hear = (event: Message): void => (asker === life ? send(event) : undefined);
    const ended = await performCall({ id: '', address, type, params }, devices, hear);
    if (asker === life) send(ended);
  };
  return {
    send,
    crash() {
      life += 1;
      const { value, context } = JSON.parse(JSON.stringify(snapshot)) as { value: never; context: never };
      snapshot = machine.resolveState({ value, context }) as AnyMachineSnapshot;
      devices = openDevices();
      if (snapshot.hasTag('in-flight')) send({ type: 'RESTARTED' });
      send({ type: 'INSTALL', counterId: '3' });
    },
    fireTimers() {
      // What is set by these waits for the next time.
      const set = Array.from(timers);
      for (const id of set) if (timers.has(id)) send({ type: id });
    },
    async settle() {
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    state: () => snapshot,
    told: () => told,
  };
};

export const noDevices: Devices = {
  terminals: new Map(),
  printers: new Map(),
  drawers: new Map(),
  displays: new Map(),
  scanners: new Map(),
};
