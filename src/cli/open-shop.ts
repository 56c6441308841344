import { randomBytes, randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RuntimeRecord } from '../actors/runtime.ts';
import { openBus, type Bus } from '../bus/bus.ts';
import type { Config } from '../config.ts';
import { openStoreProgram, type StoreProgram } from '../main.ts';
import type { Catalog } from '../persistence/catalog.ts';
import type { OpenFailure } from '../persistence/database.ts';
import { importSample } from './import/sample-book.ts';
import { createBookSpool, type BookSpool } from './import/spool.ts';
import { choosePort } from './nats-port.ts';
import { forgetRunning, noteRunning, readRunning } from './running-store.ts';
import { createSimulatedStore } from './simulated-store.ts';
import { readInFlight, type InFlight } from './status/in-flight.ts';

/** A whole shop in this process: the store program, its simulated devices, its price book, its bus. */
export interface Shop {
  readonly program: StoreProgram;
  /** `null` where the configuration wants none. */
  readonly bus: Bus | null;
  /** What the last run left unfinished. */
  readonly found: InFlight;
  /** The bus first, so that nobody is left without an answer; then the store, its devices, its files. */
  stop(): Promise<void>;
}

/** A line for the person who runs it. */
export type Tell = (line: string) => void;

/** How often it is looked whether a price book has become due or was handed in. */
const booksEveryMs = 1000;

export const openShop = async (config: Config, tell: Tell): Promise<Shop | OpenFailure> => {
  const { dataDir, settings } = config;
  const devices = createSimulatedStore(Object.keys(settings.counters), { dataDir, card: config.simulated.card });
  const program = openStoreProgram(config, {
    devices,
    report: (record) => tellRecord(record, tell),
    prepare: (catalog) => prepareCatalog(catalog, config, tell),
  });
  if ('reason' in program) return program;
  // Nothing was handled yet: the loop begins when this function gives way.
  const found = readInFlight(program.database);
  const spool = createBookSpool(program.catalog, config);
  const books = setInterval(() => lookForBooks(program.catalog, spool, tell), booksEveryMs);
  const bus = config.nats.enabled ? await openShopBus(program, tell) : null;
  return {
    program,
    bus,
    found,
    async stop() {
      clearInterval(books);
      await bus?.close();
      await program.stop();
      forgetRunning(dataDir);
    },
  };
};

const openShopBus = async ({ config, runtime, turns }: StoreProgram, tell: Tell): Promise<Bus> => {
  const { dataDir, nats, settings } = config;
  const { storeId } = settings;
  const port = await choosePort(nats, readRunning(dataDir)?.natsUrl ?? null);
  const bus = openBus(
    {
      store: runtime,
      turns,
      report: tell,
      nowMs: Date.now,
      chance: Math.random,
      uniqueId: randomUUID,
      randomBytes,
    },
    { storeId, dataDir, cacheDir: cacheFolder(), environment: process.env, host: nats.host, port },
  );
  const note = async (): Promise<void> => {
    await bus.serving();
    const { state, url } = bus.status();
    if (state !== 'closed' && url !== null) noteRunning(dataDir, { pid: process.pid, storeId, natsUrl: url });
  };
  void note();
  return bus;
};

const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'storefirst');

/** A new store sells at once: our own small catalogue goes in, until the shop imports its own. */
const prepareCatalog = (catalog: Catalog, config: Config, tell: Tell): void => {
  if (catalog.activeBook() === null) importSample(catalog, config, tell);
  activateDue(catalog, tell);
};

/** A disk that cannot be written now is tried again; a sale would meet it too, and tells. */
const lookForBooks = (catalog: Catalog, spool: BookSpool, tell: Tell): void => {
  try {
    activateDue(catalog, tell);
    spool.takeIn(tell);
  } catch (error) {
    tell(`price books cannot be looked after: ${String(error)}`);
  }
};

const activateDue = (catalog: Catalog, tell: Tell): void => {
  const version = catalog.activateDue(Date.now());
  if (version !== null) tell(`price book ${version} is due and was taken over`);
};

/** What needs a person; what a machine did not care for is counted in the runtime's figures. */
const tellRecord = (record: RuntimeRecord, tell: Tell): void => {
  switch (record.type) {
    case 'faulted':
      return tell(`${record.address} has stopped at ${record.event}: ${record.error}. See: storefirst status`);
    case 'storage-failed':
      return tell(`nothing can be written (${record.error}); what came meanwhile waits, trying on`);
    case 'listener-failed':
      return tell(`a listener failed and is no longer told: ${record.error}`);
    case 'ignored':
    case 'resumed':
      return;
  }
};
