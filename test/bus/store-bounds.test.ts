import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { createChangePublisher } from '../../src/bus/change-publisher.ts';
import type { ConnectionState, StoreConnection } from '../../src/bus/connection.ts';
import { createStoreServer } from '../../src/bus/store-server.ts';
import { wireLimits } from '../../src/bus/wire-limits.ts';
import type { Ack, Change, Store } from '../../src/domain/ports.ts';

type Hear = (error: Error | null, message: Msg) => void;

/** A connection in memory: what is published, and a line that breaks and comes back when told. */
const createLine = () => {
  const published: { readonly subject: string; readonly body: string }[] = [];
  const callbacks = new Map<string, Hear>();
  const listeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = 'connected';
  let flushes: (() => void)[] = [];
  const nats = {
    info: { max_payload: 1024 * 1024 },
    isClosed: () => false,
    isDraining: () => false,
    publish: (subject: string, body: string) => void published.push({ subject, body }),
    flush: () => new Promise<void>((resolve) => void flushes.push(resolve)),
    subscribe: (subject: string, { callback }: { callback: Hear }) => {
      callbacks.set(subject, callback);
      return { unsubscribe: () => undefined };
    },
  };
  const connection: StoreConnection = {
    nats: nats as unknown as NatsConnection,
    state: () => state,
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
  return {
    connection,
    published,
    callbacks,
    enter: (next: ConnectionState) => {
      state = next;
      for (const listener of listeners) listener(next);
    },
    /** nats-server answers the pings. */
    flushAll: async () => {
      for (let rounds = 0; rounds < 5; rounds += 1) {
        await new Promise<void>((resolve) => void setImmediate(resolve));
        for (const flush of flushes.splice(0)) flush();
      }
    },
  };
};

const change = (sequence: number): Change => ({
  sequence,
  address: 'counter/1',
  revision: sequence,
  event: 'SCAN',
  status: 'selling',
  messageId: `message-${sequence}`,
  at: 0,
  view: null,
});
const head = 'store.s1.state.head';

test('nats-server takes nothing for a while: so many publications wait and no more, then the head is told first', async () => {
  const line = createLine();
  let sequence = 0;
  const publisher = createChangePublisher({ connection: line.connection, head: () => sequence }, 's1');
  const publish = (): void => publisher.publish(change((sequence += 1)));
  for (let times = 0; times < wireLimits.publicationsInFlight + 500; times += 1) publish();
  expect(line.published).toHaveLength(wireLimits.publicationsInFlight);
  await line.flushAll();
  publish();
  const after = line.published.slice(wireLimits.publicationsInFlight).map(({ subject }) => subject);
  expect(after[0]).toBe(head);
  expect(after.at(-1)).toBe('store.s1.state.counter.1');
  publisher.close();
});

test('the line breaks and comes back: nothing is published meanwhile, and the head is told before anything else', () => {
  const line = createLine();
  const publisher = createChangePublisher({ connection: line.connection, head: () => 2 }, 's1');
  publisher.publish(change(1));
  line.enter('reconnecting');
  publisher.publish(change(2));
  expect(line.published).toHaveLength(1);
  line.enter('connected');
  publisher.publish(change(3));
  expect(line.published.slice(1).map(({ subject }) => subject)).toEqual([head, 'store.s1.state.counter.1']);
  expect(line.published[1]?.body).toBe('{"head":2}');
  publisher.close();
});

test('more requests come at once than the store works on: busy, with the command’s id, and the others are answered', async () => {
  const line = createLine();
  const waiting: (() => void)[] = [];
  const store: Store = {
    send: (_to, { id }) =>
      new Promise<Ack>((resolve) => void waiting.push(() => resolve({ ok: true, id, sequence: 1, answer: {} }))),
    read: () => Promise.resolve(null),
    subscribe: () => () => undefined,
  };
  const turns = { turnsAfter: () => [], head: () => 0 };
  const server = createStoreServer(
    { store, turns, connection: line.connection, report: () => undefined },
    { storeId: 's1' },
  );
  const answers: { ok: boolean; id: string; reason?: string }[] = [];
  const ask = (id: string): void => {
    const body = { id, operator: { id: 'ann', role: 'cashier' }, event: { type: 'OPEN', floatMinor: 0 } };
    const message = {
      subject: 'store.s1.cmd.counter.1',
      reply: '_INBOX_frontend.a.b',
      data: new TextEncoder().encode(JSON.stringify(body)),
      respond: (text: string) => answers.push(JSON.parse(text) as { ok: boolean; id: string }) > 0,
    };
    line.callbacks.get('store.s1.cmd.>')?.(null, message as unknown as Msg);
  };
  for (let times = 0; times < wireLimits.requestsInFlight; times += 1) ask(`command-${times}`);
  expect(server.inFlight()).toBe(wireLimits.requestsInFlight);
  ask('one-too-many');
  await line.flushAll();
  expect(answers).toEqual([{ ok: false, reason: 'busy', detail: expect.any(String), id: 'one-too-many' }]);
  for (const answer of waiting.splice(0)) answer();
  const closing = server.close();
  await line.flushAll();
  await closing;
  expect(answers.filter(({ ok }) => ok)).toHaveLength(wireLimits.requestsInFlight);
  expect(server.inFlight()).toBe(0);
});
