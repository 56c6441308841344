import type { Address } from '../domain/address.ts';
import type { StoredEffect, StoredTimer } from '../domain/journal.ts';
import { timerKey, type Draft } from './draft.ts';

/** What is on disk and waits: device calls for their end, timers for their time. A mirror of two tables. */
export interface Pending {
  readonly effectsOf: (of: Address) => readonly StoredEffect[];
  readonly hasEffect: (id: string) => boolean;
  readonly timerOf: (key: string) => StoredTimer | undefined;
  /** When the next timer is due; null: none is set. */
  readonly nextDueAt: () => number | null;
  /** Timers whose time has come, each given out once. They stay on disk until their actor has heard of it. */
  readonly takeDue: (now: number) => readonly StoredTimer[];
  readonly take: (draft: Draft) => void;
  readonly counts: () => { readonly effects: number; readonly timers: number };
}

export function createPending(effects: readonly StoredEffect[], timers: readonly StoredTimer[]): Pending {
  const effectById = new Map<string, StoredEffect>();
  const byAddress = new Map<Address, StoredEffect[]>();
  const timerByKey = new Map<string, StoredTimer>();
  /** Sorted by due time; entries that were replaced or ended stay until they come up. */
  const due: StoredTimer[] = [];

  const addEffect = (effect: StoredEffect) => {
    effectById.set(effect.id, effect);
    byAddress.set(effect.address, [...(byAddress.get(effect.address) ?? []), effect]);
  };
  const endEffect = (id: string) => {
    const effect = effectById.get(id);
    if (effect === undefined) return;
    effectById.delete(id);
    const left = (byAddress.get(effect.address) ?? []).filter((other) => other.id !== id);
    if (left.length === 0) byAddress.delete(effect.address);
    else byAddress.set(effect.address, left);
  };
  const addTimer = (timer: StoredTimer) => {
    timerByKey.set(timerKey(timer), timer);
    due.splice(placeOf(due, timer.dueAt), 0, timer);
  };

  const dropEnded = () => {
    let next = due[0];
    while (next !== undefined && timerByKey.get(timerKey(next)) !== next) {
      due.shift();
      next = due[0];
    }
  };

  effects.forEach(addEffect);
  timers.forEach(addTimer);

  return {
    effectsOf: (of) => byAddress.get(of) ?? [],
    hasEffect: (id) => effectById.has(id),
    timerOf: (key) => timerByKey.get(key),
    nextDueAt() {
      dropEnded();
      return due[0]?.dueAt ?? null;
    },
    takeDue(now) {
      const taken: StoredTimer[] = [];
      for (;;) {
        dropEnded();
        const next = due[0];
        if (next === undefined || next.dueAt > now) return taken;
        taken.push(next);
        due.shift();
      }
    },
    take(draft) {
      for (const key of draft.timersEnded.keys()) timerByKey.delete(key);
      for (const timer of draft.timers.values()) addTimer(timer);
      for (const effect of draft.effects) addEffect(effect);
      for (const id of draft.effectsEnded) endEffect(id);
    },
    counts: () => ({ effects: effectById.size, timers: timerByKey.size }),
  };
}

/** First place whose timer is due later. */
function placeOf(sorted: readonly StoredTimer[], dueAt: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle];
    if (at !== undefined && at.dueAt <= dueAt) low = middle + 1;
    else high = middle;
  }
  return low;
}
