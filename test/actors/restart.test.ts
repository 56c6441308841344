import { describe, expect, it } from 'vitest';
import type { Envelope, Origin } from '../../src/actors/envelope.ts';
import { limits } from '../../src/actors/limits.ts';
import { planRestart } from '../../src/actors/restart.ts';
import { createWaiting } from '../../src/actors/waiting.ts';
import type { Address } from '../../src/domain/address.ts';
import type { StoredEffect } from '../../src/domain/journal.ts';
import { systemOperator } from '../../src/domain/roles.ts';

const call = (address: Address, type: StoredEffect['type']): StoredEffect => ({
  id: `${address}:1:0:${type}`,
  address,
  type,
  params: null,
});
const left = { epoch: 2, timers: [], faults: [] };

describe('what a start does with what the last run left', () => {
  it('money is told first: terminals and printers, then payments, then who only shows it', () => {
    const inFlight: Address[] = ['counter/1', 'display/1', 'payment/p', 'printer/1', 'terminal/1', 'refund/r'];
    const told = planRestart({ ...left, inFlight, effects: [] }).told.map(({ to }) => to);
    expect(told).toEqual(['terminal/1', 'printer/1', 'payment/p', 'refund/r', 'counter/1', 'display/1']);
  });

  it('no call is performed again but the display’s; the others end with their actor’s first turn (X3)', () => {
    const charge = call('terminal/1', 'authorizeCard');
    const kick = call('drawer/1', 'openDrawer');
    const text = call('display/1', 'showText');
    const plan = planRestart({ ...left, inFlight: ['terminal/1', 'drawer/1'], effects: [charge, kick, text] });
    expect(plan.repeated).toEqual([text]);
    expect(plan.told).toEqual([
      { to: 'terminal/1', superseded: [charge.id] },
      { to: 'drawer/1', superseded: [kick.id] },
    ]);
  });
});

describe('what waits while actors hear of a start', () => {
  const envelope = (id: string, origin: Origin): Envelope => ({
    to: 'counter/1',
    id,
    event: { type: 'X' },
    by: systemOperator,
    origin,
  });
  const command = envelope('command', { type: 'client', digest: '', acknowledge: () => {} });
  const answer = envelope('answer', { type: 'effect', effectId: 'e' });
  const restart = (id: string) => envelope(id, { type: 'restart', superseded: [] });

  it('answers of devices go first, then who has not heard yet; a command waits until all have', () => {
    const waiting = createWaiting({ ...limits, commitMessagesMax: 2 });
    for (const next of [command, restart('a'), restart('b'), answer]) waiting.add(next);
    expect(waiting.take(() => false).map(({ id }) => id)).toEqual(['answer', 'a']);
    expect(waiting.take(() => false).map(({ id }) => id)).toEqual(['b']);
    expect(waiting.take(() => false).map(({ id }) => id)).toEqual(['command']);
    expect(waiting.size()).toBe(0);
  });

  it('a store that stops in the middle gives back what nobody has heard, too', () => {
    const waiting = createWaiting(limits);
    for (const next of [command, restart('a')]) waiting.add(next);
    expect(waiting.takeAll().map(({ id }) => id)).toEqual(['a', 'command']);
  });
});
