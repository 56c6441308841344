import type { ActorKind, Address } from './address.ts';
import type { DeviceEffectType } from './effects.ts';
import type { Fact } from './facts.ts';
import type { Message } from './message.ts';
import type { Ack } from './ports.ts';
import type { Operator } from './roles.ts';

/** The one write door, as the runtime sees it. A commit is whole and on disk, or it never happened. */
export interface Journal {
  /** Writes everything in one transaction and returns the sequence of its first turn. Throws StorageFailure; then nothing was written. */
  commit(commit: Commit): number;
  load(of: Address): StoredActor | null;
  /** The answer that a client's command got before. */
  answered(commandId: string): StoredAnswer | null;
  /** What a restart has to take up again. */
  unfinished(): Unfinished;
  /** Turns after a sequence, at most `limit`, in order. */
  turnsAfter(sequence: number, limit: number): readonly JournalEntry[];
  /** Sequence of the last committed turn; 0 for a new store. */
  head(): number;
  /** Last receipt number of a counter; 0 before its first. */
  lastReceipt(counterId: string): number;
  /** Removes answers older than this, at most `limit` of them; returns how many. */
  forgetAnswers(before: number, limit: number): number;
}

export interface Commit {
  readonly at: number;
  readonly epoch: number;
  readonly turns: readonly Turn[];
  readonly actors: readonly ActorWrite[];
  readonly effects: readonly StoredEffect[];
  readonly effectsEnded: readonly string[];
  readonly timers: readonly StoredTimer[];
  readonly timersEnded: readonly TimerKey[];
  readonly answers: readonly StoredAnswer[];
  /** Kept in this order; one whose id is there already keeps its place and gets its new error. */
  readonly faults: readonly Fault[];
  readonly faultsEnded: readonly string[];
}

/** One message that one actor handled. */
export interface Turn {
  readonly address: Address;
  readonly revision: number;
  readonly messageId: string;
  /** What the machine was fed: the message with everything that was read for it. Its stamp is `at` and `by`. */
  readonly event: Message;
  /** States before and after, as dotted paths. */
  readonly from: string;
  readonly to: string;
  /** Named effects with data; of facts only the type, they stand in their own log. */
  readonly effects: readonly TurnEffect[];
  readonly facts: readonly Fact[];
  readonly by: Operator;
  readonly at: number;
}
export interface TurnEffect {
  readonly type: string;
  readonly params: unknown;
}

export interface ActorWrite {
  readonly address: Address;
  readonly kind: ActorKind;
  readonly version: number;
  readonly revision: number;
  /** The revision on disk before; 0: the actor is new. The write fails if another one stands there. */
  readonly storedRevision: number;
  readonly state: string;
  readonly inFlight: boolean;
  /** JSON of value and context. */
  readonly snapshot: string;
}

export interface StoredActor {
  readonly version: number;
  readonly revision: number;
  readonly snapshot: string;
}

/** A device call that waits for its end. */
export interface StoredEffect {
  /** `<actor>:<revision>:<index>`: the same for each repetition. */
  readonly id: string;
  readonly address: Address;
  readonly type: DeviceEffectType;
  readonly params: unknown;
}

export interface TimerKey {
  readonly address: Address;
  readonly timerId: string;
}
export interface StoredTimer extends TimerKey {
  /** The actor's revision that set it: one that was cancelled since does not match. */
  readonly generation: number;
  readonly dueAt: number;
  readonly event: Message;
}

export interface StoredAnswer {
  readonly commandId: string;
  /** What the command was, to tell a repetition from a reused id. */
  readonly digest: string;
  readonly ack: Ack;
  readonly at: number;
}

/** A message that its actor could not handle: kept, and the actor stopped, until support sends it on. */
export interface Fault {
  readonly id: string;
  readonly address: Address;
  readonly event: Message;
  readonly by: Operator;
  readonly error: string;
  readonly at: number;
}

export interface Unfinished {
  /** Counts the starts of this store: tells recovery from new work. */
  readonly epoch: number;
  readonly inFlight: readonly Address[];
  readonly effects: readonly StoredEffect[];
  readonly timers: readonly StoredTimer[];
  readonly faults: readonly Fault[];
}

export interface JournalEntry {
  readonly sequence: number;
  readonly address: Address;
  readonly revision: number;
  readonly messageId: string;
  readonly event: string;
  readonly to: string;
  readonly at: number;
}

/** The disk refused: full, gone, or busy. Nothing was written. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
}
