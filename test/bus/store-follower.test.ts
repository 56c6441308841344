import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { createFollower, type Follower } from '../../src/bus/follower.ts';
import type { ChangePage } from '../../src/bus/messages.ts';
import { wireLimits } from '../../src/bus/wire-limits.ts';
import { address, type Address } from '../../src/domain/address.ts';
import type { Change } from '../../src/domain/ports.ts';

const change = (sequence: number, of: Address, revision: number): Change => ({
  sequence,
  address: of,
  revision,
  event: 'SCAN',
  status: 'PENDING',
  messageId: `message-${sequence}`,
  at: 0,
  view: null,
});

/** A journal of turns by a few actors, each with its revisions. */
const journalOf = (actors: readonly number[]): readonly Change[] => {
  const revisions = new Map<number, number>();
  return actors.map((actor, index) => {
    const revision = (revisions.get(actor) ?? 0) + 1;
    revisions.set(actor, revision);
    return change(index + 1, address('order', String(actor)), revision);
  });
};

/** A store whose journal grows as told, and whose pages can fail. */
const createSource = (journal: readonly Change[], wanted: (of: Change) => boolean, pageTurns: number) => {
  let head = 0;
  let failures = 0;
  let pages = 0;
  return {
    pages: () => pages,
    grow: (): Change | undefined => {
      head = Math.min(head + 1, journal.length);
      return journal[head - 1];
    },
    shrink: (to: number) => {
      head = to;
    },
    failNext: () => {
      failures += 1;
    },
    page: (after: number): Promise<ChangePage | null> => {
      pages += 1;
      if (failures > 0) {
        failures -= 1;
        return Promise.resolve(null);
      }
      const entries = journal
        .slice(0, head)
        .filter(({ sequence }) => sequence > after)
        .slice(0, pageTurns);
      const through = entries.at(-1)?.sequence ?? after;
      return Promise.resolve({ ok: true, changes: entries.filter(wanted), through, head });
    },
  };
};

const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

const follow = (source: ReturnType<typeof createSource>, options: { fromSequence: number; isWhole: boolean }) => {
  const heard: Change[] = [];
  const onRewind = vi.fn<(from: number, head: number) => void>();
  const follower: Follower = createFollower(
    { page: source.page, pause: () => Promise.resolve(), deliver: (one) => void heard.push(one), onRewind },
    options,
  );
  return { heard, follower, onRewind };
};

const whole = { fromSequence: 0, isWhole: true };

describe('property', () => {
  /** What happens to each turn on its way to a follower: told, lost, told twice; a page fails; the head is told. */
  const fate = fc.constantFrom(
    'told',
    'told',
    'told',
    'lost',
    'twice',
    'page-fails',
    'head',
    'line-broke',
    'pause' as const,
  );
  const life = fc.record({
    actors: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 60 }),
    fates: fc.array(fate, { minLength: 60, maxLength: 60 }),
    pageTurns: fc.integer({ min: 1, max: 7 }),
    fromSequence: fc.integer({ min: 0, max: 20 }),
  });

  test('whatever is lost or told twice: everything once and in order, when the head was told in the end', async () => {
    const run = async ({
      actors,
      fates,
      pageTurns,
      fromSequence,
    }: typeof life extends fc.Arbitrary<infer T> ? T : never) => {
      const journal = journalOf(actors);
      const source = createSource(journal, () => true, pageTurns);
      for (let turn = 0; turn < Math.min(fromSequence, journal.length); turn += 1) source.grow();
      const from = Math.min(fromSequence, journal.length);
      const { heard, follower } = follow(source, { ...whole, fromSequence: from });
      follower.catchUp();
      for (let index = from; index < journal.length; index += 1) {
        const next = source.grow();
        if (next === undefined) break;
        const what = fates[index] ?? 'told';
        if (what === 'page-fails') source.failNext();
        if (what === 'line-broke') follower.suspect();
        if (what !== 'lost' && what !== 'line-broke') follower.hear(next);
        if (what === 'twice') follower.hear(next);
        if (what === 'head') follower.hearHead(next.sequence);
        if (what === 'line-broke') follower.catchUp();
        if (what === 'pause') await settled();
      }
      await settled();
      follower.hearHead(journal.length);
      await vi.waitFor(() => expect(heard.at(-1)?.sequence ?? from).toBe(journal.length), {
        timeout: 10_000,
        interval: 1,
      });
      expect(heard).toEqual(journal.slice(from));
    };
    await fc.assert(fc.asyncProperty(life, run), { numRuns: 200 });
  });

  test('one actor of several, with the line broken now and then: all its revisions, once and in order', async () => {
    const run = async ({ actors, fates, pageTurns }: typeof life extends fc.Arbitrary<infer T> ? T : never) => {
      const journal = journalOf(actors);
      const wanted = ({ address: of }: Change) => of === 'order/1' || of === 'order/2';
      const source = createSource(journal, wanted, pageTurns);
      const { heard, follower } = follow(source, { fromSequence: 0, isWhole: false });
      follower.catchUp();
      for (const [index] of journal.entries()) {
        const next = source.grow();
        const what = fates[index] ?? 'told';
        if (what === 'page-fails') source.failNext();
        if (what === 'line-broke') follower.suspect();
        else if (next !== undefined && wanted(next)) follower.hear(next);
        if (what === 'line-broke') follower.catchUp();
        if (what === 'pause') await settled();
      }
      await settled();
      follower.hearHead(journal.length);
      const all = journal.filter(wanted);
      await vi.waitFor(() => expect(heard.length).toBe(all.length), { timeout: 10_000, interval: 1 });
      expect(heard).toEqual(all);
    };
    await fc.assert(fc.asyncProperty(life, run), { numRuns: 200 });
  });
});

