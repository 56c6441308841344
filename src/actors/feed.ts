import { kindOf, type Address } from '../domain/address.ts';
import type { Journal, JournalEntry } from '../domain/journal.ts';
import type { Change, ChangeFilter, View } from '../domain/ports.ts';
import { statusOf } from '../domain/view.ts';
import { limits } from './limits.ts';

/** Committed turns for whoever follows them: first from the journal, then live, without gap or twin. */
export interface Feed {
  subscribe(filter: ChangeFilter, fromSequence: number, listener: (change: Change) => void): () => void;
  /** Tells of turns that were committed just now. */
  publish(entries: readonly JournalEntry[]): void;
}

export function createFeed(journal: Journal, viewOf: (of: Address) => View | null, report: (error: unknown) => void): Feed {
  const listeners = new Set<(entries: readonly JournalEntry[]) => void>();

  return {
    publish: (entries) => listeners.forEach((listen) => listen(entries)),
    subscribe(filter, fromSequence, listener) {
      const wants = matcher(filter);
      const end = () => void listeners.delete(hear);
      const hear = (entries: readonly JournalEntry[]): void => {
        try {
          for (const entry of entries) if (wants(entry.address)) listener(toChange(entry, viewOf));
        } catch (error) {
          // One listener's fault is not the store's: it loses its subscription.
          end();
          report(error);
        }
      };
      // Read up to the head and join in the same tick: nothing can be committed in between.
      listeners.add(hear);
      let last = fromSequence;
      for (;;) {
        const page = journal.turnsAfter(last, limits.catchUpMax);
        hear(page);
        const newest = page.at(-1);
        if (newest === undefined || !listeners.has(hear)) return end;
        last = newest.sequence;
      }
    },
  };
}

const matcher = ({ addresses }: ChangeFilter): ((of: Address) => boolean) => {
  const wanted = new Set(addresses);
  return (of) => wanted.size === 0 || wanted.has(of) || wanted.has(`${kindOf(of)}/*`);
};

/** A view only where the turn is the actor's latest: earlier ones are history. */
function toChange(entry: JournalEntry, viewOf: (of: Address) => View | null): Change {
  const { sequence, address, revision, event, messageId, at } = entry;
  const view = viewOf(address);
  const latest = view?.revision === revision ? view : null;
  return { sequence, address, revision, event, messageId, at, status: statusOf(kindOf(address), entry.to), view: latest };
}
