// What somebody else's frontend needs: @nats-io/transport-node, JSON, and docs/bus.md. Nothing of ours in `frontend`.
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBusFixture, till, type BusFixture } from '../acceptance/store-over-nats.ts';
import { realNatsServer } from './real-nats-server.ts';

interface Told {
  readonly sequence: number;
  readonly revision: number;
  readonly status: string;
}

/** docs/bus.md, step by step. */
const frontend = (nats: NatsConnection) => {
  const command = async (id: string, actor: string, operator: unknown, event: unknown) => {
    const header = headers();
    header.set('Storefirst-Request-Id', id);
    const answer = await nats.request(`store.s1.cmd.${actor}`, JSON.stringify({ id, operator, event }), {
      timeout: 5000,
      headers: header,
    });
    return { ack: answer.json<Record<string, unknown>>(), requestId: answer.headers?.get('Storefirst-Request-Id') };
  };

  const follow = async (actor: string, from: number) => {
    const told: Told[] = [];
    const early: Told[] = [];
    let isCaughtUp = false;
    // 1. The live subject, kept aside at first.
    nats.subscribe(`store.s1.state.${actor}`, {
      callback: (_error, message) => void (isCaughtUp ? told : early).push(message.json<Told>()),
    });
    // 2. Pages from the sequence on, until `through` is the head.
    const addresses = [actor.replace('.', '/')];
    for (let after = from; !isCaughtUp;) {
      const asked = await nats.request('store.s1.changes', JSON.stringify({ filter: { addresses }, after, limit: 2 }));
      const page = asked.json<{ changes: Told[]; through: number; head: number }>();
      told.push(...page.changes);
      after = page.through;
      isCaughtUp = page.through >= page.head;
    }
    // 3. What came live meanwhile and is newer.
    const last = told.at(-1)?.revision ?? 0;
    told.push(...early.filter(({ revision }) => revision > last));
    return told;
  };

  return { command, follow };
};

describe.skipIf(!realNatsServer.ok)('a frontend that knows only NATS, JSON and docs/bus.md', () => {
  let bus: BusFixture;
  let nats: NatsConnection;
  beforeEach(async () => {
    bus = await openBusFixture();
    nats = await connect({ servers: bus.url, user: till.user, pass: till.password, inboxPrefix: '_INBOX_frontend' });
  });
  afterEach(async () => {
    await nats.close();
    await bus.close();
  });

  test('it sells something, and follows the counter from a sequence on, through pages and live', async () => {
    const { command, follow } = frontend(nats);
    const manager = { id: 'max', role: 'manager' };
    const cashier = { id: 'ann', role: 'cashier' };
    let count = 0;
    const nextId = (): string => `0199d7c0-0000-7000-8000-${String((count += 1)).padStart(12, '0')}`;

    const id = nextId();
    const opened = await command(id, 'store-day.main', manager, { type: 'OPEN_DAY' });
    expect(opened).toMatchObject({ requestId: id, ack: { ok: true, id, sequence: 1 } });
    const again = await command(id, 'store-day.main', manager, { type: 'OPEN_DAY' });
    expect(again.ack).toEqual(opened.ack);

    const { ack } = await command(nextId(), 'counter.1', cashier, { type: 'OPEN', floatMinor: 10_000 });
    const from = Number(ack['sequence']);
    for (let line = 0; line < 5; line += 1) {
      const scanned = await command(nextId(), 'counter.1', cashier, { type: 'SCAN', code: bus.code });
      expect(scanned.ack).toMatchObject({ ok: true, answer: { orderId: expect.any(String) } });
    }

    const told = await follow('counter.1', from);
    const paid = await command(nextId(), 'counter.1', cashier, { type: 'PAY', tender: 'CASH', amountMinor: 100_000 });
    expect(paid.ack).toMatchObject({ ok: true });
    const view = (await nats.request('store.s1.read.counter.1', '')).json<Told>();
    await vi.waitFor(() => expect(told.at(-1)?.revision).toBe(view.revision), { timeout: 30_000, interval: 10 });
    const first = told[0]?.revision ?? 0;
    expect(told.map(({ revision }) => revision)).toEqual(told.map((_, index) => first + index));
    expect(told[0]?.sequence).toBeGreaterThan(from);
    expect(told.at(-1)).toMatchObject({ status: 'idle', view });

    const refused = await command(nextId(), 'counter.1', cashier, { type: 'SCAN', code: 'nonsense' });
    expect(refused.ack).toMatchObject({ ok: false, reason: 'unknown-code', detail: expect.any(String) });
    expect((await nats.request('store.s1.read.order.none', '')).json()).toBeNull();
  });
});
