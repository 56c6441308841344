import { readArguments, readEnvironment } from './arguments.ts';
import { openData } from './data-folder.ts';
import { readOverview } from './status/overview.ts';
import { overviewText } from './status/text.ts';

/** Shows a store from its data folder, whether one runs on it or not. 1: there is no store, or an actor has stopped. */
export const run = async (args: readonly string[]): Promise<number> => {
  const read = readArguments('status', { args, options: { json: { type: 'boolean' } } });
  const config = read === null ? null : readEnvironment('status');
  if (read === null || config === null) return 2;
  const database = openData('status', config.dataDir);
  if (database === null) return 1;
  try {
    const overview = readOverview(database, config.dataDir);
    if (read.values.json === true) console.log(JSON.stringify(overview, null, 2));
    else for (const line of overviewText(overview, Date.now())) console.log(line);
    return overview.faults.length === 0 ? 0 : 1;
  } finally {
    database.close();
  }
};
