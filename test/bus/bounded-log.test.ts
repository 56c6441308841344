import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBoundedLog } from '../../src/bus/bounded-log.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'storefirst-log-'));
});
afterEach(() => rm(directory, { recursive: true }));

const failing = (error: Error): never => {
  throw error;
};

test('a server that logs for ever fills two files of the limit and no more, the newest lines kept', async () => {
  const path = join(directory, 'log');
  const log = createBoundedLog({ path, limitBytes: 100, onFailure: failing });
  for (let line = 0; line < 1000; line += 1) log.append(`line ${line}\n`);
  expect((await stat(path)).size).toBeLessThanOrEqual(100);
  expect((await stat(`${path}.1`)).size).toBeLessThanOrEqual(100);
  expect(await readFile(path, 'utf8')).toContain('line 999\n');
  expect(log.recent().at(-1)).toBe('line 999');
});

test('a log begun by an earlier run is continued and counted', async () => {
  const path = join(directory, 'log');
  createBoundedLog({ path, limitBytes: 100, onFailure: failing }).append('x'.repeat(90));
  createBoundedLog({ path, limitBytes: 100, onFailure: failing }).append('y'.repeat(20));
  expect(await readFile(`${path}.1`, 'utf8')).toBe('x'.repeat(90));
  expect(await readFile(path, 'utf8')).toBe('y'.repeat(20));
});

test('a log that cannot be written is told of once and stops nothing', () => {
  const failures: Error[] = [];
  const path = join(directory, 'missing', 'log');
  const log = createBoundedLog({ path, limitBytes: 100, onFailure: (error) => failures.push(error) });
  log.append('one\n');
  log.append('two\n');
  expect(failures).toHaveLength(1);
  expect(log.recent()).toEqual(['one', 'two']);
});
