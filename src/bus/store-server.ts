import type { Msg, Subscription } from '@nats-io/transport-node';
import { headers } from '@nats-io/transport-node';
import type { Address } from '../domain/address.ts';
import { assert } from '../domain/errors.ts';
import type { Ack, Command, Store } from '../domain/ports.ts';
import type { Role } from '../domain/roles.ts';
import type { TurnLog } from './change-pages.ts';
import { readPage } from './change-pages.ts';
import { createChangePublisher } from './change-publisher.ts';
import type { StoreConnection } from './connection.ts';
import type { Unanswered } from './messages.ts';
import { parseCommand, parsePageRequest, requestIdHeader } from './messages.ts';
import { isSubjectToken, parseSubject } from './subjects.ts';
import { wireLimits } from './wire-limits.ts';

export interface StoreServerDeps {
  readonly store: Store;
  /** The store's own journal: pages are read from it, since the Store port has none. */
  readonly turns: TurnLog;
  /** As the store's own user, which may answer everybody. */
  readonly connection: StoreConnection;
  readonly report: (line: string) => void;
}

/** Serves a Store port to everybody on the bus: docs/bus.md is its contract. */
export interface StoreServer {
  /** Requests under way. */
  inFlight(): number;
  /** Takes no further request, answers those under way, then resolves. */
  close(): Promise<void>;
}

/**
 * Whoever holds a frontend's credentials says by itself who stands at the till, so it may say no more than a till can be:
 * nobody becomes the program, a device or support over the wire. Who the operator really is comes with sign-in at the
 * gateway; until then the roles a frontend claims are taken for what they are.
 */
const frontendRoles: readonly Role[] = ['cashier', 'supervisor', 'manager'];

