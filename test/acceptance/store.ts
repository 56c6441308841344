import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import type { RefusalReason } from '../../src/domain/errors.ts';
import type { Message } from '../../src/domain/message.ts';
import type { Ack, Change, Store } from '../../src/domain/ports.ts';
import type { Operator } from '../../src/domain/roles.ts';

/** A Store port that is held against the suite: an open store, new, with counters 1 and 2, day and counters closed. */
export interface StoreUnderTest {
  readonly store: Store;
  /** A second client of the same store. */
  another(): Promise<Store>;
  readonly newId: () => string;
  /** A code that the store sells. */
  readonly code: string;
  /** How many turns of the journal this command caused by itself; asked behind the port's back. */
  turnsOf(commandId: string): number;
  close(): Promise<void>;
}

/** A bound for what never comes, not a claim about speed. */
const patience = { timeout: 30_000, interval: 10 };
const ann: Operator = { id: 'ann', role: 'cashier' };
const max: Operator = { id: 'max', role: 'manager' };
const counter: Address = 'counter/1';
const open: Message = { type: 'OPEN', floatMinor: 10_000 };

/** Collects what a subscription tells. */
const listenTo = (store: Store, from: number, addresses: readonly string[] = []) => {
  const changes: Change[] = [];
  const end = store.subscribe({ addresses }, from, (change) => void changes.push(change));
  return { changes, end, sequences: () => changes.map(({ sequence }) => sequence) };
};

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

