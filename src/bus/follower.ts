import type { Address } from '../domain/address.ts';
import type { Change } from '../domain/ports.ts';
import type { ChangePage } from './messages.ts';
import { wireLimits } from './wire-limits.ts';

export interface FollowerDeps {
  /** A page of the changes after a sequence; `null` where the store does not answer now. Never rejects. */
  readonly page: (after: number) => Promise<ChangePage | null>;
  /** Resolves when it is worth asking again. */
  readonly pause: () => Promise<void>;
  /** Each change once, in order. */
  readonly deliver: (change: Change) => void;
  /** The store's journal is shorter than what was followed: it was put back from a backup. Followed anew from its head. */
  readonly onRewind: (from: number, head: number) => void;
}

/** Merges what is told live with what is read from the journal: in order, without gap or twin. */
export interface Follower {
  /** A change from the live subject. */
  hear(change: Change): void;
  /** The store's head: after a pause of its publications, and from time to time. */
  hearHead(head: number): void;
  /** The line is down: what is heard from now on may lack something before it. */
  suspect(): void;
  /** Reads up to the head, then goes on live. */
  catchUp(): void;
  end(): void;
}

export interface FollowerOptions {
  readonly fromSequence: number;
  /** Whether every actor is followed: then each sequence must come. */
  readonly isWhole: boolean;
}

interface Known {
  readonly revision: number;
  readonly sequence: number;
}

/**
 * Live, a change follows without gap if it is the next of the store or the next of its actor. Where it is neither,
 * something was lost: it waits in the buffer while the journal is read from the last known change of that actor on.
 */
export const createFollower = (deps: FollowerDeps, options: FollowerOptions): Follower => {
  const { fromSequence } = options;
  const known = new Map<Address, Known>();
  let buffer: Change[] = [];
  let last = fromSequence;
  let readFrom = fromSequence;
  let mode: 'live' | 'suspect' | 'reading' | 'ended' = 'suspect';
  let isAskedAgain = false;

  const isTwin = ({ address, revision, sequence }: Change): boolean => {
    const seen = known.get(address);
    return seen === undefined ? sequence <= last : revision <= seen.revision;
  };
  const isNext = ({ address, revision, sequence }: Change): boolean =>
    sequence === last + 1 || (!options.isWhole && revision === (known.get(address)?.revision ?? 0) + 1);

  const deliver = (change: Change): void => {
    last = Math.max(last, change.sequence);
    known.delete(change.address);
    known.set(change.address, change);
    if (known.size > wireLimits.followedActors) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    deps.deliver(change);
  };

  const keep = (change: Change): void => {
    buffer.push(change);
    if (buffer.length <= wireLimits.liveBuffer) return;
    // They are in the journal: one more round of pages brings them.
    buffer = [];
    isAskedAgain = true;
  };

  /** False where the journal must be read once more. */
  const drain = (): boolean => {
    const waiting = buffer.toSorted((one, other) => one.sequence - other.sequence);
    buffer = [];
    for (const [index, change] of waiting.entries()) {
      if (mode === 'ended') return true;
      if (isTwin(change)) continue;
      if (!isNext(change)) {
        buffer = waiting.slice(index);
        return false;
      }
      deliver(change);
    }
    return true;
  };

  const takePage = (page: ChangePage): void => {
    if (page.head < last) {
      deps.onRewind(last, page.head);
      known.clear();
      buffer = [];
      last = page.head;
      readFrom = page.head;
      return;
    }
    for (const change of page.changes) if (mode !== 'ended' && !isTwin(change)) deliver(change);
    last = Math.max(last, page.through);
    readFrom = Math.max(readFrom, page.through);
  };

  const read = async (): Promise<void> => {
    for (;;) {
      isAskedAgain = false;
      const page = await deps.page(readFrom);
      if (mode === 'ended') return;
      if (page === null) await deps.pause();
      else takePage(page);
      if (isEnded()) return;
      const isBehind = page === null || readFrom < page.head || isAskedAgain;
      if (isBehind || !drain()) continue;
      if (!isEnded()) mode = 'live';
      return;
    }
  };
  const isEnded = (): boolean => mode === 'ended';

  const catchUp = (): void => {
    if (mode === 'ended') return;
    isAskedAgain = true;
    if (mode === 'reading') return;
    mode = 'reading';
    void read();
  };

  const catchUpFrom = (sequence: number): void => {
    readFrom = Math.min(last, sequence);
    catchUp();
  };

  return {
    hear: (change) => {
      if (mode === 'ended' || isTwin(change)) return;
      if (mode !== 'live') keep(change);
      else if (isNext(change)) deliver(change);
      else {
        keep(change);
        catchUpFrom(options.isWhole ? last : (known.get(change.address)?.sequence ?? last));
      }
    },
    hearHead: (head) => {
      if (mode === 'live' && head > last) catchUpFrom(last);
      else if (mode === 'reading' && head > readFrom) isAskedAgain = true;
    },
    suspect: () => {
      if (mode === 'live') {
        mode = 'suspect';
        readFrom = last;
      }
    },
    catchUp,
    end: () => {
      mode = 'ended';
      buffer = [];
      known.clear();
    },
  };
};
