import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import type { Message } from '../../src/domain/message.ts';
import type { Ack } from '../../src/domain/ports.ts';
import { readConfig } from '../../src/config.ts';
import { openStoreProgram } from '../../src/main.ts';
import { createJumpingClock, untilQuiet } from './jumping-clock.ts';
import { sampleBook } from './sample-book.ts';
import { createCrashDevices, readTraces } from './simulated-devices.ts';
import { manager } from './till.ts';
import { unfinished } from './unfinished.ts';

// What the crash run has found, each as short as it could be told.

it('the line to the terminal is down when a charge is to be given back: it is given back when the line is up', async () => {
  const store = openTill();
  await store.send('store-day/main', { type: 'OPEN_DAY', businessDate: '2026-01-05' });
  await store.send('counter/1', { type: 'OPEN', floatMinor: 10_000 });
  await store.send('counter/1', { type: 'SCAN', code: '9521020100514' });
  await store.send('counter/1', { type: 'PAY', tender: 'CARD', amountMinor: 100 });
  await store.settle();
  const [charge] = readTraces(store.devicesDir).charges;
  store.devices.call({ kind: 'terminals', counterId: '1', verb: 'dropLine' });
  await store.send('counter/1', { type: 'VOID_PAYMENT', paymentId: charge?.reference, reason: 'pays cash' });

  expect(await store.settle()).toEqual([]);
  expect(readTraces(store.devicesDir).charges).toMatchObject([{ state: 'reversed' }]);
});

function openTill() {
  const folder = mkdtempSync(join(tmpdir(), 'storefirst-crash-'));
  const config = readConfig({ STOREFIRST_DATA: folder, STOREFIRST_STORE: 'crash', STOREFIRST_COUNTERS: '1,2' });
  if ('reason' in config) throw new Error(config.detail);
  const clock = createJumpingClock(Date.UTC(2026, 0, 5, 9));
  const devicesDir = join(folder, 'devices');
  const wait = (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
  const devices = createCrashDevices(wait, { folder: devicesDir, printerTells: true });
  const opened = openStoreProgram(config, {
    devices,
    clock,
    report: () => undefined,
    prepare: (catalog) => void catalog.importBook(sampleBook(), clock.now()),
  });
  if ('reason' in opened) throw new Error(opened.detail);
  onTestFinished(async () => {
    await opened.stop();
    rmSync(folder, { recursive: true });
  });
  const quiet = () => untilQuiet(() => clock.activity());
  return {
    devices,
    devicesDir,
    async send(to: Address, event: Message): Promise<Ack> {
      await quiet();
      const ack = await opened.runtime.send(to, { id: opened.newId(), operator: manager, event });
      expect(ack).toMatchObject({ ok: true });
      await quiet();
      return ack;
    },
    async settle(): Promise<readonly string[]> {
      await quiet();
      for (let jumps = 0; jumps < 400 && unfinished(opened.database, 'money').length > 0; jumps += 1) {
        clock.jump();
        await quiet();
      }
      return unfinished(opened.database, 'money');
    },
  };
}
