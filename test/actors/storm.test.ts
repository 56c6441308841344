import { describe, expect, it } from 'vitest';
import { openShop, type Desk } from './desk.ts';
import { faultsOf } from './soundness.ts';
import { createChance, createStormDevices, plug, storm } from './storm.ts';

const columnOf = (desk: Desk, sql: string): readonly unknown[] => desk.database.prepare(sql).pluck().all();

/** Sends cash or card sales of one piece, one after the other, until so many were made. */
async function sell(shop: Desk, sales: number, chance: () => number): Promise<void> {
  for (let sale = 0; sale < sales; sale += 1) {
    await shop.ask('counter/1', { type: 'SCAN', code: chance() < 0.5 ? 'BREAD' : 'MILK' });
    if (chance() < 0.1) await shop.ask('counter/1', { type: 'VOID_LINE', line: 1 });
    if (chance() < 0.1) await shop.ask('counter/1', { type: 'CANCEL_ORDER', reason: 'left' });
    await shop.ask('counter/1', { type: 'PAY', tender: chance() < 0.5 ? 'CARD' : 'CASH' });
    for (let tries = 0; tries < 5 && (await shop.runtime.read('counter/1'))?.status !== 'idle'; tries += 1) {
      // A card that failed, or is unsure, is paid for in cash; a terminal that says nothing is given two minutes.
      await shop.ask('counter/1', { type: 'PAY', tender: 'CASH' });
      await shop.clock.advance(130_000);
    }
  }
}

describe('T3: receipt numbers have no gap and no twin', () => {
  it('over 200 mixed sales, with cards that fail, devices that are silent and power cuts in between', async () => {
    const chance = createChance(20_260_302);
    let shop = await openShop({ desk: createStormDevices(chance) });
    for (let round = 0; round < 10; round += 1) {
      await sell(shop, 25, chance);
      void shop.send('counter/1', { type: 'SCAN', code: 'CANDY' });
      shop = await plug(shop, chance);
    }
    expect(faultsOf(shop)).toEqual([]);
    const numbers = columnOf(shop, 'SELECT number FROM receipt ORDER BY number');
    expect(numbers.length).toBeGreaterThan(200);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
    expect(columnOf(shop, `SELECT 1 FROM payments WHERE status = 'failed'`).length).toBeGreaterThan(5);
  });
});

describe('a storm: three counters, everything at once, and the plug', () => {
  it.each([1, 2, 3, 4, 5, 6])('seed %i: the books are sound after each power cut', async (seed) => {
    const chance = createChance(seed);
    let shop = await openShop({ desk: createStormDevices(chance) });
    for (let round = 0; round < 4; round += 1) {
      await storm(shop, chance, 250);
      expect(faultsOf(shop)).toEqual([]);
      shop = await plug(shop, chance);
    }
    expect(faultsOf(shop)).toEqual([]);
  });

  it('the same seed gives the same journal', async () => {
    const run = async () => {
      const chance = createChance(7);
      const shop = await openShop({ desk: createStormDevices(chance) });
      await storm(shop, chance, 200);
      return shop.database.prepare('SELECT hash FROM journal ORDER BY sequence DESC LIMIT 1').pluck().get();
    };
    expect(await run()).toEqual(await run());
  });
});
