import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer } from '../../src/bus/nats-binary.ts';

const cacheHome = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');

/** The real program, found or fetched as `npm start` does it. */
export const realNatsServer = await findNatsServer({
  environment: process.env,
  cacheDir: join(cacheHome, 'storefirst'),
  report: (line) => console.log(line),
  uniqueId: randomUUID,
  nowMs: Date.now,
});

if (!realNatsServer.ok) console.log(`Tests with a real nats-server are skipped. ${realNatsServer.message}`);
