import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../domain/ports.ts';
import type { TurnLog } from './change-pages.ts';
import { connectStore, type StoreConnection } from './connection.ts';
import { loadCredentials, type CredentialsDeps } from './credentials.ts';
import { findNatsServer, type NatsBinary } from './nats-binary.ts';
import { createNatsServer, type NatsServer, type NatsServerStatus } from './nats-server.ts';
import { frontendUser, storeUser, type NatsLogin } from './nats-user.ts';
import { createStoreServer, type StoreServer } from './store-server.ts';

export interface BusDeps extends CredentialsDeps {
  readonly store: Store;
  /** The journal that the store writes: pages of changes are read from it. */
  readonly turns: TurnLog;
  readonly report: (line: string) => void;
  readonly nowMs: () => number;
  /** From 0 up to 1: `Math.random`. */
  readonly chance: () => number;
  readonly uniqueId: () => string;
  /** Finds nats-server, or fetches it; `findNatsServer` where nothing else is said. */
  readonly findBinary?: () => Promise<NatsBinary>;
}

export interface BusOptions {
  readonly storeId: string;
  readonly dataDir: string;
  /** Where a fetched nats-server is kept. */
  readonly cacheDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** Users besides the store itself; `frontend` where nothing else is said. */
  readonly frontends?: readonly string[];
}

export interface BusStatus {
  /** `waiting`: something failed, see `detail`; it is tried again. `serving`: commands are taken over NATS. */
  readonly state: 'starting' | 'waiting' | 'serving' | 'reconnecting' | 'closed';
  /** What a person should know, or do; `null` where all is well. */
  readonly detail: string | null;
  readonly url: string | null;
  /** Where the passwords of the users stand, for the owner's eyes. */
  readonly credentialsPath: string | null;
  readonly server: NatsServerStatus | null;
}

/** The store's bus. Whatever happens to it, the store sells on: it tells its state and tries again. */
export interface Bus {
  status(): BusStatus;
  /** Resolves when the store is served, or the bus is closed. */
  serving(): Promise<void>;
  /** Answers what is under way, then ends nats-server. */
  close(): Promise<void>;
}

const storeLogin = 'store';
const defaultFrontends = ['frontend'] as const;
const firstRetryMs = 1000;
/** Fetching anew each time costs a slow line its minutes. */
const longestRetryMs = 60_000;

/** What stands so far; taken down as a whole. */
interface Parts {
  natsServer: NatsServer | null;
  connection: StoreConnection | null;
  storeServer: StoreServer | null;
}

type Standing =
  | { readonly ok: true; readonly url: string; readonly credentialsPath: string }
  | { readonly ok: false; readonly detail: string };

/** Finds the program, starts and supervises it, connects, serves the store. Returns at once and never throws. */
export const openBus = (deps: BusDeps, options: BusOptions): Bus => {
  const { report } = deps;
  const ending = new AbortController();
  const served = Promise.withResolvers<void>();
  const parts: Parts = { natsServer: null, connection: null, storeServer: null };
  let state: 'starting' | 'waiting' | 'serving' | 'closed' = 'starting';
  let detail: string | null = null;
  let place: { readonly url: string; readonly credentialsPath: string } | null = null;

  const run = async (): Promise<void> => {
    for (let failures = 0; !ending.signal.aborted; failures += 1) {
      const standing = await stand(deps, options, parts, ending.signal).catch((error: unknown): Standing => ({
        ok: false,
        detail: String(error),
      }));
      if (ending.signal.aborted) return;
      if (standing.ok) {
        state = 'serving';
        detail = null;
        place = standing;
        report(`bus: serving at ${standing.url}`);
        served.resolve();
        // A line that is down comes back by itself; only one that was closed ends here, and everything is put up anew.
        await closed(parts.connection, ending.signal);
        await takeDown(parts);
        failures = -1;
        continue;
      }
      await takeDown(parts);
      state = 'waiting';
      if (detail !== standing.detail) report(`bus: ${standing.detail} The store sells on without it; trying again.`);
      detail = standing.detail;
      const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 10)) * (0.5 + deps.chance() / 2);
      await sleep(delayMs, undefined, { signal: ending.signal, ref: false }).catch(() => undefined);
    }
  };
  const running = run();

  return {
    status: () => ({
      state: state === 'serving' && parts.connection?.state() !== 'connected' ? 'reconnecting' : state,
      detail,
      url: place?.url ?? null,
      credentialsPath: place?.credentialsPath ?? null,
      server: parts.natsServer?.status() ?? null,
    }),
    serving: () => served.promise,
    close: async () => {
      state = 'closed';
      ending.abort();
      await running;
      await takeDown(parts);
      served.resolve();
    },
  };
};

