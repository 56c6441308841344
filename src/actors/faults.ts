import type { Address } from '../domain/address.ts';
import type { Fault } from '../domain/journal.ts';
import type { Draft } from './draft.ts';

/**
 * A command's chain was undone and its client told so: its message is kept to be looked at, and never sent on by itself. Else it
 * would be done twice once the client sends it again. No other message's id begins like this.
 */
export const commandFaultId = (commandId: string, of: Address): string => `command:${commandId}:${of}`;
export const isOfCommand = (faultId: string): boolean => faultId.startsWith('command:');

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
      // One that was sent on and stopped its actor again keeps its place.
      const again = new Map(faults.filter(({ id }) => ended.has(id)).map((fault) => [fault.id, fault]));
      if (ended.size > 0) {
        for (const [of, waiting] of byAddress) {
          set(
            of,
            waiting.flatMap((fault) => (ended.has(fault.id) ? (again.get(fault.id) ?? []) : [fault])),
          );
        }
      }
      faults.filter(({ id }) => !ended.has(id)).forEach(add);
    },
  };
}
