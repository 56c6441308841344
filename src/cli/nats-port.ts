import { createServer } from 'node:net';
import type { NatsConfig } from '../config.ts';

const usualPort = 4222;

/**
 * The port to ask for: the one that was configured; else the last run's, for a store that was killed comes back where its
 * tills look for it; else the usual one where it is free; else any.
 */
export const choosePort = async ({ host, port }: NatsConfig, lastUrl: string | null): Promise<number> => {
  if (port !== 'auto') return port;
  const last = lastUrl === null ? Number.NaN : Number(new URL(lastUrl).port);
  if (Number.isSafeInteger(last) && last > 0) return last;
  return (await isFree(host, usualPort)) ? usualPort : 0;
};

const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
