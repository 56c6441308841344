import { describe, expect, it } from 'vitest';
import { openDesk, openShop, type Desk } from './desk.ts';
import { probes, script } from './probe.ts';

const notes = (desk: Desk): unknown => desk.contextOf('counter/1')['notes'] ?? [];

describe('X2: the same command twice', () => {
  const id = 'command-same';
  const command = script(['note', 'a'], ['answer', { said: 'a' }]);

  it('one after the other: one effect and one answer', async () => {
    const desk = await openDesk({ kinds: probes() });
    const first = await desk.ask('counter/1', command, { id });
    expect(await desk.ask('counter/1', command, { id })).toEqual(first);
    expect(notes(desk)).toEqual(['a']);
    expect(desk.runtime.stats().duplicates).toBe(1);
  });

  it('ten times at once, before anything is committed', async () => {
    const desk = await openDesk({ kinds: probes() });
    const answers = Array.from({ length: 10 }, () => desk.send('counter/1', command, { id }));
    await desk.clock.settle();
    const [first, ...others] = await Promise.all(answers);
    expect(first).toMatchObject({ ok: true, answer: { said: 'a' } });
    for (const other of others) expect(other).toEqual(first);
    expect(notes(desk)).toEqual(['a']);
  });

  it('from two clients at once, and again after the power failed', async () => {
    const desk = await openDesk({ kinds: probes() });
    const both = [desk.send('counter/1', command, { id }), desk.send('counter/1', command, { id })];
    await desk.clock.settle();
    const [first, second] = await Promise.all(both);
    expect(second).toEqual(first);
    const next = await desk.powerFails();
    expect(await next.ask('counter/1', command, { id })).toEqual(first);
    expect(notes(next)).toEqual(['a', 'RESTARTED']);
  });

  it('a refusal is an answer too: it is the same the second time, whatever has changed since', async () => {
    const desk = await openDesk({ kinds: probes() });
    const refused = await desk.ask('counter/1', script(['refuse', 'no']), { id });
    expect(refused).toMatchObject({ ok: false, detail: 'no' });
    expect(await desk.ask('counter/1', script(['refuse', 'no']), { id })).toEqual(refused);
  });

  it('another command under the same id is refused, before and after the first is answered', async () => {
    const desk = await openDesk({ kinds: probes() });
    const first = desk.send('counter/1', command, { id });
    const reused = desk.send('counter/1', script(['note', 'b']), { id });
    await desk.clock.settle();
    expect(await first).toMatchObject({ ok: true });
    expect(await reused).toMatchObject({ ok: false, reason: 'id-reused' });
    expect(await desk.ask('counter/2', command, { id })).toMatchObject({ ok: false, reason: 'id-reused' });
    expect([notes(desk), desk.contextOf('counter/2')['notes']]).toEqual([['a'], undefined]);
  });

  it('the power fails before the commit: the command never happened, and is done once when it comes again', async () => {
    const desk = await openDesk({ kinds: probes() });
    void desk.send('counter/1', command, { id });
    const next = await desk.powerFails();
    expect(await next.ask('counter/1', command, { id })).toMatchObject({ ok: true });
    expect(notes(next)).toEqual(['a']);
  });

  it('a real payment by a nervous cashier: one payment, one receipt', async () => {
    const shop = await openShop();
    await shop.ask('counter/1', { type: 'SCAN', code: 'BREAD' });
    const pay = { type: 'PAY', tender: 'CARD' };
    const answers = Array.from({ length: 5 }, () => shop.send('counter/1', pay, { id: 'command-pay' }));
    await shop.clock.settle();
    expect(new Set((await Promise.all(answers)).map((ack) => JSON.stringify(ack))).size).toBe(1);
    expect(shop.desk.calls.filter((call) => call.startsWith('terminal authorize'))).toHaveLength(1);
    expect(shop.database.prepare('SELECT count(*) FROM receipt').pluck().get()).toBe(1);
  });
});

