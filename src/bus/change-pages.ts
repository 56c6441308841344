import { changeOf, matcherOf } from '../domain/change.ts';
import type { Journal } from '../domain/journal.ts';
import type { Change, Store } from '../domain/ports.ts';
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
    const view = newest.get(entry.address) === entry.sequence ? await store.read(entry.address) : null;
    const { change, text } = toWire(changeOf(entry, view));
    bytes += Buffer.byteLength(text);
    // The first one is always taken: a page without progress would be asked for again for ever.
    if (changes.length > 0 && (changes.length === limit || bytes > wireLimits.pageBytes)) break;
    changes.push(change);
  }
  const isCut = changes.length < matching.length;
  const through = (isCut ? changes.at(-1) : entries.at(-1))?.sequence ?? after;
  return { ok: true, changes, through, head: Math.max(head, entries.at(-1)?.sequence ?? 0) };
};
