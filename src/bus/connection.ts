import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { connect, errors } from '@nats-io/transport-node';
import { inboxPrefix } from './subjects.ts';

export type ConnectionState = 'connected' | 'reconnecting' | 'closed';

/** A connection to a store's nats-server that comes back by itself, for ever, until it is closed. */
export interface StoreConnection {
  readonly nats: NatsConnection;
  state(): ConnectionState;
  /** Told of each new state. A listener must not throw. The returned function ends it. */
  watch(listener: (state: ConnectionState) => void): () => void;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** `nats://host:port` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Gives up the first connection, which is waited for for ever otherwise. */
  readonly signal?: AbortSignal;
  /** What a person should know: waiting, permission refused. */
  readonly report?: (line: string) => void;
  /** From 0 up to 1: spreads the clients of a server that comes back. */
  readonly chance?: () => number;
}

export type ConnectOutcome =
  | { readonly ok: true; readonly connection: StoreConnection }
  | { readonly ok: false; readonly reason: 'refused' | 'given-up'; readonly message: string };

const dialTimeoutMs = 5000;
/** Two of these without an answer and the connection counts as lost: a pulled cable says nothing. */
const pingEveryMs = 10_000;
const firstDelayMs = 100;
const longestDelayMs = 2000;

/** How long to wait before the next dial: doubled each time, up to two seconds, half of it by chance. */
const redialDelayMs = (dials: number, chance: number): number => {
  const fullMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(dials, 10));
  return Math.round(fullMs / 2 + (fullMs / 2) * chance);
};

/** Connects as a named user. A store that is not there yet is waited for; a wrong password is told at once. */
export const connectStore = async (options: ConnectOptions): Promise<ConnectOutcome> => {
  const { url, signal, report = () => undefined, chance = Math.random } = options;
  for (let dials = 0; ; dials += 1) {
    if (signal?.aborted === true) return { ok: false, reason: 'given-up', message: `${url}: given up` };
    const dialled = await dial(options, chance);
    if ('connection' in dialled) return { ok: true, connection: dialled.connection };
    const { error } = dialled;
    if (error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError) {
      return { ok: false, reason: 'refused', message: `${url} does not know user ${options.user} with this password` };
    }
    if (dials === 0) report(`${url} does not answer (${error.message}); trying on`);
    await sleep(redialDelayMs(dials, chance()), undefined, signal === undefined ? {} : { signal }).catch(
      () => undefined,
    );
  }
};

type Dialled = { readonly connection: StoreConnection } | { readonly error: Error };

const dial = async (options: ConnectOptions, chance: () => number): Promise<Dialled> => {
  const delay = { ms: redialDelayMs(0, chance()) };
  try {
    const nats = await connect({
      servers: options.url,
      user: options.user,
      pass: options.password,
      inboxPrefix: inboxPrefix(options.user),
      timeout: dialTimeoutMs,
      pingInterval: pingEveryMs,
      maxPingOut: 2,
      maxReconnectAttempts: -1,
      // A nats-server that starts again may refuse for a moment; giving up would leave a till without its store for good.
      ignoreAuthErrorAbort: true,
      reconnectDelayHandler: () => delay.ms,
      noAsyncTraces: true,
    });
    return { connection: follow(nats, delay, options, chance) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
};

const follow = (
  nats: NatsConnection,
  delay: { ms: number },
  { report = () => undefined }: ConnectOptions,
  chance: () => number,
): StoreConnection => {
  const listeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = 'connected';
  let dials = 0;
  const enter = (next: ConnectionState): void => {
    if (state === next || state === 'closed') return;
    state = next;
    for (const listener of listeners) listener(next);
  };
  const listen = async (): Promise<void> => {
    for await (const status of nats.status()) {
      if (status.type === 'disconnect') enter('reconnecting');
      else if (status.type === 'reconnecting') delay.ms = redialDelayMs((dials += 1), chance());
      else if (status.type === 'reconnect') {
        dials = 0;
        delay.ms = redialDelayMs(0, chance());
        enter('connected');
      } else if (status.type === 'error') report(`nats: ${status.error.message}`);
    }
  };
  void listen();
  void nats.closed().then(() => enter('closed'));
  return {
    nats,
    state: () => state,
    watch: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      await nats.close();
      enter('closed');
    },
  };
};
