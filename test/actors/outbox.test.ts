import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/domain/address.ts';
import { connectDevices, openDesk, openShop, type Desk, type DeskOptions } from './desk.ts';
import { createDeskDevices, silent, type DeskDevices } from './devices.ts';
import { doing, probes, script } from './probe.ts';

const notesOf = (desk: Desk, of: Address): unknown => desk.contextOf(of)['notes'] ?? [];
const outbox = (desk: Desk): readonly unknown[] => desk.database.prepare('SELECT type FROM outbox').pluck().all();
/** Devices that never answer a verb. */
const silentTo = (...verbs: readonly (keyof DeskDevices['answers'])[]): DeskDevices => {
  const desk = createDeskDevices(['1', '2', '3']);
  for (const verb of verbs) desk.answers[verb] = silent;
  return desk;
};
const open = (over: DeskOptions = {}): Promise<Desk> => openDesk({ kinds: probes(), ...over });

describe('X3: the power fails while a device is at work', () => {
  it('a charge is never made again by itself: its actor hears that the store was started, and decides', async () => {
    const desk = await open({ desk: silentTo('authorize') });
    desk.runtime.hear('terminal/1', doing(['charge', 'r1']));
    await desk.clock.settle();
    expect([desk.desk.calls, outbox(desk)]).toEqual([['terminal authorize r1'], ['authorizeCard']]);
    const next = await desk.powerFails();
    expect(next.desk.calls).toEqual([]);
    expect([notesOf(next, 'terminal/1'), outbox(next)]).toEqual([['RESTARTED'], []]);
    expect(next.records).toContainEqual({ type: 'resumed', inFlight: 1, effects: 1, timers: 0 });
  });

  it('what may be repeated is repeated', async () => {
    const desk = await open({ desk: silentTo('show') });
    desk.runtime.hear('display/1', doing(['show', 'hello']));
    await desk.clock.settle();
    const next = await desk.powerFails();
    expect(next.desk.calls).toEqual(['display show hello']);
    expect([notesOf(next, 'display/1'), outbox(next)]).toEqual([['RESTARTED', 'SHOW_ENDED'], []]);
  });

  it('and fails again before anything of the start is on disk: the next start does the same', async () => {
    const desk = await open({ desk: silentTo('authorize') });
    desk.runtime.hear('terminal/1', doing(['charge', 'r1']));
    await desk.clock.settle();
    const never = await desk
      .powerFails({
        wrapJournal: (journal) => ({
          ...journal,
          commit() {
            throw Object.assign(new Error('the plug is out'), { name: 'Plug' });
          },
        }),
      })
      .catch((error: unknown) => String(error));
    expect(never).toContain('the plug is out');
    const next = await desk.powerFails();
    expect([next.desk.calls, notesOf(next, 'terminal/1')]).toEqual([[], ['RESTARTED']]);
  });

  it('who is at rest hears nothing of a start', async () => {
    const shop = await openShop();
    const next = await shop.powerFails();
    const restarted = next.database
      .prepare(`SELECT address FROM journal WHERE message_id LIKE 'restart:%'`)
      .pluck()
      .all();
    expect(restarted).not.toContain('counter/1');
    expect(restarted).not.toContain('store-day/main');
  });
});

