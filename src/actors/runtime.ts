import { idOf, kindOf, type Address } from '../domain/address.ts';
import type { Clock } from '../domain/clock.ts';
import { checkCommand } from '../domain/commands.ts';
import type { Refusal } from '../domain/errors.ts';
import { StorageFailure, type Journal, type StoredEffect } from '../domain/journal.ts';
import type { Message } from '../domain/message.ts';
import type { Ack, Command, Devices, Store, View } from '../domain/ports.ts';
import { deviceOperator, systemOperator } from '../domain/roles.ts';
import type { StoreReader } from '../domain/settings.ts';
import { dataOf, statusOf } from '../domain/view.ts';
import { createCommitter, type Committed } from './committer.ts';
import { performCall } from './device-calls.ts';
import type { Envelope } from './envelope.ts';
import { createFaults } from './faults.ts';
import { createFeed } from './feed.ts';
import { kinds, type Kinds } from './kinds.ts';
import { limits as usualLimits, type Limits } from './limits.ts';
import { createLiveActors, pathOf, Unreadable } from './live.ts';
import { createPending } from './pending.ts';
import { readsCommitted } from './prepare.ts';
import { planRestart } from './restart.ts';
import { createWaiting } from './waiting.ts';

export interface RuntimeDeps {
  readonly journal: Journal;
  readonly store: StoreReader;
  readonly devices: Devices;
  readonly clock: Clock;
  readonly newId: () => string;
  /** A short hash of a text, to tell a repeated command from a reused id. */
  readonly digest: (text: string) => string;
  readonly report: (record: RuntimeRecord) => void;
  readonly kinds?: Kinds;
  readonly limits?: Partial<Limits>;
}

/** What the runtime tells the log. */
export type RuntimeRecord =
  | { readonly type: 'faulted'; readonly address: Address; readonly event: string; readonly error: string }
  | { readonly type: 'storage-failed'; readonly error: string; readonly waiting: number }
  | { readonly type: 'ignored'; readonly address: Address; readonly event: string; readonly messages: number }
  | { readonly type: 'listener-failed'; readonly error: string }
  | { readonly type: 'resumed'; readonly inFlight: number; readonly effects: number; readonly timers: number };

export interface Runtime extends Store {
  /** Takes up what the last run left, then begins to work. Returns who hears of the start by itself. */
  start(): readonly Address[];
  /** A device says something by itself. */
  hear(to: Address, event: Message): void;
  /**
   * Support sends the messages on that stopped an actor, in their order; a command's is dropped, its client was told that nothing
   * was done. False: none is kept.
   */
  resumeFaulted(of: Address): boolean;
  /** Ends after the commit under way; what waits is refused as `stopping` and comes again with the same id. */
  stop(): void;
  readonly stats: () => RuntimeStats;
}

export interface RuntimeStats {
  readonly waiting: number;
  readonly resident: number;
  readonly effects: number;
  readonly timers: number;
  readonly faulted: readonly Address[];
  readonly commits: number;
  readonly turns: number;
  /** Commands that came again and got their first answer. */
  readonly duplicates: number;
  readonly ignored: number;
  readonly epoch: number;
}

