import { join } from 'node:path';
import { createFileMemory } from '../../devices/memory.ts';
import { createSimulatedTerminal } from '../../devices/terminal/simulated.ts';
import type { Address } from '../../domain/address.ts';
import { assert } from '../../domain/errors.ts';
import type { Devices, Store } from '../../domain/ports.ts';
import { openStoreProgram, type StoreProgram } from '../../main.ts';
import { createDayClock, type DayClock } from './day-clock.ts';
import { labelRule } from './till-product.ts';
import type { Answer, FromStore, OrderState, Request, StoreStart, ToStore } from './wire.ts';

/** The store of a replay, in a process of its own so that it can be killed. Started by store-process.ts, it dies with its parent. */
function serve(): void {
  let running: { readonly program: StoreProgram; readonly clock: DayClock } | null = null;
  process.on('disconnect', () => process.exit(1));
  // Ctrl-C reaches the whole group; the parent stops this process itself.
  process.on('SIGINT', () => {});
  process.on('message', (message: ToStore) => {
    switch (message.type) {
      case 'start':
        running = start(message.start);
        return;
      case 'day':
        running?.clock.setDay(message.day);
        return;
      case 'send':
        assert(running !== null, 'commands come after the start');
        void answer(running.program.runtime, message.request);
        return;
      case 'stop':
        void running?.program.stop().then(() => process.disconnect());
    }
  });
}

function start({
  config,
  day,
  beganAt,
}: StoreStart): { readonly program: StoreProgram; readonly clock: DayClock } | null {
  const clock = createDayClock(day, beganAt);
  const report = (record: { readonly type: string }): void => {
    if (record.type === 'faulted' || record.type === 'storage-failed')
      process.stderr.write(`${JSON.stringify(record)}\n`);
  };
  const program = openStoreProgram(config, { devices: devicesOf(config), report, clock, labels: [labelRule] });
  if ('reason' in program) {
    tell({ type: 'failed', detail: program.detail });
    return null;
  }
  tell({ type: 'ready' });
  return { program, clock };
}

/** A card terminal at each counter that approves at once, and remembers what it approved when the store is killed. */
function devicesOf({ dataDir, settings }: StoreStart['config']): Devices {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const terminals = Object.keys(settings.counters).map((id) => {
    const memory = createFileMemory(join(dataDir, `terminal-${id}.jsonl`));
    return [id, createSimulatedTerminal({ wait, memory })] as const;
  });
  const none = new Map<string, never>();
  return { terminals: new Map(terminals), printers: none, drawers: none, displays: none, scanners: none };
}

async function answer(store: Store, { to, command, untilPaid }: Request): Promise<void> {
  const ack = await store.send(to, command);
  const orderId = ack.ok ? ack.answer['orderId'] : undefined;
  const order =
    untilPaid && ack.ok && typeof orderId === 'string' ? await settled(store, `order/${orderId}`, ack.sequence) : null;
  tell({ type: 'answer', id: command.id, answer: { ack, order } satisfies Answer });
}

/** The order, once nothing of it is under way: a card may take its time, and a restart has to ask about it first. */
function settled(store: Store, order: Address, sequence: number): Promise<OrderState> {
  return new Promise((resolve) => {
    let end: (() => void) | null = null;
    const look = async (atOnce = false): Promise<void> => {
      const state = await read(store, order, atOnce);
      if (state === null) return;
      clearTimeout(late);
      end?.();
      resolve(state);
    };
    const late = setTimeout(() => void look(true), settleMaxMs);
    end = store.subscribe({ addresses: [order] }, sequence, () => void look());
    void look();
  });
}

/** Longest wait for a payment; then the order is taken as it stands, and the replay lists what became of it. */
const settleMaxMs = 180_000;

const underWay: readonly unknown[] = ['pending', 'unknown', 'reversing'];

async function read(store: Store, order: Address, atOnce: boolean): Promise<OrderState | null> {
  const view = await store.read(order);
  if (view === null) return null;
  const payments = (view.data['payments'] ?? []) as readonly { readonly status: string }[];
  const waits = view.status === 'PENDING' && payments.some(({ status }) => underWay.includes(status));
  return waits && !atOnce ? null : { status: view.status, dueMinor: Number(view.data['dueMinor']) };
}

const tell = (message: FromStore): void => void process.send?.(message);

serve();
