import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Address } from '../../src/domain/address.ts';
import { assert } from '../../src/domain/errors.ts';
import type { Message } from '../../src/domain/message.ts';
import { openStoreProgram, type StoreProgram } from '../../src/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'storefirst-training-'));
let program: StoreProgram | null = null;
afterEach(async () => {
  await program?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a counter that trained is counted and closes, with a report of nothing', async () => {
  const config = readConfig({ STOREFIRST_DATA: folder, STOREFIRST_NATS: 'off' });
  assert(!('reason' in config), 'the configuration is right');
  const none = new Map<string, never>();
  const devices = { terminals: none, printers: none, drawers: none, displays: none, scanners: none };
  const opened = openStoreProgram(config, { devices, report: () => {} });
  assert(!('reason' in opened), 'the store opens');
  program = opened;
  const send = async (to: Address, event: Message) =>
    opened.runtime.send(to, { id: opened.newId(), operator: { id: 'm', role: 'manager' }, event });
  await send('store-day/main', { type: 'OPEN_DAY', businessDate: '2025-01-01' });
  await send('counter/1', { type: 'OPEN', floatMinor: 100, training: true });
  expect(await send('counter/1', { type: 'X_REPORT' })).toMatchObject({ ok: true, answer: { report: { orders: 0 } } });
  await send('counter/1', { type: 'START_COUNT' });
  expect(await send('counter/1', { type: 'COUNT', countedMinor: 0 })).toMatchObject({ ok: true });
  expect(opened.runtime.stats().faulted).toEqual([]);
});
