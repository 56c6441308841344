import { chmod, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Programs that were fetched before: `<cacheDir>/nats-server/<version>/nats-server`. Safe for several processes at once. */
export interface NatsCache {
  programs(): Promise<readonly string[]>;
  /** Runs `fill` in a private directory inside the cache, which is removed afterwards. Rejects where it cannot be made. */
  inWorkDir<T>(fill: (directory: string) => Promise<T>): Promise<T>;
  /** Moves a checked program to its place and gives that path. Of two at once the last one wins, and both are whole. */
  place(program: string, version: string): Promise<string>;
}

export interface NatsCacheDeps {
  readonly uniqueId: () => string;
  readonly nowMs: () => number;
}

const workPrefix = '.fetch-';
/** A work directory this old belongs to a process that was killed. */
const abandonedAfterMs = 60 * 60 * 1000;

export const createNatsCache = (deps: NatsCacheDeps, cacheDir: string): NatsCache => {
  const root = join(cacheDir, 'nats-server');
  const entries = (): Promise<string[]> => readdir(root).catch(() => []);

  const sweep = async (): Promise<void> => {
    for (const name of await entries()) {
      if (!name.startsWith(workPrefix)) continue;
      const found = await stat(join(root, name)).catch(() => null);
      if (found !== null && deps.nowMs() - found.mtimeMs > abandonedAfterMs)
        await rm(join(root, name), { recursive: true, force: true });
    }
  };

  return {
    programs: async () =>
      (await entries()).filter((name) => !name.startsWith('.')).map((name) => join(root, name, 'nats-server')),
    inWorkDir: async (fill) => {
      const directory = join(root, `${workPrefix}${deps.uniqueId()}`);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await sweep();
      try {
        return await fill(directory);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    place: async (program, version) => {
      const path = join(root, version, 'nats-server');
      await chmod(program, 0o755);
      await mkdir(join(root, version), { recursive: true });
      await rename(program, path);
      return path;
    },
  };
};
