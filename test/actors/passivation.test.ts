import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import { openDesk, openShop } from './desk.ts';
import { doing, probes } from './probe.ts';

describe('actors that rest', () => {
  it('no more are kept in memory than the bound says, and each goes on where it was', async () => {
    const desk = await openDesk({ kinds: probes(), limits: { residentMax: 3 } });
    const addresses = Array.from({ length: 20 }, (_, index) => `payment/o${index}` as Address);
    for (const word of ['a', 'b', 'c']) {
      for (const to of addresses) desk.runtime.hear(to, doing(['note', word]));
      await desk.clock.settle();
      expect(desk.runtime.stats().resident).toBeLessThanOrEqual(3);
    }
    for (const of of addresses) {
      expect(desk.contextOf(of)['notes']).toEqual(['a', 'b', 'c']);
      expect((await desk.runtime.read(of))?.revision).toBe(3);
    }
    expect(desk.runtime.stats().resident).toBeLessThanOrEqual(3);
  });

  it('those used longest ago rest first', async () => {
    const loads: string[] = [];
    const desk = await openDesk({
      kinds: probes(),
      limits: { residentMax: 2 },
      wrapJournal: (journal) => ({
        ...journal,
        load(of) {
          loads.push(of);
          return journal.load(of);
        },
      }),
    });
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) {
      desk.runtime.hear(`order/${id}`, doing(['note', id]));
      await desk.clock.settle();
    }
    expect(loads).toEqual(['order/a', 'order/b', 'order/c', 'order/b']);
  });

  it('a whole sale with room for one actor in memory', async () => {
    const shop = await openShop({ limits: { residentMax: 1 } });
    for (const tender of ['CASH', 'CARD', 'CASH']) {
      await shop.ask('counter/1', { type: 'SCAN', code: 'BREAD' });
      await shop.ask('counter/1', { type: 'SCAN', code: 'MILK' });
      expect(await shop.ask('counter/1', { type: 'PAY', tender })).toMatchObject({ ok: true });
    }
    expect(shop.database.prepare('SELECT status, total_amount FROM orders').raw().all()).toEqual(
      Array.from({ length: 3 }, () => ['RECEIPTED', 1_400]),
    );
    expect(shop.runtime.stats().resident).toBe(1);
  });
});
