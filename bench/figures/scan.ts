import { join } from 'node:path';
import { roundsOf, type Figure } from '../figure.ts';
import { openFloor, type Floor } from '../floor.ts';
import { findNats, serveStore, type ServedStore } from '../nats.ts';
import { timeScans, type ScanWork } from '../scans.ts';
import { median, quantile, short } from '../statistics.ts';
import { openBenchStore, type BenchStore } from '../store.ts';

interface ScanRound {
  readonly counters: number;
  readonly inProcess: readonly number[];
  /** Empty without nats-server. */
  readonly overNats: readonly number[];
  readonly commits: readonly number[];
  readonly echoes: readonly number[];
}

export const scan: Figure = {
  title: 'A scan, until it is acknowledged',
  async measure({ folder, mode, report }) {
    const store = await openBenchStore({ folder: join(folder, 'store'), counters: 64 });
    const floor = openFloor(join(folder, 'floor'));
    const binary = await findNats(report);
    const served = binary.ok ? await serveStore(store, binary) : null;
    const forMs = mode === 'quick' ? 400 : 1200;
    const rounds: ScanRound[] = [];
    await measureRound(store, served, floor, 8, forMs); // warms up, not told
    for (let round = 0; round < roundsOf(mode); round += 1) {
      report(`round ${round + 1}`);
      rounds.push(await measureRound(store, served, floor, 1, forMs));
      rounds.push(await measureRound(store, served, floor, 64, forMs));
    }
    await served?.close();
    floor.close();
    await store.program.stop();
    const wayRows = ways.filter(({ name }) => served !== null || name === 'in-process');
    const found = [1, 64].flatMap((counters) =>
      wayRows.map((way) => ({ counters, way, of: rounds.filter((one) => one.counters === counters) })),
    );
    return {
      tables: [
        {
          columns: [
            'counters',
            'way',
            'p50 ms',
            'p99 ms',
            'raw commit p50 ms',
            'raw NATS round trip p50 ms',
            'p50 ÷ floor',
            'p99 ÷ floor',
            'rounds',
          ],
          rows: found.map(({ counters, way, of }) => [
            String(counters),
            way.name,
            ...[timeOf(way, 0.5), timeOf(way, 0.99), commit, ...(way.name === 'in-process' ? [] : [echo])].map(
              (value) => short(median(of.map(value))),
            ),
            ...(way.name === 'in-process' ? [''] : []),
            `**${short(median(of.map(ratio(way, 0.5))))}**`,
            short(median(of.map(ratio(way, 0.99)))),
            String(of.length),
          ]),
        },
      ],
      notes: [
        'From the call of `send` to its answer, after the commit. An order is dropped after ten lines, so a scan reprices one to ten of them. Over NATS the till is a process of its own with one connection, the store, nats-server and the till share the machine.',
        'Floor: a raw commit with as many one-row inserts as there are counters, over NATS plus a raw round trip with as many requests in flight between the same two processes; p50 over p50, p99 over p99.',
        binary.ok ? `nats-server ${binary.version}.` : `Not measured over NATS: ${binary.message}`,
      ],
      ratios: Object.fromEntries(
        found.map(({ counters, way, of }) => [`${counters} ${way.name} p50 ÷ floor`, median(of.map(ratio(way, 0.5)))]),
      ),
    };
  },
};

async function measureRound(
  store: BenchStore,
  served: ServedStore | null,
  floor: Floor,
  counters: number,
  forMs: number,
): Promise<ScanRound> {
  const work: ScanWork = { counterIds: store.counterIds.slice(0, counters), codes: store.codes, forMs };
  const { runtime, newId } = store.program;
  return {
    counters,
    commits: floor.commits(counters, forMs / 3),
    inProcess: await timeScans(runtime, newId, work),
    echoes: (await served?.measure({ type: 'echoes', inFlight: counters, forMs: forMs / 3 })) ?? [],
    overNats: (await served?.measure({ type: 'scans', ...work })) ?? [],
  };
}

interface Way {
  readonly name: string;
  readonly times: (round: ScanRound) => readonly number[];
  readonly floorMs: (round: ScanRound, share: number) => number;
}

const commit = ({ commits }: ScanRound): number => median(commits);
const echo = ({ echoes }: ScanRound): number => median(echoes);
const ways: readonly Way[] = [
  {
    name: 'in-process',
    times: ({ inProcess }) => inProcess,
    floorMs: ({ commits }, share) => quantile(commits, share),
  },
  {
    name: 'over NATS',
    times: ({ overNats }) => overNats,
    floorMs: ({ commits, echoes }, share) => quantile(commits, share) + quantile(echoes, share),
  },
];
const timeOf =
  (way: Way, share: number) =>
  (round: ScanRound): number =>
    quantile(way.times(round), share);
const ratio =
  (way: Way, share: number) =>
  (round: ScanRound): number =>
    timeOf(way, share)(round) / way.floorMs(round, share);
