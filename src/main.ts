import { hash, randomBytes } from 'node:crypto';
import { address, type Address } from './domain/address.ts';
import { createRuntime, type Runtime, type RuntimeRecord } from './actors/runtime.ts';
import type { Config } from './config.ts';
import type { Clock } from './domain/clock.ts';
import type { Journal } from './domain/journal.ts';
import type { Devices } from './domain/ports.ts';
import type { EmbeddedRule } from './domain/product-code.ts';
import { createCatalog, type Catalog } from './persistence/catalog.ts';
import { openStore, type OpenFailure, type Sqlite } from './persistence/database.ts';
import { createJournal, nextEpoch } from './persistence/journal.ts';
import { createReader } from './persistence/reader.ts';
import { createUuids } from './uuid.ts';

/** A store in this process: config → journal → devices → runtime. The only file that knows everyone. */
export interface StoreProgram {
  readonly config: Config;
  readonly runtime: Runtime;
  readonly catalog: Catalog;
  readonly database: Sqlite;
  /** The journal for who only reads: the bus makes its pages from it. */
  readonly turns: Pick<Journal, 'turnsAfter' | 'head'>;
  readonly newId: () => string;
  /** Ends after the commit under way and closes every device and file. */
  stop(): Promise<void>;
}

export interface StoreParts {
  readonly devices: Devices;
  readonly report: (record: RuntimeRecord) => void;
  readonly clock?: Clock;
  /** How the store's own labels carry price or weight; without them none does. */
  readonly labels?: readonly EmbeddedRule[];
  /** Called before anything is resumed: a first price book goes in here. */
  readonly prepare?: (catalog: Catalog) => void;
  /** Puts something between the runtime and the write door: `npm run crash` kills the process there. */
  readonly wrapJournal?: (journal: Journal) => Journal;
}

export function openStoreProgram(config: Config, parts: StoreParts): StoreProgram | OpenFailure {
  const opened = openStore(config.dataDir);
  if ('reason' in opened) return opened;
  const { database } = opened;
  const clock = parts.clock ?? systemClock;
  const newId = createUuids(clock.now, randomBytes);
  const catalog = createCatalog(database, { currency: config.settings.currency, embedded: parts.labels ?? [] });
  parts.prepare?.(catalog);
  const door = createJournal(database, { storeId: config.settings.storeId, epoch: nextEpoch(database, clock.now()) });
  const journal = parts.wrapJournal?.(door) ?? door;
  const runtime = createRuntime({
    journal,
    store: createReader(database, catalog, config.settings, config.taxRounding),
    devices: parts.devices,
    clock,
    newId,
    digest: (text) => hash('sha256', text, 'base64url').slice(0, 22),
    report: parts.report,
  });
  installDevices(runtime, parts.devices, new Set(runtime.start()));
  return {
    config,
    runtime,
    catalog,
    database,
    turns: journal,
    newId,
    async stop() {
      runtime.stop();
      await Promise.all(allDevices(parts.devices).map(({ device }) => device.close()));
      opened.close();
    },
  };
}

/** Each start tells every configured device to connect; a device that was up hears of the start, which is the same to it. */
function installDevices(runtime: Runtime, devices: Devices, told: ReadonlySet<Address>): void {
  const addresses = allDevices(devices).map(({ kind, id }) => address(kind, id));
  for (const to of addresses.filter((of) => !told.has(of))) runtime.hear(to, { type: 'INSTALL' });
}

const deviceKinds = [
  ['terminal', 'terminals'],
  ['printer', 'printers'],
  ['drawer', 'drawers'],
  ['display', 'displays'],
  ['scanner', 'scanners'],
] as const;

const allDevices = (devices: Devices) =>
  deviceKinds.flatMap(([kind, name]) => [...devices[name]].map(([id, device]) => ({ kind, id, device })));

/** The real one. Nothing here keeps the process alive by itself. */
export const systemClock: Clock = {
  now: Date.now,
  after(delayMs, call) {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
  soon: (call) => void setImmediate(call),
};
