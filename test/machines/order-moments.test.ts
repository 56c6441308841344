import { describe, expect, it } from 'vitest';
import { paidMinor } from '../../src/domain/due.ts';
import { orderMachine } from '../../src/machines/order.ts';
import { card, cash, draft } from './basket.ts';
import { recorded, toldTo } from './card-words.ts';
import { effectsOf, traceOf, type TraceStep } from './model.ts';
import {
  type Event,
  open,
  ring,
  bread,
  voidLine,
  pay,
  voidPayment,
  succeeded,
  unknown,
  reversed,
  suspend,
  resume,
  sellOn,
  cancel,
  reprint,
  saleOf,
  paidFacts,
} from './order-model.ts';

describe('order: moments', () => {
  const sold = [open, bread, pay('p1', cash), succeeded('p1')];
  const last = (events: readonly Event[]): TraceStep | undefined => traceOf(orderMachine, events).at(-1);

  it('lines are voided down to what is paid already: a tender of nothing makes it PAID', () => {
    const half = [open, bread, ring(draft('milk', 400)), pay('p1', cash, 400), succeeded('p1'), sellOn, voidLine(1)];
    expect(saleOf(last(half)).payments).toHaveLength(1);
    const trace = traceOf(orderMachine, [...half, pay('p2', cash), succeeded('p2')]);
    expect(trace.at(-1)?.to).toBe('paid');
    expect(paidFacts(trace)[0]?.totals.totalMinor).toBe(400);
  });

  it('X5: the terminal is gone while a part payment goes back: the bill can be put aside, and the next customer served', () => {
    const stuck = [open, bread, pay('p1', card, 400), succeeded('p1'), voidPayment('p1')];
    expect(last([...stuck, suspend])?.to).toBe('pending.suspended');
    expect(last([...stuck, suspend, reversed('p1'), cancel])?.to).toBe('cancelled');
    expect(last([...stuck, cancel])?.refused).toBe('payment-pending');
  });

  it('a card is being charged: the bill cannot be put aside or cancelled', () => {
    expect(last([open, bread, pay('p1', card), suspend])?.refused).toBe('payment-pending');
    expect(last([open, bread, pay('p1', card), cancel])?.refused).toBe('payment-pending');
    expect(last([open, bread, pay('p1', card), pay('p2', cash)])?.refused).toBe('payment-pending');
  });

  it('a charge could not be given back, and a person says that it stands: it counts again, on record', () => {
    const given = [open, bread, pay('p1', card, 400), succeeded('p1'), voidPayment('p1')];
    expect(last([...given, succeeded('p1')])).toMatchObject({ to: 'pending.tendering', refused: null });
    const paid = [...given, succeeded('p1'), pay('p2', cash), succeeded('p2')];
    expect(paidMinor(saleOf(last(paid)).payments)).toBe(1_000);
    const both = [open, bread, pay('p1', card), unknown('p1'), pay('p2', cash), succeeded('p2'), succeeded('p1')];
    const trace = traceOf(orderMachine, [...both, succeeded('p1')]);
    expect(recorded(trace.slice(-1))).toEqual(['order.disputed']);
  });

  it('a refund on a card comes out after the money went back in cash: a person must know', () => {
    const back = ring(draft('bread', 1_000, { type: 'return', quantity: -1000 }));
    const trace = traceOf(orderMachine, [
      open,
      back,
      pay('r1', card),
      unknown('r1'),
      pay('p2', cash),
      succeeded('p2'),
      succeeded('r1'),
    ]);
    expect(toldTo(trace, 'refund')).toEqual(['START']);
    expect(recorded(trace.slice(-1))).toEqual(['order.disputed']);
  });

  it('a part payment of a shift that was counted is not voided from another drawer: lines are, and money goes back', () => {
    const moved = [open, bread, pay('p1', cash, 400), succeeded('p1'), suspend, resume];
    expect(last([...moved, voidPayment('p1')])?.refused).toBe('not-now');
    const back = traceOf(orderMachine, [...moved, voidLine(1), pay('p2', cash), succeeded('p2')]);
    expect(back.at(-1)?.to).toBe('paid');
    expect(saleOf(back.at(-1)).payments.map(({ amountMinor, shiftId }) => [amountMinor, shiftId])).toEqual([
      [400, 's1'],
      [-400, 's2'],
    ]);
  });

  it('an unsure payment comes after the bill was voided below what is paid: it goes back, and is not one more part', () => {
    const paid = [
      open,
      bread,
      ring(draft('milk', 400)),
      pay('p1', card, 300),
      unknown('p1'),
      pay('p2', cash, 800),
      succeeded('p2'),
    ];
    const shrunk = [...paid, sellOn, voidLine(1)];
    expect(toldTo(traceOf(orderMachine, [...shrunk, succeeded('p1')]).slice(-1), 'payment')).toEqual(['REVERSE']);
  });

  it('two counters return the same piece: the second is refused, and may when the first gives it up', () => {
    const quantities = { 1: 1000 };
    const returned: Event = { type: 'RETURN_LINES', quantities };
    const released: Event = { type: 'RELEASE_LINES', quantities };
    expect(last([...sold, returned])?.refused).toBeNull();
    expect(last([...sold, returned, returned])?.refused).toBe('returned-already');
    expect(last([...sold, returned, released, returned])?.refused).toBeNull();
    expect(last([open, bread, returned])?.refused).toBe('unknown-receipt');
  });

  it('a return that is voided or cancelled gives the goods back to their sale', () => {
    const returnOf = { orderId: 'o0', line: 2 };
    const back = ring(draft('bread', 1_000, { type: 'return', quantity: -1000, returnOf }));
    const ends: readonly Event[] = [voidLine(1), cancel];
    for (const end of ends) {
      const tells = effectsOf(traceOf(orderMachine, [open, back, end]), 'tell').filter(({ to }) => to === 'order/o0');
      expect(tells.map(({ event }) => event)).toEqual([
        { type: 'RETURN_LINES', quantities: { 2: 1000 } },
        { type: 'RELEASE_LINES', quantities: { 2: 1000 } },
      ]);
    }
    const voided = traceOf(orderMachine, [open, back, voidLine(1), cancel]);
    expect(toldTo(voided, 'order').filter((word) => word === 'RELEASE_LINES')).toHaveLength(1);
  });

  it('T3: a copy says that it is one, and each copy is counted', () => {
    const prints = effectsOf(traceOf(orderMachine, [...sold, reprint, reprint]), 'tell').filter(
      ({ event }) => event.type === 'PRINT',
    );
    expect(prints.map(({ event }) => [event['jobId'], event['copy']])).toEqual([
      ['o1', false],
      ['o1-copy-1', true],
      ['o1-copy-2', true],
    ]);
  });
});
