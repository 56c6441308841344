import { describe, expect, it } from 'vitest';
import { openDesk, type Desk } from './desk.ts';
import { doing, kindOfProbe, probes, script } from './probe.ts';

/** A store that was written by version 1, and whose payment has notes. */
const written = async (): Promise<Desk> => {
  const desk = await openDesk({ kinds: probes() });
  desk.runtime.hear('payment/o', doing(['note', 'old']));
  await desk.clock.settle();
  return desk;
};
const renamed = kindOfProbe({
  version: 3,
  migrations: {
    1: ({ value, context }) => ({ value, context: { ...context, notes: [...(context['notes'] as string[]), 'to 2'] } }),
    2: ({ context }) => ({
      value: 'still',
      context: { ...context, notes: [...(context['notes'] as string[]), 'to 3'] },
    }),
  },
});
const setPayment = (desk: Desk, column: string, value: unknown): void => {
  desk.database.prepare(`UPDATE actor SET ${column} = ? WHERE address = 'payment/o'`).run(value);
};

describe('versions of a machine', () => {
  it('a snapshot of version 1 is carried to version 3, step by step, and written as that', async () => {
    const next = await (await written()).powerFails({ kinds: probes({ payment: renamed }) });
    next.runtime.hear('payment/o', doing(['note', 'new']));
    await next.clock.settle();
    expect(next.contextOf('payment/o')['notes']).toEqual(['old', 'to 2', 'to 3', 'RESTARTED', 'new']);
    expect(next.database.prepare(`SELECT version FROM actor WHERE address = 'payment/o'`).pluck().get()).toBe(3);
  });

  it('looking at it changes nothing on disk', async () => {
    const desk = await written();
    desk.database.exec('UPDATE actor SET in_flight = 0');
    const next = await desk.powerFails({ kinds: probes({ payment: renamed }) });
    expect((await next.runtime.read('payment/o'))?.data).toMatchObject({ notes: ['old', 'to 2', 'to 3'] });
    expect(next.database.prepare(`SELECT version FROM actor WHERE address = 'payment/o'`).pluck().get()).toBe(1);
  });

  const unreadable: readonly (readonly [moment: string, column: string, value: unknown, error: RegExp])[] = [
    ['a newer program wrote it', 'version', 2, /newer program/],
    ['it is in a state that nobody knows', 'snapshot', '{"value":"gone","context":{"notes":[]}}', /gone/],
    ['it is no snapshot at all', 'snapshot', '{', /JSON/],
  ];
  it.each(unreadable)(
    '%s: that actor is stopped and visible, its message kept, and the store goes on',
    async (_moment, column, value, error) => {
      const desk = await written();
      setPayment(desk, column, value);
      const next = await desk.powerFails();
      expect(next.runtime.stats().faulted).toEqual(['payment/o']);
      const view = await next.runtime.read('payment/o');
      expect(view).toMatchObject({ status: 'faulted', revision: 1 });
      expect(String(view?.data['error'])).toMatch(error);
      expect(await next.ask('payment/o', { type: 'ABORT' })).toMatchObject({
        ok: false,
        reason: 'faulted',
      });
      expect(await next.ask('counter/1', script(['tell', 'payment/o', [['note', 'a']]]))).toMatchObject({
        ok: false,
        reason: 'faulted',
      });
      expect(await next.ask('counter/1', script(['note', 'on']))).toMatchObject({ ok: true });
      expect(next.database.prepare('SELECT address, event FROM fault').raw().all()).toEqual([
        ['payment/o', '{"type":"RESTARTED"}'],
      ]);
    },
  );

  it('a migration is missing: the same', async () => {
    const next = await (await written()).powerFails({ kinds: probes({ payment: kindOfProbe({ version: 2 }) }) });
    expect(next.runtime.stats().faulted).toEqual(['payment/o']);
  });

  it('mended by the program that knows it: the kept message goes on', async () => {
    const desk = await written();
    setPayment(desk, 'version', 2);
    const stopped = await desk.powerFails();
    const newer = await stopped.powerFails({ kinds: probes({ payment: kindOfProbe({ version: 2 }) }) });
    expect(newer.runtime.stats().faulted).toEqual(['payment/o']);
    newer.runtime.resumeFaulted('payment/o');
    await newer.clock.settle();
    expect(newer.runtime.stats().faulted).toEqual([]);
    expect(newer.contextOf('payment/o')['notes']).toEqual(['old', 'RESTARTED', 'RESTARTED']);
  });

  it('a follower of the journal goes on past an actor that cannot be read', async () => {
    const desk = await written();
    setPayment(desk, 'version', 2);
    const next = await desk.powerFails();
    const seen: string[] = [];
    next.runtime.subscribe({ addresses: [] }, 0, ({ address }) => void seen.push(address));
    await next.ask('counter/1', script(['note', 'on']));
    expect(seen).toEqual(['payment/o', 'counter/1']);
  });
});
