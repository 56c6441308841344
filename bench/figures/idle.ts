import { join } from 'node:path';
import Database from 'better-sqlite3';
import { nowMs, runChild, since } from '../child.ts';
import { roundsOf, type Figure, type Mode } from '../figure.ts';
import { median, short } from '../statistics.ts';
import { openBenchStore, settled } from '../store.ts';
import { openTills } from '../till.ts';

const actorsOf = (mode: Mode): readonly number[] => (mode === 'quick' ? [1000, 10_000] : [1000, 10_000, 100_000]);

interface StartRound {
  readonly actors: number;
  readonly scannedMs: number;
  readonly rawMs: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

export const idle: Figure = {
  title: 'Many actors, most of them idle',
  async measure({ folder, mode, report }) {
    const store = join(folder, 'store');
    const residentBytes = await measureResident(store);
    const found: (readonly StartRound[])[] = [];
    for (const actors of actorsOf(mode)) {
      report(`${actors} actors`);
      growTo(join(store, 'store.db'), actors);
      const rounds: StartRound[] = [];
      for (let round = 0; round < roundsOf(mode); round += 1) rounds.push(await startOnce(store, actors));
      found.push(rounds);
    }
    const of = (rounds: readonly StartRound[], value: (round: StartRound) => number): number =>
      median(rounds.map(value));
    const ratio = ({ scannedMs, rawMs }: StartRound): number => scannedMs / rawMs;
    const fewest = found[0] ?? [];
    const most = found.at(-1) ?? [];
    const perIdle =
      (of(most, ({ heapBytes }) => heapBytes) - of(fewest, ({ heapBytes }) => heapBytes)) /
      (of(most, ({ actors }) => actors) - of(fewest, ({ actors }) => actors));
    return {
      tables: [
        {
          columns: [
            'actors in the store',
            'start to first scan on disk, ms',
            'raw start ms',
            'ratio',
            'heap MB',
            'RSS MB',
            'rounds',
          ],
          rows: found.map((rounds) => [
            of(rounds, ({ actors }) => actors).toLocaleString('en-US'),
            short(of(rounds, ({ scannedMs }) => scannedMs)),
            short(of(rounds, ({ rawMs }) => rawMs)),
            `**${short(of(rounds, ratio))}**`,
            short(of(rounds, ({ heapBytes }) => heapBytes) / 1e6),
            short(of(rounds, ({ rssBytes }) => rssBytes) / 1e6),
            String(rounds.length),
          ]),
        },
        {
          columns: ['memory per actor', 'bytes of heap'],
          rows: [
            ['idle and passivated (growth of the heap after a start)', short(Math.max(0, perIdle))],
            ['kept in memory after its last turn (at most `residentMax` are)', short(residentBytes)],
          ],
        },
      ],
      notes: [
        'Finished orders and payments of real sales, their actor rows copied under new addresses up to the number; two counters, their devices and the day are at work. Started in a process of its own, timed from the start of that process to a scan that is acknowledged. Raw start: as in the figure above, with what is in flight here.',
      ],
      ratios: Object.fromEntries(
        found.map((rounds) => [`${of(rounds, ({ actors }) => actors)} start ÷ raw start`, of(rounds, ratio)]),
      ),
    };
  },
};

async function startOnce(folder: string, actors: number): Promise<StartRound> {
  const rawStart = nowMs();
  const raw = await runChild('raw-start.ts', [folder]);
  const start = nowMs();
  const answer = await runChild('starting-store.ts', [folder]);
  return {
    actors,
    scannedMs: since(start, answer['scannedAt']),
    rawMs: since(rawStart, raw['writtenAt']),
    heapBytes: answer['heapUsed'] ?? Number.NaN,
    rssBytes: answer['rss'] ?? Number.NaN,
  };
}

/** Sells in this process and gives the bytes of heap that each actor kept in memory costs. Leaves the store for the starts. */
async function measureResident(folder: string): Promise<number> {
  const store = await openBenchStore({ folder, counters: 2 });
  const tills = openTills(store);
  const look = async (): Promise<{ readonly bytes: number; readonly resident: number }> => {
    await settled(store.program);
    global.gc?.();
    return { bytes: process.memoryUsage().heapUsed, resident: store.program.runtime.stats().resident };
  };
  await tills.sell(400); // code is compiled, caches are filled
  const before = await look();
  await tills.sell(1000);
  const after = await look();
  tills.close();
  await store.program.stop();
  return (after.bytes - before.bytes) / (after.resident - before.resident);
}

/** Copies finished orders and payments until there are so many actors. They are as real as their models, and nobody will ask. */
function growTo(file: string, actors: number): void {
  const database = new Database(file);
  const count = database.prepare<[], number>('SELECT count(*) FROM actor').pluck();
  const copy = database.prepare(
    `INSERT INTO actor SELECT address || '-' || ?, kind, version, revision, state, in_flight, snapshot
       FROM actor WHERE in_flight = 0 AND kind IN ('order', 'payment') AND address NOT LIKE '%-copy%' LIMIT ?`,
  );
  for (let round = 0; ; round += 1) {
    const have = count.get() ?? 0;
    if (have >= actors || copy.run(`copy${have}x${round}`, actors - have).changes === 0) break;
  }
  database.close();
}
