import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { runCommand, temporaryFolder, type Keys } from './command.ts';

describe('storefirst verify', () => {
  test('somebody edits a total in the database: the row is named', async () => {
    const keys: Keys = { STOREFIRST_DATA: temporaryFolder(), STOREFIRST_NATS: 'off' };
    await runCommand(['sell'], keys, '\n2*4011\np\nq\n');
    const sound = await runCommand(['verify'], keys);
    expect(sound).toMatchObject({ code: 0, err: '' });
    expect(sound.out).toMatch(/^Sound: [1-9]\d* turns and [1-9]\d* facts/);
    const database = new Database(join(keys['STOREFIRST_DATA'] ?? '', 'store.db'));
    database.exec('UPDATE orders SET total_amount = total_amount - 1');
    database.close();
    const edited = await runCommand(['verify'], keys);
    expect(edited).toMatchObject({ code: 1, out: '' });
    expect(edited.err).toMatch(
      /^Not sound\. The first row that is wrong: orders \S+: total_amount is 137; the facts make it 138$/m,
    );
  });

  test('somebody edits the journal: the turn is named', async () => {
    const keys: Keys = { STOREFIRST_DATA: temporaryFolder(), STOREFIRST_NATS: 'off' };
    await runCommand(['sell'], keys, '\nq\n');
    const database = new Database(join(keys['STOREFIRST_DATA'] ?? '', 'store.db'));
    database.exec("UPDATE journal SET event = '{' WHERE sequence = 2");
    database.close();
    const damaged = await runCommand(['verify'], keys);
    expect(damaged).toMatchObject({ code: 1, out: '' });
    expect(damaged.err).toContain('journal 2: its hash does not follow');
  });
});
