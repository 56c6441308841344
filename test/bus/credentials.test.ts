import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { credentialsPath, loadCredentials } from '../../src/bus/credentials.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'storefirst-credentials-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

const load = async (...users: string[]) => {
  const loaded = await loadCredentials({ randomBytes }, { dataDir, users });
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded.logins;
};

test('the first start makes a password for each user, in a file for the owner only', async () => {
  const logins = await load('store', 'till');
  expect(logins.get('store')?.password).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(logins.get('till')?.password).not.toBe(logins.get('store')?.password);
  expect((await stat(credentialsPath(dataDir))).mode & 0o777).toBe(0o600);
  expect((await stat(join(dataDir, 'nats'))).mode & 0o777).toBe(0o700);
});

test('a restart keeps the passwords, a new user gets one', async () => {
  const before = await load('store', 'till');
  const after = await load('store', 'agent');
  expect(after.get('store')).toEqual(before.get('store'));
  expect(after.get('till')).toEqual(before.get('till'));
  expect(after.has('agent')).toBe(true);
});

test('a file that others may read is closed again', async () => {
  await load('store');
  await chmod(credentialsPath(dataDir), 0o644);
  await load('store');
  expect((await stat(credentialsPath(dataDir))).mode & 0o777).toBe(0o600);
});

test.each(['', '{', '[]', '{"users":{"a.b":"0123456789abcdef"}}', '{"users":{"till":"short"}}'])(
  'a damaged file is reported and left as it is: %j',
  async (content) => {
    await load('store');
    await writeFile(credentialsPath(dataDir), content);
    const loaded = await loadCredentials({ randomBytes }, { dataDir, users: ['store'] });
    expect(loaded).toMatchObject({ ok: false, reason: 'malformed' });
    expect(await readFile(credentialsPath(dataDir), 'utf8')).toBe(content);
  },
);
