import { describe, expect, it } from 'vitest';
import { openDesk, type Desk, type DeskOptions } from './desk.ts';
import { probes, script } from './probe.ts';

const open = (over: DeskOptions = {}): Promise<Desk> => openDesk({ kinds: probes(), ...over });
const rings = (desk: Desk): number =>
  ((desk.contextOf('counter/1')['notes'] ?? []) as readonly string[]).filter((note) => note === 'rang').length;
const rows = (desk: Desk): unknown => desk.database.prepare('SELECT count(*) FROM timer').pluck().get();

describe('timers', () => {
  it('one fires once, at its time', async () => {
    const desk = await open();
    await desk.ask('counter/1', script(['wait']));
    await desk.clock.advance(999);
    expect([rings(desk), rows(desk)]).toEqual([0, 1]);
    await desk.clock.advance(1);
    expect([rings(desk), rows(desk)]).toEqual([1, 0]);
    await desk.clock.advance(10_000);
    expect(rings(desk)).toBe(1);
  });

  it('one that is called off does not fire', async () => {
    const desk = await open();
    await desk.ask('counter/1', script(['wait']));
    await desk.ask('counter/1', script(['stop']));
    await desk.clock.advance(10_000);
    expect([rings(desk), rows(desk)]).toEqual([0, 0]);
  });

  it('one that is set anew fires at its new time only', async () => {
    const desk = await open();
    await desk.ask('counter/1', script(['wait']));
    await desk.clock.advance(600);
    await desk.ask('counter/1', script(['wait']));
    await desk.clock.advance(600);
    expect(rings(desk)).toBe(0);
    await desk.clock.advance(400);
    expect(rings(desk)).toBe(1);
  });

  it('due and called off in the same commit: one says nothing any more', async () => {
    const desk = await open();
    await desk.ask('counter/1', script(['wait']));
    // The command stands before the timer in the queue of the same tick.
    const stop = desk.send('counter/1', script(['stop']));
    desk.clock.set(desk.clock.now() + 1_000);
    await desk.clock.advance(1_000);
    expect(await stop).toMatchObject({ ok: true });
    expect([rings(desk), rows(desk)]).toEqual([0, 0]);
  });

  it('set and called off in one commit', async () => {
    const desk = await open();
    void desk.send('counter/1', script(['wait']));
    void desk.send('counter/1', script(['stop']));
    await desk.clock.advance(10_000);
    expect([rings(desk), rows(desk)]).toEqual([0, 0]);
  });

  it('X3: the power fails: it fires when its time comes, and an overdue one at the start', async () => {
    const desk = await open();
    await desk.ask('counter/1', script(['wait']));
    const next = await desk.powerFails();
    await next.clock.advance(999);
    expect(rings(next)).toBe(0);
    await next.clock.advance(1);
    expect([rings(next), rows(next)]).toEqual([1, 0]);

    await next.ask('counter/1', script(['wait']));
    const later = await next.powerFails({ now: next.clock.now() + 86_400_000 });
    await later.clock.advance(0);
    expect([rings(later), rows(later)]).toEqual([2, 0]);
  });

  it('X3: the power fails again and again while it is due: it still fires once', async () => {
    let desk = await open();
    await desk.ask('counter/1', script(['wait']));
    for (let round = 0; round < 5; round += 1) desk = await desk.powerFails({ now: desk.clock.now() + 5_000 });
    await desk.clock.advance(5_000);
    expect(rings(desk)).toBe(1);
  });

  it('the wall clock jumps forward: it is noticed within a minute', async () => {
    const desk = await open();
    await desk.ask('counter/1', script(['wait']));
    desk.clock.set(desk.clock.now() - 3_600_000);
    await desk.clock.advance(3_000);
    expect(rings(desk)).toBe(0);
    desk.clock.set(desk.clock.now() + 7_200_000);
    await desk.clock.advance(60_000);
    expect(rings(desk)).toBe(1);
  });

  it('timers of many actors fire in the order of their times', async () => {
    const desk = await open();
    const order: string[] = [];
    desk.runtime.subscribe({ addresses: [] }, 0, ({ address, event }) => {
      if (event.startsWith('xstate.after')) order.push(address);
    });
    for (const id of ['3', '1', '2']) {
      await desk.ask(`counter/${id}` as 'counter/1', script(['wait']));
      await desk.clock.advance(100);
    }
    await desk.clock.advance(10_000);
    expect(order).toEqual(['counter/3', 'counter/1', 'counter/2']);
  });
});
