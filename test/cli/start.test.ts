import { describe, expect, test } from 'vitest';
import { realNatsServer } from '../bus/real-nats-server.ts';
import { runCommand, startCommand, temporaryFolder, type Keys } from './command.ts';

const quiet = (folder: string): Keys => ({ STOREFIRST_DATA: folder, STOREFIRST_NATS: 'off' });

/** The status when the printer has done its work. */
const quietStatus = async (keys: Keys): Promise<{ readonly outbox: readonly unknown[] }> => {
  for (;;) {
    const status = JSON.parse((await runCommand(['status', '--json'], keys)).out) as {
      readonly outbox: readonly unknown[];
    };
    if (status.outbox.length === 0) return status;
  }
};

describe('storefirst start', () => {
  test('Ctrl-C stops it cleanly, and the next start finds its price book', async () => {
    const keys = quiet(temporaryFolder());
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const store = startCommand(['start'], keys);
      await store.says('to stop');
      expect(store.text()).toContain('price book sample');
      store.child.kill(signal);
      expect(await store.ended).toMatchObject({ code: 0, err: '' });
    }
    const status = await runCommand(['status', '--json'], keys);
    expect(JSON.parse(status.out)).toMatchObject({
      running: false,
      starts: 2,
      priceBook: { version: 'sample', products: 267 },
    });
  });

  test('a second program on the same folder refuses with one line', async () => {
    const keys = quiet(temporaryFolder());
    const store = startCommand(['start'], keys);
    await store.says('to stop');
    const second = await runCommand(['start'], keys);
    expect(second).toMatchObject({ code: 1, out: '' });
    expect(second.err.trim()).toMatch(/^storefirst start: another Storefirst program runs on \S+; stop it first$/);
  });

  test('a bad configuration is refused with one line that names the key', async () => {
    const keys = { ...quiet(temporaryFolder()), STOREFIRST_CURRENCY: 'dollars' };
    const refused = await runCommand(['start'], keys);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err.trim()).toBe('storefirst start: STOREFIRST_CURRENCY is "dollars"; wanted: an ISO 4217 code');
  });

  test('no nats-server to be had: the store is open, and says what to do about the bus', async () => {
    const keys = {
      STOREFIRST_DATA: temporaryFolder(),
      STOREFIRST_NATS_PORT: '0',
      NATS_SERVER: '/nonexistent/nats-server',
    };
    const store = startCommand(['start'], keys);
    await store.says('The store sells on without it');
    expect(store.text()).toContain('is open.');
    expect(store.text()).toContain('NATS_SERVER is set to /nonexistent/nats-server');
    const till = await runCommand(['sell'], keys);
    expect(till.code).toBe(1);
    expect(till.err).toContain('takes no commands over NATS');
    store.child.kill('SIGINT');
    expect((await store.ended).code).toBe(0);
  });

  test('the plug is pulled in the middle of a bill: the next start says what it found', async () => {
    const keys = quiet(temporaryFolder());
    await runCommand(['sell'], keys, '100\n3*4011\n');
    const store = startCommand(['start'], keys);
    await store.says('to stop');
    expect(store.text()).toContain('an open bill on counter 1: it is there again');
  });
});

describe('a till at a running store', () => {
  test.skipIf(!realNatsServer.ok)('sells over NATS while the store runs, and both stop cleanly', async () => {
    const keys: Keys = {
      STOREFIRST_DATA: temporaryFolder(),
      STOREFIRST_NATS_PORT: '0',
      ...(realNatsServer.ok && { NATS_SERVER: realNatsServer.path }),
    };
    const store = startCommand(['start'], keys);
    await store.says("the frontends' passwords stand in");
    const till = await runCommand(
      ['sell', '--counter', '2', '--operator', 'bob'],
      keys,
      '50\n3*4011\nc\n4011\n1.25\np 20\nz\n70\ny\n',
    );
    expect(till).toMatchObject({ code: 0, err: '' });
    expect(till.out).toContain('Approval 000001, terminal 1');
    expect(till.out).toContain('Z REPORT   counter 2');
    expect(till.out).toContain('The day is closed.');
    const status = await quietStatus(keys);
    expect(status).toMatchObject({
      running: true,
      day: { status: 'closed' },
      receipts: [{ counterId: '2', last: 2 }],
      orders: { RECEIPTED: 2 },
      inFlight: { counters: [], payments: [], printJobs: [] },
      outbox: [],
      faults: [],
    });
    expect(await runCommand(['verify'], keys)).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/^Sound: \d+ turns/),
    });
    store.child.kill('SIGTERM');
    expect((await store.ended).code).toBe(0);
  });
});