/** Every step up to serving. What it put up stands in `parts`, also where a later step fails. */
const stand = async (deps: BusDeps, options: BusOptions, parts: Parts, signal: AbortSignal): Promise<Standing> => {
  // Fetching can take minutes: a store that stops does not wait for it.
  const binary = await Promise.race([(deps.findBinary ?? (() => find(deps, options)))(), aborted(signal)]);
  if (binary === null) return { ok: false, detail: 'closed' };
  if (!binary.ok) return { ok: false, detail: binary.message };
  if (binary.warning !== null) deps.report(`bus: ${binary.warning}`);
  const frontends = options.frontends ?? defaultFrontends;
  const users = [storeLogin, ...frontends];
  const credentials = await loadCredentials(deps, { dataDir: options.dataDir, users });
  if (!credentials.ok) return { ok: false, detail: credentials.message };
  const login = credentials.logins.get(storeLogin);
  if (login === undefined) return { ok: false, detail: `${credentials.path} has no user ${storeLogin}` };
  const logins = frontends.map((user) => credentials.logins.get(user)).filter((one) => one !== undefined);
  const started = await startServer(deps, options, parts, binary.path, login, logins, signal);
  if (!started.ok) return started;
  const connected = await connectStore({ url: started.url, ...login, signal, report: deps.report });
  if (!connected.ok) return { ok: false, detail: connected.message };
  parts.connection = connected.connection;
  const { store, turns, report } = deps;
  parts.storeServer = createStoreServer({ store, turns, report, connection: connected.connection }, options);
  return { ok: true, url: started.url, credentialsPath: credentials.path };
};

const startServer = async (
  deps: BusDeps,
  options: BusOptions,
  parts: Parts,
  binaryPath: string,
  login: NatsLogin,
  frontends: readonly NatsLogin[],
  signal: AbortSignal,
): Promise<{ readonly ok: true; readonly url: string } | { readonly ok: false; readonly detail: string }> => {
  if (signal.aborted) return { ok: false, detail: 'closed' };
  const { dataDir, storeId, host, port } = options;
  const natsServer = createNatsServer(deps, {
    binaryPath,
    dataDir,
    serverName: `store-${storeId}`,
    users: [storeUser(login), ...frontends.map((one) => frontendUser(one, storeId))],
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
  });
  const started = await natsServer.start();
  if (!started.ok) return { ok: false, detail: started.message };
  parts.natsServer = natsServer;
  return { ok: true, url: reachable(started.url) };
};

/** A server that listens everywhere is reached by its own store over loopback. */
const reachable = (url: string): string => url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

const find = (deps: BusDeps, options: BusOptions): Promise<NatsBinary> => {
  const { environment, cacheDir } = options;
  const { report, uniqueId, nowMs } = deps;
  return findNatsServer({ environment, cacheDir, report, uniqueId, nowMs });
};

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });

const closed = async (connection: StoreConnection | null, signal: AbortSignal): Promise<void> => {
  await Promise.race([connection?.nats.closed(), aborted(signal)]);
};

const takeDown = async (parts: Parts): Promise<void> => {
  const { storeServer, connection, natsServer } = parts;
  parts.storeServer = null;
  parts.connection = null;
  parts.natsServer = null;
  await storeServer?.close();
  await connection?.close();
  await natsServer?.stop();
};
