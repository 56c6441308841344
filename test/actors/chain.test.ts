import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import { openDesk, type Desk, type DeskOptions } from './desk.ts';
import { createProbe, doing, kindOfProbe, probes, script } from './probe.ts';

const mended = probes({ order: kindOfProbe({ machine: createProbe({ mended: true }) }) });
const open = (over: DeskOptions = {}): Promise<Desk> => openDesk({ kinds: probes(), ...over });
const notesOf = (desk: Desk, of: Address): unknown => desk.contextOf(of)['notes'] ?? [];
const statusOf = async (desk: Desk, of: Address): Promise<unknown> => (await desk.runtime.read(of))?.status;
const rows = (desk: Desk, table: string): number =>
  desk.database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;

describe("a client's chain is all or nothing", () => {
  it('the third actor of a chain refuses: nobody has done anything', async () => {
    const desk = await open();
    const last = [
      'tell',
      'payment/p',
      [
        ['note', 'c'],
        ['refuse', 'no'],
      ],
    ] as const;
    const ack = await desk.ask('counter/1', script(['note', 'a'], ['tell', 'order/o', [['note', 'b'], last]]));
    expect(ack).toMatchObject({ ok: false, reason: 'not-now', detail: 'no' });
    expect([rows(desk, 'journal'), rows(desk, 'actor'), rows(desk, 'fact')]).toEqual([0, 0, 0]);
    expect(await desk.runtime.read('counter/1')).toBeNull();
  });

  it('the third actor of a chain throws: nobody has done anything, and only that actor stops', async () => {
    const desk = await open();
    const last = ['tell', 'payment/p', [['throw', 'boom']]] as const;
    const ack = await desk.ask('counter/1', script(['note', 'a'], ['tell', 'order/o', [['note', 'b'], last]]));
    expect(ack).toMatchObject({ ok: false, reason: 'faulted' });
    expect([notesOf(desk, 'counter/1'), notesOf(desk, 'order/o')]).toEqual([[], []]);
    expect(desk.runtime.stats().faulted).toEqual(['payment/p']);
    expect(desk.records).toContainEqual({ type: 'faulted', address: 'payment/p', event: 'DO', error: 'boom' });
    expect(await desk.ask('counter/1', script(['note', 'on']))).toMatchObject({ ok: true });
  });

  it('a chain that holds is one commit: each turn, each fact, the answers of all of them', async () => {
    const commits: number[] = [];
    const desk = await open({
      wrapJournal: (journal) => ({
        ...journal,
        commit(commit) {
          commits.push(commit.turns.length);
          return journal.commit(commit);
        },
      }),
    });
    const ack = await desk.ask(
      'counter/1',
      script(
        ['answer', { a: 1 }],
        [
          'tell',
          'order/o',
          [
            ['answer', { b: 2 }],
            ['day', '2026-03-02'],
          ],
        ],
      ),
    );
    expect(ack).toMatchObject({ ok: true, sequence: 2, answer: { a: 1, b: 2 } });
    expect(commits).toEqual([2]);
    expect(rows(desk, 'fact')).toBe(1);
  });

  it('of what a device says, one turn that is refused undoes nothing else', async () => {
    const desk = await open();
    desk.runtime.hear(
      'counter/1',
      doing(['note', 'a'], ['tell', 'order/o', [['refuse', 'no']]], ['tell', 'order/q', [['note', 'c']]]),
    );
    await desk.clock.settle();
    expect([notesOf(desk, 'counter/1'), notesOf(desk, 'order/o'), notesOf(desk, 'order/q')]).toEqual([
      ['a'],
      [],
      ['c'],
    ]);
    expect(desk.records).toContainEqual({ type: 'ignored', address: 'counter/1', event: 'DO', messages: 1 });
  });
});

