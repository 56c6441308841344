import { hash } from 'node:crypto';
import type { Kinds } from '../../src/actors/kinds.ts';
import { createRuntime, type Runtime, type RuntimeDeps, type RuntimeRecord } from '../../src/actors/runtime.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Journal } from '../../src/domain/journal.ts';
import type { Message } from '../../src/domain/message.ts';
import type { Ack } from '../../src/domain/ports.ts';
import type { Operator } from '../../src/domain/roles.ts';
import { openMemory, type Sqlite } from '../../src/persistence/database.ts';
import { createJournal, nextEpoch } from '../../src/persistence/journal.ts';
import { createDeskDevices, type DeskDevices } from './devices.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { createShelf, settings } from './shelf.ts';

/** A runtime on a real journal, with a clock that stands still and devices that do as they are told. */
export interface Desk {
  readonly runtime: Runtime;
  readonly clock: ManualClock;
  readonly database: Sqlite;
  readonly journal: Journal;
  readonly desk: DeskDevices;
  readonly records: RuntimeRecord[];
  /** Sends a command; the answer comes when the clock is told to go on. */
  readonly send: (to: Address, event: Message, over?: Partial<Sending>) => Promise<Ack>;
  /** Sends a command and lets everything happen that follows. */
  readonly ask: (to: Address, event: Message, over?: Partial<Sending>) => Promise<Ack>;
  /** The power fails: nothing of the program is left but its file. A new one starts. */
  readonly powerFails: (over?: DeskOptions) => Promise<Desk>;
  /** What an actor's snapshot on disk says. */
  readonly contextOf: (of: Address) => Readonly<Record<string, unknown>>;
}
interface Sending {
  readonly id: string;
  readonly by: Operator;
}

export interface DeskOptions {
  readonly database?: Sqlite;
  readonly kinds?: Kinds;
  readonly desk?: DeskDevices;
  readonly now?: number;
  readonly wrapJournal?: (journal: Journal) => Journal;
  readonly limits?: RuntimeDeps['limits'];
}

export const cashier: Operator = { id: 'ann', role: 'cashier' };
export const manager: Operator = { id: 'bob', role: 'manager' };
/** Monday, 2 March 2026, 09:00 UTC. */
export const monday = Date.UTC(2026, 2, 2, 9);

export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const database = options.database ?? openMemory();
  const clock = createManualClock(options.now ?? monday);
  const desk = options.desk ?? createDeskDevices(Object.keys(settings.counters));
  const own = createJournal(database, { storeId: 'test', epoch: nextEpoch(database, clock.now()) });
  const journal = options.wrapJournal?.(own) ?? own;
  const records: RuntimeRecord[] = [];
  let ids = 0;
  // Named by the start of the program: no id comes twice.
  const start = journal.unfinished().epoch;
  const newId = () => `id-${start}-${(ids += 1)}`;
  const runtime = createRuntime({
    journal,
    store: createShelf(database),
    devices: desk.devices,
    clock,
    newId,
    digest: (text) => hash('sha256', text, 'base64url').slice(0, 22),
    report: (record) => void records.push(record),
    ...(options.kinds !== undefined && { kinds: options.kinds }),
    ...(options.limits !== undefined && { limits: options.limits }),
  });
  const send: Desk['send'] = (to, event, { id = `command-${newId()}`, by = manager } = {}) =>
    runtime.send(to, { id, operator: by, event });
  runtime.start();
  await clock.settle();
  return {
    runtime,
    clock,
    database,
    journal,
    desk,
    records,
    send,
    async ask(to, event, over) {
      const answer = send(to, event, over);
      await clock.settle();
      return await answer;
    },
    powerFails: (over = {}) =>
      openDesk({
        ...options,
        database,
        desk: createDeskDevices(Object.keys(settings.counters)),
        now: clock.now(),
        ...over,
      }),
    contextOf(of) {
      const row = database.prepare<[string], string>('SELECT snapshot FROM actor WHERE address = ?').pluck().get(of);
      return (JSON.parse(row ?? '{"context":{}}') as { readonly context: Readonly<Record<string, unknown>> }).context;
    },
  };
}

/** Tells every device of counter 1 to connect, as the program does at each start. */
export async function connectDevices({ runtime, clock }: Desk): Promise<void> {
  for (const kind of ['terminal', 'printer', 'drawer', 'display', 'scanner'] as const) {
    runtime.hear(`${kind}/1`, { type: 'INSTALL' });
  }
  await clock.settle();
}

/** A desk whose day and first counter are open, with real machines. */
export async function openShop(options: DeskOptions = {}): Promise<Desk> {
  const shop = await openDesk(options);
  await connectDevices(shop);
  await shop.ask('store-day/main', { type: 'OPEN_DAY' });
  await shop.ask('counter/1', { type: 'OPEN', floatMinor: 10_000 });
  return shop;
}
