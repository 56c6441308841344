import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NatsServer, NatsServerOptions } from '../../src/bus/nats-server.ts';
import { createNatsServer } from '../../src/bus/nats-server.ts';
import type { NatsLogin } from '../../src/bus/nats-user.ts';
import { frontendUser, storeUser } from '../../src/bus/nats-user.ts';
import { inboxPrefix } from '../../src/bus/subjects.ts';
import { realNatsServer } from './real-nats-server.ts';

const store: NatsLogin = { user: 'store', password: 'password-of-the-store' };
const till: NatsLogin = { user: 'till', password: 'password-of-the-till' };
const other: NatsLogin = { user: 'other', password: 'password-of-the-other' };
const mute: NatsLogin = { user: 'mute', password: 'password-of-the-mute' };
const binaryPath = realNatsServer.ok ? realNatsServer.path : '';
/** A bound for what never comes, not a claim about speed. */
const patience = { timeout: 30_000, interval: 20 };

let dataDir = '';
let server: NatsServer;
let lines: string[] = [];
let onLine = (): void => undefined;
const connections: NatsConnection[] = [];

const report = (line: string): void => {
  lines.push(line);
  onLine();
};

const makeServer = (options: Partial<NatsServerOptions> = {}): NatsServer => {
  const users = [
    storeUser(store),
    frontendUser(till, 's1'),
    frontendUser(other, 's1'),
    { ...mute, publish: [], subscribe: [] },
  ];
  return createNatsServer(
    { report, nowMs: Date.now, chance: Math.random },
    { binaryPath, dataDir, serverName: 'store-s1', port: 0, users, ...options },
  );
};

const started = async (): Promise<number> => {
  const start = await server.start();
  if (!start.ok) throw new Error(start.message);
  return start.port;
};

const clientOf = async (port: number, login: NatsLogin): Promise<NatsConnection> => {
  const connection = await connect({
    servers: `127.0.0.1:${port}`,
    user: login.user,
    pass: login.password,
    inboxPrefix: inboxPrefix(login.user),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
  });
  connections.push(connection);
  return connection;
};

/** Long enough for a timer of 0 ms that should not be there. */
const nextTimers = (): Promise<void> => new Promise((settle) => setTimeout(settle, 50));

const commandLine = (pid: number): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');

const pidOf = (running: NatsServer): number => {
  const { pid } = running.status();
  if (pid === null) throw new Error('it does not run');
  return pid;
};

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'storefirst-nats-'));
  lines = [];
  onLine = () => undefined;
  server = makeServer();
});

afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await server.stop();
  await rm(dataDir, { recursive: true });
});

