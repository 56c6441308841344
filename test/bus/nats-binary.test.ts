import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NatsBinaryOptions } from '../../src/bus/nats-binary.ts';
import { findNatsServer } from '../../src/bus/nats-binary.ts';
import type { NatsSource } from '../../src/bus/nats-source.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'storefirst-binary-'));
});
afterEach(() => rm(root, { recursive: true }));

const makeProgram = async (directory: string, output: string): Promise<string> => {
  const path = join(directory, 'nats-server');
  await mkdir(directory, { recursive: true });
  await writeFile(path, `#!/bin/sh\necho '${output}'\n`);
  await chmod(path, 0o755);
  return path;
};

const giving = (version: string): NatsSource => ({
  name: `a source of ${version}`,
  fetch: async (directory) => ({ ok: true, path: await makeProgram(directory, `nats-server: v${version}`) }),
});
const broken: NatsSource = {
  name: 'a broken source',
  fetch: () => Promise.resolve({ ok: false, detail: 'no network' }),
};
const forbidden: NatsSource = {
  name: 'a source nobody may ask',
  fetch: () => Promise.reject(new Error('it was asked')),
};

const options = (more: Partial<NatsBinaryOptions>): NatsBinaryOptions => ({
  environment: { PATH: join(root, 'bin') },
  cacheDir: join(root, 'cache'),
  report: () => undefined,
  uniqueId: randomUUID,
  nowMs: Date.now,
  sources: [],
  systemDirs: [],
  ...more,
});
const cached = (version: string): string => join(root, 'cache', 'nats-server', version, 'nats-server');

test('NATS_SERVER names a file that is not there: the message says so, and nothing else is tried', async () => {
  await makeProgram(join(root, 'bin'), 'nats-server: v2.15.1');
  const path = join(root, 'nowhere', 'nats-server');
  const outcome = await findNatsServer(options({ environment: { NATS_SERVER: path, PATH: join(root, 'bin') } }));
  expect(outcome).toMatchObject({ ok: false, reason: 'configured-program-bad' });
  expect(outcome).toMatchObject({ message: expect.stringContaining(`NATS_SERVER is set to ${path}`) });
});

test('NATS_SERVER names another program: the message says what it answered', async () => {
  const path = await makeProgram(root, 'something else 1.2.3');
  const outcome = await findNatsServer(options({ environment: { NATS_SERVER: path } }));
  expect(outcome).toMatchObject({ ok: false, message: expect.stringContaining('something else 1.2.3') });
});

test('NATS_SERVER names an old one: it is taken, with a warning', async () => {
  const path = await makeProgram(root, 'nats-server: v2.10.27');
  const outcome = await findNatsServer(options({ environment: { NATS_SERVER: path } }));
  expect(outcome).toMatchObject({ ok: true, path, version: '2.10.27', warning: expect.stringContaining('advisories') });
});

test('a good one in PATH is taken without asking anybody', async () => {
  const path = await makeProgram(join(root, 'bin'), 'nats-server: v2.14.3');
  expect(await findNatsServer(options({ sources: [forbidden] }))).toEqual({
    ok: true,
    path,
    version: '2.14.3',
    warning: null,
  });
});

test('an old one in PATH: a newer one is fetched, and the next start finds it in the cache', async () => {
  await makeProgram(join(root, 'bin'), 'nats-server: v2.9.10');
  const fetched = { ok: true, path: cached('2.15.1'), version: '2.15.1', warning: null };
  expect(await findNatsServer(options({ sources: [broken, giving('2.15.1')] }))).toEqual(fetched);
  expect(await findNatsServer(options({ sources: [forbidden] }))).toEqual(fetched);
});

test('an old one in PATH and no network: it serves, with a warning', async () => {
  const path = await makeProgram(join(root, 'bin'), 'nats-server: v2.9.10');
  const lines: string[] = [];
  const outcome = await findNatsServer(options({ sources: [broken], report: (line) => lines.push(line) }));
  expect(outcome).toMatchObject({ ok: true, path, version: '2.9.10', warning: expect.stringContaining('2.14.3') });
  expect(lines).toContain('nats-server: no newer one to be had (a broken source: no network)');
});

test('nothing found and nothing to fetch: one message says what to install', async () => {
  const outcome = await findNatsServer(options({ sources: [broken] }));
  expect(outcome).toMatchObject({ ok: false, reason: 'none-found' });
  expect(outcome).toMatchObject({
    message: expect.stringMatching(/no network.*Install nats-server 2\.14\.3.*NATS_SERVER/),
  });
});

test('the cache cannot be written: that too is a message', async () => {
  await writeFile(join(root, 'cache'), 'a file where a directory should be');
  expect(await findNatsServer(options({ sources: [giving('2.15.1')] }))).toMatchObject({
    ok: false,
    reason: 'none-found',
  });
});

test('a fetched program that does not run is never placed in the cache', async () => {
  const unusable: NatsSource = {
    name: 'an unusable source',
    fetch: async (directory) => ({ ok: true, path: await makeProgram(directory, 'wrong libc') }),
  };
  expect(await findNatsServer(options({ sources: [unusable] }))).toMatchObject({ ok: false });
  expect(await readdir(join(root, 'cache', 'nats-server'))).toEqual([]);
});

test('eight programs fetch at once: all get a whole one, and no work directory is left', async () => {
  const found = await Promise.all(
    Array.from({ length: 8 }, () => findNatsServer(options({ sources: [giving('2.15.1')] }))),
  );
  for (const outcome of found) expect(outcome).toMatchObject({ ok: true, path: cached('2.15.1') });
  expect(await readdir(join(root, 'cache', 'nats-server'))).toEqual(['2.15.1']);
});

test('the work directory of a killed program is removed by the next fetch', async () => {
  const abandoned = join(root, 'cache', 'nats-server', '.fetch-abandoned');
  await mkdir(abandoned, { recursive: true });
  await utimes(abandoned, 0, 0);
  await findNatsServer(options({ sources: [giving('2.15.1')] }));
  expect(await readdir(join(root, 'cache', 'nats-server'))).toEqual(['2.15.1']);
});
