import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { readConfig, type Config } from '../src/config.ts';
import type { Address } from '../src/domain/address.ts';
import type { Journal } from '../src/domain/journal.ts';
import type { Message } from '../src/domain/message.ts';
import type { Accepted, Devices } from '../src/domain/ports.ts';
import type { Operator } from '../src/domain/roles.ts';
import { openStoreProgram, type StoreProgram } from '../src/main.ts';
import type { Sqlite } from '../src/persistence/database.ts';
import type { Catalog } from '../src/persistence/catalog.ts';
import { parseBook } from '../src/persistence/import.ts';
import { devicesOf } from './instant-devices.ts';

/** The program as it is shipped, with counters that are open for sale. */
export interface BenchStore {
  readonly program: StoreProgram;
  /** Its write door, for who serves the store over a bus. */
  readonly journal: Journal;
  readonly counterIds: readonly string[];
  /** Codes of ordinary pieces: nothing weighed, no deposit, no age limit. */
  readonly codes: readonly string[];
  /** Sends a command as a manager; a refusal ends the bench. */
  readonly send: (to: Address, event: Message) => Promise<Accepted>;
}

export interface BenchStoreOptions {
  readonly folder: string;
  readonly counters: number;
  readonly devices?: Devices;
  /** Called when the database stands and before the store writes its first row. */
  readonly beforeFirstRow?: () => void;
}

export const manager: Operator = { id: 'bench', role: 'manager' };

export const counterIdsOf = (counters: number): readonly string[] =>
  Array.from({ length: counters }, (_, index) => String(index + 1));

/** A store in this process with its day and its counters open; one that was there before goes on where it was. */
export async function openBenchStore(options: BenchStoreOptions): Promise<BenchStore> {
  const counterIds = counterIdsOf(options.counters);
  const doors: Journal[] = [];
  const program = openStoreProgram(configOf(options.folder, counterIds), {
    devices: options.devices ?? devicesOf(counterIds),
    report: ({ type, ...record }) => {
      if (type === 'faulted' || type === 'storage-failed') throw new Error(`${type} ${JSON.stringify(record)}`);
    },
    prepare(catalog) {
      options.beforeFirstRow?.();
      if (catalog.activeBook() === null) takeOverBook(catalog);
    },
    wrapJournal(door) {
      doors.push(door);
      return door;
    },
  });
  if ('reason' in program) throw new Error(program.detail);
  const [journal] = doors;
  if (journal === undefined) throw new Error('the program was opened without a journal');
  const send: BenchStore['send'] = async (to, event) => {
    const ack = await program.runtime.send(to, { id: program.newId(), operator: manager, event });
    if (!ack.ok) throw new Error(`${to} refused ${event.type}: ${ack.reason} ${ack.detail}`);
    return ack;
  };
  await settled(program);
  await openForSale(program, send, counterIds);
  return { program, journal, counterIds, codes: codesOf(program.database), send };
}

async function openForSale(
  program: StoreProgram,
  send: BenchStore['send'],
  counterIds: readonly string[],
): Promise<void> {
  const day = await program.runtime.read('store-day/main');
  if (day?.status !== 'open') await send('store-day/main', { type: 'OPEN_DAY' });
  const closed = await Promise.all(
    counterIds.map(async (id) => ({ id, view: await program.runtime.read(`counter/${id}`) })),
  );
  const toOpen = closed.filter(({ view }) => view === null || view.status === 'closed');
  await Promise.all(toOpen.map(({ id }) => send(`counter/${id}`, { type: 'OPEN', floatMinor: 0 })));
}

/** Nothing waits and no device is at work: what follows is measured alone. */
export async function settled(program: StoreProgram): Promise<void> {
  for (;;) {
    await soon();
    const { waiting, effects } = program.runtime.stats();
    if (waiting + effects === 0) return;
  }
}

export function configOf(folder: string, counterIds: readonly string[]): Config {
  const config = readConfig({ STOREFIRST_DATA: folder, STOREFIRST_NATS: 'off' });
  if ('reason' in config) throw new Error(config.detail);
  const counters = Object.fromEntries(counterIds.map((id) => [id, { printer: true, drawer: false }]));
  return { ...config, settings: { ...config.settings, counters } };
}

/** The sample catalogue that a new store starts with: taxes, offers and all. */
function takeOverBook(catalog: Catalog): void {
  const folder = join(import.meta.dirname, '..', 'catalogue');
  const names = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  const files = names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  const parsed = parseBook(files, { currency: 'USD', timeZone: 'UTC' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors[0]));
  catalog.importBook(parsed.book, Date.now());
}

const codesOf = (database: Sqlite): readonly string[] =>
  database
    .prepare<[], string>(
      `SELECT min(c.code) FROM product_code c JOIN product USING (price_book, product_id)
        WHERE weighed = 0 AND deposit_minor = 0 AND age_limit IS NULL
        GROUP BY c.product_id ORDER BY c.product_id LIMIT 40`,
    )
    .pluck()
    .all();
