import { idOf, kindOf, type Address } from '../domain/address.ts';
import { assert, type Refusal } from '../domain/errors.ts';
import { outcomeEvents, type DeviceEffectType, type Tell } from '../domain/effects.ts';
import type { Fact } from '../domain/facts.ts';
import {
  StorageFailure,
  type Fault,
  type StoredEffect,
  type StoredTimer,
  type Turn,
  type TurnEffect,
} from '../domain/journal.ts';
import type { Message } from '../domain/message.ts';
import type { Operator } from '../domain/roles.ts';
import type { StoreReader } from '../domain/settings.ts';
import { subjectOf } from './device-calls.ts';
import { createDraft, timerKey, type Draft } from './draft.ts';
import { commandFaultId, isOfCommand } from './faults.ts';
import type { Envelope } from './envelope.ts';
import { limits } from './limits.ts';
import { pathOf, Unreadable, type Live, type LiveActors } from './live.ts';
import { prepare } from './prepare.ts';
import { isRefusal, type Reads } from './reads.ts';
import { superseded } from './effect-rules.ts';
import type { Step, StepEffect } from './step.ts';

/** How a chain ended. A refusal or a stop in a command's chain undoes all of it; elsewhere only the one turn. */
export type ChainEnd =
  | {
      readonly end: 'done';
      readonly draft: Draft;
      readonly answer: Readonly<Record<string, unknown>>;
      readonly ignored: number;
    }
  | { readonly end: 'refused'; readonly refusal: Refusal }
  | { readonly end: 'stopped'; readonly draft: Draft; readonly by: Address };

export interface ChainDeps {
  readonly live: LiveActors;
  readonly store: StoreReader;
  readonly newId: () => string;
  readonly lastReceipt: (counterId: string) => number;
  /** Timers and device calls that are on disk, to be ended. */
  readonly timerOf: (key: string) => StoredTimer | undefined;
  readonly effectsOf: (of: Address) => readonly StoredEffect[];
  readonly isFaulted: (of: Address) => boolean;
}

interface Letter {
  readonly to: Address;
  readonly id: string;
  readonly event: Message;
}

/**
 * A message and all that it causes between actors of this process, as one unit: they commit together or not at all.
 * Only what leaves the process waits for the commit.
 */
export function runChain(root: Envelope, base: Draft, at: number, deps: ChainDeps): ChainEnd {
  const draft = createDraft();
  const letters: Letter[] = [{ to: root.to, id: root.id, event: root.event }];
  const strict = root.origin.type === 'client';
  let answer: Readonly<Record<string, unknown>> = {};
  let ignored = 0;

  if (root.origin.type === 'fault' && isOfCommand(root.origin.faultId)) letters.length = 0;
  for (const [index, letter] of letters.entries()) {
    if (index === limits.chainTurnsMax) return stopped(root, root, `${root.event.type} goes round in circles`, at);
    const outcome = handle(letter, root, base, draft, at, deps);
    switch (outcome.type) {
      case 'turn':
        letters.push(...outcome.tells);
        answer = { ...answer, ...outcome.answer };
        break;
      case 'refused':
        if (strict) return { end: 'refused', refusal: outcome.refusal };
        ignored += 1;
        break;
      case 'faulted': {
        if (strict) return stopped(root, letter, outcome.error, at);
        draft.faults.push(kept(root, letter, outcome.error, at));
        break;
      }
    }
  }
  endOrigin(root, draft);
  return { end: 'done', draft, answer, ignored };
}

/** Nothing of the chain holds; the message that broke it is kept, and its receiver stopped. */
export function stopped(
  root: Envelope,
  letter: Letter,
  error: string,
  at: number,
): Extract<ChainEnd, { end: 'stopped' }> {
  const draft = createDraft();
  draft.faults.push(kept(root, letter, error, at));
  endOrigin(root, draft);
  return { end: 'stopped', draft, by: letter.to };
}

const kept = ({ id: rootId, by, origin }: Envelope, { id, to, event }: Letter, error: string, at: number): Fault => ({
  id: origin.type === 'client' ? commandFaultId(rootId, to) : id,
  address: to,
  event,
  by,
  error,
  at,
});

