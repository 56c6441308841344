import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sampleFolder } from '../../src/cli/import/sample-book.ts';
import { runCommand, startCommand, temporaryFolder, type Keys } from './command.ts';

const keysOf = (): Keys => ({ STOREFIRST_DATA: temporaryFolder(), STOREFIRST_NATS: 'off' });

/** A copy of our sample, with one file changed. */
const bookWith = (file: string, change: (text: string) => string): string => {
  const folder = temporaryFolder();
  cpSync(sampleFolder, folder, { recursive: true });
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return folder;
};

describe('storefirst import', () => {
  test('a new book is taken over, and the same content again changes nothing', async () => {
    const keys = keysOf();
    const first = await runCommand(['import', sampleFolder, '--version', 'spring'], keys);
    expect(first).toMatchObject({ code: 0, err: '', out: 'price book spring: 267 products, taken over\n' });
    const again = await runCommand(['import', sampleFolder], keys);
    expect(again).toMatchObject({
      code: 0,
      out: 'price book spring: the same content is active already, nothing to do\n',
    });
  });

  test('mistakes are told by file, line and column, and nothing is taken over', async () => {
    const keys = keysOf();
    const folder = bookWith('prices.csv', (text) =>
      text.replace('P1002,1.99', 'P1002,1.9.9').replace('P1004,', 'P9999,'),
    );
    const refused = await runCommand(['import', folder], keys);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/^prices\.csv:3:price /m);
    expect(refused.err).toMatch(/^prices\.csv:5:product_id /m);
    expect(refused.err).toContain('nothing was taken over');
    const status = await runCommand(['status'], keys);
    expect(status.err).toContain('there is no store in');
  });

  test('a book for tomorrow waits, and one with a date that is none is refused', async () => {
    const keys = keysOf();
    const waits = await runCommand(['import', sampleFolder, '--version', 'next', '--effective', '2099-01-01'], keys);
    expect(waits.out).toBe('price book next: 267 products, waits for 2099-01-01T00:00:00.000Z\n');
    const refused = await runCommand(['import', sampleFolder, '--effective', 'soon'], keys);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('"soon" is no date like 2026-08-13');
  });

  test('while a store runs it takes the book over itself, and sells by it at once', async () => {
    const keys = keysOf();
    const store = startCommand(['start'], keys);
    await store.says('to stop');
    const folder = bookWith('prices.csv', (text) => text.replace('P1001,0.69', 'P1001,5.55'));
    const handed = await runCommand(['import', folder, '--version', 'dear'], keys);
    expect(handed).toMatchObject({ code: 0, err: '', out: 'price book dear: 267 products, taken over\n' });
    expect(store.text()).toContain('price book dear: 267 products, taken over');
    store.child.kill('SIGTERM');
    expect((await store.ended).code).toBe(0);
    const till = await runCommand(['sell'], keys, '\n2*4011\nq\n');
    expect(till.out).toMatch(/TO PAY USD +11\.10/);
  });

  test('no folder, or one that is not there, is refused with one line', async () => {
    const keys = keysOf();
    for (const args of [[], ['nowhere/at/all']]) {
      const refused = await runCommand(['import', ...args], keys);
      expect(refused).toMatchObject({ code: 2, out: '' });
      expect(refused.err.trim().split('\n')).toHaveLength(1);
    }
  });
});