describe('a question makes the call stale that it asks about', () => {
  it('asked in the same commit: the call is not made at all', async () => {
    const desk = await open();
    desk.runtime.hear('terminal/1', doing(['charge', 'r1']));
    desk.runtime.hear('terminal/1', doing(['ask', 'r1']));
    await desk.clock.settle();
    expect(desk.desk.calls).toEqual(['terminal query r1']);
    expect(outbox(desk)).toEqual([]);
  });

  it('asked later: the call is not waited for any more, and its late answer is still heard', async () => {
    let answer: (outcome: { outcome: string }) => void = () => {};
    const devices = silentTo('query');
    devices.answers.authorize = () => new Promise((resolve) => (answer = resolve));
    const desk = await open({ desk: devices });
    desk.runtime.hear('terminal/1', doing(['charge', 'r1']));
    await desk.clock.settle();
    desk.runtime.hear('terminal/1', doing(['ask', 'r1']));
    await desk.clock.settle();
    expect(outbox(desk)).toEqual(['queryCard']);
    answer({ outcome: 'approved' });
    await desk.clock.settle();
    expect(notesOf(desk, 'terminal/1')).toEqual(['AUTHORIZE_ENDED']);
  });

  it('a call about another reference is left alone', async () => {
    const desk = await open({ desk: silentTo('authorize', 'query') });
    desk.runtime.hear('terminal/1', doing(['charge', 'r1']));
    desk.runtime.hear('terminal/1', doing(['ask', 'r2']));
    await desk.clock.settle();
    expect(outbox(desk)).toEqual(['authorizeCard', 'queryCard']);
  });
});

describe('a driver that throws', () => {
  it('has not answered: for money that is no answer, never a failure', async () => {
    const desk = await open();
    desk.desk.answers.authorize = () => {
      throw new Error('driver fell over');
    };
    desk.desk.answers.show = () => Promise.reject(new Error('driver fell over'));
    desk.runtime.hear('terminal/1', doing(['charge', 'r1']));
    desk.runtime.hear('display/1', doing(['show', 'hello']));
    await desk.clock.settle();
    const events = desk.database
      .prepare(
        `SELECT json_extract(event, '$.outcome') FROM journal WHERE to_state = 'still' AND event LIKE '%_ENDED%'`,
      )
      .pluck()
      .all();
    expect(new Set(events)).toEqual(new Set(['no-answer', 'unreachable']));
  });

  it('a counter without the device: unreachable, and nobody waits', async () => {
    const desk = await open({ desk: createDeskDevices(['1']) });
    await desk.ask('counter/1', script(['tell', 'terminal/9', [['charge', 'r1']]]));
    expect(outbox(desk)).toEqual([]);
    expect(notesOf(desk, 'terminal/9')).toEqual(['AUTHORIZE_ENDED']);
  });
});

