import { connect, headers, type Msg } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectStore } from '../../src/bus/connection.ts';
import { requestIdHeader } from '../../src/bus/messages.ts';
import { StoreUnreachable } from '../../src/bus/store-client.ts';
import { wireLimits } from '../../src/bus/wire-limits.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Message } from '../../src/domain/message.ts';
import type { Change } from '../../src/domain/ports.ts';
import type { Operator } from '../../src/domain/roles.ts';
import { openBusFixture, storeLogin, stranger, till, type BusFixture } from '../acceptance/store-over-nats.ts';
import { realNatsServer } from './real-nats-server.ts';

const patience = { timeout: 30_000, interval: 10 };
const ann: Operator = { id: 'ann', role: 'cashier' };
const max: Operator = { id: 'max', role: 'manager' };
const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

describe.skipIf(!realNatsServer.ok)('a store on a real nats-server', () => {
  let bus: BusFixture;
  beforeEach(async () => {
    bus = await openBusFixture();
  });
  afterEach(async () => {
    await bus.close();
  });

  const ask = async (subject: string, body: string | Uint8Array, id?: string): Promise<Msg> => {
    const { nats } = await bus.connectAs(till);
    const header = headers();
    if (id !== undefined) header.set(requestIdHeader, id);
    return nats.request(subject, body, { timeout: 20_000, headers: header });
  };
  const openDay = (id = bus.program.newId()) => JSON.stringify({ id, operator: max, event: { type: 'OPEN_DAY' } });

  describe('what comes from the wire', () => {
    const bad: readonly (readonly [string, string | Uint8Array, string])[] = [
      ['nothing', '', 'not JSON'],
      ['half a command', '{"id":"0123', 'not JSON'],
      ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'not JSON'],
      ['a list', '[]', 'not a JSON object'],
      ['null', 'null', 'not a JSON object'],
      ['no id', '{"operator":{"id":"a","role":"cashier"},"event":{"type":"OPEN"}}', 'id must be'],
      ['an id that is a number', '{"id":7}', 'id must be'],
      ['no operator', '{"id":"01234567","event":{"type":"OPEN"}}', 'operator.id'],
      [
        'an operator without a role',
        '{"id":"01234567","operator":{"id":"a"},"event":{"type":"OPEN"}}',
        'operator.role',
      ],
      [
        'a role that is none',
        '{"id":"01234567","operator":{"id":"a","role":"god"},"event":{"type":"OPEN"}}',
        'operator.role',
      ],
      ['no event', '{"id":"01234567","operator":{"id":"a","role":"cashier"}}', 'event.type'],
      ['an event without a type', '{"id":"01234567","operator":{"id":"a","role":"cashier"},"event":{}}', 'event.type'],
      [
        'a field too many',
        '{"id":"01234567","operator":{"id":"a","role":"cashier"},"event":{"type":"OPEN"},"x":1}',
        'no field x',
      ],
      ['brackets without end', `{"id":"01234567","event":${deep(10_000)}}`, 'nests deeper'],
      ['more than a request may have', JSON.stringify({ id: 'x'.repeat(wireLimits.requestBytes) }), 'bytes'],
    ];
    test.each(bad)('%s as a command: refused, and the store goes on', async (_what, body, detail) => {
      const answer = await ask('store.s1.cmd.store-day.main', body);
      expect(answer.json()).toMatchObject({
        ok: false,
        reason: 'bad-command',
        detail: expect.stringContaining(detail),
      });
      const next = await ask('store.s1.cmd.store-day.main', openDay());
      expect(next.json()).toMatchObject({ ok: true });
    });

    test.each([
      '',
      '[]',
      '{}',
      '{"filter":{"addresses":"order/*"},"after":0}',
      '{"filter":{"addresses":["order/>"]},"after":0}',
      '{"filter":{"addresses":["till/1"]},"after":0}',
      '{"filter":{"addresses":[7]},"after":0}',
      `{"filter":{"addresses":${JSON.stringify(Array.from({ length: 101 }, (_, index) => `order/${index}`))}},"after":0}`,
      '{"filter":{"addresses":[]}}',
      '{"filter":{"addresses":[]},"after":-1}',
      '{"filter":{"addresses":[]},"after":1.5}',
      '{"filter":{"addresses":[]},"after":0,"limit":0}',
      '{"filter":{"addresses":[]},"after":0,"more":true}',
    ])('a bad request of changes: refused %s', async (body) => {
      const answer = await ask('store.s1.changes', body, 'request-1');
      expect(answer.json()).toMatchObject({ ok: false, reason: 'bad-command' });
      expect(answer.headers?.get(requestIdHeader)).toBe('request-1');
    });

    test.each(['store.s1.cmd.till.1', 'store.s1.cmd.order', 'store.s1.cmd.order.a.b', 'store.s1.cmd.constructor.x'])(
      'a command to %s, which is no address: no such actor',
      async (subject) => {
        expect((await ask(subject, openDay())).json()).toMatchObject({ ok: false, reason: 'unknown-actor' });
      },
    );

    test.each(['store.s1.read.till.1', 'store.s1.read.order', 'store.s1.read.order.a.b'])(
      'a read of %s, which is no address: refused',
      async (subject) => {
        expect((await ask(subject, '')).json()).toMatchObject({ ok: false, reason: 'bad-command' });
      },
    );

    test('the id in the header is another one than the command’s: refused; the same one comes back', async () => {
      const id = bus.program.newId();
      const answer = await ask('store.s1.cmd.store-day.main', openDay(id), 'another-id');
      expect(answer.json()).toMatchObject({ ok: false, id, reason: 'bad-command' });
      const right = await ask('store.s1.cmd.store-day.main', openDay(id), id);
      expect(right.json()).toMatchObject({ ok: true, id });
      expect(right.headers?.get(requestIdHeader)).toBe(id);
    });

    test('more changes are asked for than a page has: a page, and where to go on', async () => {
      await ask('store.s1.cmd.store-day.main', openDay());
      const store = await bus.client();
      await store.send('counter/1', { id: bus.program.newId(), operator: ann, event: { type: 'OPEN', floatMinor: 0 } });
      const page = await ask('store.s1.changes', '{"filter":{"addresses":[]},"after":0,"limit":1}');
      expect(page.json()).toMatchObject({ ok: true, through: 1, changes: [{ sequence: 1 }], head: bus.turns.head() });
      const all = await ask('store.s1.changes', '{"filter":{"addresses":[]},"after":1,"limit":1000000}');
      expect(all.json()).toMatchObject({ ok: true, through: bus.turns.head(), head: bus.turns.head() });
    });
  });

  describe('who may do what', () => {
    test.each(['system', 'device', 'support', 'auditor'])(
      'a frontend says that it is %s: not allowed',
      async (role) => {
        const id = bus.program.newId();
        const body = JSON.stringify({ id, operator: { id: 'eve', role }, event: { type: 'OPEN_DAY' } });
        expect((await ask('store.s1.cmd.store-day.main', body)).json()).toMatchObject({
          ok: false,
          id,
          reason: 'not-allowed',
        });
        expect(bus.turnsOf(id)).toBe(0);
      },
    );

    test('a client without credentials, or with wrong ones, gets nothing', async () => {
      await expect(connect({ servers: bus.url, reconnect: false })).rejects.toThrow(/authoriz/i);
      const outcome = await connectStore({ url: bus.url, user: till.user, password: 'a-guess-of-a-password' });
      expect(outcome).toMatchObject({ ok: false, reason: 'refused' });
    });

    test('a frontend publishes a forged change: nobody who follows hears it', async () => {
      const [store, forger] = [await bus.client(), await bus.connectAs(till)];
      const heard: Change[] = [];
      store.subscribe({ addresses: [] }, 0, (change) => void heard.push(change));
      const forged = {
        sequence: 1,
        address: 'counter/1',
        revision: 1,
        event: 'PAID',
        status: 'idle',
        messageId: 'x',
        at: 0,
        view: null,
      };
      forger.nats.publish('store.s1.state.counter.1', JSON.stringify(forged));
      await forger.nats.flush();
      await ask('store.s1.cmd.store-day.main', openDay());
      await vi.waitFor(() => expect(heard.map(({ address }) => address)).toEqual(['store-day/main']), patience);
    });

    test('a frontend lets the store answer where it may not speak itself: no answer, and no effect', async () => {
      const [eve, listener] = [await bus.connectAs(till), await bus.connectAs(storeLogin)];
      const heard: string[] = [];
      for (const subject of ['store.s1.state.>', 'store.s1.fact.>', 'elsewhere', '$SYS.>']) {
        listener.nats.subscribe(subject, { callback: (_error, message) => void heard.push(message.subject) });
      }
      await listener.nats.flush();
      const ids: string[] = [];
      for (const reply of [
        'store.s1.state.counter.1',
        'store.s1.fact.SALE',
        'elsewhere',
        'store.s1.cmd.counter.1',
        '_INBOX_x',
      ]) {
        const id = bus.program.newId();
        ids.push(id);
        eve.nats.publish('store.s1.cmd.store-day.main', openDay(id), { reply });
      }
      eve.nats.publish('store.s1.cmd.store-day.main', openDay());
      await eve.nats.flush();
      expect((await ask('store.s1.read.store-day.main', '')).json()).toBeNull();
      expect(heard).toEqual([]);
      expect(ids.map(bus.turnsOf)).toEqual([0, 0, 0, 0, 0]);
    });

    test('a user listens to the answers of another: a permission violation', async () => {
      const other = await bus.connectAs(stranger);
      const refused = new Promise<string>((settle) => {
        other.nats.subscribe('_INBOX_frontend.>', { callback: (error) => settle(error?.message ?? 'a message') });
      });
      expect(await refused).toContain('Permissions Violation');
    });
  });

  describe('when nats-server goes away', () => {
    const kill = (): void => {
      const { pid } = bus.natsServer.status();
      if (pid === null) throw new Error('it does not run');
      process.kill(pid, 'SIGKILL');
    };

    test('it is killed twice amid 300 commands: each is acknowledged once it is back, has one effect, and is followed', async () => {
      const [store, follower, partial] = [await bus.client(), await bus.client(), await bus.client()];
      const [heard, ofCounter]: [Change[], Change[]] = [[], []];
      follower.subscribe({ addresses: [] }, 0, (change) => void heard.push(change));
      partial.subscribe({ addresses: ['counter/1'] }, 0, (change) => void ofCounter.push(change));
      const send = (to: 'store-day/main' | 'counter/1', id: string, event: { type: string; [key: string]: unknown }) =>
        store.send(to, { id, operator: max, event });
      await send('store-day/main', bus.program.newId(), { type: 'OPEN_DAY' });
      await send('counter/1', bus.program.newId(), { type: 'OPEN', floatMinor: 0 });
      const ids = Array.from({ length: 300 }, () => bus.program.newId());
      for (const [index, id] of ids.entries()) {
        if (index === 60 || index === 200) kill();
        const ack = await send('counter/1', id, { type: 'PAID_IN', amountMinor: 1, reason: 'change' });
        expect(ack).toMatchObject({ ok: true, id });
      }
      expect(ids.map(bus.turnsOf)).toEqual(ids.map(() => 1));
      const head = bus.turns.head();
      await vi.waitFor(() => expect(heard.at(-1)?.sequence).toBe(head), patience);
      expect(heard.map(({ sequence }) => sequence)).toEqual(heard.map((_, index) => index + 1));
      const counterTurns = heard.filter(({ address }) => address === 'counter/1').map(({ sequence }) => sequence);
      await vi.waitFor(() => expect(ofCounter.map(({ sequence }) => sequence)).toEqual(counterTurns), patience);
      expect(bus.natsServer.status().restarts).toBe(2);
    });

    test('the store sells on without it: who follows gets all of it afterwards', async () => {
      const store = await bus.client();
      const heard: number[] = [];
      store.subscribe({ addresses: [] }, 0, ({ sequence }) => void heard.push(sequence));
      const { runtime, newId } = bus.program;
      await runtime.send('store-day/main', { id: newId(), operator: max, event: { type: 'OPEN_DAY' } });
      kill();
      await runtime.send('counter/1', { id: newId(), operator: ann, event: { type: 'OPEN', floatMinor: 0 } });
      for (let line = 0; line < 20; line += 1) {
        const event = { type: 'SCAN', code: bus.code };
        expect(await runtime.send('counter/1', { id: newId(), operator: ann, event })).toMatchObject({ ok: true });
      }
      const head = bus.turns.head();
      await vi.waitFor(() => expect(heard.at(-1)).toBe(head), patience);
      expect(heard).toEqual(heard.map((_, index) => index + 1));
    });

    test('it stays away: a command is refused as unreachable, a read says so, and nothing was done', async () => {
      const store = await bus.client({ timeoutMs: 300, tryTimeoutMs: 100 });
      await bus.natsServer.stop();
      const id = bus.program.newId();
      const command = { id, operator: max, event: { type: 'OPEN_DAY' } };
      expect(await store.send('store-day/main', command)).toMatchObject({ ok: false, id, reason: 'unreachable' });
      await expect(store.read('store-day/main')).rejects.toThrow(StoreUnreachable);
      expect(bus.turnsOf(id)).toBe(0);
    });
  });

  test('nobody serves: a command is refused as unreachable, not lost in silence', async () => {
    const store = await bus.client({ storeId: 's1', timeoutMs: 500, tryTimeoutMs: 100 });
    const other = await bus.client({ storeId: 'other', timeoutMs: 500, tryTimeoutMs: 100 });
    const command = { id: bus.program.newId(), operator: max, event: { type: 'OPEN_DAY' } };
    expect(await other.send('store-day/main', command)).toMatchObject({ ok: false, reason: 'unreachable' });
    expect(await store.send('store-day/main', command)).toMatchObject({ ok: true });
  });

  test('a listener throws over NATS: its subscription ends, the connection and the others live on', async () => {
    const reports: string[] = [];
    const store = await bus.client({ report: (line) => void reports.push(line) });
    const heard: number[] = [];
    store.subscribe({ addresses: [] }, 0, () => {
      throw new Error('a fault');
    });
    store.subscribe({ addresses: [] }, 0, ({ sequence }) => void heard.push(sequence));
    await store.send('store-day/main', { id: bus.program.newId(), operator: max, event: { type: 'OPEN_DAY' } });
    await vi.waitFor(() => expect(heard).toEqual([1]), patience);
    await vi.waitFor(() => expect(reports).toEqual([expect.stringContaining('a fault')]), patience);
    store.close();
    expect(await store.read('store-day/main')).toMatchObject({ status: 'open' });
  });

  test('an order grows larger than a publication may be: told without its view, which is read instead', async () => {
    const store = await bus.client();
    const send = (to: Address, event: Message, operator = ann) =>
      store.send(to, { id: bus.program.newId(), operator, event });
    await send('store-day/main', { type: 'OPEN_DAY' }, max);
    await send('counter/1', { type: 'OPEN', floatMinor: 0 });
    const changes: Change[] = [];
    store.subscribe({ addresses: ['order/*'] }, 0, (change) => void changes.push(change));
    const items = Array.from({ length: 100 }, () => ({ code: bus.code }));
    for (let ring = 0; ring < 10; ring += 1) {
      expect(await send('counter/1', { type: 'RING', items })).toMatchObject({ ok: true });
    }
    const view = await store.read(changes[0]?.address ?? 'order/none');
    expect(Buffer.byteLength(JSON.stringify(view))).toBeGreaterThan(wireLimits.changeBytes);
    await vi.waitFor(() => expect(changes.at(-1)?.revision).toBe(view?.revision), patience);
    expect(changes.at(-1)).toMatchObject({ view: null, status: view?.status });
    expect(changes.some(({ view: small }) => small !== null)).toBe(true);
  });
});
