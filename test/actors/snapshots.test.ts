import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../src/actors/kinds.ts';
import { actorKinds, type ActorKind, type Address } from '../../src/domain/address.ts';
import type { Journal } from '../../src/domain/journal.ts';
import { openMemory } from '../../src/persistence/database.ts';
import type { KeptSnapshot, KeptSnapshots } from '../snapshots/write.ts';
import { openDesk } from './desk.ts';

const folder = join(import.meta.dirname, '../snapshots');
const versions = readdirSync(folder).filter((name) => /^v\d+$/.test(name));

interface Kept {
  readonly name: string;
  readonly kind: ActorKind;
  readonly version: number;
  readonly snapshot: KeptSnapshot;
}
const kept: readonly Kept[] = versions.flatMap((version) =>
  readdirSync(join(folder, version)).flatMap((file) => {
    const kind = actorKinds.find((known) => `${known}.json` === file);
    if (kind === undefined) throw new Error(`${version}/${file} is of no kind`);
    const states = JSON.parse(readFileSync(join(folder, version, file), 'utf8')) as KeptSnapshots;
    return Object.entries(states).map(([state, snapshot]) => ({
      name: `${version} ${kind} ${state}`,
      kind,
      version: Number(version.slice(1)),
      snapshot,
    }));
  }),
);

/** The actors alone: the rows that their facts would change are not here. */
const withoutFacts = (journal: Journal): Journal => ({
  ...journal,
  commit: (commit) => journal.commit({ ...commit, turns: commit.turns.map((turn) => ({ ...turn, facts: [] })) }),
});

const addressOf = ({ kind, snapshot }: Kept): Address => {
  const { paymentId, orderId } = snapshot.context as { readonly paymentId?: string; readonly orderId?: string };
  const ids: Partial<Readonly<Record<ActorKind, string | undefined>>> = {
    payment: paymentId,
    refund: paymentId,
    order: orderId,
    'store-day': 'main',
  };
  return `${kind}/${ids[kind] ?? '1'}`;
};

describe('a store that was written by a released version', () => {
  it('every kind has kept snapshots of its present version', () => {
    const present = new Set(
      kept.filter(({ kind, version }) => version === kinds[kind].version).map(({ kind }) => kind),
    );
    expect(actorKinds.filter((kind) => !present.has(kind))).toEqual([]);
  });

  it.each(kept)('$name goes on', async (one) => {
    const database = openMemory();
    const of = addressOf(one);
    const { inFlight, ...persisted } = one.snapshot;
    database
      .prepare(
        'INSERT INTO actor (address, kind, version, revision, state, in_flight, snapshot) VALUES (?, ?, ?, 7, ?, ?, ?)',
      )
      .run(of, one.kind, one.version, 'old', inFlight ? 1 : 0, JSON.stringify(persisted));
    const desk = await openDesk({ database, wrapJournal: withoutFacts });
    expect(desk.runtime.stats().faulted).toEqual([]);
    const view = await desk.runtime.read(of);
    // Who was at something has heard of the restart.
    expect((view?.revision ?? 0) > 7).toBe(inFlight);
    expect(view?.status).not.toBe('faulted');
    // An hour later it has done what it does, and is still understood.
    await desk.clock.advance(3_600_000);
    expect(desk.runtime.stats().faulted).toEqual([]);
    expect((await desk.runtime.read(of))?.status).not.toBe('faulted');
  });
});