describe('X3: real sales and the plug', () => {
  const statuses = async (desk: Desk) => {
    const of = desk.database.prepare('SELECT order_id AS orderId, payment_id AS paymentId FROM payments').get() as {
      readonly orderId: string;
      readonly paymentId: string;
    };
    const order = await desk.runtime.read(`order/${of.orderId}`);
    const payment = await desk.runtime.read(`payment/${of.paymentId}`);
    return [order?.status, payment?.status];
  };
  const paying = async (devices: DeskDevices): Promise<Desk> => {
    const shop = await openShop({ desk: devices });
    await shop.ask('counter/1', { type: 'SCAN', code: 'BREAD' });
    await shop.ask('counter/1', { type: 'PAY', tender: 'CARD' });
    return shop;
  };
  const approvedMeanwhile = (): DeskDevices => {
    const devices = createDeskDevices(['1', '2', '3']);
    devices.answers.query = () => Promise.resolve({ outcome: 'approved' });
    return devices;
  };

  it('the terminal approved and the store never knew: it is asked, and the sale is paid once', async () => {
    const shop = await paying(silentTo('authorize'));
    const next = await shop.powerFails({ desk: approvedMeanwhile() });
    await connectDevices(next);
    expect(await statuses(next)).toEqual(['RECEIPTED', 'success']);
    expect(next.desk.calls.filter((call) => call.startsWith('terminal authorize'))).toEqual([]);
    expect(next.desk.calls.filter((call) => call.startsWith('printer print'))).toHaveLength(1);
    expect((await next.runtime.read('counter/1'))?.status).toBe('idle');
  });

  it('the terminal never heard of it: the payment failed, and the cashier may try again', async () => {
    const shop = await paying(silentTo('authorize'));
    const next = await shop.powerFails();
    await connectDevices(next);
    expect(await statuses(next)).toEqual(['PENDING', 'failed']);
    expect((await next.runtime.read('counter/1'))?.data).toMatchObject({ survived: true });
    expect(await next.ask('counter/1', { type: 'PAY', tender: 'CASH' })).toMatchObject({ ok: true });
  });

  it('the receipt was at the printer: the printer is asked, and what it never got is printed', async () => {
    const shop = await paying(silentTo('print'));
    expect(await statuses(shop)).toEqual(['PAID', 'success']);
    const next = await shop.powerFails();
    await connectDevices(next);
    await next.clock.advance(60_000);
    expect(await statuses(next)).toEqual(['RECEIPTED', 'success']);
    expect(next.desk.calls.filter((call) => call.startsWith('printer query'))).not.toEqual([]);
  });

  it('the drawer was being opened: it is not opened again', async () => {
    const shop = await openShop({ desk: silentTo('open') });
    await shop.ask('counter/1', { type: 'SCAN', code: 'BREAD' });
    await shop.ask('counter/1', { type: 'PAY', tender: 'CASH' });
    expect(shop.desk.calls.filter((call) => call.startsWith('drawer open'))).toHaveLength(1);
    const next = await shop.powerFails();
    await connectDevices(next);
    await next.clock.advance(60_000);
    expect(next.desk.calls.filter((call) => call.startsWith('drawer open'))).toEqual([]);
  });

  it('mid-bill: the bill is on the counter, and can be taken up or cancelled', async () => {
    const shop = await openShop();
    await shop.ask('counter/1', { type: 'SCAN', code: 'BREAD' });
    const next = await shop.powerFails();
    expect((await next.runtime.read('counter/1'))?.data).toMatchObject({ survived: true, phase: 'open.selling' });
    expect(await next.ask('counter/1', { type: 'SCAN', code: 'MILK' })).toMatchObject({
      ok: true,
      answer: { dueMinor: 1_400 },
    });
    expect(await next.ask('counter/1', { type: 'CANCEL_ORDER', reason: 'left' })).toMatchObject({ ok: true });
    expect((await next.runtime.read('counter/1'))?.status).toBe('idle');
  });

  it('a supervisor cancels the bill that stands on a counter: the counter is free', async () => {
    const shop = await openShop();
    const scanned = await shop.ask('counter/1', { type: 'SCAN', code: 'BREAD' });
    const orderId = scanned.ok ? String(scanned.answer['orderId']) : '';
    expect(await shop.ask(`order/${orderId}`, { type: 'CANCEL', reason: 'mistake' })).toMatchObject({ ok: true });
    expect((await shop.runtime.read('counter/1'))?.status).toBe('idle');
    expect(await shop.ask('counter/1', { type: 'SCAN', code: 'MILK' })).toMatchObject({ ok: true });
  });

  it('training: reports, counting and closing leave no trace and stop nobody', async () => {
    const shop = await openShop();
    expect(await shop.ask('counter/2', { type: 'OPEN', floatMinor: 0, training: true })).toMatchObject({ ok: true });
    await shop.ask('counter/2', { type: 'SCAN', code: 'BREAD' });
    await shop.ask('counter/2', { type: 'PAY', tender: 'CARD' });
    const facts = shop.journal.head();
    expect(await shop.ask('counter/2', { type: 'X_REPORT' })).toMatchObject({ ok: true });
    expect(await shop.ask('counter/2', { type: 'START_COUNT' })).toMatchObject({ ok: true });
    expect(await shop.ask('counter/2', { type: 'COUNT', countedMinor: 0 })).toMatchObject({ ok: true });
    expect(shop.runtime.stats().faulted).toEqual([]);
    expect(facts).toBeGreaterThan(0);
    expect(shop.database.prepare(`SELECT count(*) FROM shift WHERE terminal_id = '2'`).pluck().get()).toBe(0);
    expect(shop.database.prepare('SELECT count(*) FROM receipt').pluck().get()).toBe(0);
  });
});
