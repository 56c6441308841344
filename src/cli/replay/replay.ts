import { readConfig, type Config } from '../../config.ts';
import { assert } from '../../domain/errors.ts';
import type { Tender } from '../../domain/tender.ts';
import { createCatalog } from '../../persistence/catalog.ts';
import { openStore } from '../../persistence/database.ts';
import { dayStart } from './business-date.ts';
import { createKillPlan } from './kill-plan.ts';
import { createLogBook, type LogBook } from './log-book.ts';
import { tendersWithChange } from './needed-change.ts';
import { readFigures } from './projections.ts';
import { createReport, type ReplayReport } from './report.ts';
import { counterOf, runDays } from './run-days.ts';
import { createStoreProcess } from './store-process.ts';
import { cashCode, tendersOf } from './tender-row.ts';
import { labelRule } from './till-product.ts';
import type { TillTransaction } from './till-log.ts';
import { currency } from './till-row.ts';

export interface ReplayOptions {
  readonly dataDir: string;
  /** Commands between two kills, about; null: none. */
  readonly killEvery: number | null;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

/** Plays a log through a store of its own and compares. Throws where the store cannot run at all. */
export async function replay(transactions: readonly TillTransaction[], options: ReplayOptions): Promise<ReplayReport> {
  const beganAt = Date.now();
  const book = createLogBook(transactions);
  const tenders = tendersOf(transactions, tendersWithChange(transactions));
  const config = configOf(options.dataDir, transactions, tenders);
  importBook(config, book);
  options.tell(
    `${transactions.length} transactions, ${book.book.products.length} products, ${Object.keys(config.settings.counters).length} counters`,
  );
  const day = Math.min(...transactions.map((one) => one.day));
  const broken = Promise.withResolvers<never>();
  const store = createStoreProcess(
    { config, day, beganAt },
    createKillPlan(options.killEvery, options.seed),
    broken.reject,
  );
  try {
    const played = await Promise.race([runDays(store, transactions, book, tenders), broken.promise]);
    await store.stop();
    const durationMs = Date.now() - beganAt;
    const figures = readFigures(options.dataDir, cashCode);
    const report = createReport({ played, book, resumed: store.restarts(), durationMs }, figures);
    figures.close();
    return report;
  } finally {
    await store.stop();
  }
}

function configOf(dataDir: string, transactions: readonly TillTransaction[], tenders: readonly Tender[]): Config {
  const preset = readConfig({});
  assert(!('reason' in preset), 'the presets are a configuration');
  const counters = [...new Set(transactions.map(counterOf))].toSorted();
  return {
    ...preset,
    dataDir,
    taxRounding: 'basket',
    settings: {
      storeId: 'replay',
      currency,
      cashRoundingMinor: 1,
      header: { store: { name: 'Replay', address: [] }, utcOffsetMinutes: 0 },
      tenders,
      counters: Object.fromEntries(counters.map((id) => [id, { printer: false, drawer: false }])),
    },
  };
}

function importBook({ dataDir }: Config, { book }: LogBook): void {
  const opened = openStore(dataDir);
  if ('reason' in opened) throw new Error(opened.detail);
  try {
    const outcome = createCatalog(opened.database, { currency, embedded: [labelRule] }).importBook(book, dayStart(1));
    if (outcome.outcome === 'refused') throw new Error(outcome.detail);
  } finally {
    opened.close();
  }
}
