import { matcherOf } from '../domain/change.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import { assert } from '../domain/errors.ts';
import type { Ack, Change, ChangeFilter, Store } from '../domain/ports.ts';
import { headSubject, parseFilter, subjectsOf } from './change-filter.ts';
import type { StoreConnection } from './connection.ts';
import { createFollower } from './follower.ts';
import { parseAck, parseChange, parseHead, parsePage, parseRead, type ChangePage } from './messages.ts';
import { ask, type AskOptions } from './requests.ts';
import { changesSubject, commandSubject, isSubjectToken, readSubject } from './subjects.ts';
import { wireLimits } from './wire-limits.ts';

export interface StoreClientOptions {
  readonly storeId: string;
  /** Until a command is refused as `unreachable`, a read rejects. */
  readonly timeoutMs?: number;
  /** How long one try waits for its answer; within `timeoutMs` there are several, all with the same id. */
  readonly tryTimeoutMs?: number;
  /** What a person should know: a listener that threw, a store put back from a backup. */
  readonly report?: (line: string) => void;
}

/** The Store port over NATS. `close` ends its subscriptions and leaves the connection to its owner. */
export interface StoreClient extends Store {
  close(): void;
}

/** A read that got no answer: whether the actor exists is not known. */
export class StoreUnreachable extends Error {
  override readonly name = 'StoreUnreachable';
}

const defaultTimeoutMs = 15_000;
const defaultTryTimeoutMs = 3000;
const pausePageMs = 200;

export const createStoreClient = (connection: StoreConnection, options: StoreClientOptions): StoreClient => {
  const { storeId, report = () => undefined } = options;
  assert(isSubjectToken(storeId), 'a store id is a subject token');
  const patience: AskOptions = {
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    tryTimeoutMs: options.tryTimeoutMs ?? defaultTryTimeoutMs,
  };
  const subscriptions = new Set<() => void>();
  let inFlight = 0;

  const counted = async <T>(call: () => Promise<T>): Promise<T> => {
    inFlight += 1;
    try {
      return await call();
    } finally {
      inFlight -= 1;
    }
  };

  const send: Store['send'] = async (to, command) => {
    const { id } = command;
    const refused = (reason: 'busy' | 'bad-command' | 'unreachable' | 'unknown-actor', detail: string): Ack => ({
      ok: false,
      id,
      reason,
      detail,
    });
    if (inFlight >= wireLimits.clientRequestsInFlight) return refused('busy', 'too many requests wait for an answer');
    const subject = commandSubject(storeId, to);
    if (!subject.ok) return refused('unknown-actor', subject.detail);
    const body = JSON.stringify(command);
    if (Buffer.byteLength(body) > wireLimits.requestBytes) return refused('bad-command', 'the command is too long');
    // An id that cannot be a header's value is refused by the store.
    const requestId = isSubjectToken(id) ? { requestId: id } : {};
    const understand = (data: Uint8Array): Ack | undefined => parseAck(data, id) ?? undefined;
    const asked = await counted(() =>
      ask(connection, subject.subject, body, understand, { ...patience, ...requestId }),
    );
    return asked.ok ? asked.value : refused('unreachable', `${asked.detail}; send it again with the same id`);
  };

  const read: Store['read'] = async (of) => {
    const subject = readSubject(storeId, of);
    if (!subject.ok) return null;
    if (inFlight >= wireLimits.clientRequestsInFlight)
      throw new StoreUnreachable('too many requests wait for an answer');
    const asked = await counted(() => ask(connection, subject.subject, '', parseRead, patience));
    if (!asked.ok) throw new StoreUnreachable(asked.detail);
    const view = asked.value;
    if (view !== null && 'ok' in view) throw new StoreUnreachable(`${view.reason}: ${view.detail}`);
    return view;
  };

  const pageOf = async (filter: ChangeFilter, after: number): Promise<ChangePage | null> => {
    const subject = changesSubject(storeId);
    assert(subject.ok, 'a store id is a subject token');
    const body = JSON.stringify({ filter, after, limit: wireLimits.pageChanges });
    const understand = (data: Uint8Array): ChangePage | undefined => parsePage(data) ?? undefined;
    const asked = await ask(connection, subject.subject, body, understand, patience);
    return asked.ok ? asked.value : null;
  };

  const subscribe: Store['subscribe'] = (filter, fromSequence, listener) => {
    const parsed = parseFilter(filter.addresses);
    assert(parsed !== null, 'a filter holds addresses and <kind>/*');
    assert(connection.state() !== 'closed', 'the connection of a subscription is open');
    assert(
      subscriptions.size < wireLimits.subscriptions,
      `a client has at most ${wireLimits.subscriptions} subscriptions`,
    );
    const end = follow(parsed, fromSequence, listener);
    subscriptions.add(end);
    return end;
  };

  const follow = (filter: ChangeFilter, fromSequence: number, listener: (change: Change) => void): (() => void) => {
    const wants = matcherOf(filter);
    const deliver = (change: Change): void => {
      if (!wants(change.address)) return;
      try {
        listener(change);
      } catch (error) {
        // One listener's fault is not the others': it loses its subscription.
        end();
        report(`a listener failed and is no longer told: ${String(error)}`);
      }
    };
    const follower = createFollower(
      {
        page: (after) => pageOf(filter, after),
        pause: () => sleep(pausePageMs),
        deliver,
        onRewind: (from, head) => report(`the store stands at ${head}, before ${from}: it was put back from a backup`),
      },
      { fromSequence, isWhole: filter.addresses.length === 0 },
    );
    const endLive = listenLive(connection, filter, storeId, follower);
    const end = (): void => {
      subscriptions.delete(end);
      follower.end();
      endLive();
    };
    return end;
  };

  return {
    send,
    read,
    subscribe,
    close: () => {
      for (const end of subscriptions) end();
    },
  };
};

type Follower = ReturnType<typeof createFollower>;

/** First the live subjects, then the journal: what is committed in between comes twice, and is told once. */
const listenLive = (
  connection: StoreConnection,
  filter: ChangeFilter,
  storeId: string,
  follower: Follower,
): (() => void) => {
  const { nats } = connection;
  const hear = (error: Error | null, message: Msg): void => {
    const change = error === null ? parseChange(message.data) : null;
    if (change !== null) follower.hear(change);
  };
  const hearHead = (error: Error | null, message: Msg): void => {
    const head = error === null ? parseHead(message.data) : null;
    if (head !== null) follower.hearHead(head);
  };
  const live = subjectsOf(storeId, filter).map((subject) => nats.subscribe(subject, { callback: hear }));
  const subscriptions = [...live, nats.subscribe(headSubject(storeId), { callback: hearHead })];
  const endWatch = connection.watch((next) => {
    if (next === 'connected') follower.catchUp();
    else if (next === 'reconnecting') follower.suspect();
    else follower.end();
  });
  // nats-server handles what comes on one connection in order: the subscriptions stand before the first page is asked for.
  follower.catchUp();
  return () => {
    endWatch();
    for (const subscription of subscriptions) if (!subscription.isClosed()) subscription.unsubscribe();
  };
};
