import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { since, startChild } from '../child.ts';
import { roundsOf, type Figure, type Mode } from '../figure.ts';
import { median, short } from '../statistics.ts';

const inFlightOf = (mode: Mode): number => (mode === 'quick' ? 100 : 1000);

interface Resumed {
  readonly loadedMs: number;
  readonly openedMs: number;
  readonly firstMs: number;
  readonly lastMs: number;
}
interface RecoveryRound {
  readonly plain: Resumed;
  /** With NODE_COMPILE_CACHE: Node neither strips types nor compiles what it knows. */
  readonly cached: Resumed;
  readonly rawReadMs: number;
  readonly rawWrittenMs: number;
}

export const recovery: Figure = {
  title: 'Killed with card payments in flight',
  async measure({ folder, mode, report }) {
    const inFlight = inFlightOf(mode);
    const killed = join(folder, 'killed');
    report(`${inFlight} payments in flight, then SIGKILL`);
    await killWithPaymentsInFlight(killed, inFlight);
    const folders = { killed, copy: join(folder, 'copy'), cache: join(folder, 'cache') };
    await resume(folders, inFlight, folders.cache); // fills the cache
    const rounds: RecoveryRound[] = [];
    for (let round = 0; round < roundsOf(mode); round += 1) {
      const raw = await startRaw(folders);
      const plain = await resume(folders, inFlight);
      rounds.push({ ...raw, plain, cached: await resume(folders, inFlight, folders.cache) });
    }
    const of = (value: (round: RecoveryRound) => number): string => short(median(rounds.map(value)));
    const row = (what: string, key: keyof Resumed, floor: (round: RecoveryRound) => number): readonly string[] => [
      what,
      of(({ plain }) => plain[key]),
      of(({ cached }) => cached[key]),
      of(floor),
      of((round) => round.plain[key] / floor(round)),
      `**${of((round) => round.cached[key] / floor(round))}**`,
    ];
    return {
      tables: [
        {
          columns: [
            'from the start of the process, ms',
            'Storefirst',
            'with compile cache',
            'raw floor',
            'ratio',
            'ratio with cache',
          ],
          rows: [
            [
              'Node and all modules loaded',
              of(({ plain }) => plain.loadedMs),
              of(({ cached }) => cached.loadedMs),
              '',
              '',
              '',
            ],
            [
              'store opened, restart messages waiting',
              of(({ plain }) => plain.openedMs),
              of(({ cached }) => cached.openedMs),
              '',
              '',
              '',
            ],
            row('first payment resumed', 'firstMs', ({ rawReadMs }) => rawReadMs),
            row(`last of ${inFlight} resumed (aim 500)`, 'lastMs', ({ rawWrittenMs }) => rawWrittenMs),
          ],
        },
      ],
      notes: [
        `A store of ${inFlight} counters, each with a card payment sent to a terminal that does not answer, is killed with SIGKILL. Started again, every terminal and printer connects, each terminal is asked what became of its payment and answers at once from its memory; *resumed* means that the payment is \`success\` and the order PAID on disk. ${rounds.length} restarts of copies of the same killed store, each way. None was charged twice: a second authorisation ends the bench.`,
        'Raw floor: a Node process that opens the database (and so recovers its WAL), reads and parses the snapshots in flight (first) and writes each of them back in one commit (last).',
      ],
      ratios: {
        'first ÷ raw read': median(rounds.map(({ plain, rawReadMs }) => plain.firstMs / rawReadMs)),
        'last ÷ raw write': median(rounds.map(({ plain, rawWrittenMs }) => plain.lastMs / rawWrittenMs)),
        'last with compile cache ÷ raw write': median(
          rounds.map(({ cached, rawWrittenMs }) => cached.lastMs / rawWrittenMs),
        ),
      },
    };
  },
};

interface Folders {
  readonly killed: string;
  readonly copy: string;
  readonly cache: string;
}

async function killWithPaymentsInFlight(folder: string, inFlight: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { child, line, ended } = startChild('in-flight-store.ts', [folder, String(inFlight)]);
  await line;
  child.kill('SIGKILL');
  await ended;
}

const startRaw = ({ killed, copy }: Folders): Promise<Pick<RecoveryRound, 'rawReadMs' | 'rawWrittenMs'>> =>
  onCopy(killed, copy, async () => {
    const { line, ended, startedAt } = startChild('raw-start.ts', [copy]);
    const answer = await line;
    await ended;
    return { rawReadMs: since(startedAt, answer['readAt']), rawWrittenMs: since(startedAt, answer['writtenAt']) };
  });

const resume = ({ killed, copy }: Folders, inFlight: number, compileCache?: string): Promise<Resumed> =>
  onCopy(killed, copy, async () => {
    const { line, ended, startedAt } = startChild('resuming-store.ts', [copy, String(inFlight)], compileCache);
    const answer = await line;
    await ended;
    if (answer['paid'] !== inFlight) throw new Error(`${answer['paid']} of ${inFlight} payments are on disk`);
    return {
      loadedMs: since(startedAt, answer['loadedAt']),
      openedMs: since(startedAt, answer['openedAt']),
      firstMs: since(startedAt, answer['firstAt']),
      lastMs: since(startedAt, answer['lastAt']),
    };
  });

/** Each start finds the store as it was killed. */
async function onCopy<T>(killed: string, copy: string, work: () => Promise<T>): Promise<T> {
  cpSync(killed, copy, { recursive: true });
  try {
    return await work();
  } finally {
    rmSync(copy, { recursive: true });
  }
}
