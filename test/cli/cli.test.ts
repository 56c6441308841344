import { describe, expect, test } from 'vitest';
import { configKeys } from '../../src/config.ts';
import { usage } from '../../src/cli/usage.ts';
import { runCommand, temporaryFolder } from './command.ts';

describe('storefirst', () => {
  test('an unknown verb is refused with one line that says what there is', async () => {
    const refused = await runCommand(['sel'], {});
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err.trim()).toMatch(
      /^storefirst: there is no verb "sel"; it knows start, .*\. See: storefirst help$/,
    );
  });

  test('help shows every verb and every key of the environment', async () => {
    for (const args of [[], ['help'], ['--help'], ['-h']]) {
      const help = await runCommand(args, {});
      expect(help.code).toBe(0);
      for (const line of Object.values(usage).filter((one) => one !== usage.help)) expect(help.out).toContain(line);
      for (const { key } of Object.values(configKeys)) expect(help.out).toContain(key);
    }
  });

  test('a misspelt key of the environment is not passed over', async () => {
    const refused = await runCommand(['status'], { STOREFIRST_DATE: 'x' });
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('STOREFIRST_DATE is no key of Storefirst');
  });

  test('looking at a folder without a store says how to start one', async () => {
    for (const verb of ['status', 'verify']) {
      const looked = await runCommand([verb], { STOREFIRST_DATA: temporaryFolder() });
      expect(looked).toMatchObject({ code: 1, out: '' });
      expect(looked.err).toContain('Start one: npm start');
    }
  });
});
