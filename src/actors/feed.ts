import type { Address } from '../domain/address.ts';
import { changeOf, matcherOf } from '../domain/change.ts';
import type { Clock } from '../domain/clock.ts';
import type { Journal, JournalEntry } from '../domain/journal.ts';
import type { Change, ChangeFilter, View } from '../domain/ports.ts';
import { limits } from './limits.ts';

/** Committed turns for whoever follows them: first from the journal, then live, without gap or twin. */
export interface Feed {
  subscribe(filter: ChangeFilter, fromSequence: number, listener: (change: Change) => void): () => void;
  /** Tells of turns that were committed just now. */
  publish(entries: readonly JournalEntry[]): void;
}

export interface FeedDeps {
  readonly journal: Journal;
  readonly viewOf: (of: Address) => View | null;
  readonly report: (error: unknown) => void;
  readonly soon: Clock['soon'];
}

export function createFeed({ journal, viewOf, report, soon }: FeedDeps): Feed {
  const listeners = new Set<(entries: readonly JournalEntry[]) => boolean>();

  return {
    publish(entries) {
      // A copy: who subscribes from within a listener has read these already.
      for (const hear of Array.from(listeners)) hear(entries);
    },
    subscribe(filter, fromSequence, listener) {
      const wants = matcherOf(filter);
      let last = fromSequence;
      let ended = false;
      const end = () => {
        ended = true;
        listeners.delete(hear);
      };
      const hear = (entries: readonly JournalEntry[]): boolean => {
        try {
          const newest = new Map(entries.map(({ address, sequence }) => [address, sequence]));
          for (const entry of entries) {
            if (ended || !wants(entry.address)) continue;
            const isNewest = newest.get(entry.address) === entry.sequence;
            listener(changeOf(entry, isNewest ? viewOf(entry.address) : null));
          }
        } catch (error) {
          // One listener's fault is not the store's: it loses its subscription.
          end();
          report(error);
        }
        return !ended;
      };
      // Page by page, so that sales go on in between; the last page and joining in are one tick: nothing comes between them.
      const catchUp = () => {
        if (ended) return;
        const page = journal.turnsAfter(last, limits.catchUpMax);
        last = page.at(-1)?.sequence ?? last;
        if (!hear(page)) return;
        if (page.length === limits.catchUpMax) soon(catchUp);
        else listeners.add(hear);
      };
      catchUp();
      return end;
    },
  };
}
