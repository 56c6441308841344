import { join } from 'node:path';
import { openFloor } from './floor.ts';
import { recordWrites, replayWrites, type Recorder, type Recording } from './recording.ts';
import { median, quantile } from './statistics.ts';
import { openBenchStore, settled } from './store.ts';
import { openTills, type Sold } from './till.ts';

/** One window of sales, and every floor right after it on the same disk. */
export interface SaleRound {
  readonly perSecond: number;
  readonly paidMs: Spread;
  readonly receiptedMs: Spread;
  readonly commitsPerSale: number;
  /** One row, one commit. */
  readonly rawCommitMs: number;
  /** The same rows in the same commits, our code taken away. */
  readonly rawPerSecond: number;
  /** Checkpoint rows at batch 64. */
  readonly checkpointsPerSecond: number;
}
interface Spread {
  readonly p50: number;
  readonly p99: number;
}

export interface SaleRoundOptions {
  readonly counters: number;
  readonly rounds: number;
  /** About how long each window of sales takes. */
  readonly windowMs: number;
}

/** Fewer make no p99, more are many megabytes of recorded statements. */
const salesMin = 200;
const salesMax = 6000;

/** Each round starts from an empty store, so that all rounds and the recording do the same work. */
export async function measureSaleRounds(folder: string, options: SaleRoundOptions): Promise<readonly SaleRound[]> {
  const { counters, rounds, windowMs } = options;
  const warm = await sellInNewStore(join(folder, 'warm'), counters, salesMin);
  const wanted = Math.round((salesMin / warm.seconds) * (windowMs / 1000));
  const sales = Math.min(salesMax, Math.max(salesMin, 4 * counters, wanted));
  const recording = await recordSales(join(folder, 'recorded'), counters, sales);
  const floor = openFloor(join(folder, 'floor'));
  const measured: SaleRound[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const rawCommits: number[] = counters === 1 ? [] : [...floor.commits(1, windowMs / 4)];
    // One counter is compared with single commits: they take turns, sale by sale, on the same minute's disk.
    const between = counters === 1 ? () => void rawCommits.push(floor.commit(), floor.commit()) : undefined;
    const sold = await sellInNewStore(join(folder, `sold-${round}`), counters, sales, between);
    measured.push({
      perSecond: sales / sold.seconds,
      paidMs: spread(sold.times.map(({ paidMs }) => paidMs)),
      receiptedMs: spread(sold.times.map(({ receiptedMs }) => receiptedMs)),
      commitsPerSale: sold.commits / sales,
      rawCommitMs: median(rawCommits),
      rawPerSecond: sales / replayWrites(recording, join(folder, `raw-${round}`)),
      checkpointsPerSecond: floor.checkpoints(64, windowMs / 4),
    });
  }
  floor.close();
  return measured;
}

const spread = (times: readonly number[]): Spread => ({ p50: quantile(times, 0.5), p99: quantile(times, 0.99) });

async function sellInNewStore(
  folder: string,
  counters: number,
  sales: number,
  between?: () => void,
): Promise<Sold & { readonly commits: number }> {
  const store = await openBenchStore({ folder, counters });
  const tills = openTills(store);
  const before = store.program.runtime.stats().commits;
  const sold = await tills.sell(sales, between);
  const commits = store.program.runtime.stats().commits - before;
  tills.close();
  await store.program.stop();
  return { ...sold, commits };
}

/** Sells once more and keeps every statement that was run for it. */
export async function recordSales(folder: string, counters: number, sales: number): Promise<Recording> {
  const recorders: Recorder[] = [];
  const beforeFirstRow = (): void => void recorders.push(recordWrites(join(folder, 'store.db')));
  const store = await openBenchStore({ folder, counters, beforeFirstRow });
  const [recorder] = recorders;
  if (recorder === undefined) throw new Error('a store is recorded from its first row');
  const tills = openTills(store);
  recorder.mark();
  await tills.sell(sales);
  await settled(store.program);
  const recording = recorder.end(store.program.database);
  tills.close();
  await store.program.stop();
  return recording;
}
