import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBus, type Bus, type BusDeps, type BusOptions } from '../../src/bus/bus.ts';
import { connectStore } from '../../src/bus/connection.ts';
import { loadCredentials } from '../../src/bus/credentials.ts';
import { findFreePort } from '../../src/bus/free-port.ts';
import type { NatsBinary } from '../../src/bus/nats-binary.ts';
import { createStoreClient } from '../../src/bus/store-client.ts';
import { openFixture, storeId, type StoreFixture } from '../acceptance/store-program.ts';
import { realNatsServer } from './real-nats-server.ts';

const patience = { timeout: 30_000, interval: 10 };
const missing: NatsBinary = { ok: false, reason: 'none-found', message: 'No nats-server was found.' };

let fixture: StoreFixture;
let bus: Bus | null = null;
let lines: string[] = [];
beforeEach(async () => {
  fixture = await openFixture();
  lines = [];
});
afterEach(async () => {
  await bus?.close();
  bus = null;
  await fixture.close();
});

const open = (deps: Partial<BusDeps> = {}, options: Partial<BusOptions> = {}): Bus => {
  bus = openBus(
    {
      store: fixture.program.runtime,
      turns: fixture.turns,
      report: (line) => void lines.push(line),
      nowMs: Date.now,
      // The shortest waits.
      chance: () => 0,
      uniqueId: randomUUID,
      randomBytes,
      findBinary: () => Promise.resolve(realNatsServer),
      ...deps,
    },
    { storeId, dataDir: fixture.dataDir, cacheDir: fixture.dataDir, environment: {}, port: 0, ...options },
  );
  return bus;
};

const sell = () =>
  fixture.program.runtime.send('store-day/main', {
    id: fixture.program.newId(),
    operator: { id: 'max', role: 'manager' },
    event: { type: 'OPEN_DAY' },
  });

test('no nats-server can be had: told once, the store sells on, and the bus ends when it is told to', async () => {
  const findBinary = vi.fn<() => Promise<NatsBinary>>(() => Promise.resolve(missing));
  const opened = open({ findBinary });
  expect(opened.status()).toMatchObject({ state: 'starting', url: null });
  await vi.waitFor(() => expect(findBinary.mock.calls.length).toBeGreaterThan(1), patience);
  expect(opened.status()).toMatchObject({ state: 'waiting', detail: 'No nats-server was found.', server: null });
  expect(lines).toEqual(['bus: No nats-server was found. The store sells on without it; trying again.']);
  expect(await sell()).toMatchObject({ ok: true });
  await opened.close();
  expect(opened.status()).toMatchObject({ state: 'closed' });
});

test('the store stops while nats-server is still being fetched: it does not wait for it', async () => {
  const opened = open({ findBinary: () => new Promise<NatsBinary>(() => undefined) });
  await opened.close();
  expect(opened.status().state).toBe('closed');
});

test('looking for nats-server throws: a failure as any other', async () => {
  const opened = open({ findBinary: () => Promise.reject(new Error('no permission')) });
  await vi.waitFor(
    () => expect(opened.status()).toMatchObject({ state: 'waiting', detail: 'Error: no permission' }),
    patience,
  );
  expect(await sell()).toMatchObject({ ok: true });
});

describe.skipIf(!realNatsServer.ok)('with a real nats-server', () => {
  test('it is opened: a frontend finds its password and gives a command', async () => {
    const opened = open();
    await opened.serving();
    const { url, credentialsPath, state } = opened.status();
    expect(state).toBe('serving');
    const { users } = JSON.parse(await readFile(credentialsPath ?? '', 'utf8')) as { users: Record<string, string> };
    const outcome = await connectStore({ url: url ?? '', user: 'frontend', password: users['frontend'] ?? '' });
    if (!outcome.ok) throw new Error(outcome.message);
    const store = createStoreClient(outcome.connection, { storeId });
    const command = {
      id: fixture.program.newId(),
      operator: { id: 'max', role: 'manager' },
      event: { type: 'OPEN_DAY' },
    } as const;
    expect(await store.send('store-day/main', command)).toMatchObject({ ok: true });
    await outcome.connection.close();
  });

  test('its port is taken: it waits, and serves as soon as the port is free', async () => {
    const taker = createServer().listen(0, '127.0.0.1');
    await once(taker, 'listening');
    const place = taker.address();
    const port = typeof place === 'object' && place !== null ? place.port : 0;
    const opened = open({}, { port });
    await vi.waitFor(() => expect(opened.status().state).toBe('waiting'), patience);
    expect(opened.status().detail).toContain('is taken by another program');
    taker.close();
    await opened.serving();
    expect(opened.status()).toMatchObject({ state: 'serving', detail: null, url: `nats://127.0.0.1:${port}` });
  });

  test('nats-server is killed: reconnecting, then serving again by itself', async () => {
    const opened = open();
    await opened.serving();
    const pid = opened.status().server?.pid;
    if (pid === undefined || pid === null) throw new Error('it does not run');
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(opened.status().server?.restarts).toBe(1), patience);
    await vi.waitFor(() => expect(opened.status().state).toBe('serving'), patience);
    expect(await sell()).toMatchObject({ ok: true });
  });

  test('the frontend is there before its store: it waits for it', async () => {
    const users = ['store', 'frontend'];
    const credentials = await loadCredentials({ randomBytes }, { dataDir: fixture.dataDir, users });
    const login = credentials.ok ? credentials.logins.get('frontend') : undefined;
    if (login === undefined) throw new Error('the frontend has a password');
    const port = await findFreePort('127.0.0.1');
    const waits = vi.fn<(line: string) => void>();
    const connecting = connectStore({ url: `nats://127.0.0.1:${port}`, ...login, report: waits, chance: () => 0 });
    await vi.waitFor(() => expect(waits).toHaveBeenCalledOnce(), patience);
    open({}, { port });
    const outcome = await connecting;
    expect(outcome.ok).toBe(true);
    if (outcome.ok) await outcome.connection.close();
  });
});

test('a frontend waits for a store that never comes: until it is told to give up', async () => {
  const waiting = new AbortController();
  const { signal } = waiting;
  const givenUp = connectStore({ url: 'nats://127.0.0.1:1', user: 'frontend', password: 'x', signal });
  waiting.abort();
  expect(await givenUp).toMatchObject({ ok: false, reason: 'given-up' });
});
