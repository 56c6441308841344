import { Broken } from '../domain/errors.ts';
import { StorageFailure, type Journal, type JournalEntry, type StoredEffect } from '../domain/journal.ts';
import type { Ack } from '../domain/ports.ts';
import type { StoreReader } from '../domain/settings.ts';
import { runChain, stopped, stoppedRefusal, type ChainDeps, type ChainEnd } from './chain.ts';
import { createDraft, merge, timerKey, type Draft } from './draft.ts';
import type { Envelope } from './envelope.ts';
import type { Faults } from './faults.ts';
import type { LiveActors } from './live.ts';
import type { Pending } from './pending.ts';

/** What a commit came to. Everything in it is on disk. */
export interface Committed {
  readonly entries: readonly JournalEntry[];
  /** Device calls to perform now. */
  readonly calls: readonly StoredEffect[];
  readonly acks: readonly { readonly envelope: Envelope; readonly ack: Ack }[];
  readonly ignored: readonly Envelope[];
  readonly faults: Draft['faults'];
  /** Kept messages that went through. */
  readonly resumed: readonly Envelope[];
}

export interface CommitEnd {
  readonly committed: readonly Committed[];
  /** The disk refused: nothing happened of these. What was committed before it stands. */
  readonly failed: { readonly envelopes: readonly Envelope[]; readonly error: StorageFailure } | null;
}

export interface CommitterDeps {
  readonly journal: Journal;
  readonly live: LiveActors;
  readonly pending: Pending;
  readonly faults: Faults;
  readonly store: StoreReader;
  readonly newId: () => string;
  readonly epoch: number;
}

export interface Committer {
  /** One transaction for all, or one for each where together they break a rule of the database. */
  commit(envelopes: readonly Envelope[], at: number): CommitEnd;
  forgetAll(): void;
}

