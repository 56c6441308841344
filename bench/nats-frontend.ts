import { randomBytes } from 'node:crypto';
import { connectStore, type StoreConnection } from '../src/bus/connection.ts';
import { createStoreClient } from '../src/bus/store-client.ts';
import { createUuids } from '../src/uuid.ts';
import { echoLogin, echoStoreId, tillLogin, type FrontendAnswer, type FrontendWork } from './frontend-words.ts';
import { timeScans } from './scans.ts';

/** A till in a process of its own, as tills are: it speaks to the store over nats-server only, and measures there. */
const [url = '', storeId = ''] = process.argv.slice(2);

const connect = async (login: typeof tillLogin): Promise<StoreConnection> => {
  const outcome = await connectStore({ url, ...login });
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.connection;
};
const client = createStoreClient(await connect(tillLogin), { storeId });
const echo = await connect(echoLogin);
const newId = createUuids(Date.now, randomBytes);

/** A round trip of nats-server with nothing behind it, so many at once. */
const timeEchoes = async (inFlight: number, forMs: number): Promise<readonly number[]> => {
  const times: number[] = [];
  const payload = 'x'.repeat(250);
  const until = performance.now() + forMs;
  const ask = async (): Promise<void> => {
    while (performance.now() < until) {
      const from = performance.now();
      await echo.nats.request(`store.${echoStoreId}.cmd.counter.1`, payload, { timeout: 10_000 });
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, ask));
  return times;
};

const answer = (times: readonly number[]): void =>
  void process.send?.({ type: 'times', times } satisfies FrontendAnswer);

process.on('message', (work: FrontendWork) => {
  void (work.type === 'scans' ? timeScans(client, newId, work) : timeEchoes(work.inFlight, work.forMs)).then(answer);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready' } satisfies FrontendAnswer);
