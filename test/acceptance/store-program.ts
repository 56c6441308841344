import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TurnLog } from '../../src/bus/change-pages.ts';
import { readConfig } from '../../src/config.ts';
import { openStoreProgram, type StoreProgram } from '../../src/main.ts';
import { parseBook } from '../../src/persistence/import.ts';
import { createJournal } from '../../src/persistence/journal.ts';

/** A store in this process over a data file of its own, with the sample catalogue and without devices. */
export interface StoreFixture {
  readonly program: StoreProgram;
  readonly turns: TurnLog;
  readonly dataDir: string;
  /** A code of the catalogue that needs no weight. */
  readonly code: string;
  /** Turns in the journal that a command caused by itself. */
  readonly turnsOf: (commandId: string) => number;
  readonly close: () => Promise<void>;
}

export const storeId = 's1';

const readCatalogue = async () => {
  const folder = resolve(import.meta.dirname, '../../catalogue');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
  const parsed = parseBook(files, { currency: 'USD', timeZone: 'UTC' });
  if (!parsed.ok) throw new Error('the sample catalogue has mistakes');
  return parsed.book;
};

export const openFixture = async (): Promise<StoreFixture> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'storefirst-port-'));
  const config = readConfig({ STOREFIRST_DATA: dataDir, STOREFIRST_STORE: storeId, STOREFIRST_COUNTERS: '1,2' });
  if ('reason' in config) throw new Error(config.detail);
  const book = await readCatalogue();
  const program = openStoreProgram(config, {
    devices: {
      terminals: new Map(),
      printers: new Map(),
      drawers: new Map(),
      displays: new Map(),
      scanners: new Map(),
    },
    report: () => undefined,
    prepare: (catalog) => void catalog.importBook(book, Date.now()),
  });
  if ('reason' in program) throw new Error(program.detail);
  const { database } = program;
  const journal = createJournal(database, { storeId, epoch: program.runtime.stats().epoch });
  const head = database.prepare<[], number>('SELECT coalesce(max(sequence), 0) FROM journal').pluck();
  const turnsOf = database.prepare<[string], number>('SELECT count(*) FROM journal WHERE message_id = ?').pluck();
  const code = database
    .prepare<[], string>(
      'SELECT c.code FROM product_code c JOIN product USING (price_book, product_id) WHERE weighed = 0',
    )
    .pluck()
    .get();
  if (code === undefined) throw new Error('the sample catalogue has a product without weight');
  return {
    program,
    dataDir,
    code,
    turns: { turnsAfter: (sequence, limit) => journal.turnsAfter(sequence, limit), head: () => head.get() ?? 0 },
    turnsOf: (id) => turnsOf.get(id) ?? 0,
    close: async () => {
      await program.stop();
      await rm(dataDir, { recursive: true });
    },
  };
};
