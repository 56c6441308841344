import type { Address } from '../domain/address.ts';
import type { Fault, StoredAnswer, StoredEffect, StoredTimer, TimerKey, Turn } from '../domain/journal.ts';
import type { Live } from './live.ts';

/** What a chain, and then a whole commit, has come to so far: in memory only, thrown away on any refusal or failure. */
export interface Draft {
  readonly actors: Map<Address, Live>;
  /** Last receipt number by counter, where one was taken. */
  readonly receipts: Map<string, number>;
  /** Ids made in here: nothing on disk has them. */
  readonly newIds: Set<string>;
  readonly turns: Turn[];
  readonly effects: StoredEffect[];
  readonly effectsEnded: string[];
  readonly timers: Map<string, StoredTimer>;
  readonly timersEnded: Map<string, TimerKey>;
  readonly answers: StoredAnswer[];
  readonly faults: Fault[];
  readonly faultsEnded: string[];
}

export const createDraft = (): Draft => ({
  actors: new Map(),
  receipts: new Map(),
  newIds: new Set(),
  turns: [],
  effects: [],
  effectsEnded: [],
  timers: new Map(),
  timersEnded: new Map(),
  answers: [],
  faults: [],
  faultsEnded: [],
});

export const timerKey = ({ address, timerId }: TimerKey): string => `${address} ${timerId}`;

/** Adds a chain that holds to the commit. */
export function merge(into: Draft, chain: Draft): void {
  for (const [key, live] of chain.actors) into.actors.set(key, live);
  for (const [key, number] of chain.receipts) into.receipts.set(key, number);
  into.turns.push(...chain.turns);
  into.effects.push(...chain.effects);
  into.effectsEnded.push(...chain.effectsEnded);
  for (const [key, ended] of chain.timersEnded) {
    into.timers.delete(key);
    into.timersEnded.set(key, ended);
  }
  for (const [key, timer] of chain.timers) into.timers.set(key, timer);
  into.answers.push(...chain.answers);
  into.faults.push(...chain.faults);
  into.faultsEnded.push(...chain.faultsEnded);
}