export function createCommitter(deps: CommitterDeps): Committer {
  const { journal, live, pending, faults } = deps;
  const receipts = new Map<string, number>();
  const lastReceipt = (counterId: string): number => {
    const known = receipts.get(counterId) ?? journal.lastReceipt(counterId);
    receipts.set(counterId, known);
    return known;
  };
  const forgetAll = () => {
    live.forgetAll();
    receipts.clear();
  };

  const chainDeps = (draft: Draft): ChainDeps => ({
    live,
    store: deps.store,
    newId: deps.newId,
    lastReceipt,
    timerOf: pending.timerOf,
    effectsOf: pending.effectsOf,
    isFaulted: (of) => faults.has(of) || draft.faults.some(({ address }) => address === of),
  });

  /** A timer that was cancelled or set anew since it fired says nothing any more. */
  const isStale = ({ origin, to }: Envelope, draft: Draft): boolean => {
    if (origin.type !== 'timer') return false;
    const key = timerKey({ address: to, timerId: origin.timerId });
    const set = draft.timers.get(key) ?? (draft.timersEnded.has(key) ? undefined : pending.timerOf(key));
    return set?.generation !== origin.generation;
  };

  const compute = (envelopes: readonly Envelope[], at: number) => {
    const draft = createDraft();
    const acks: { envelope: Envelope; ack: Ack }[] = [];
    const ignored: Envelope[] = [];
    for (const envelope of envelopes) {
      if (isStale(envelope, draft)) continue;
      const end = runChain(envelope, draft, at, chainDeps(draft));
      if (end.end !== 'refused') merge(draft, end.draft);
      if (end.end === 'done' && end.ignored > 0) ignored.push(envelope);
      const ack = ackOf(envelope, end, journal.head() + draft.turns.length);
      if (envelope.origin.type === 'client') {
        acks.push({ envelope, ack });
        // Who met a stopped actor may send it again once that one goes on.
        if (ack.ok || ack.reason !== 'faulted')
          draft.answers.push({ commandId: envelope.id, digest: envelope.origin.digest, ack, at });
      }
    }
    return { draft, acks, ignored };
  };

  const write = (draft: Draft, at: number): Pick<Committed, 'entries' | 'calls'> => {
    const over = new Set(draft.effectsEnded);
    const calls = draft.effects.filter(({ id }) => !over.has(id));
    const first = journal.commit({
      at,
      epoch: deps.epoch,
      turns: draft.turns,
      actors: [...draft.actors].map(([of, actor]) => live.toWrite(of, actor)),
      effects: calls,
      effectsEnded: draft.effectsEnded.filter(pending.hasEffect),
      timers: [...draft.timers.values()],
      timersEnded: [...draft.timersEnded.entries()].filter(([key]) => !draft.timers.has(key)).map(([, ended]) => ended),
      answers: draft.answers,
      faults: draft.faults,
      // One that stopped its actor again stays where it is.
      faultsEnded: draft.faultsEnded.filter((id) => draft.faults.every((fault) => fault.id !== id)),
    });
    live.keep(draft.actors);
    pending.take({ ...draft, effects: calls });
    faults.take(draft);
    for (const [counterId, number] of draft.receipts) receipts.set(counterId, number);
    return {
      calls,
      entries: draft.turns.map((turn, index) => ({ ...turn, sequence: first + index, event: turn.event.type })),
    };
  };

  const together = (envelopes: readonly Envelope[], at: number): Committed => {
    const { draft, acks, ignored } = compute(envelopes, at);
    const written = isEmpty(draft) ? { entries: [], calls: [] } : write(draft, at);
    const resumed = envelopes.filter(
      ({ origin, to }) => origin.type === 'fault' && !draft.faults.some(({ address }) => address === to),
    );
    return { ...written, acks, ignored, resumed, faults: draft.faults };
  };

  /** Together they broke a rule of the database; alone, only the guilty one does. */
  const oneByOne = (envelopes: readonly Envelope[], at: number): CommitEnd => {
    const committed: Committed[] = [];
    for (const [index, envelope] of envelopes.entries()) {
      const end = commit([envelope], at);
      committed.push(...end.committed);
      if (end.failed !== null) return { committed, failed: { ...end.failed, envelopes: envelopes.slice(index) } };
    }
    return { committed, failed: null };
  };

  const commit = (envelopes: readonly Envelope[], at: number): CommitEnd => {
    try {
      return { committed: [together(envelopes, at)], failed: null };
    } catch (error) {
      forgetAll();
      if (error instanceof StorageFailure) return { committed: [], failed: { envelopes, error } };
      if (!(error instanceof Broken)) throw error;
      const [only, ...others] = envelopes;
      if (only === undefined || others.length > 0) return oneByOne(envelopes, at);
      return stop(only, error.message, at);
    }
  };

  /** The message is kept, its actor stopped, and nothing else happened. */
  const stop = (envelope: Envelope, message: string, at: number): CommitEnd => {
    const end = stopped(envelope, envelope, message, at);
    try {
      write(end.draft, at);
    } catch (error) {
      if (!(error instanceof StorageFailure)) throw error;
      return { committed: [], failed: { envelopes: [envelope], error } };
    }
    const acks = envelope.origin.type === 'client' ? [{ envelope, ack: ackOf(envelope, end, 0) }] : [];
    return {
      committed: [{ entries: [], calls: [], ignored: [], resumed: [], faults: end.draft.faults, acks }],
      failed: null,
    };
  };

  return { commit, forgetAll };
}

const isEmpty = (draft: Draft): boolean =>
  draft.turns.length +
    draft.answers.length +
    draft.faults.length +
    draft.faultsEnded.length +
    draft.effectsEnded.length ===
    0 && draft.timersEnded.size === 0;

function ackOf({ id }: Envelope, end: ChainEnd, sequence: number): Ack {
  switch (end.end) {
    case 'done':
      return { ok: true, id, sequence, answer: end.answer };
    case 'refused':
      return { ok: false, id, ...end.refusal };
    case 'stopped':
      return { ok: false, id, ...stoppedRefusal(end.by) };
  }
}
