import { describe, expect, it } from 'vitest';
import { counterMachine } from '../../src/machines/counter.ts';
import { recorded, toldTo } from './card-words.ts';
import { traceOf } from './model.ts';
import {
  type Event,
  shift,
  open,
  openTraining,
  ring,
  pay,
  paid,
  startCount,
  count,
  move,
  contextOf,
  facts,
} from './counter-model.ts';

describe('counter: moments', () => {
  it('power fails mid-bill: the bill is there, and the counter says that it survived', () => {
    const last = traceOf(counterMachine, [open, ring('o1'), { type: 'RESTARTED' }]).at(-1);
    expect(last?.to).toBe('open.selling');
    expect(contextOf(last)).toMatchObject({ orderId: 'o1', survived: true });
  });

  it('the store day is not open: no shift begins', () => {
    expect(traceOf(counterMachine, [{ type: 'OPEN', shift, businessDate: null }]).at(-1)?.refused).toBe('day-closed');
  });

  it('the float is the first movement of a shift, under the name of the shift', () => {
    expect(facts(traceOf(counterMachine, [open]), 'till.moved')[0]?.payload).toMatchObject({
      movementId: 's1',
      movement: 'float',
      amountMinor: 10_000,
    });
  });

  it('a movement is signed by its kind: into the drawer is positive', () => {
    const all = (['PAID_IN', 'PAID_OUT', 'SAFE_DROP', 'NO_SALE'] as const).map((type) => move(type, type));
    const moved = facts(traceOf(counterMachine, [open, ...all]), 'till.moved').map(
      ({ payload }) => payload.amountMinor,
    );
    expect(moved).toEqual([10_000, 500, -500, -500, 0]);
  });

  it('a counter without a drawer books movements all the same', () => {
    const noDrawer: Event = {
      ...open,
      type: 'OPEN',
      shift: { ...shift, hasDrawer: false },
      businessDate: '2026-03-02',
    };
    const trace = traceOf(counterMachine, [noDrawer, move('PAID_IN', 'm1'), ring('o1'), pay, paid('o1')]);
    expect(toldTo(trace, 'drawer')).toEqual([]);
    expect(recorded(trace)).toEqual(['shift.opened', 'till.moved', 'till.moved']);
  });

  it('a training shift takes no Z number', () => {
    const trained = [openTraining, startCount, count, open, startCount, count] as const;
    const closed = facts(traceOf(counterMachine, trained), 'shift.closed').map(({ payload }) => payload.zNumber);
    expect(closed).toEqual([0, 1]);
  });
});
