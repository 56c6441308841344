import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import { StorageFailure, type Commit, type Journal } from '../../src/domain/journal.ts';
import { openDesk, openShop, type Desk } from './desk.ts';
import { createDeskDevices } from './devices.ts';
import { doing, probes, script } from './probe.ts';

const notesOf = (desk: Desk, of: Address): unknown => desk.contextOf(of)['notes'] ?? [];

/** A journal that tells of each commit, and refuses when it is told to. */
const watched = () => {
  const commits: Commit[] = [];
  const disk = { full: false };
  const wrapJournal = (journal: Journal): Journal => ({
    ...journal,
    commit(commit) {
      if (disk.full) throw new StorageFailure('SQLITE_FULL database or disk is full');
      commits.push(commit);
      return journal.commit(commit);
    },
  });
  return { commits, disk, wrapJournal };
};

describe('group commit', () => {
  it('what became ready in one tick goes into one commit', async () => {
    const { commits, wrapJournal } = watched();
    const desk = await openDesk({ kinds: probes(), wrapJournal });
    const answers = Array.from({ length: 40 }, (_, index) =>
      desk.send(`counter/${(index % 3) + 1}` as Address, script(['note', String(index)])),
    );
    expect(commits).toHaveLength(0);
    await desk.clock.settle();
    expect((await Promise.all(answers)).every(({ ok }) => ok)).toBe(true);
    expect(commits.map(({ turns }) => turns.length)).toEqual([40]);
    expect(desk.runtime.stats()).toMatchObject({ commits: 1, turns: 40 });
  });

  it('more than one commit takes goes into the next, in order', async () => {
    const { commits, wrapJournal } = watched();
    const desk = await openDesk({ kinds: probes(), wrapJournal, limits: { commitMessagesMax: 4 } });
    const words = Array.from({ length: 10 }, (_, index) => String(index));
    for (const word of words) void desk.send('counter/1', script(['note', word]));
    await desk.clock.settle();
    expect(commits.map(({ turns }) => turns.length)).toEqual([4, 4, 2]);
    expect(notesOf(desk, 'counter/1')).toEqual(words);
  });

  it('a card sale takes two commits: the wish to charge, and what became of it', async () => {
    const { commits, wrapJournal } = watched();
    const shop = await openShop({ wrapJournal });
    await shop.ask('counter/1', { type: 'SCAN', code: 'BREAD' });
    const before = commits.length;
    await shop.ask('counter/1', { type: 'PAY', tender: 'CARD' });
    const paid = commits
      .slice(before)
      .flatMap(({ turns }) => turns.flatMap(({ facts }) => facts.map(({ type }) => type)));
    expect(paid).toEqual(['payment.initiated', 'payment.succeeded', 'order.paid', 'order.receipted']);
    const first = commits
      .slice(before)
      .findIndex(({ turns }) => turns.some(({ event }) => event.type === 'AUTHORIZE_ENDED'));
    expect(first).toBe(1);
  });
});

describe('commit, then act', () => {
  const run = async (wrap: (journal: Journal, log: string[]) => Journal): Promise<readonly string[]> => {
    const log: string[] = [];
    const desk = createDeskDevices(['1']);
    desk.answers.show = () => {
      log.push('act');
      return Promise.resolve({ outcome: 'shown' });
    };
    const opened = await openDesk({ kinds: probes(), desk, wrapJournal: (journal) => wrap(journal, log) });
    const ack = opened
      .send('counter/1', script(['tell', 'display/1', [['show', 'hello']]]))
      .then(() => log.push('acknowledge'));
    await opened.clock.settle();
    await ack;
    return log;
  };
  const noted = (journal: Journal, log: string[]): Journal => ({
    ...journal,
    commit(commit) {
      const first = journal.commit(commit);
      log.push('commit');
      return first;
    },
  });
  const holds = (log: readonly string[]): boolean =>
    log.indexOf('commit') === 0 && log.indexOf('act') > 0 && log.indexOf('acknowledge') > 0;

  it('no call leaves the process and nobody is answered before the commit', async () => {
    expect(holds(await run(noted))).toBe(true);
  });

  it('negative control: a journal that commits behind the back of the runtime is caught by this very check', async () => {
    const late = (journal: Journal, log: string[]): Journal => ({
      ...journal,
      commit(commit) {
        const first = journal.commit(commit);
        setImmediate(() => log.push('commit'));
        return first;
      },
    });
    expect(holds(await run(late))).toBe(false);
  });

  it('X3: the power fails after the commit and before the call: it stands on disk that it was wanted', async () => {
    const desk = createDeskDevices(['1']);
    const atCall: unknown[] = [];
    const opened = await openDesk({ kinds: probes(), desk });
    desk.answers.show = () => {
      atCall.push(opened.database.prepare('SELECT id, type FROM outbox').all());
      return Promise.resolve({ outcome: 'shown' });
    };
    await opened.ask('counter/1', script(['tell', 'display/1', [['show', 'hello']]]));
    expect(atCall).toEqual([[{ id: 'display/1:1:0', type: 'showText' }]]);
    expect(opened.database.prepare('SELECT count(*) FROM outbox').pluck().get()).toBe(0);
    expect(notesOf(opened, 'display/1')).toEqual(['SHOW_ENDED']);
  });
});

