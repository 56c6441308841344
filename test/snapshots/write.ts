import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds, type Persisted } from '../../src/actors/kinds.ts';
import type { ActorKind } from '../../src/domain/address.ts';
import type { ActorWrite, Journal } from '../../src/domain/journal.ts';
import { openShop, type DeskOptions } from '../actors/desk.ts';
import { createDeskDevices } from '../actors/devices.ts';
import { createChance, createStormDevices, plug, storm } from '../actors/storm.ts';

/**
 * Keeps snapshots as this program writes them, one file a kind, under the version of its machine: `node test/snapshots/write.ts`.
 * Run it when a machine gets a new version, before anything else changes. A file that is there is never written again: it is
 * what some store may have on its disk.
 */
export interface KeptSnapshot extends Persisted {
  readonly inFlight: boolean;
}
export type KeptSnapshots = Readonly<Record<string, KeptSnapshot>>;

/** Storms to sail through; more find no state that these do not. */
const seeds = Array.from({ length: 40 }, (_, index) => 5_000 + index);

type Seen = Map<ActorKind, Map<string, KeptSnapshot>>;

const watch =
  (seen: Seen) =>
  (journal: Journal): Journal => ({
    ...journal,
    commit(commit) {
      for (const actor of commit.actors) note(seen, actor);
      return journal.commit(commit);
    },
  });

function note(seen: Seen, { kind, state, inFlight, snapshot }: ActorWrite): void {
  const states = seen.get(kind) ?? new Map<string, KeptSnapshot>();
  seen.set(kind, states);
  // The longest one says most.
  const longest = JSON.stringify(states.get(state) ?? null).length;
  if (snapshot.length > longest) states.set(state, { ...(JSON.parse(snapshot) as Persisted), inFlight });
}

async function sail(seen: Seen): Promise<void> {
  for (const seed of seeds) {
    const chance = createChance(seed);
    let shop = await openShop({ desk: createStormDevices(chance), wrapJournal: watch(seen) });
    for (let round = 0; round < 3; round += 1) {
      await storm(shop, chance, 200);
      shop = await plug(shop, chance);
    }
  }
}

/** What no storm lasts long enough for: a terminal that is gone for an hour. */
async function wait(seen: Seen): Promise<void> {
  const options: DeskOptions = { wrapJournal: watch(seen) };
  const says = (outcome: string) => () => Promise.resolve({ outcome });
  for (const reversing of [false, true]) {
    const desk = createDeskDevices(['1', '2', '3']);
    desk.answers.query = says('no-answer');
    desk.answers.reverse = says('no-answer');
    if (!reversing) desk.answers.authorize = says('no-answer');
    const shop = await openShop({ ...options, desk });
    await shop.ask('counter/1', { type: 'SCAN', code: 'BREAD' });
    await shop.ask('counter/1', { type: 'PAY', tender: 'CARD', amountMinor: 300 });
    const paymentId = shop.database.prepare<[], string>('SELECT payment_id FROM payments').pluck().get();
    if (reversing) await shop.ask('counter/1', { type: 'VOID_PAYMENT', paymentId, reason: 'changed mind' });
    await shop.clock.advance(3_600_000);
  }
}

async function write(): Promise<void> {
  const seen: Seen = new Map();
  await sail(seen);
  await wait(seen);
  for (const [kind, states] of seen) {
    const folder = join(import.meta.dirname, `v${kinds[kind].version}`);
    const file = join(folder, `${kind}.json`);
    mkdirSync(folder, { recursive: true });
    const words = [...states.keys()].toSorted((a, b) => (a < b ? -1 : 1));
    if (existsSync(file)) console.log(`${kind}: kept as it is; today it would have ${words.join(' ')}`);
    else {
      const lines = words.map((word) => `  ${JSON.stringify(word)}: ${JSON.stringify(states.get(word))}`);
      writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
      console.log(`${kind}: ${words.join(' ')}`);
    }
  }
}

if (process.argv[1] === import.meta.filename) await write();