type Outcome =
  | { readonly type: 'turn'; readonly tells: readonly Letter[]; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'faulted'; readonly error: string };

/** One turn, or why there is none. A turn that throws leaves nothing behind. */
function handle(letter: Letter, root: Envelope, base: Draft, draft: Draft, at: number, deps: ChainDeps): Outcome {
  const { to, id } = letter;
  const resumed = root.origin.type === 'fault' && root.to === to;
  const isStopped = deps.isFaulted(to) || draft.faults.some(({ address }) => address === to);
  if (isStopped && !resumed) {
    return root.origin.type === 'client'
      ? { type: 'refused', refusal: stoppedRefusal(to) }
      : { type: 'faulted', error: 'waits behind a message that stopped this actor' };
  }
  try {
    const read = (of: Address): Live =>
      draft.actors.get(of) ??
      base.actors.get(of) ??
      (draft.newIds.has(idOf(of)) ? deps.live.fresh(of) : deps.live.get(of));
    const live = read(to);
    const prepared = prepare(to, letter.event, readsOf(root.by, at, read, base, draft, deps));
    if (isRefusal(prepared)) return { type: 'refused', refusal: prepared };
    const event: Message = { ...prepared, at, by: root.by };
    const step = deps.live.stepper(kindOf(to)).step(live.snapshot, event);
    const refusal = step.effects.find(({ type }) => type === 'refuse');
    if (refusal !== undefined) return { type: 'refused', refusal: refusal.params as Refusal };
    if (!step.handled) return { type: 'refused', refusal: notNow(to, letter.event, live) };
    const taken = take(to, id, prepared, root.by, live, step, at);
    takeReceipts(taken.turn.facts, base, draft, deps);
    apply(to, live, step, taken, base, draft, at, deps);
    return { type: 'turn', tells: taken.tells, answer: taken.answer };
  } catch (error) {
    // The disk's fault is not the actor's, nor is another actor's snapshot that it only looked at.
    if (error instanceof StorageFailure) throw error;
    if (error instanceof Unreadable && error.of !== to) return { type: 'refused', refusal: stoppedRefusal(error.of) };
    return { type: 'faulted', error: error instanceof Error ? error.message : String(error) };
  }
}

export const stoppedRefusal = (of: Address): Refusal => ({
  reason: 'faulted',
  detail: `${of} has stopped; support must look at it`,
});

const notNow = (to: Address, event: Message, { snapshot }: Live): Refusal => ({
  reason: 'not-now',
  detail: `${to} is ${pathOf(snapshot.value)} and takes no ${event.type}`,
});

const readsOf = (
  by: Operator,
  at: number,
  read: (of: Address) => Live,
  base: Draft,
  draft: Draft,
  { store, newId, lastReceipt }: ChainDeps,
): Reads => ({
  store,
  newId() {
    const id = newId();
    draft.newIds.add(id);
    return id;
  },
  at,
  by,
  contextOf: (of) => read(of).snapshot.context,
  stateOf: (of) => {
    const { revision, snapshot } = read(of);
    return revision === 0 ? null : pathOf(snapshot.value);
  },
  nextReceipt: (counterId) =>
    (draft.receipts.get(counterId) ?? base.receipts.get(counterId) ?? lastReceipt(counterId)) + 1,
});