describe.skipIf(!realNatsServer.ok)('who may do what', () => {
  test('a client with credentials asks the store and gets the answer', async () => {
    const port = await started();
    const [storeSide, tillSide] = [await clientOf(port, store), await clientOf(port, till)];
    storeSide.subscribe('store.s1.cmd.>', { callback: (_error, message) => void message.respond('accepted') });
    await storeSide.flush();
    const answer = await tillSide.request('store.s1.cmd.counter.1', 'SCAN');
    expect(answer.string()).toBe('accepted');
  });

  test('a client without credentials, or with a wrong password, is refused', async () => {
    const servers = `127.0.0.1:${await started()}`;
    await expect(connect({ servers, reconnect: false })).rejects.toThrow(/authoriz/i);
    await expect(connect({ servers, reconnect: false, user: 'till', pass: 'guess' })).rejects.toThrow(/authoriz/i);
    await expect(connect({ servers, reconnect: false, user: 'nobody', pass: '' })).rejects.toThrow(/authoriz/i);
  });

  test.each(['store.s1.fact.SALE', 'store.s1.state.counter.1', 'store.s2.cmd.counter.1', '_INBOX_other.1', 'any'])(
    'a frontend publishes on %s: a permission violation, and nobody hears it',
    async (subject) => {
      const port = await started();
      const [storeSide, tillSide] = [await clientOf(port, store), await clientOf(port, till)];
      const heard: string[] = [];
      storeSide.subscribe('>', { callback: (_error, message) => void heard.push(message.subject) });
      await storeSide.flush();
      const violation = (async () => {
        for await (const status of tillSide.status()) if (status.type === 'error') return status.error.message;
        return 'closed';
      })();
      tillSide.publish(subject, 'forged');
      expect(await violation).toContain('Permissions Violation');
      tillSide.publish('store.s1.cmd.counter.1', 'allowed');
      await tillSide.flush();
      await vi.waitFor(() => expect(heard).toEqual(['store.s1.cmd.counter.1']), patience);
    },
  );

  test.each([
    { login: till, subject: 'store.s1.cmd.>' },
    { login: till, subject: 'store.s1.fact.>' },
    { login: till, subject: 'store.s2.state.>' },
    { login: till, subject: '>' },
    { login: till, subject: '_INBOX_other.>' },
    { login: mute, subject: 'store.s1.state.>' },
  ])('user $login.user may not listen to $subject', async ({ login, subject }) => {
    const connection = await clientOf(await started(), login);
    const refused = new Promise<string>((settle) => {
      connection.subscribe(subject, { callback: (error) => settle(error?.message ?? 'a message') });
    });
    expect(await refused).toContain('Permissions Violation');
  });

  test('a user that may say nothing publishes nothing', async () => {
    const port = await started();
    const [storeSide, muteSide] = [await clientOf(port, store), await clientOf(port, mute)];
    const heard: string[] = [];
    storeSide.subscribe('>', { callback: (_error, message) => void heard.push(message.subject) });
    await storeSide.flush();
    muteSide.publish('store.s1.cmd.counter.1', 'hello');
    await muteSide.flush();
    await storeSide.flush();
    expect(heard).toEqual([]);
  });

  test('the files with passwords are for the owner only', async () => {
    await started();
    expect((await stat(join(dataDir, 'nats'))).mode & 0o777).toBe(0o700);
    for (const name of ['nats-server.conf', 'nats-server.pid', 'nats-server.log'])
      expect((await stat(join(dataDir, 'nats', name))).mode & 0o777).toBe(0o600);
  });
});