export const createStoreServer = (deps: StoreServerDeps, options: { readonly storeId: string }): StoreServer => {
  const { store, turns, connection, report } = deps;
  const { storeId } = options;
  assert(isSubjectToken(storeId), 'a store id is a subject token');
  const underWay = new Set<Promise<void>>();
  const publisher = createChangePublisher({ connection, head: () => turns.head() }, storeId);
  const endChanges = store.subscribe({ addresses: [] }, turns.head(), (change) => publisher.publish(change));

  const answerTo = async (message: Msg): Promise<void> => {
    const subject = parseSubject(message.subject);
    const plane = subject?.plane ?? planeOf(message.subject);
    if (plane === 'changes') return respond(message, await changes(message), '');
    const address = subject !== null && 'address' in subject ? subject.address : null;
    if (plane === 'cmd') {
      const ack = await command(message, address);
      return respond(message, ack, ack.id);
    }
    if (address === null) return respond(message, unanswered('bad-command', noActor(message)), '');
    return respond(message, await store.read(address), '');
  };

  const command = async (message: Msg, address: Address | null): Promise<Ack> => {
    const parsed = parseCommand(message.data);
    if (!parsed.ok) return { ok: false, id: parsed.id, reason: 'bad-command', detail: parsed.detail };
    const { id, operator } = parsed.value;
    const named = message.headers?.get(requestIdHeader) ?? '';
    if (named !== '' && named !== id) {
      return { ok: false, id, reason: 'bad-command', detail: `${requestIdHeader} is another id than the command's` };
    }
    if (!frontendRoles.includes(operator.role)) {
      const detail = `over the bus an operator is ${frontendRoles.join(' or ')}, not ${operator.role}`;
      return { ok: false, id, reason: 'not-allowed', detail };
    }
    if (address === null) return { ok: false, id, reason: 'unknown-actor', detail: noActor(message) };
    return sendTo(address, parsed.value);
  };

  const sendTo = async (address: Address, { id, ...rest }: Command): Promise<Ack> => {
    try {
      return await store.send(address, { id, ...rest });
    } catch (error) {
      // The port says it never rejects; a broken promise there must not leave a till waiting here.
      report(`store: ${address} failed at a command: ${String(error)}`);
      return { ok: false, id, reason: 'faulted', detail: 'the store failed at this command; support must look at it' };
    }
  };

  const changes = async (message: Msg): Promise<unknown> => {
    const parsed = parsePageRequest(message.data);
    return parsed.ok ? readPage(store, turns, parsed.value) : unanswered('bad-command', parsed.detail);
  };

  const respond = (message: Msg, body: unknown, id: string): void => {
    const requestId = id === '' ? (message.headers?.get(requestIdHeader) ?? '') : id;
    const text = JSON.stringify(body);
    const limit = connection.nats.info?.max_payload ?? Number.POSITIVE_INFINITY;
    const fits = Buffer.byteLength(text) + 256 <= limit;
    const header = headers();
    if (/^[\w-]{1,64}$/.test(requestId)) header.set(requestIdHeader, requestId);
    message.respond(fits ? text : JSON.stringify(tooLarge(body)), { headers: header });
  };

  const take = (message: Msg): void => {
    // No answer would be heard, or it would be told where its sender may not speak: such a request is not even read.
    if (!isInbox(message.reply)) return;
    if (underWay.size >= wireLimits.requestsInFlight) return void settle(message, refuseBusy(message));
    const done: Promise<void> = settle(message, answerTo(message)).finally(() => underWay.delete(done));
    underWay.add(done);
  };

  /** Nothing may be thrown into the connection: it would stop reading for good. */
  const settle = async (message: Msg, answering: Promise<void>): Promise<void> => {
    try {
      await answering;
    } catch (error) {
      report(`store: ${message.subject} failed: ${String(error)}`);
      try {
        respond(message, unanswered('failed', 'the store failed at this request'), '');
      } catch {
        // The connection is gone: the client asks again.
      }
    }
  };

  const refuseBusy = async (message: Msg): Promise<void> => {
    const detail = 'too many requests are waiting; send it again with the same id';
    const parsed = parseCommand(message.data);
    respond(message, { ...unanswered('busy', detail), id: parsed.ok ? parsed.value.id : parsed.id }, '');
  };

  const subjects = [`store.${storeId}.cmd.>`, `store.${storeId}.read.>`, `store.${storeId}.changes`];
  const subscriptions: readonly Subscription[] = subjects.map((subject) =>
    connection.nats.subscribe(subject, {
      callback: (error, message) => (error === null ? take(message) : report(`nats: ${error.message}`)),
    }),
  );

  return {
    inFlight: () => underWay.size,
    close: async () => {
      endChanges();
      publisher.close();
      if (connection.nats.isClosed()) return;
      for (const subscription of subscriptions) subscription.unsubscribe();
      await Promise.all(underWay);
      await flushed(connection);
    },
  };
};

const unanswered = (reason: Unanswered['reason'], detail: string): Unanswered => ({ ok: false, reason, detail });

const noActor = (message: Msg): string => `${message.subject} names no actor`;

/** Of a subject of ours whose address is none: the answer depends on what was asked. */
const planeOf = (subject: string): string => subject.split('.')[2] ?? '';

/**
 * The store may publish everywhere, a frontend may not: with a reply subject of its choice it would make the store
 * speak for it, say on a state subject. Answers go to inboxes only; a stranger's cannot be guessed.
 */
const isInbox = (reply: string | undefined): reply is string =>
  reply !== undefined && /^_INBOX_[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]+)+$/.test(reply);

/** A command was done all the same: its answer says so, without the part that does not fit. */
const tooLarge = (body: unknown): unknown => {
  if (typeof body === 'object' && body !== null && 'ok' in body && body.ok === true && 'answer' in body) {
    return { ...body, answer: {} };
  }
  return unanswered('too-large', 'the answer is larger than nats-server takes');
};

/** Answers are with nats-server, or the connection is down and they are asked for again. */
const flushed = async (connection: StoreConnection): Promise<void> => {
  if (connection.state() === 'connected') await connection.nats.flush().catch(() => undefined);
};
