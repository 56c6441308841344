import { connectStore, type StoreConnection } from '../../src/bus/connection.ts';
import { createNatsServer, type NatsServer } from '../../src/bus/nats-server.ts';
import { frontendUser, storeUser, type NatsLogin } from '../../src/bus/nats-user.ts';
import { createStoreClient, type StoreClient, type StoreClientOptions } from '../../src/bus/store-client.ts';
import { createStoreServer } from '../../src/bus/store-server.ts';
import { realNatsServer } from '../bus/real-nats-server.ts';
import { openFixture, storeId, type StoreFixture } from './store-program.ts';

/** A store in this process, served over a real nats-server. */
export interface BusFixture extends StoreFixture {
  readonly natsServer: NatsServer;
  readonly url: string;
  /** What the server reported. */
  readonly reports: readonly string[];
  connectAs(login: NatsLogin): Promise<StoreConnection>;
  client(options?: Partial<StoreClientOptions>): Promise<StoreClient>;
}

export const storeLogin: NatsLogin = { user: 'store', password: 'password-of-the-store' };
export const till: NatsLogin = { user: 'frontend', password: 'password-of-the-frontend' };
export const stranger: NatsLogin = { user: 'agent', password: 'password-of-the-agent' };

const startServer = async (dataDir: string, binaryPath: string): Promise<{ natsServer: NatsServer; url: string }> => {
  const natsServer = createNatsServer(
    { report: () => undefined, nowMs: Date.now, chance: Math.random },
    {
      binaryPath,
      dataDir,
      serverName: `store-${storeId}`,
      port: 0,
      users: [storeUser(storeLogin), frontendUser(till, storeId), frontendUser(stranger, storeId)],
    },
  );
  const start = await natsServer.start();
  if (!start.ok) throw new Error(start.message);
  return { natsServer, url: start.url };
};

export const openBusFixture = async (): Promise<BusFixture> => {
  if (!realNatsServer.ok) throw new Error(realNatsServer.message);
  const fixture = await openFixture();
  const { natsServer, url } = await startServer(fixture.dataDir, realNatsServer.path);
  const connections: StoreConnection[] = [];
  const reports: string[] = [];
  const connectAs = async (login: NatsLogin): Promise<StoreConnection> => {
    const outcome = await connectStore({ url, ...login });
    if (!outcome.ok) throw new Error(outcome.message);
    connections.push(outcome.connection);
    return outcome.connection;
  };
  const connection = await connectAs(storeLogin);
  const report = (line: string): void => void reports.push(line);
  const { program, turns } = fixture;
  const server = createStoreServer({ store: program.runtime, turns, connection, report }, { storeId });
  await connection.nats.flush();
  return {
    ...fixture,
    natsServer,
    url,
    reports,
    connectAs,
    client: async (options = {}) => createStoreClient(await connectAs(till), { storeId, ...options }),
    close: async () => {
      await server.close();
      await Promise.all(connections.map((one) => one.close()));
      await natsServer.stop();
      await fixture.close();
    },
  };
};
