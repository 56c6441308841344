import { createServer } from 'node:net';

/** A TCP port that is free now. Another program may take it before it is used: be ready to ask again. */
export const findFreePort = (host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('a TCP server has a port'));
      });
    });
  });
