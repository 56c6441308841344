// A store program that is going to be killed: starts a nats-server in the data directory argv[3] and stays.
import { createNatsServer } from '../../src/bus/nats-server.ts';
import { storeUser } from '../../src/bus/nats-user.ts';

const [, , binaryPath = '', dataDir = ''] = process.argv;
const server = createNatsServer(
  { report: () => undefined, nowMs: Date.now, chance: Math.random },
  {
    binaryPath,
    dataDir,
    serverName: 'abandoned',
    port: 0,
    users: [storeUser({ user: 'store', password: 'open-sesame' })],
  },
);
const start = await server.start();
process.stdout.write(`${JSON.stringify({ ...start, pid: server.status().pid })}\n`);
