import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { connectStore } from '../src/bus/connection.ts';
import { findNatsServer, type NatsBinary } from '../src/bus/nats-binary.ts';
import { createNatsServer } from '../src/bus/nats-server.ts';
import { frontendUser, storeUser } from '../src/bus/nats-user.ts';
import { createStoreServer } from '../src/bus/store-server.ts';
import {
  echoLogin,
  echoStoreId,
  storeLogin,
  tillLogin,
  type FrontendAnswer,
  type FrontendWork,
} from './frontend-words.ts';
import type { BenchStore } from './store.ts';

/** A store on the bus, and a frontend in a process of its own that measures on its side. */
export interface ServedStore {
  readonly natsVersion: string;
  measure(work: FrontendWork): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** The program that `npm start` would use; null where there is none and none can be had. */
export const findNats = (report: (line: string) => void): Promise<NatsBinary> =>
  findNatsServer({
    environment: process.env,
    cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'storefirst'),
    report,
    uniqueId: randomUUID,
    nowMs: Date.now,
  });

export async function serveStore(
  store: BenchStore,
  binary: Extract<NatsBinary, { readonly ok: true }>,
): Promise<ServedStore> {
  const { storeId } = store.program.config.settings;
  const natsServer = createNatsServer(
    { report: () => undefined, nowMs: Date.now, chance: Math.random },
    {
      binaryPath: binary.path,
      dataDir: store.program.config.dataDir,
      serverName: `store-${storeId}`,
      port: 0,
      users: [storeUser(storeLogin), frontendUser(tillLogin, storeId), frontendUser(echoLogin, echoStoreId)],
    },
  );
  const started = await natsServer.start();
  if (!started.ok) throw new Error(started.message);
  // A figure that is ended from outside leaves no server behind.
  const { pid } = natsServer.status();
  const endServer = (): void => void (pid === null || process.kill(pid));
  process.once('exit', endServer);
  const connected = await connectStore({ url: started.url, ...storeLogin });
  if (!connected.ok) throw new Error(connected.message);
  const { connection } = connected;
  const { program, journal } = store;
  const report = (line: string): void => console.log(line);
  const server = createStoreServer({ store: program.runtime, turns: journal, connection, report }, { storeId });
  connection.nats.subscribe(`store.${echoStoreId}.cmd.>`, {
    callback: (_, message) => void message.respond(message.data),
  });
  await connection.nats.flush();
  const frontend = fork(join(import.meta.dirname, 'nats-frontend.ts'), [started.url, storeId]);
  await answerOf(frontend);
  return {
    natsVersion: binary.version,
    async measure(work) {
      frontend.send(work);
      const answer = await answerOf(frontend);
      return answer.type === 'times' ? answer.times : [];
    },
    async close() {
      const ended = once(frontend, 'exit');
      frontend.disconnect();
      await ended;
      await server.close();
      await connection.close();
      process.off('exit', endServer);
      await natsServer.stop();
    },
  };
}

const answerOf = async (frontend: ChildProcess): Promise<FrontendAnswer> => {
  const ending = new AbortController();
  const died = once(frontend, 'exit', { signal: ending.signal }).then(() => {
    throw new Error('the frontend process ended');
  });
  try {
    const [answer] = (await Promise.race([once(frontend, 'message', { signal: ending.signal }), died])) as [
      FrontendAnswer,
    ];
    return answer;
  } finally {
    died.catch(() => undefined);
    ending.abort();
  }
};
