import { join } from 'node:path';
import Database from 'better-sqlite3';
import { nowMs } from './child.ts';

/** The least that a restart has to do: recover the WAL, read and parse what is in flight, write each of it once. */
const [folder = '.'] = process.argv.slice(2);
const database = new Database(join(folder, 'store.db'));
database.pragma('synchronous = FULL');
const rows = database
  .prepare<[], { readonly address: string; readonly snapshot: string }>(
    'SELECT address, snapshot FROM actor WHERE in_flight = 1',
  )
  .all();
const actors = rows.map(({ address, snapshot }) => ({ address, snapshot: JSON.parse(snapshot) as unknown }));
const readAt = nowMs();
const write = database.prepare('UPDATE actor SET snapshot = ? WHERE address = ?');
database
  .transaction(() => {
    for (const { address, snapshot } of actors) write.run(JSON.stringify(snapshot), address);
  })
  .immediate();
console.log(JSON.stringify({ readAt, writtenAt: nowMs(), actors: rows.length }));
database.close();
