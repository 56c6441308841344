import { kindOf } from '../domain/address.ts';
import type { Journal, JournalEntry } from '../domain/journal.ts';
import type { Change, Store } from '../domain/ports.ts';
import { statusOf } from '../domain/view.ts';
import { matcherOf } from './change-filter.ts';
import { toWire, type ChangePage, type PageRequest } from './messages.ts';
import { wireLimits } from './wire-limits.ts';

/** The committed turns of the store, by pages: what is left of the journal's port for who only reads. */
export type TurnLog = Pick<Journal, 'turnsAfter' | 'head'>;

/** One page of changes. Each looks through a bounded part of the journal, whatever the filter. */
export const readPage = async (store: Store, turns: TurnLog, request: PageRequest): Promise<ChangePage> => {
  const { filter, after, limit } = request;
  const wants = matcherOf(filter);
  const head = turns.head();
  const entries = turns.turnsAfter(after, wireLimits.pageTurns);
  const matching = entries.filter(({ address }) => wants(address));
  const newest = new Map(matching.map(({ address, sequence }) => [address, sequence]));
  const changes: Change[] = [];
  let bytes = 0;
  for (const entry of matching) {
    const { change, text } = toWire(await toChange(store, entry, newest.get(entry.address) === entry.sequence));
    bytes += Buffer.byteLength(text);
    // The first one is always taken: a page without progress would be asked for again for ever.
    if (changes.length > 0 && (changes.length === limit || bytes > wireLimits.pageBytes)) break;
    changes.push(change);
  }
  const isCut = changes.length < matching.length;
  const through = (isCut ? changes.at(-1) : entries.at(-1))?.sequence ?? after;
  return { ok: true, changes, through, head: Math.max(head, entries.at(-1)?.sequence ?? 0) };
};

/** A view only where the turn is the actor's latest: earlier ones are history. */
const toChange = async (store: Store, entry: JournalEntry, isNewest: boolean): Promise<Change> => {
  const { sequence, address, revision, event, messageId, at } = entry;
  const view = isNewest ? await store.read(address) : null;
  const latest = view?.revision === revision ? view : null;
  return {
    sequence,
    address,
    revision,
    event,
    messageId,
    at,
    status: statusOf(kindOf(address), entry.to),
    view: latest,
  };
};