describe.skipIf(!realNatsServer.ok)('supervision', () => {
  test('nats-server is killed: it comes back on the same port with a new pid, and the clients with it', async () => {
    const port = await started();
    const connection = await clientOf(port, store);
    const first = pidOf(server);
    const reconnected = (async () => {
      for await (const status of connection.status()) if (status.type === 'reconnect') return true;
      return false;
    })();
    process.kill(first, 'SIGKILL');
    expect(await reconnected).toBe(true);
    await connection.flush();
    await vi.waitFor(() => expect(server.status().state).toBe('running'), patience);
    expect(server.status()).toMatchObject({ port, restarts: 1 });
    expect(pidOf(server)).not.toBe(first);
    expect(lines).toEqual(['nats-server ended (killed by SIGKILL); starting it again in 0 ms', 'nats-server is back']);
  });

  test('it is killed again and again: it always comes back', async () => {
    await started();
    for (let kills = 1; kills <= 4; kills += 1) {
      process.kill(pidOf(server), 'SIGKILL');
      await vi.waitFor(() => expect(server.status()).toMatchObject({ state: 'running', restarts: kills }), patience);
    }
  });

  test('a stop ends the child, and nobody starts it again', async () => {
    await started();
    const pid = pidOf(server);
    await server.stop();
    expect(await commandLine(pid)).toBe('');
    expect(server.status()).toMatchObject({ state: 'stopped', pid: null });
    await expect(stat(join(dataDir, 'nats', 'nats-server.pid'))).rejects.toThrow('ENOENT');
    expect(lines).toEqual([]);
  });

  test('it is stopped at the moment it is found dead: nothing is started again', async () => {
    await started();
    const stopped = new Promise<void>((settle) => {
      onLine = () => settle(server.stop());
    });
    process.kill(pidOf(server), 'SIGKILL');
    await stopped;
    await nextTimers();
    expect(server.status()).toMatchObject({ state: 'stopped', pid: null, restarts: 0 });
    expect(lines).toEqual(['nats-server ended (killed by SIGKILL); starting it again in 0 ms']);
  });

  test('it is stopped while it is being started again: nothing is left', async () => {
    await started();
    process.kill(pidOf(server), 'SIGKILL');
    await vi.waitFor(() => expect(server.status().restarts).toBe(1), { ...patience, interval: 1 });
    await server.stop();
    expect(server.status()).toMatchObject({ state: 'stopped', pid: null });
  });

  test('a child that does not hear SIGTERM is killed', async () => {
    server = makeServer({ stopTimeoutMs: 1 });
    await started();
    const pid = pidOf(server);
    process.kill(pid, 'SIGSTOP');
    await server.stop();
    expect(await commandLine(pid)).toBe('');
  });

  test('the port is taken by another program: the start says so and leaves nothing', async () => {
    const taker = createServer().listen(0, '127.0.0.1');
    await once(taker, 'listening');
    const address = taker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    server = makeServer({ port });
    expect(await server.start()).toMatchObject({ ok: false, reason: 'port-in-use' });
    expect(server.status()).toMatchObject({ state: 'stopped', pid: null });
    taker.close();
  });

  test('a program that is no nats-server: the start says so', async () => {
    server = makeServer({ binaryPath: join(dataDir, 'missing') });
    expect(await server.start()).toMatchObject({ ok: false, reason: 'did-not-start' });
  });
});

describe.skipIf(!realNatsServer.ok)('the nats-server of a killed store', () => {
  const abandon = async (): Promise<{ readonly pid: number; readonly port: number }> => {
    const script = resolve(import.meta.dirname, 'abandoned-store.ts');
    const abandoned = spawn(process.execPath, [script, binaryPath, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(abandoned.stdout), 'line');
    abandoned.kill('SIGKILL');
    await once(abandoned, 'exit');
    return JSON.parse(String(line)) as { pid: number; port: number };
  };

  test('the store is killed: its nats-server lives on, and the next start ends it and begins anew', async () => {
    const orphan = await abandon();
    expect(await commandLine(orphan.pid)).toContain(join(dataDir, 'nats', 'nats-server.conf'));
    server = makeServer({ port: orphan.port });
    expect(await started()).toBe(orphan.port);
    expect(await commandLine(orphan.pid)).toBe('');
    expect(pidOf(server)).not.toBe(orphan.pid);
    expect(lines).toEqual(['nats-server of an earlier run was stopped']);
    await clientOf(orphan.port, till);
  });

  test('it is stuck: it is killed', async () => {
    const orphan = await abandon();
    process.kill(orphan.pid, 'SIGSTOP');
    server = makeServer({ stopTimeoutMs: 1 });
    await started();
    expect(await commandLine(orphan.pid)).toBe('');
    expect(lines).toEqual(['nats-server of an earlier run was killed']);
  });

  test('the pid now belongs to somebody else: that program is left alone', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(stranger, 'spawn');
    await mkdir(join(dataDir, 'nats'));
    await writeFile(join(dataDir, 'nats', 'nats-server.pid'), `${stranger.pid}\n`);
    await started();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    expect(lines).toEqual([]);
    stranger.kill('SIGKILL');
    await once(stranger, 'exit');
  });

  test.each(['', 'nonsense', '-1', '0', '1', '99999999999'])('a damaged pid file harms nobody: %j', async (content) => {
    await mkdir(join(dataDir, 'nats'));
    await writeFile(join(dataDir, 'nats', 'nats-server.pid'), content);
    await started();
    expect(server.status().state).toBe('running');
  });
});