interface Taken {
  readonly turn: Turn;
  readonly tells: readonly Letter[];
  readonly calls: readonly { readonly id: string; readonly type: DeviceEffectType; readonly params: unknown }[];
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Sorts what the machine asked for: messages, facts, answers, device calls. Each effect's id is `<actor>:<revision>:<index>`. */
function take(to: Address, messageId: string, event: Message, by: Operator, live: Live, step: Step, at: number): Taken {
  const revision = live.revision + 1;
  const named = step.effects.map((effect, index) => ({ ...effect, id: `${to}:${revision}:${index}` }));
  const facts = isTraining(live, step) ? [] : named.filter(isType('record')).map(({ params }) => params as Fact);
  const tells = named.filter(isType('tell')).map(({ id, params }) => ({ id, ...(params as Tell) }));
  const answers = named.filter(isType('answer')).map(({ params }) => params as Readonly<Record<string, unknown>>);
  const calls = named.filter(isCall).map((call) => ({ ...call, params: call.params ?? null }));
  const turn: Turn = {
    address: to,
    revision,
    messageId,
    event,
    from: pathOf(live.snapshot.value),
    to: pathOf(step.snapshot.value),
    effects: step.effects.map(toTurnEffect),
    facts,
    by,
    at,
  };
  return { turn, tells, calls, answer: Object.assign({}, ...answers) as Readonly<Record<string, unknown>> };
}

const isType = (wanted: string) => (effect: StepEffect) => effect.type === wanted;
const isCall = <E extends StepEffect>(effect: E): effect is E & { readonly type: DeviceEffectType } =>
  effect.type in outcomeEvents;

/** Training leaves no trace in the figures: whatever a machine records, an actor in training records nothing. */
const isTraining = (live: Live, step: Step): boolean =>
  live.snapshot.context['training'] === true || step.snapshot.context['training'] === true;

/** A told event stands in its receiver's row, a fact in its own log: the journal row names them only. */
const toTurnEffect = ({ type, params }: StepEffect): TurnEffect => {
  if (type === 'record') return { type, params: (params as Fact).type };
  if (type === 'tell') return { type, params: `${(params as Tell).to} ${(params as Tell).event.type}` };
  return { type, params: subjectOf(params) };
};

/** Gapless by construction: a receipt takes the next number or its turn is broken. */
function takeReceipts(facts: readonly Fact[], base: Draft, draft: Draft, { lastReceipt }: ChainDeps): void {
  for (const fact of facts) {
    if (fact.type !== 'order.paid') continue;
    const { counterId, receiptNumber } = fact.payload;
    const last = draft.receipts.get(counterId) ?? base.receipts.get(counterId) ?? lastReceipt(counterId);
    assert(receiptNumber === last + 1, `receipt ${receiptNumber} of counter ${counterId} follows ${last}`);
    draft.receipts.set(counterId, receiptNumber);
  }
}

function apply(
  to: Address,
  live: Live,
  step: Step,
  taken: Taken,
  base: Draft,
  draft: Draft,
  at: number,
  deps: ChainDeps,
): void {
  draft.actors.set(to, { snapshot: step.snapshot, revision: taken.turn.revision, storedRevision: live.storedRevision });
  draft.turns.push(taken.turn);
  for (const timerId of step.timersCancelled) {
    const key = timerKey({ address: to, timerId });
    const pending = draft.timers.delete(key) || base.timers.has(key) || deps.timerOf(key) !== undefined;
    if (pending) draft.timersEnded.set(key, { address: to, timerId });
  }
  for (const { timerId, delayMs, event } of step.timersSet) {
    const timer = { address: to, timerId, generation: taken.turn.revision, dueAt: at + delayMs, event };
    draft.timers.set(timerKey(timer), timer);
  }
  endStale(to, taken.calls, base, draft, deps);
  for (const call of taken.calls) {
    draft.effects.push({ ...call, address: to });
  }
}

/** A question ends the calls that it asks about, whether they wait on disk or were only just asked for. */
function endStale(to: Address, calls: Taken['calls'], base: Draft, draft: Draft, deps: ChainDeps): void {
  if (calls.length === 0) return;
  const waiting = [
    ...deps.effectsOf(to),
    ...[...base.effects, ...draft.effects].filter(({ address }) => address === to),
  ];
  for (const call of calls) {
    draft.effectsEnded.push(...waiting.filter((pending) => superseded(call, pending)).map(({ id }) => id));
  }
}

/** What began the chain is over with it: its outbox row, its timer, its kept message. */
function endOrigin(root: Envelope, draft: Draft): void {
  const { origin, to } = root;
  switch (origin.type) {
    case 'effect':
      draft.effectsEnded.push(origin.effectId);
      break;
    case 'timer': {
      const key = timerKey({ address: to, timerId: origin.timerId });
      if (!draft.timers.has(key)) draft.timersEnded.set(key, { address: to, timerId: origin.timerId });
      break;
    }
    case 'restart':
      draft.effectsEnded.push(...origin.superseded);
      break;
    case 'fault':
      draft.faultsEnded.push(origin.faultId);
      break;
    case 'client':
    case 'device':
      break;
  }
}
