import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connectStore } from '../../bus/connection.ts';
import { loadCredentials } from '../../bus/credentials.ts';
import { createStoreClient } from '../../bus/store-client.ts';
import type { Config } from '../../config.ts';
import type { Store } from '../../domain/ports.ts';
import { openReadOnly, type Sqlite } from '../../persistence/database.ts';
import { openShop } from '../open-shop.ts';
import { isStoreRunning, readRunning } from '../running-store.ts';

/** How a till reaches its store: over NATS where one runs, else by running it in this very process. */
export interface StoreDoor {
  readonly store: Store;
  readonly database: Sqlite;
  /** True: the store ends with this till. */
  readonly ownsStore: boolean;
  close(): Promise<void>;
}

export interface DoorFailure {
  readonly reason: 'no-door';
  /** What is wrong, and what to do. */
  readonly detail: string;
}

const frontend = 'frontend';
const connectTimeoutMs = 10_000;
/** Turns of the event loop that a till waits for its own store; a disk that is full must not keep it from saying so. */
const takeUpTurnsMax = 1000;

export const openDoor = async (config: Config, tell: (line: string) => void): Promise<StoreDoor | DoorFailure> =>
  isStoreRunning(config.dataDir) ? overNats(config, tell) : inProcess(config, tell);

const failure = (detail: string): DoorFailure => ({ reason: 'no-door', detail });

const inProcess = async (config: Config, tell: (line: string) => void): Promise<StoreDoor | DoorFailure> => {
  const shop = await openShop(config, tell);
  if ('reason' in shop) return failure(shop.detail);
  const { runtime, database } = shop.program;
  // A till looks only when what was left unfinished has been taken up.
  for (let turns = 0; runtime.stats().waiting > 0 && turns < takeUpTurnsMax; turns += 1) await nextTurn();
  return { store: runtime, database, ownsStore: true, close: () => shop.stop() };
};

const overNats = async ({ dataDir }: Config, tell: (line: string) => void): Promise<StoreDoor | DoorFailure> => {
  const running = readRunning(dataDir);
  if (running === null) {
    return failure(
      `a store runs on ${dataDir} but takes no commands over NATS (yet); its own terminal says why. ` +
        'Try again, or stop it: this till then runs the store itself',
    );
  }
  const credentials = await loadCredentials({ randomBytes }, { dataDir, users: [frontend] });
  if (!credentials.ok) return failure(credentials.message);
  const login = credentials.logins.get(frontend);
  if (login === undefined) return failure(`${credentials.path} has no user ${frontend}`);
  const connected = await connectStore({
    url: running.natsUrl,
    ...login,
    signal: AbortSignal.timeout(connectTimeoutMs),
    report: tell,
  });
  if (!connected.ok) return failure(`${connected.message}; is the store still running? storefirst status`);
  const client = createStoreClient(connected.connection, { storeId: running.storeId, report: tell });
  const database = openReadOnly(dataDir);
  return {
    store: client,
    database,
    ownsStore: false,
    async close() {
      client.close();
      await connected.connection.close();
      database.close();
    },
  };
};
