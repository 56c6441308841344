import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnly, type Sqlite } from '../persistence/database.ts';
import type { usage } from './usage.ts';

/** The store's database for looking only; `null` after one line that says why not. */
export const openData = (verb: keyof typeof usage, dataDir: string): Sqlite | null => {
  if (!existsSync(join(dataDir, 'store.db'))) {
    console.error(`storefirst ${verb}: there is no store in ${dataDir} yet. Start one: npm start`);
    return null;
  }
  try {
    return openReadOnly(dataDir);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    console.error(`storefirst ${verb}: the store in ${dataDir} cannot be read: ${detail}`);
    return null;
  }
};
