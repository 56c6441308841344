import type { Address } from '../domain/address.ts';
import type { Fault } from '../domain/journal.ts';
import type { Draft } from './draft.ts';

/** Stopped actors and the messages that wait for them. On disk without a bound: each may be money or goods. */
export interface Faults {
  has(of: Address): boolean;
  first(of: Address): Fault | undefined;
  addresses(): readonly Address[];
  take(draft: Draft): void;
}

export function createFaults(kept: readonly Fault[]): Faults {
  const byAddress = new Map<Address, readonly Fault[]>();
  const set = (of: Address, faults: readonly Fault[]) => {
    if (faults.length === 0) byAddress.delete(of);
    else byAddress.set(of, faults);
  };
  const add = (fault: Fault) => set(fault.address, [...(byAddress.get(fault.address) ?? []), fault]);
  kept.forEach(add);

  return {
    has: (of) => byAddress.has(of),
    first: (of) => byAddress.get(of)?.[0],
    addresses: () => [...byAddress.keys()],
    take({ faults, faultsEnded }) {
      const ended = new Set(faultsEnded);
      if (ended.size > 0) {
        for (const [of, waiting] of byAddress) set(of, waiting.filter(({ id }) => !ended.has(id)));
      }
      faults.forEach(add);
    },
  };
}