test('a live change is lost: the next one of its actor is held back until the journal has told the lost one', async () => {
  const journal = journalOf([1, 1, 1]);
  const source = createSource(journal, () => true, 100);
  const { heard, follower } = follow(source, { fromSequence: 0, isWhole: false });
  follower.catchUp();
  await settled();
  const [first, , third] = [source.grow(), source.grow(), source.grow()];
  if (first === undefined || third === undefined) throw new Error('the journal has three turns');
  follower.hear(first);
  follower.hear(third);
  expect(heard).toEqual([first]);
  await settled();
  expect(heard).toEqual(journal);
});

test('the last publication of a quiet store is lost: the told head shows it', async () => {
  const journal = journalOf([1, 1]);
  const source = createSource(journal, () => true, 100);
  const { heard, follower } = follow(source, whole);
  follower.catchUp();
  await settled();
  source.grow();
  source.grow();
  follower.hearHead(2);
  await settled();
  expect(heard).toEqual(journal);
});

test('all is known and the head is told again and again: no page is asked for', async () => {
  const source = createSource(journalOf([1]), () => true, 100);
  const { follower } = follow(source, whole);
  source.grow();
  follower.catchUp();
  await settled();
  const before = source.pages();
  for (let times = 0; times < 10; times += 1) follower.hearHead(1);
  await settled();
  expect(source.pages()).toBe(before);
});

test('more comes live than the buffer holds while a page is awaited: let go, and read from the journal', async () => {
  const count = wireLimits.liveBuffer * 3;
  const journal = journalOf(Array.from({ length: count }, (_, index) => index % 5));
  const source = createSource(journal, () => true, 500);
  const { heard, follower } = follow(source, whole);
  follower.catchUp();
  for (const _ of journal) {
    const next = source.grow();
    if (next !== undefined) follower.hear(next);
  }
  await vi.waitFor(() => expect(heard).toHaveLength(count), { timeout: 10_000, interval: 1 });
  expect(heard).toEqual(journal);
});

test('the store is put back from a backup: told, and followed anew from its head', async () => {
  const journal = journalOf([1, 1, 1, 1]);
  const source = createSource(journal, () => true, 100);
  const { heard, follower, onRewind } = follow(source, whole);
  for (let turns = 0; turns < 4; turns += 1) source.grow();
  follower.catchUp();
  await settled();
  source.shrink(2);
  follower.suspect();
  follower.catchUp();
  await settled();
  expect(onRewind).toHaveBeenCalledExactlyOnceWith(4, 2);
  source.grow();
  follower.hearHead(3);
  await settled();
  expect(heard.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 3]);
});

test('it is ended while a page is on its way: nothing more is told', async () => {
  const journal = journalOf([1, 1]);
  const source = createSource(journal, () => true, 100);
  const { heard, follower } = follow(source, whole);
  const next = source.grow();
  follower.catchUp();
  follower.end();
  if (next !== undefined) follower.hear(next);
  follower.catchUp();
  await settled();
  expect(heard).toEqual([]);
});

test('the line breaks after much was heard live: only what is new is read from the journal', async () => {
  const journal = journalOf(Array.from({ length: 100 }, () => 1));
  const source = createSource(journal, () => true, 10);
  const { heard, follower } = follow(source, whole);
  follower.catchUp();
  await settled();
  const before = source.pages();
  for (const _ of journal.slice(1)) {
    const next = source.grow();
    if (next !== undefined) follower.hear(next);
  }
  source.grow();
  follower.suspect();
  follower.catchUp();
  await settled();
  expect(heard).toEqual(journal);
  expect(source.pages() - before).toBe(1);
});
