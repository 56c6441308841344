import { kindOf, type ActorKind, type Address } from '../domain/address.ts';
import type { StoredEffect, Unfinished } from '../domain/journal.ts';
import { effectRules } from './effect-rules.ts';

/** What a start does with what the last run left. */
export interface RestartPlan {
  /** Who hears of it, in this order, with the device calls that are not performed again: the actor asks first. */
  readonly told: readonly { readonly to: Address; readonly superseded: readonly string[] }[];
  /** Calls that are simply performed again. */
  readonly repeated: readonly StoredEffect[];
}

/** Money first: terminals and printers, so that payments find them connecting; then payments; then who only shows it. */
const rank: Record<ActorKind, number> = {
  terminal: 0,
  printer: 1,
  payment: 2,
  refund: 2,
  order: 3,
  counter: 4,
  'store-day': 4,
  drawer: 5,
  scanner: 5,
  display: 5,
};

export function planRestart({ inFlight, effects }: Unfinished): RestartPlan {
  const superseded = new Map<Address, string[]>();
  for (const { id, address, type } of effects) {
    if (effectRules[type] === 'repeat') continue;
    superseded.set(address, [...(superseded.get(address) ?? []), id]);
  }
  return {
    told: inFlight
      .toSorted((a, b) => rank[kindOf(a)] - rank[kindOf(b)])
      .map((to) => ({ to, superseded: superseded.get(to) ?? [] })),
    repeated: effects.filter(({ type }) => effectRules[type] === 'repeat'),
  };
}
