import { describe, expect, test } from 'vitest';
import { runCommand, temporaryFolder, type Keys } from './command.ts';

const keysOf = (more: Keys = {}): Keys => ({ STOREFIRST_DATA: temporaryFolder(), STOREFIRST_NATS: 'off', ...more });
const typed = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** The bill or screen after the last time that this was typed. */
const after = (out: string, line: string): string => out.slice(out.lastIndexOf(`> ${line}\n`));

describe('storefirst sell, fed with lines', () => {
  test('opens the day, sells with quantity, weight, void and discount, and gives change', async () => {
    const till = await runCommand(['sell'], keysOf(), typed('', '3*4011', '4011', '1.25', 'v 1', 'd 10', 'p 20', 'q'));
    expect(till).toMatchObject({ code: 0, err: '' });
    expect(till.out).toContain('this till runs it itself');
    expect(after(till.out, 'v 1')).toMatch(/1 {2}Bananas +voided/);
    expect(after(till.out, 'd 10')).toMatch(/TO PAY USD +0\.77/);
    expect(after(till.out, 'p 20')).toMatch(/Change +19\.23/);
    expect(after(till.out, 'p 20')).toContain('Receipt 1');
  });

  test('a card that is declined leaves the bill, and cash ends it', async () => {
    const keys = keysOf({ STOREFIRST_SIMULATED_CARD: 'declined' });
    const till = await runCommand(['sell'], keys, typed('', '2*4011', 'c', '4017', '1', 'p', 'q'));
    expect(after(till.out, 'c')).toContain('Payment failed: declined. Nothing was charged.');
    expect(after(till.out, 'p')).toMatch(/CASH +3\.37/);
  });

  test('bills are suspended, listed and resumed', async () => {
    const till = await runCommand(
      ['sell'],
      keysOf(),
      typed('', '2*4011', 's', '3*4011', 's', 'r', 'r 2', 'p', 'r', 'k', 'r', 'q'),
    );
    expect(after(till.out.slice(0, till.out.lastIndexOf('> r 2')), 'r')).toMatch(/1 +1\.38 .*\n +2 +2\.07/);
    expect(after(till.out, 'p')).toMatch(/CASH +2\.07/);
    expect(after(till.out, 'r')).toContain('No bill is suspended.');
  });

  test('every mistake is answered by what to do, and nothing is sold by it', async () => {
    const keys = keysOf();
    const till = await runCommand(
      ['sell'],
      keys,
      typed('x', '', '0000', 'v', 'p', 'd ten', 'f nothingatall', 'w', 'c', 'q'),
    );
    expect(till.code).toBe(0);
    expect(till.out).toContain('✗ "x" is no amount of USD');
    expect(after(till.out, '0000')).toContain('Find it by name: f milk');
    expect(after(till.out, 'v')).toContain('Like: v 2');
    expect(after(till.out, 'p')).toContain('There is no bill: scan or type a code first');
    expect(after(till.out, 'd ten')).toContain('Like: d 10');
    expect(after(till.out, 'f nothingatall')).toContain('Nothing is called');
    expect(after(till.out, 'w')).toContain('? shows them');
    const status = JSON.parse((await runCommand(['status', '--json'], keys)).out) as Readonly<Record<string, unknown>>;
    expect(status).toMatchObject({ orders: {}, receipts: [] });
  });

  test('counts and closes the counter: the Z report shows what is missing', async () => {
    const till = await runCommand(['sell'], keysOf(), typed('100', '2*4011', 'p', 'n', 'x', 'z', '100', 'n'));
    expect(after(till.out, 'x')).toMatch(/Cash in the drawer +101\.38/);
    expect(till.out).toMatch(/Difference +-1\.38/);
    expect(till.out).toContain('Counter 1 is closed.');
  });

  test('the till is killed in the middle of a bill: the next one finds it', async () => {
    const keys = keysOf();
    await runCommand(['sell'], keys, typed('', '2*4011'));
    const till = await runCommand(['sell'], keys, typed('p', 'q'));
    expect(till.out).toContain('This bill was open when the store stopped.');
    expect(after(till.out, 'p')).toMatch(/CASH +1\.38/);
  });

  test('a cashier may not open the day: a supervisor is asked for', async () => {
    const till = await runCommand(['sell', '--role', 'cashier'], keysOf(), typed('', 'q'));
    expect(till.out).toContain('Ask a supervisor');
  });

  test.each([
    [['--counter', '9'], 'there is no counter 9, only 1, 2'],
    [['--role', 'boss'], 'a role is cashier, supervisor, manager, not boss'],
    [['--operator', 'a b'], 'an operator is letters, digits, - and _'],
    [['--till'], "Unknown option '--till'"],
  ])('%j is refused with one line', async (args, line) => {
    const refused = await runCommand(['sell', ...args], keysOf());
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain(line);
    expect(refused.err.trim().split('\n')).toHaveLength(1);
  });
});