describe('X4: the disk is full', () => {
  it('commands are refused and nothing is done; with the same id they go through once there is room', async () => {
    const { disk, wrapJournal } = watched();
    const desk = await openDesk({ kinds: probes(), wrapJournal });
    await desk.ask('counter/1', script(['note', 'a']));
    disk.full = true;
    const command = script(['note', 'b'], ['tell', 'order/o', [['note', 'c']]]);
    const id = 'command-full';
    expect(await desk.ask('counter/1', command, { id })).toMatchObject({ ok: false, reason: 'storage' });
    expect(await desk.runtime.read('order/o')).toBeNull();
    expect((await desk.runtime.read('counter/1'))?.revision).toBe(1);
    disk.full = false;
    await desk.clock.advance(500);
    expect(await desk.ask('counter/1', command, { id })).toMatchObject({ ok: true });
    expect([notesOf(desk, 'counter/1'), notesOf(desk, 'order/o')]).toEqual([['a', 'b'], ['c']]);
    expect(desk.records).toContainEqual(expect.objectContaining({ type: 'storage-failed' }));
  });

  it('what devices and timers said is kept and taken up again, in order', async () => {
    const { disk, wrapJournal } = watched();
    const desk = await openDesk({ kinds: probes(), wrapJournal });
    await desk.ask('counter/1', script(['wait']));
    disk.full = true;
    desk.runtime.hear('order/o', doing(['note', 'a']));
    desk.runtime.hear('order/o', doing(['note', 'b']));
    await desk.clock.advance(1_600);
    expect([notesOf(desk, 'order/o'), notesOf(desk, 'counter/1')]).toEqual([[], []]);
    desk.runtime.hear('order/o', doing(['note', 'c']));
    disk.full = false;
    await desk.clock.advance(500);
    expect([notesOf(desk, 'order/o'), notesOf(desk, 'counter/1')]).toEqual([['a', 'b', 'c'], ['rang']]);
  });

  it('the answer of a device comes while it is full: it is heard once there is room, and the call is not made again', async () => {
    const { disk, wrapJournal } = watched();
    const desk = createDeskDevices(['1']);
    const opened = await openDesk({ kinds: probes(), desk, wrapJournal });
    desk.answers.show = () => {
      disk.full = true;
      return Promise.resolve({ outcome: 'shown' });
    };
    await opened.ask('counter/1', script(['tell', 'display/1', [['show', 'hello']]]));
    expect(notesOf(opened, 'display/1')).toEqual([]);
    disk.full = false;
    await opened.clock.advance(500);
    expect(notesOf(opened, 'display/1')).toEqual(['SHOW_ENDED']);
    expect(desk.calls).toEqual(['display show hello']);
  });

  it('the runtime never goes on from memory: what the disk did not take is forgotten', async () => {
    const { disk, wrapJournal } = watched();
    const desk = await openDesk({ kinds: probes(), wrapJournal });
    await desk.ask('counter/1', script(['note', 'a']));
    disk.full = true;
    await desk.ask('counter/1', script(['note', 'lost']));
    expect(desk.runtime.stats().resident).toBe(0);
    disk.full = false;
    await desk.clock.advance(500);
    await desk.ask('counter/1', script(['note', 'b']));
    expect(notesOf(desk, 'counter/1')).toEqual(['a', 'b']);
  });

  it('fills up between two of several that break a rule together: what held is acted upon, the rest comes again', async () => {
    const desk = createDeskDevices(['1']);
    let calls = 0;
    const wrapJournal = (journal: Journal): Journal => ({
      ...journal,
      commit(commit) {
        calls += 1;
        // All together break the rule, the first alone holds, then the disk is full once.
        if (calls === 4) throw new StorageFailure('SQLITE_FULL');
        return journal.commit(commit);
      },
    });
    const opened = await openDesk({ kinds: probes(), desk, wrapJournal });
    await opened.ask('counter/1', script(['move', 'm1']));
    opened.runtime.hear('display/1', doing(['show', 'hello']));
    opened.runtime.hear('counter/2', doing(['move', 'm1']));
    opened.runtime.hear('counter/3', doing(['note', 'c']));
    await opened.clock.settle();
    expect(desk.calls).toEqual(['display show hello']);
    await opened.clock.advance(500);
    expect(opened.runtime.stats().faulted).toEqual(['counter/2']);
    expect([notesOf(opened, 'counter/3'), notesOf(opened, 'display/1')]).toEqual([['c'], ['SHOW_ENDED']]);
  });

  it('while old answers are forgotten: the store goes on, and forgets them the next time', async () => {
    let full = true;
    const desk = await openDesk({
      kinds: probes(),
      wrapJournal: (journal) => ({
        ...journal,
        forgetAnswers(before, limit) {
          if (full) throw new StorageFailure('SQLITE_FULL');
          return journal.forgetAnswers(before, limit);
        },
      }),
    });
    await desk.ask('counter/1', script(['note', 'a']));
    desk.clock.set(desk.clock.now() + 8 * 86_400_000);
    await desk.clock.advance(60_000);
    full = false;
    await desk.clock.advance(60_000);
    expect(desk.database.prepare('SELECT count(*) FROM inbox').pluck().get()).toBe(0);
  });
});
