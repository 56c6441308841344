import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNatsReleaseSource } from '../../src/bus/nats-release.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'storefirst-release-'));
});
afterEach(() => rm(directory, { recursive: true }));

const machine = { environment: { PATH: process.env['PATH'] }, platform: 'linux', processor: 'x64' };
const stem = 'nats-server-v9.9.9-linux-amd64';

const makeArchive = async (): Promise<Buffer> => {
  const program = join(directory, stem, 'nats-server');
  await mkdir(join(directory, stem));
  await writeFile(program, '#!/bin/sh\necho nats-server: v9.9.9\n');
  await chmod(program, 0o755);
  execFileSync('tar', ['-czf', join(directory, 'made.tar.gz'), '-C', directory, stem]);
  return readFile(join(directory, 'made.tar.gz'));
};

const source = (archive: Buffer, digest: string, urls: string[] = []) =>
  createNatsReleaseSource(
    {
      fetch: (url) => {
        urls.push(url);
        return Promise.resolve(new Response(new Uint8Array(archive)));
      },
    },
    { ...machine, pin: { version: '9.9.9', digests: { x64: digest } } },
  );

test('the pinned archive is unpacked', async () => {
  const archive = await makeArchive();
  const urls: string[] = [];
  const target = await mkdtemp(join(directory, 'target-'));
  const fetched = await source(archive, createHash('sha256').update(archive).digest('hex'), urls).fetch(target);
  expect(fetched).toEqual({ ok: true, path: join(target, stem, 'nats-server') });
  expect(urls).toEqual([`https://github.com/nats-io/nats-server/releases/download/v9.9.9/${stem}.tar.gz`]);
});

test('an archive with one bit changed is thrown away', async () => {
  const archive = await makeArchive();
  const digest = createHash('sha256').update(archive).digest('hex');
  archive.writeUInt8(archive.readUInt8(30) ^ 1, 30);
  const fetched = await source(archive, digest).fetch(directory);
  expect(fetched).toMatchObject({ ok: false, detail: expect.stringContaining('thrown away') });
});

test('a network that swallows everything is given up on', async () => {
  const silent = createNatsReleaseSource(
    {
      fetch: (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    },
    { ...machine, answerTimeoutMs: 1 },
  );
  expect(await silent.fetch(directory)).toEqual({ ok: false, detail: 'no answer after 1 ms' });
});

test('a machine for which no release is pinned is told so', async () => {
  const none = createNatsReleaseSource({ fetch }, { ...machine, processor: 's390x' });
  expect(await none.fetch(directory)).toEqual({ ok: false, detail: 'no release is pinned for linux on s390x' });
});