describe('the answer to a command is remembered for a week', () => {
  const age = 7 * 86_400_000;

  it('then it is forgotten, a bounded number at once', async () => {
    const desk = await openDesk({ kinds: probes(), limits: { forgetMax: 2 } });
    for (const text of ['a', 'b', 'c']) await desk.ask('counter/1', script(['note', text]));
    const left = () => desk.database.prepare('SELECT count(*) FROM inbox').pluck().get();
    await desk.clock.advance(120_000);
    expect(left()).toBe(3);
    desk.clock.set(desk.clock.now() + age);
    await desk.clock.advance(60_000);
    expect(left()).toBe(1);
    await desk.clock.advance(60_000);
    expect(left()).toBe(0);
  });
});

describe('bounds', () => {
  it('more commands for one actor than its mailbox takes: busy, and with the same id later it is done', async () => {
    const desk = await openDesk({ kinds: probes(), limits: { mailboxMax: 3 } });
    const answers = ['a', 'b', 'c', 'd'].map((text) =>
      desk.send('counter/1', script(['note', text]), { id: `command-${text}` }),
    );
    const other = desk.send('counter/2', script(['note', 'x']));
    await desk.clock.settle();
    expect((await Promise.all(answers)).map((ack) => (ack.ok ? 'ok' : ack.reason))).toEqual(['ok', 'ok', 'ok', 'busy']);
    expect(await other).toMatchObject({ ok: true });
    expect(await desk.ask('counter/1', script(['note', 'd']), { id: 'command-d' })).toMatchObject({ ok: true });
    expect(notes(desk)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('what a device says gets in whatever waits', async () => {
    const desk = await openDesk({ kinds: probes(), limits: { mailboxMax: 1 } });
    void desk.send('counter/1', script(['note', 'a']));
    desk.runtime.hear('counter/1', { type: 'DO', deeds: [['note', 'b']] });
    desk.runtime.hear('counter/1', { type: 'DO', deeds: [['note', 'c']] });
    await desk.clock.settle();
    expect(notes(desk)).toEqual(['a', 'b', 'c']);
  });

  it('more commands altogether than the store takes: busy for the next one, wherever it goes', async () => {
    const desk = await openDesk({ kinds: probes(), limits: { waitingMax: 2 } });
    const answers = (['counter/1', 'counter/2', 'counter/3'] as const).map((to) =>
      desk.send(to, script(['note', 'a'])),
    );
    await desk.clock.settle();
    expect((await Promise.all(answers)).map(({ ok }) => ok)).toEqual([true, true, false]);
  });

  it('a command without sense, right or receiver does not get in at all', async () => {
    const desk = await openDesk({ kinds: probes() });
    const by = { id: 'eve', role: 'auditor' } as const;
    const reasons = await Promise.all([
      desk.ask('counter/1', script(['note', 'a']), { by }),
      desk.ask('counter/1', { type: 'EXPLODE' }),
      desk.ask('counter/99', script(['note', 'a'])),
      desk.ask('order/none', { type: 'CANCEL', reason: 'left' }),
      desk.ask('counter/1', script(['note', 'a']), { id: 'short' }),
    ]);
    expect(reasons.map((ack) => (ack.ok ? 'ok' : ack.reason))).toEqual([
      'not-allowed',
      'bad-command',
      'unknown-actor',
      'unknown-actor',
      'bad-command',
    ]);
    expect(desk.journal.head()).toBe(0);
  });
});

describe('a clean stop', () => {
  it('what waits is refused as stopping and comes again with the same id', async () => {
    const desk = await openDesk({ kinds: probes() });
    const waits = desk.send('counter/1', script(['note', 'a']), { id: 'command-late' });
    desk.runtime.stop();
    expect(await waits).toMatchObject({ ok: false, reason: 'stopping' });
    expect(await desk.send('counter/1', script(['note', 'b']))).toMatchObject({ ok: false, reason: 'stopping' });
    const next = await desk.powerFails();
    expect(await next.ask('counter/1', script(['note', 'a']), { id: 'command-late' })).toMatchObject({ ok: true });
  });
});