/** The loop: load → prepare → transition → commit → acknowledge → act, for whatever became ready while the last commit ran. */
export function createRuntime(deps: RuntimeDeps): Runtime {
  const { journal, store, devices, clock, report } = deps;
  const limits: Limits = { ...usualLimits, ...deps.limits };
  const unfinished = journal.unfinished();
  const live = createLiveActors(journal, deps.kinds ?? kinds, limits);
  const pending = createPending(unfinished.effects, unfinished.timers);
  const faults = createFaults(unfinished.faults);
  const committer = createCommitter({
    journal,
    live,
    pending,
    faults,
    store,
    newId: deps.newId,
    epoch: unfinished.epoch,
  });
  const waiting = createWaiting(limits);
  const answering = new Map<string, { readonly digest: string; readonly ack: Promise<Ack> }>();
  const count = { commits: 0, turns: 0, duplicates: 0, ignored: 0 };
  let state: 'new' | 'running' | 'stopped' = 'new';
  let scheduled = false;
  let wakeUp: () => void = () => {};

  const viewOf = (of: Address): View | null => {
    const found = live.look(of);
    if (found instanceof Unreadable) {
      return { address: of, revision: found.revision, status: 'faulted', data: { error: found.message } };
    }
    const { snapshot, revision } = found;
    if (revision === 0) return null;
    const path = pathOf(snapshot.value);
    const status = faults.has(of) ? 'faulted' : statusOf(kindOf(of), path);
    return { address: of, revision, status, data: dataOf(kindOf(of), path, snapshot.context) };
  };
  const feed = createFeed({
    journal,
    viewOf,
    report: (error) => report({ type: 'listener-failed', error: String(error) }),
    soon: clock.soon,
  });

  const schedule = () => {
    if (scheduled || state !== 'running' || waiting.size() === 0) return;
    scheduled = true;
    clock.soon(work);
  };
  const enqueue = (envelope: Envelope): boolean => {
    const taken = waiting.add(envelope);
    schedule();
    return taken;
  };

  function work(): void {
    scheduled = false;
    if (state !== 'running') return;
    const envelopes = waiting.take(({ to, event }) => readsCommitted(to, event));
    const { committed, failed } = committer.commit(envelopes, clock.now());
    committed.forEach(settle);
    arm();
    if (failed === null) schedule();
    else storageFailed(failed.envelopes, failed.error);
  }

  /** Acknowledge, then act: only now does anybody hear of it. */
  function settle({ acks, entries, calls, ignored, resumed, faults: stopped }: Committed): void {
    count.commits += 1;
    count.turns += entries.length;
    for (const { envelope, ack } of acks) if (envelope.origin.type === 'client') envelope.origin.acknowledge(ack);
    for (const call of calls) perform(call);
    feed.publish(entries);
    for (const envelope of ignored) noteIgnored(envelope);
    for (const { to } of resumed) resumeFaulted(to);
    for (const fault of stopped) {
      report({ type: 'faulted', address: fault.address, event: fault.event.type, error: fault.error });
    }
  }

  function noteIgnored({ to, event }: Envelope): void {
    count.ignored += 1;
    report({ type: 'ignored', address: to, event: event.type, messages: 1 });
  }

  /** Commands are refused, and come again with the same id; what devices and timers said must not be lost. */
  function storageFailed(envelopes: readonly Envelope[], error: StorageFailure): void {
    committer.forgetAll();
    const commands = envelopes.filter(({ origin }) => origin.type === 'client');
    waiting.putBack(envelopes.filter(({ origin }) => origin.type !== 'client'));
    for (const { id, origin } of commands) {
      if (origin.type === 'client') origin.acknowledge({ ok: false, id, reason: 'storage', detail: error.message });
    }
    report({ type: 'storage-failed', error: error.message, waiting: waiting.size() });
    scheduled = true;
    clock.after(limits.storageRetryMs, work);
  }

  function perform(effect: StoredEffect): void {
    const listener = (event: Message) => hear(effect.address, event);
    const origin = { type: 'effect', effectId: effect.id } as const;
    void performCall(effect, devices, listener).then((event) =>
      enqueue({ to: effect.address, id: `${effect.id}:end`, event, by: deviceOperator, origin }),
    );
  }

  function hear(to: Address, event: Message): void {
    enqueue({ to, id: deps.newId(), event, by: deviceOperator, origin: { type: 'device' } });
  }

  function arm(): void {
    wakeUp();
    const dueAt = pending.nextDueAt();
    if (dueAt === null || state !== 'running') return;
    wakeUp = clock.after(Math.min(Math.max(0, dueAt - clock.now()), limits.timerSleepMax), fire);
  }

  function fire(): void {
    for (const { address, timerId, generation, event } of pending.takeDue(clock.now())) {
      const origin = { type: 'timer', timerId, generation } as const;
      enqueue({ to: address, id: `${address}:${generation}:${timerId}`, event, by: systemOperator, origin });
    }
    arm();
  }

  function restart(): void {
    const plan = planRestart(unfinished);
    for (const { to, superseded } of plan.told) {
      const id = `restart:${unfinished.epoch}:${to}`;
      enqueue({ to, id, event: { type: 'RESTARTED' }, by: systemOperator, origin: { type: 'restart', superseded } });
    }
    plan.repeated.forEach(perform);
    const { effects, timers } = unfinished;
    report({ type: 'resumed', inFlight: plan.told.length, effects: effects.length, timers: timers.length });
  }

  function refusal(to: Address, { id, operator, event }: Command): Refusal | null {
    if (state === 'stopped') return { reason: 'stopping', detail: 'the store is shutting down' };
    if (!/^[A-Za-z0-9_-]{8,64}$/.test(id))
      return { reason: 'bad-command', detail: 'a command id has 8 to 64 letters, digits, - or _' };
    const wrong = checkCommand(kindOf(to), event, operator);
    if (wrong !== null) return wrong;
    const unknown = { reason: 'unknown-actor', detail: `there is no ${to}` } as const;
    switch (kindOf(to)) {
      case 'order':
      case 'payment':
      case 'refund':
        return live.look(to).revision === 0 ? unknown : null;
      case 'store-day':
        return to === 'store-day/main' ? null : unknown;
      case 'counter':
      case 'terminal':
      case 'printer':
      case 'drawer':
      case 'scanner':
      case 'display':
        return Object.hasOwn(store.settings.counters, idOf(to)) ? null : unknown;
    }
  }

  /** A command that came before: the answer it got, or the one it is about to get. */
  function repeated(id: string, digest: string): Promise<Ack> | null {
    const reused: Ack = { ok: false, id, reason: 'id-reused', detail: 'another command was sent with this id' };
    const known = answering.get(id) ?? storedAnswer(id);
    if (known === null) return null;
    count.duplicates += 1;
    return known.digest === digest ? known.ack : Promise.resolve(reused);
  }
  const storedAnswer = (id: string) => {
    const stored = journal.answered(id);
    return stored === null ? null : { digest: stored.digest, ack: Promise.resolve(stored.ack) };
  };

  function accept(to: Address, { id, event, operator }: Command, digest: string): Promise<Ack> {
    const { promise, resolve } = Promise.withResolvers<Ack>();
    const acknowledge = (ack: Ack) => {
      answering.delete(id);
      resolve(ack);
    };
    answering.set(id, { digest, ack: promise });
    if (!enqueue({ to, id, event, by: operator, origin: { type: 'client', digest, acknowledge } })) {
      acknowledge({
        ok: false,
        id,
        reason: 'busy',
        detail: 'too many commands are waiting; send it again with the same id',
      });
    }
    return promise;
  }

  /** One kept message at a time: the next follows when this one held. */
  function resumeFaulted(of: Address): boolean {
    const fault = faults.first(of);
    if (fault === undefined) return false;
    const { address, id, event, by } = fault;
    return enqueue({ to: address, id, event, by, origin: { type: 'fault', faultId: id } });
  }

  function forgetAnswers(): void {
    if (state !== 'running') return;
    clock.after(limits.forgetEveryMs, forgetAnswers);
    try {
      journal.forgetAnswers(clock.now() - limits.answerAgeMs, limits.forgetMax);
    } catch (error) {
      // A full disk: the answers stay until the next time.
      if (!(error instanceof StorageFailure)) throw error;
      report({ type: 'storage-failed', error: error.message, waiting: waiting.size() });
    }
  }

  function stop(): void {
    state = 'stopped';
    wakeUp();
    for (const { id, origin } of waiting.takeAll()) {
      if (origin.type === 'client')
        origin.acknowledge({ ok: false, id, reason: 'stopping', detail: 'the store is shutting down' });
    }
  }

  return {
    async send(to, command) {
      try {
        const wrong = refusal(to, command);
        if (wrong !== null) return { ok: false, id: command.id, ...wrong };
        const digest = deps.digest(`${to} ${JSON.stringify(command.event)}`);
        return await (repeated(command.id, digest) ?? accept(to, command, digest));
      } catch (error) {
        if (!(error instanceof StorageFailure)) throw error;
        return { ok: false, id: command.id, reason: 'storage', detail: error.message };
      }
    },
    read: (of) => Promise.resolve(viewOf(of)),
    subscribe: (filter, fromSequence, listener) => feed.subscribe(filter, fromSequence, listener),
    hear,
    start() {
      state = 'running';
      restart();
      arm();
      clock.after(limits.forgetEveryMs, forgetAnswers);
      return unfinished.inFlight;
    },
    resumeFaulted,
    stop,
    stats: () => ({
      waiting: waiting.size(),
      resident: live.resident(),
      ...pending.counts(),
      faulted: faults.addresses(),
      ...count,
      epoch: unfinished.epoch,
    }),
  };
}
