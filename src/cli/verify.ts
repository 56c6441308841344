import type { Sqlite } from '../persistence/database.ts';
import { verifyStore, type Finding, type Verdict } from '../persistence/verify.ts';
import { readArguments, readEnvironment } from './arguments.ts';
import { openData } from './data-folder.ts';

/** Holds a store against its own records, beside a running program or without one. 1: something is wrong, or there is no store. */
export const run = async (args: readonly string[]): Promise<number> => {
  const read = readArguments('verify', { args, options: {} });
  const config = read === null ? null : readEnvironment('verify');
  if (config === null) return 2;
  const database = openData('verify', config.dataDir);
  if (database === null) return 1;
  try {
    const verdict = verify(database);
    if (verdict.ok) console.log(soundText(verdict));
    else for (const line of findingText(verdict, config.dataDir)) console.error(line);
    return verdict.ok ? 0 : 1;
  } finally {
    database.close();
  }
};

/** A file that is damaged beyond reading is a finding too. */
const verify = (database: Sqlite): Verdict => {
  try {
    return verifyStore(database);
  } catch (error) {
    return { ok: false, table: 'store.db', key: '', problem: error instanceof Error ? error.message : String(error) };
  }
};

export const soundText = ({ turns, facts, actors }: Extract<Verdict, { readonly ok: true }>): string =>
  `Sound: ${turns} turns and ${facts} facts follow from each other, ${actors} actors stand where their turns left them, ` +
  'and every figure follows from the facts.';

const findingText = ({ table, key, problem }: Finding, dataDir: string): readonly string[] => [
  `Not sound. The first row that is wrong: ${table}${key === '' ? '' : ` ${key}`}: ${problem}`,
  `Stop the store, keep a copy of ${dataDir} as it is, and put the last backup back.`,
];