/** What every Store port promises: domain/ports.ts. Run on each implementation. */
export const storeAcceptance = (name: string, openStore: () => Promise<StoreUnderTest>): void => {
  describe(`the Store port, ${name}`, () => {
    let under: StoreUnderTest;
    beforeEach(async () => {
      under = await openStore();
    });
    afterEach(async () => {
      await under.close();
    });

    const send = (to: Address, event: Message, operator: Operator = ann, id = under.newId()): Promise<Ack> =>
      under.store.send(to, { id, operator, event });
    const accepted = async (to: Address, event: Message, operator: Operator = ann): Promise<Ack & { ok: true }> => {
      const ack = await send(to, event, operator);
      if (!ack.ok) throw new Error(`${event.type}: ${ack.reason}, ${ack.detail}`);
      return ack;
    };
    const openDay = async (): Promise<void> => {
      await accepted('store-day/main', { type: 'OPEN_DAY' }, max);
      await accepted(counter, open);
    };
    /** A sale in ten commands; each is acknowledged before the next. */
    const sell = async (on: Address): Promise<number> => {
      for (let line = 0; line < 9; line += 1) await accepted(on, { type: 'SCAN', code: under.code });
      return (await accepted(on, { type: 'PAY', tender: 'CASH', amountMinor: 1_000_000 })).sequence;
    };

    describe('commands', () => {
      test('a command is acknowledged: it is in the journal by then', async () => {
        const id = under.newId();
        const ack = await send('store-day/main', { type: 'OPEN_DAY' }, max, id);
        expect(ack).toMatchObject({ ok: true, id });
        expect(under.turnsOf(id)).toBe(1);
      });

      test('the answer says what came of it: order, line and total', async () => {
        await openDay();
        const { answer, sequence } = await accepted(counter, { type: 'SCAN', code: under.code });
        expect(answer['orderId']).toEqual(expect.any(String));
        expect(answer['totalMinor']).toEqual(expect.any(Number));
        expect(sequence).toBeGreaterThan(2);
      });

      test('N4: a command comes twice: one effect, the same answer', async () => {
        await openDay();
        const id = under.newId();
        const first = await send(counter, { type: 'SCAN', code: under.code }, ann, id);
        const second = await send(counter, { type: 'SCAN', code: under.code }, ann, id);
        expect(first.ok).toBe(true);
        expect(second).toEqual(first);
        expect(under.turnsOf(id)).toBe(1);
      });

      test('N4: a command comes ten times at once, from two clients: one effect, one answer', async () => {
        await openDay();
        const other = await under.another();
        const command = { id: under.newId(), operator: ann, event: { type: 'SCAN', code: under.code } };
        const acks = await Promise.all(
          range(1, 10).map((turn) => (turn % 2 === 0 ? other : under.store).send(counter, command)),
        );
        expect(acks[0]?.ok).toBe(true);
        for (const ack of acks) expect(ack).toEqual(acks[0]);
        expect(under.turnsOf(command.id)).toBe(1);
      });

      test('N4: a refused command comes again: refused the same way, also when it would be taken by now', async () => {
        const id = under.newId();
        const refused = await send(counter, open, ann, id);
        expect(refused).toMatchObject({ ok: false, reason: 'day-closed', id });
        await accepted('store-day/main', { type: 'OPEN_DAY' }, max);
        expect(await send(counter, open, ann, id)).toEqual(refused);
      });

      test('an id is used for another command, or for another actor: refused', async () => {
        const id = under.newId();
        await send('store-day/main', { type: 'OPEN_DAY' }, max, id);
        expect(await send('store-day/main', { type: 'CLOSE_DAY' }, max, id)).toMatchObject({
          ok: false,
          reason: 'id-reused',
        });
        expect(await send(counter, open, ann, id)).toMatchObject({ ok: false, reason: 'id-reused', id });
      });

      const refusals: readonly (readonly [string, Address, Message, Operator, RefusalReason])[] = [
        ['the counter is closed', counter, { type: 'PAID_IN', amountMinor: 100, reason: 'change' }, ann, 'not-now'],
        ['a cashier opens the day', 'store-day/main', { type: 'OPEN_DAY' }, ann, 'not-allowed'],
        ['no such command', counter, { type: 'EXPLODE' }, ann, 'bad-command'],
        ['a command named like what every object has', counter, { type: 'constructor' }, ann, 'bad-command'],
        ['a field too many', counter, { ...open, discount: 1 }, ann, 'bad-command'],
        ['a field named like what every object has', counter, { ...open, toString: 1 }, ann, 'bad-command'],
        ['a field too few', counter, { type: 'OPEN' }, ann, 'bad-command'],
        ['half a cent', counter, { type: 'OPEN', floatMinor: 0.5 }, ann, 'bad-command'],
        ['an amount as text', counter, { type: 'OPEN', floatMinor: '1' }, ann, 'bad-command'],
        ['an amount beyond all tills', counter, { type: 'OPEN', floatMinor: 1e15 }, ann, 'bad-command'],
        ['a date that is none', 'store-day/main', { type: 'OPEN_DAY', businessDate: '2026-13-01' }, max, 'bad-command'],
        ['no such counter', 'counter/99', open, ann, 'unknown-actor'],
        ['a counter named like what every object has', 'counter/constructor', open, ann, 'unknown-actor'],
        ['no such order', 'order/none', { type: 'CANCEL', reason: 'x' }, max, 'unknown-actor'],
        ['a second store day', 'store-day/other', { type: 'OPEN_DAY' }, max, 'unknown-actor'],
      ];
      test.each(refusals)('%s: refused, and nothing happened', async (_when, to, event, operator, reason) => {
        const id = under.newId();
        expect(await send(to, event, operator, id)).toMatchObject({
          ok: false,
          id,
          reason,
          detail: expect.any(String),
        });
        expect(under.turnsOf(id)).toBe(0);
      });

      test('a code that the store does not sell: refused, and the bill is as before', async () => {
        await openDay();
        const before = await under.store.read(counter);
        expect(await send(counter, { type: 'SCAN', code: '0000000000000' })).toMatchObject({ reason: 'unknown-code' });
        expect(await under.store.read(counter)).toEqual(before);
      });

      test.each(['', 'short', 'x'.repeat(65), 'with blank', 'with.dot.and.more', 'line\nend-and-more'])(
        'an id that cannot travel: refused %j',
        async (id) => {
          const ack = await send('store-day/main', { type: 'OPEN_DAY' }, max, id);
          expect(ack).toMatchObject({ ok: false, reason: 'bad-command' });
          expect(await under.store.read('store-day/main')).toBeNull();
        },
      );
    });

    describe('reads', () => {
      test('an actor that nobody ever told anything: null', async () => {
        expect(await under.store.read('order/none')).toBeNull();
        expect(await under.store.read(counter)).toBeNull();
      });

      test('a command is acknowledged: what is read shows it', async () => {
        await openDay();
        const view = await under.store.read(counter);
        expect(view).toMatchObject({ address: counter, status: 'idle', revision: expect.any(Number) });
        const { answer } = await accepted(counter, { type: 'SCAN', code: under.code });
        const order = await under.store.read(`order/${String(answer['orderId'])}`);
        expect(order).toMatchObject({ status: 'PENDING', data: { totalMinor: answer['totalMinor'] } });
        expect(await under.store.read(counter)).toMatchObject({ status: 'selling' });
      });
    });

    describe('following', () => {
      test('from the beginning: every turn, in order, then live', async () => {
        await openDay();
        const early = await sell(counter);
        const heard = listenTo(under.store, 0);
        await vi.waitFor(() => expect(heard.sequences()).toEqual(range(1, early)), patience);
        const late = await sell(counter);
        await vi.waitFor(() => expect(heard.sequences()).toEqual(range(1, late)), patience);
      });

      test('from the middle: what came after it, and nothing before', async () => {
        await openDay();
        const [middle, end] = [await sell(counter), await sell(counter)];
        const heard = listenTo(under.store, middle);
        await vi.waitFor(() => expect(heard.sequences()).toEqual(range(middle + 1, end)), patience);
      });

      test('a change tells who, what, which command, and the view after it', async () => {
        const heard = listenTo(under.store, 0, ['store-day/main']);
        const id = under.newId();
        const ack = await send('store-day/main', { type: 'OPEN_DAY' }, max, id);
        await vi.waitFor(() => expect(heard.changes).toHaveLength(1), patience);
        expect(heard.changes[0]).toEqual({
          sequence: ack.ok ? ack.sequence : 0,
          address: 'store-day/main',
          revision: 1,
          event: 'OPEN_DAY',
          status: 'open',
          messageId: id,
          at: expect.any(Number),
          view: await under.store.read('store-day/main'),
        });
      });

      test('by address and by kind: those and no others, each with all its revisions', async () => {
        await openDay();
        const day = listenTo(under.store, 0, ['store-day/main']);
        const orders = listenTo(under.store, 0, ['order/*']);
        const both = listenTo(under.store, 0, ['order/*', counter, counter]);
        const all = listenTo(under.store, 0);
        const end = await sell(counter);
        await vi.waitFor(() => expect(all.sequences()).toEqual(range(1, end)), patience);
        const wanted = (of: RegExp) =>
          all.changes.filter(({ address }) => of.test(address)).map(({ sequence }) => sequence);
        await vi.waitFor(() => expect(orders.sequences()).toEqual(wanted(/^order/)), patience);
        await vi.waitFor(() => expect(both.sequences()).toEqual(wanted(/^(order\/|counter\/1$)/)), patience);
        expect(day.sequences()).toEqual(wanted(/^store-day/));
      });

      test('the last change of an actor carries the view that is read', async () => {
        const heard = listenTo(under.store, 0, [counter]);
        await openDay();
        await sell(counter);
        const view = await under.store.read(counter);
        await vi.waitFor(() => expect(heard.changes.at(-1)?.view).toEqual(view), patience);
      });

      test('a subscription is ended: it hears nothing more, the other one does', async () => {
        const [ended, other] = [listenTo(under.store, 0), listenTo(under.store, 0)];
        await accepted('store-day/main', { type: 'OPEN_DAY' }, max);
        await vi.waitFor(() => expect([ended.changes.length, other.changes.length]).toEqual([1, 1]), patience);
        ended.end();
        ended.end();
        await accepted(counter, open);
        await vi.waitFor(() => expect(other.changes.length).toBeGreaterThan(1), patience);
        expect(ended.sequences()).toEqual([1]);
      });

      test('a listener throws: its own subscription ends, the store and the others go on', async () => {
        let calls = 0;
        under.store.subscribe({ addresses: [] }, 0, () => {
          calls += 1;
          throw new Error('a fault of this listener');
        });
        const other = listenTo(under.store, 0);
        await openDay();
        const end = await sell(counter);
        await vi.waitFor(() => expect(other.sequences()).toEqual(range(1, end)), patience);
        expect(calls).toBe(1);
      });

      test('500 commands by two clients on two counters: no gap, no twin, in order, for whoever follows from anywhere', async () => {
        await openDay();
        await accepted('counter/2', open);
        const other = await under.another();
        const [early, filtered] = [listenTo(under.store, 0), listenTo(other, 0, ['order/*'])];
        const sellAll = async (on: Address): Promise<number> => {
          let end = 0;
          for (let sale = 0; sale < 25; sale += 1) end = await sell(on);
          return end;
        };
        const both = Promise.all([sellAll(counter), sellAll('counter/2')]);
        await vi.waitFor(() => expect(early.changes.length).toBeGreaterThan(100), patience);
        const late = listenTo(other, 50);
        const end = Math.max(...(await both));
        await vi.waitFor(() => expect(early.sequences()).toEqual(range(1, end)), patience);
        await vi.waitFor(() => expect(late.sequences()).toEqual(range(51, end)), patience);
        const orders = early.changes.filter(({ address }) => address.startsWith('order/'));
        await vi.waitFor(() => expect(filtered.sequences()).toEqual(orders.map(({ sequence }) => sequence)), patience);
        expect(new Set(orders.map(({ address }) => address)).size).toBe(50);
      });
    });
  });
};
