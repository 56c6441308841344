import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnly, openStore, type Sqlite } from '../../src/persistence/database.ts';
import type { Problem } from './invariants.ts';
import type { CrashRun } from './kills.ts';
import type { Flow } from './flows.ts';
import { pathsOf } from './protocol.ts';
import { runFlow } from './run.ts';
import { sample, seedOf } from './sample.ts';
import { createTally, type Row } from './tally.ts';
import type { Acknowledged } from './till.ts';
import { verifyStore } from './verify-store.ts';

/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log: the header, then frames of a header and a page. */
const walHeaderBytes = 32;
const frameHeaderBytes = 24;

/** What the power leaves of a WAL: its first bytes, then nothing, or zeroes where the page was not written yet. */
interface Cut {
  readonly at: number;
  readonly zeroes: number;
}

interface Noted {
  readonly head: number;
  readonly walBytes: number;
}

/** The database as it lies on disk after the power failed between any two writes to its log. */
export async function cutEverywhere(run: CrashRun, flow: Flow): Promise<Row> {
  const tally = createTally(`WAL cut: ${flow.name}`);
  const folder = join(run.folder, 'to-be-cut');
  const { acknowledged, problems } = await runFlow({ flow, template: run.template, folder });
  tally.only('  undisturbed', problems);
  const { store, commits } = pathsOf(folder);
  const wal = readFileSync(join(store, 'store.db-wal'));
  const noted = readNotes(commits);
  const whole = chainOf(store);
  const before = chainOf(join(run.template, 'store')).length;
  const cuts = sample(cutsOf(wal), run.share, 20, seedOf(flow.name, run.seed));
  for (const cut of cuts) {
    const head = Math.max(
      before,
      ...noted.filter(({ walBytes }) => walBytes <= intactBytes(wal, cut)).map((note) => note.head),
    );
    const left = join(run.folder, 'cut');
    layOut(store, left, wal, cut);
    tally.add(
      `  ${flow.name}, WAL cut at byte ${cut.at} of ${wal.length}, ${cut.zeroes} zeroes`,
      checkCut(left, head, whole, acknowledged),
      true,
    );
  }
  return tally.row();
}

/** At each boundary, within the header of each frame, within its page, and there with the rest as zeroes. */
function cutsOf(wal: Buffer): readonly Cut[] {
  const pageBytes = wal.readUInt32BE(8);
  const frameBytes = frameHeaderBytes + pageBytes;
  const frames = Math.floor((wal.length - walHeaderBytes) / frameBytes);
  const starts = Array.from({ length: frames }, (_, index) => walHeaderBytes + index * frameBytes);
  const within = starts.flatMap((start) => [
    { at: start, zeroes: 0 },
    { at: start + frameHeaderBytes / 2, zeroes: 0 },
    { at: start + frameHeaderBytes + pageBytes / 2, zeroes: 0 },
    { at: start + frameHeaderBytes + pageBytes / 2, zeroes: pageBytes / 2 },
  ]);
  return [
    { at: 0, zeroes: 0 },
    { at: walHeaderBytes / 2, zeroes: 0 },
    ...within,
    { at: walHeaderBytes + frames * frameBytes, zeroes: 0 },
  ];
}

/** Head and WAL size after each commit that returned; only while the WAL grows do sizes tell what lies in it. */
function readNotes(path: string): readonly Noted[] {
  const noted = readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Noted);
  if (noted.some(({ walBytes }, index) => walBytes <= (noted[index - 1]?.walBytes ?? 0))) {
    throw new Error('the WAL began anew during the flow; take a shorter one');
  }
  return noted;
}

/** A page may end in zeroes of its own: then nothing of it is missing. */
const intactBytes = (wal: Buffer, { at, zeroes }: Cut): number =>
  wal.subarray(at, at + zeroes).equals(Buffer.alloc(zeroes)) ? at + zeroes : at;

function layOut(from: string, to: string, wal: Buffer, { at, zeroes }: Cut): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  cpSync(join(from, 'store.db'), join(to, 'store.db'));
  writeFileSync(join(to, 'store.db-wal'), Buffer.concat([wal.subarray(0, at), Buffer.alloc(zeroes)]));
}

/** Hashes of the journal, in order. Read only: closing it in order would fold the WAL away. */
function chainOf(folder: string): readonly string[] {
  const database = openReadOnly(folder);
  try {
    return hashes(database);
  } finally {
    database.close();
  }
}
const hashes = (database: Sqlite): readonly string[] =>
  database.prepare<[], string>('SELECT hex(hash) FROM journal ORDER BY sequence').pluck().all();

/** It opens, is whole in itself, and is the whole store's beginning: up to the last commit whose frames are all there. */
function checkCut(
  folder: string,
  head: number,
  whole: readonly string[],
  acknowledged: readonly Acknowledged[],
): readonly Problem[] {
  const opened = openStore(folder);
  if ('reason' in opened) return [{ kind: 'wrong', text: `it does not open: ${opened.detail}` }];
  try {
    const { database } = opened;
    const kept = hashes(database);
    const answered = new Set(database.prepare<[], string>('SELECT command_id FROM inbox').pluck().all());
    const missing = acknowledged.filter(({ ack }) => ack.sequence <= head && !answered.has(ack.id));
    return [
      ...verifyStore(database).map((text) => ({ kind: 'wrong', text }) as const),
      ...(kept.every((hash, index) => hash === whole[index])
        ? []
        : [{ kind: 'wrong', text: 'it is not the beginning of the whole' } as const]),
      ...(kept.length < head
        ? [{ kind: 'lost', text: `${head} turns were on disk, ${kept.length} are there` } as const]
        : []),
      ...(kept.length > head
        ? [{ kind: 'wrong', text: `${kept.length} turns are there, of which only ${head} were committed` } as const]
        : []),
      ...missing.map(
        ({ to, event }) => ({ kind: 'lost', text: `${to} ${event} was acknowledged and is gone` }) as const,
      ),
    ];
  } finally {
    opened.close();
  }
}
