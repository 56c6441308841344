import { kindOf, type Address } from './address.ts';
import type { JournalEntry } from './journal.ts';
import type { Change, ChangeFilter, View } from './ports.ts';
import { statusOf } from './view.ts';

/** What a filter lets through: these actors, all of a kind (`order/*`), or everything where it names none. */
export const matcherOf = ({ addresses }: ChangeFilter): ((of: Address) => boolean) => {
  const wanted = new Set(addresses);
  return (of) => wanted.size === 0 || wanted.has(of) || wanted.has(`${kindOf(of)}/*`);
};

/** A committed turn as followers see it. The view goes along only where the turn is the actor's latest: earlier ones are history. */
export const changeOf = (entry: JournalEntry, view: View | null): Change => {
  const { sequence, address, revision, event, messageId, at } = entry;
  return {
    sequence,
    address,
    revision,
    event,
    messageId,
    at,
    status: statusOf(kindOf(address), entry.to),
    view: view?.revision === revision ? view : null,
  };
};
