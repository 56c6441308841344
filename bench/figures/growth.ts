import { join } from 'node:path';
import type { Sqlite } from '../../src/persistence/database.ts';
import { nowMs, runChild, since } from '../child.ts';
import { roundsOf, type Bench, type Figure, type Mode } from '../figure.ts';
import { replayWrites, type Recording } from '../recording.ts';
import { recordSales } from '../sale-rounds.ts';
import { median, quantile, short } from '../statistics.ts';
import { openBenchStore, settled, type BenchStore } from '../store.ts';
import { openTills, type Tills } from '../till.ts';

const counters = 64;

interface Plan {
  /** Sales in the store at which it is measured. */
  readonly stops: readonly number[];
  readonly windowSales: number;
  /** The filling ends here, wherever it is. */
  readonly fillMs: number;
}
const plans: Readonly<Record<Mode, Plan>> = {
  quick: { stops: [500, 2000], windowSales: 200, fillMs: 15_000 },
  default: { stops: [1000, 10_000, 100_000], windowSales: 1000, fillMs: 150_000 },
  full: { stops: [1000, 10_000, 100_000, 1_000_000], windowSales: 2000, fillMs: Number.POSITIVE_INFINITY },
};

interface Stop {
  /** The stop of the plan; null where the time was over before. */
  readonly planned: number | null;
  /** Sales in the store, those of earlier windows included. */
  readonly sales: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly ratio: number;
  readonly storeBytes: number;
}

export const growth: Figure = {
  title: 'The same store after many sales',
  async measure(bench) {
    const plan = plans[bench.mode];
    const recording = await recordSales(join(bench.folder, 'recorded'), counters, plan.windowSales);
    const folder = join(bench.folder, 'store');
    const store = await openBenchStore({ folder, counters });
    const emptyBytes = bytesOf(store.program.database);
    const { stops, tables, cut } = await sellToAllStops(bench, plan, store, recording);
    await store.program.stop();
    const restartedMs = await restart(folder);
    const [first] = stops;
    const last = stops.at(-1);
    if (first === undefined || last === undefined) throw new Error('a plan has stops');
    return {
      tables: [
        {
          columns: [
            'sales in the store',
            'sales/s',
            'µs a sale',
            'p50 ms',
            'sales ÷ raw SQLite',
            'cost against the first row',
            'bytes a sale on disk',
          ],
          rows: stops.map((stop) => [
            stop.sales.toLocaleString('en-US'),
            short(stop.perSecond),
            short(1e6 / stop.perSecond),
            short(stop.p50Ms),
            short(stop.ratio),
            `**${short(first.ratio / stop.ratio)}**`,
            short((stop.storeBytes - emptyBytes) / stop.sales),
          ]),
        },
        tables,
      ],
      notes: [
        `${counters} counters, one process from the first sale to the last, medians of ${roundsOf(bench.mode)} windows of ${plan.windowSales} sales at each stop. Raw SQLite: the statements of such a window, replayed into an empty database right after each window; *cost against the first row* compares what a sale costs over that floor, so that a machine that became slower meanwhile does not count. 1.00: it does not grow.`,
        ...(cut
          ? [
              `The filling was ended after ${plan.fillMs / 1000} s, before the last stop was reached: the last row stands where it was then. \`npm run bench -- --only growth --full\` takes as long as it takes, up to a million sales.`,
            ]
          : []),
        `Start of a process on this store with ${last.sales.toLocaleString('en-US')} sales, to its first scan on disk: ${short(restartedMs)} ms.`,
      ],
      ratios: Object.fromEntries(
        stops
          .slice(1)
          .flatMap(({ planned, ratio }) =>
            planned === null ? [] : [[`cost at ${planned} ÷ at the first`, first.ratio / ratio] as const],
          ),
      ),
    };
  },
};

async function sellToAllStops(bench: Bench, plan: Plan, store: BenchStore, recording: Recording) {
  const tills = openTills(store);
  const stops: Stop[] = [];
  const until = nowMs() + plan.fillMs;
  let sales = 0;
  let tables = { columns: ['table', 'bytes a sale'], rows: [] as readonly (readonly string[])[] };
  let cut = false;
  for (const wanted of plan.stops) {
    while (sales < wanted && nowMs() < until) {
      await tills.sell(500);
      sales += 500;
    }
    cut ||= sales < wanted;
    const stop = await measureStop(bench, plan, { store, tills, recording, sales });
    sales = stop.sales;
    stops.push({ ...stop, planned: cut ? null : wanted });
    bench.report(`${sales} sales, ${short(stop.perSecond)} a second`);
    // A later one would be the same picture, and reading a large file for it takes a while.
    if (stops.length <= 2) tables = { ...tables, rows: bytesByTable(store.program.database, sales) };
    if (cut) break;
  }
  tills.close();
  return { stops, tables, cut };
}

interface Standing {
  readonly store: BenchStore;
  readonly tills: Tills;
  readonly recording: Recording;
  readonly sales: number;
}

async function measureStop(
  { folder, mode }: Bench,
  { windowSales }: Plan,
  { store, tills, recording, sales }: Standing,
): Promise<Omit<Stop, 'planned'>> {
  const windows: { readonly perSecond: number; readonly p50Ms: number; readonly ratio: number }[] = [];
  for (let round = 0; round < roundsOf(mode); round += 1) {
    const sold = await tills.sell(windowSales);
    await settled(store.program);
    const rawSeconds = replayWrites(recording, join(folder, `raw-${sales}-${round}`));
    windows.push({
      perSecond: windowSales / sold.seconds,
      p50Ms: quantile(
        sold.times.map(({ receiptedMs }) => receiptedMs),
        0.5,
      ),
      ratio: rawSeconds / sold.seconds,
    });
  }
  return {
    sales: sales + windows.length * windowSales,
    perSecond: median(windows.map(({ perSecond }) => perSecond)),
    p50Ms: median(windows.map(({ p50Ms }) => p50Ms)),
    ratio: median(windows.map(({ ratio }) => ratio)),
    storeBytes: bytesOf(store.program.database),
  };
}

const bytesOf = (database: Sqlite): number =>
  Number(database.pragma('page_count', { simple: true })) * Number(database.pragma('page_size', { simple: true }));

/** Indexes count with their table. */
const bytesByTable = (database: Sqlite, sales: number): readonly (readonly string[])[] =>
  database
    .prepare<[], { readonly name: string; readonly bytes: number }>(
      `SELECT s.tbl_name AS name, sum(d.pgsize) AS bytes FROM dbstat d JOIN sqlite_schema s ON s.name = d.name
        GROUP BY s.tbl_name ORDER BY bytes DESC LIMIT 10`,
    )
    .all()
    .map(({ name, bytes }) => [name, short(bytes / sales)]);

async function restart(folder: string): Promise<number> {
  const startedAt = nowMs();
  const answer = await runChild('starting-store.ts', [folder, String(counters)]);
  return since(startedAt, answer['scannedAt']);
}