describe('an actor that throws', () => {
  const broken = async (over: DeskOptions = {}): Promise<Desk> => {
    const desk = await open(over);
    desk.runtime.hear('order/o', doing(['throw', 'boom'], ['note', 'first']));
    await desk.clock.settle();
    return desk;
  };

  it('is stopped and visible, its message kept, and everybody else goes on', async () => {
    const desk = await broken();
    expect(desk.runtime.stats().faulted).toEqual(['order/o']);
    expect(rows(desk, 'fault')).toBe(1);
    desk.runtime.hear('order/q', doing(['note', 'on']));
    await desk.clock.settle();
    expect(notesOf(desk, 'order/q')).toEqual(['on']);
  });

  it('in one commit with others: they hold, it does not', async () => {
    const desk = await open();
    const answers = [
      desk.send('counter/1', script(['note', 'a'])),
      desk.send('counter/2', script(['throw', 'boom'])),
      desk.send('counter/3', script(['note', 'c'])),
    ];
    await desk.clock.settle();
    expect((await Promise.all(answers)).map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(await statusOf(desk, 'counter/1')).toBe('still');
    expect(desk.runtime.stats().faulted).toEqual(['counter/2']);
  });

  it('what comes meanwhile waits behind it, and all of it is sent on in order after a mend', async () => {
    const desk = await broken();
    desk.runtime.hear('order/o', doing(['note', 'second']));
    desk.runtime.hear('order/o', doing(['note', 'third']));
    await desk.clock.settle();
    expect(rows(desk, 'fault')).toBe(3);
    const next = await desk.powerFails({ kinds: mended });
    expect(await statusOf(next, 'order/o')).toBeUndefined();
    expect(next.runtime.stats().faulted).toEqual(['order/o']);
    expect(next.runtime.resumeFaulted('order/o')).toBe(true);
    await next.clock.settle();
    expect(notesOf(next, 'order/o')).toEqual(['first', 'second', 'third']);
    expect([next.runtime.stats().faulted, rows(next, 'fault')]).toEqual([[], 0]);
    expect(next.runtime.resumeFaulted('order/o')).toBe(false);
  });

  it('sent on without a mend: it stops again, and the order of its messages stays', async () => {
    const desk = await broken();
    desk.runtime.hear('order/o', doing(['note', 'second']));
    await desk.clock.settle();
    desk.runtime.resumeFaulted('order/o');
    await desk.clock.settle();
    expect([desk.runtime.stats().faulted, rows(desk, 'fault')]).toEqual([['order/o'], 2]);
    const next = await desk.powerFails({ kinds: mended });
    next.runtime.resumeFaulted('order/o');
    await next.clock.settle();
    expect(notesOf(next, 'order/o')).toEqual(['first', 'second']);
  });

  it('messages that were kept in one millisecond keep their order over a restart', async () => {
    const desk = await open();
    const words = Array.from({ length: 20 }, (_, index) => `word ${index}`);
    desk.runtime.hear('order/o', doing(['throw', 'boom']));
    for (const word of words) desk.runtime.hear('order/o', doing(['note', word]));
    await desk.clock.settle();
    const next = await desk.powerFails({ kinds: mended });
    next.runtime.resumeFaulted('order/o');
    await next.clock.settle();
    expect(notesOf(next, 'order/o')).toEqual(words);
  });

  it('X2: a command met it: after the mend the client sends it again, and it is done once', async () => {
    const desk = await open();
    const command = script(
      ['note', 'a'],
      [
        'tell',
        'order/o',
        [
          ['throw', 'boom'],
          ['note', 'b'],
        ],
      ],
    );
    const id = 'command-again';
    expect(await desk.ask('counter/1', command, { id })).toMatchObject({ ok: false, reason: 'faulted' });
    expect(await desk.ask('counter/1', command, { id })).toMatchObject({ ok: false, reason: 'faulted' });
    const next = await desk.powerFails({ kinds: mended });
    next.runtime.resumeFaulted('order/o');
    await next.clock.settle();
    expect(next.runtime.stats().faulted).toEqual([]);
    expect(await next.ask('counter/1', command, { id })).toMatchObject({ ok: true });
    expect([notesOf(next, 'counter/1'), notesOf(next, 'order/o')]).toEqual([['a'], ['b']]);
  });

  it('a command that came while it was stopped can be sent again with the same id', async () => {
    const desk = await broken();
    const command = script(['tell', 'order/o', [['note', 'b']]]);
    const id = 'command-later';
    expect(await desk.ask('counter/1', command, { id })).toMatchObject({ ok: false, reason: 'faulted' });
    const next = await desk.powerFails({ kinds: mended });
    next.runtime.resumeFaulted('order/o');
    await next.clock.settle();
    expect(await next.ask('counter/1', command, { id })).toMatchObject({ ok: true });
    expect(notesOf(next, 'order/o')).toEqual(['first', 'b']);
  });

  it('two different commands meet it: both are kept to be looked at', async () => {
    const desk = await open();
    const throws = (to: Address) => script(['tell', to, [['throw', 'boom']]]);
    await desk.ask('counter/1', throws('order/o'));
    desk.runtime.hear('counter/1', doing(['tell', 'order/q', [['throw', 'boom']]]));
    await desk.clock.settle();
    expect(desk.runtime.stats().faulted).toEqual(['order/o', 'order/q']);
  });

  it('messages that go round in circles stop the actor they began at, not the store', async () => {
    const desk = await open();
    expect(await desk.ask('counter/1', script(['loop']))).toMatchObject({ ok: false, reason: 'faulted' });
    expect(desk.runtime.stats().faulted).toEqual(['counter/1']);
    expect(rows(desk, 'journal')).toBe(0);
    expect(await desk.ask('counter/2', script(['note', 'on']))).toMatchObject({ ok: true });
  });

  it('messages of a device that go round in circles are kept, and undone', async () => {
    const desk = await open();
    desk.runtime.hear('counter/1', doing(['loop']));
    await desk.clock.settle();
    expect([desk.runtime.stats().faulted, rows(desk, 'journal'), rows(desk, 'fault')]).toEqual([['counter/1'], 0, 1]);
  });
});

describe('a rule of the database is broken', () => {
  it('by one command in a commit of three: the other two hold', async () => {
    const desk = await open();
    await desk.ask('counter/1', script(['move', 'm1']));
    const answers = [
      desk.send('counter/1', script(['move', 'm2'])),
      desk.send('counter/2', script(['move', 'm1'])),
      desk.send('counter/3', script(['move', 'm3'])),
    ];
    await desk.clock.settle();
    expect((await Promise.all(answers)).map((ack) => (ack.ok ? 'ok' : ack.reason))).toEqual(['ok', 'faulted', 'ok']);
    expect(desk.runtime.stats().faulted).toEqual(['counter/2']);
    expect(rows(desk, 'till_movement')).toBe(3);
    expect(await desk.ask('counter/1', script(['note', 'on']))).toMatchObject({ ok: true });
  });
});
