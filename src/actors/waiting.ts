import type { Address } from '../domain/address.ts';
import type { Envelope } from './envelope.ts';
import type { Limits } from './limits.ts';

/**
 * What waits for its turn, first come first served, bounded by actor and altogether. After a start, actors hear of it before any
 * command is taken; what devices answer meanwhile goes first, so that what was in flight ends as early as it can.
 */
export interface Waiting {
  /** False: full; the sender must come again. Only commands can be turned away. */
  add(envelope: Envelope): boolean;
  /** Puts back what could not be committed, before everything else. */
  putBack(envelopes: readonly Envelope[]): void;
  /** The next ones for one commit; stops before one that `startsAnew` unless it is the first. */
  take(startsAnew: (envelope: Envelope) => boolean): readonly Envelope[];
  takeAll(): readonly Envelope[];
  size(): number;
}

export function createWaiting(limits: Limits): Waiting {
  let queue: Envelope[] = [];
  let next = 0;
  let restarts: Envelope[] = [];
  const byActor = new Map<Address, number>();
  const count = (of: Address, change: number) => {
    const left = (byActor.get(of) ?? 0) + change;
    if (left === 0) byActor.delete(of);
    else byActor.set(of, left);
  };
  const compact = () => {
    if (next < 1024 && next < queue.length) return;
    queue = queue.slice(next);
    next = 0;
  };

  const takeRestarts = (): readonly Envelope[] => {
    const waiting = queue.slice(next);
    const answers = waiting.filter(({ origin }) => origin.type !== 'client').slice(0, limits.commitMessagesMax);
    const told = restarts.slice(0, limits.commitMessagesMax - answers.length);
    const taken = new Set(answers);
    queue = waiting.filter((envelope) => !taken.has(envelope));
    next = 0;
    restarts = restarts.slice(told.length);
    return [...answers, ...told];
  };

  return {
    add(envelope) {
      if (envelope.origin.type === 'restart') {
        restarts.push(envelope);
        count(envelope.to, 1);
        return true;
      }
      const full = (byActor.get(envelope.to) ?? 0) >= limits.mailboxMax || queue.length - next >= limits.waitingMax;
      if (full && envelope.origin.type === 'client') return false;
      queue.push(envelope);
      count(envelope.to, 1);
      return true;
    },
    putBack(envelopes) {
      queue = [...envelopes, ...queue.slice(next)];
      next = 0;
      for (const { to } of envelopes) count(to, 1);
    },
    take(startsAnew) {
      if (restarts.length > 0) {
        const first = takeRestarts();
        for (const { to } of first) count(to, -1);
        return first;
      }
      const taken: Envelope[] = [];
      while (taken.length < limits.commitMessagesMax) {
        const envelope = queue[next];
        if (envelope === undefined || (taken.length > 0 && startsAnew(envelope))) break;
        taken.push(envelope);
        count(envelope.to, -1);
        next += 1;
      }
      compact();
      return taken;
    },
    takeAll() {
      const all = [...restarts, ...queue.slice(next)];
      restarts = [];
      queue = [];
      next = 0;
      byActor.clear();
      return all;
    },
    size: () => restarts.length + queue.length - next,
  };
}
