import { join } from 'node:path';
import { roundsOf, type Figure } from '../figure.ts';
import { measureSaleRounds, type SaleRound } from '../sale-rounds.ts';
import { median, short } from '../statistics.ts';

/** The two commits of a card sale: intent and outcome. Between them is the terminal. */
const commitsNeeded = 2;

export const sale: Figure = {
  title: 'A durable card sale',
  async measure({ folder, mode, report }) {
    const windowMs = mode === 'quick' ? 600 : 1500;
    const found: { readonly counters: number; readonly rounds: readonly SaleRound[] }[] = [];
    for (const counters of [1, 16, 64]) {
      report(`${counters} counters`);
      const rounds = await measureSaleRounds(join(folder, String(counters)), {
        counters,
        rounds: roundsOf(mode),
        windowMs,
      });
      found.push({ counters, rounds });
    }
    return {
      tables: [
        {
          columns: columns.map(([name]) => name),
          rows: found.map(({ counters, rounds }) => columns.map(([, value]) => value(counters, rounds))),
        },
        {
          columns: floorColumns.map(([name]) => name),
          rows: found.map(({ counters, rounds }) => floorColumns.map(([, value]) => value(counters, rounds))),
        },
      ],
      notes: [
        'An order with four lines, a card approved by an instant terminal, ledger, receipt number, receipt printed by an instant printer; with the full journal, hash chain, facts, projections, and fsync on. Basket and card key are handed in together; each counter begins its next sale when the last one is RECEIPTED.',
        "**paid**: from the key to the commit after which approval, ledger and receipt are on disk (two commits). **receipted**: until the printer's answer is on disk as well (a third one).",
        '**two raw commits**: twice the median of a one-row commit. **raw SQLite**: the very statements and values of such a run, in the same transactions, replayed into an empty database of the same schema without our code; the figure is only told if both hash chains and all row counts came out the same. **checkpoint rows**: one message, state, effect, event and half a ledger row each, 64 in a transaction.',
        'Ratios are medians of the ratios of each round, so a disk that slows down for a minute slows both sides.',
      ],
      ratios: Object.fromEntries(found.flatMap(({ counters, rounds }) => ratiosOf(counters, rounds))),
    };
  },
};

type Column = readonly [name: string, value: (counters: number, rounds: readonly SaleRound[]) => string];

const of = (rounds: readonly SaleRound[], value: (round: SaleRound) => number): string =>
  short(median(rounds.map(value)));

const columns: readonly Column[] = [
  ['counters', String],
  ['sales/s', (_, rounds) => of(rounds, ({ perSecond }) => perSecond)],
  ['paid p50 ms', (_, rounds) => of(rounds, ({ paidMs }) => paidMs.p50)],
  ['p99', (_, rounds) => of(rounds, ({ paidMs }) => paidMs.p99)],
  ['receipted p50 ms', (_, rounds) => of(rounds, ({ receiptedMs }) => receiptedMs.p50)],
  ['p99', (_, rounds) => of(rounds, ({ receiptedMs }) => receiptedMs.p99)],
  ['commits a sale', (_, rounds) => of(rounds, ({ commitsPerSale }) => commitsPerSale)],
  ['rounds', (_, rounds) => String(rounds.length)],
];

const paidOverCommits = ({ paidMs, rawCommitMs }: SaleRound): number => paidMs.p50 / (commitsNeeded * rawCommitMs);
const receiptedOverCommits = ({ receiptedMs, rawCommitMs }: SaleRound): number =>
  receiptedMs.p50 / (commitsNeeded * rawCommitMs);
const overRaw = ({ perSecond, rawPerSecond }: SaleRound): number => perSecond / rawPerSecond;
const overCheckpoints = ({ perSecond, checkpointsPerSecond }: SaleRound): number => perSecond / checkpointsPerSecond;

const floorColumns: readonly Column[] = [
  ['counters', String],
  ['raw commit ms', (_, rounds) => of(rounds, ({ rawCommitMs }) => rawCommitMs)],
  [
    'paid ÷ two raw commits',
    (counters, rounds) => (counters === 1 ? `**${of(rounds, paidOverCommits)}** (aim ≤ 2.5)` : ''),
  ],
  ['receipted ÷ two raw commits', (counters, rounds) => (counters === 1 ? of(rounds, receiptedOverCommits) : '')],
  ['raw SQLite sales/s', (_, rounds) => of(rounds, ({ rawPerSecond }) => rawPerSecond)],
  ['sales ÷ raw SQLite', (counters, rounds) => `**${of(rounds, overRaw)}**${counters === 64 ? ' (aim ≥ 0.5)' : ''}`],
  ['checkpoint rows/s', (_, rounds) => of(rounds, ({ checkpointsPerSecond }) => checkpointsPerSecond)],
  [
    'sales ÷ checkpoint rows',
    (counters, rounds) => `${of(rounds, overCheckpoints)}${counters === 64 ? ' (aim ≥ 0.1)' : ''}`,
  ],
];

const ratiosOf = (counters: number, rounds: readonly SaleRound[]): readonly (readonly [string, number])[] => [
  ...(counters === 1
    ? ([
        ['1 paid ÷ two raw commits', median(rounds.map(paidOverCommits))],
        ['1 receipted ÷ two raw commits', median(rounds.map(receiptedOverCommits))],
      ] as const)
    : []),
  [`${counters} sales ÷ raw SQLite`, median(rounds.map(overRaw))],
  [`${counters} sales ÷ checkpoint rows`, median(rounds.map(overCheckpoints))],
];
