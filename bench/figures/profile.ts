import { join } from 'node:path';
import type { Bench, Figure } from '../figure.ts';
import { profile as takeProfile, type Profile } from '../profile.ts';
import { short } from '../statistics.ts';
import { timeScans } from '../scans.ts';
import { openBenchStore, settled, type BenchStore } from '../store.ts';
import { openTills } from '../till.ts';

const functionsShown = 20;

export const profile: Figure = {
  title: 'Where the time goes',
  async measure(bench) {
    const sales = bench.mode === 'quick' ? 300 : 4000;
    const one = await profileWork(bench, 1, selling(Math.round(sales / 4)));
    const many = await profileWork(bench, 64, selling(sales));
    const scans = await profileWork(bench, 64, scanning(bench.mode === 'quick' ? 400 : 3000));
    const groups = [...many.profile.groups].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
    const functions = [...many.profile.functions].toSorted(([, a], [, b]) => b - a).slice(0, functionsShown);
    const share = ({ profile: { groups: all } }: Profiled, seconds: number): string =>
      `${((100 * seconds) / [...all.values()].reduce((sum, each) => sum + each, 0)).toFixed(1)} %`;
    const cells = (profiled: Profiled, seconds: number): readonly string[] => [
      short((seconds * 1e6) / profiled.times),
      share(profiled, seconds),
    ];
    return {
      tables: [
        {
          columns: [
            'group',
            'sale, 64 counters, µs',
            'share',
            'sale, 1 counter, µs',
            'share',
            'scan, 64 counters, µs',
            'share',
          ],
          rows: groups.map((name) => [
            name,
            ...cells(many, many.profile.groups.get(name) ?? 0),
            ...cells(one, one.profile.groups.get(name) ?? 0),
            ...cells(scans, scans.profile.groups.get(name) ?? 0),
          ]),
        },
        {
          columns: ['self time of functions in a sale, 64 counters', 'µs', 'share'],
          rows: functions.map(([name, seconds]) => [`\`${name}\``, ...cells(many, seconds)]),
        },
      ],
      notes: [
        'Samples of V8 every 200 µs on the main thread, which does everything; time in which it waits for the disk is in the group that waits. SQLite and JSON are wrapped to be told apart, which makes this figure a little slower than those above. A dropped order of ten lines counts with its scans.',
      ],
      ratios: {},
    };
  },
};

interface Profiled {
  /** How often the work was done. */
  readonly times: number;
  readonly profile: Profile;
}

/** Opens what it needs; each call of what it returns does the work and tells how often. */
interface Work {
  readonly name: string;
  readonly begin: (store: BenchStore) => { readonly warm: () => Promise<unknown>; readonly run: () => Promise<number> };
}

const selling = (sales: number): Work => ({
  name: 'sales',
  begin(store) {
    const tills = openTills(store);
    return { warm: () => tills.sell(300), run: async () => (await tills.sell(sales)).times.length };
  },
});

const scanning = (forMs: number): Work => ({
  name: 'scans',
  begin({ program: { runtime, newId }, counterIds, codes }) {
    const scan = (ms: number) => timeScans(runtime, newId, { counterIds, codes, forMs: ms });
    return { warm: () => scan(500), run: async () => (await scan(forMs)).length };
  },
});

async function profileWork({ folder, report }: Bench, counters: number, work: Work): Promise<Profiled> {
  report(`${work.name} at ${counters} counters`);
  const store = await openBenchStore({ folder: join(folder, `${work.name}-${counters}`), counters });
  const { warm, run } = work.begin(store);
  await warm(); // compiles
  let times = 0;
  const taken = await takeProfile(async () => {
    times = await run();
    await settled(store.program);
  });
  await store.program.stop();
  return { times, profile: taken };
}
