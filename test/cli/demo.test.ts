import { describe, expect, test } from 'vitest';
import { runCommand } from './command.ts';

describe('storefirst demo', () => {
  test('the plug is pulled after the terminal approved and before the store knew: charged once (X1, X2)', async () => {
    const demo = await runCommand(['demo'], { STOREFIRST_DATA: 'a folder that the demo must not touch' });
    expect(demo).toMatchObject({ code: 0, err: '' });
    const [before = '', afterwards = ''] = demo.out.split('The plug is pulled');
    expect(before).toMatch(/terminal +charged 7\.44/);
    // What the dead process left: an intent, no outcome, no stock moved.
    const [left = '', found = ''] = afterwards.split('The store starts again');
    expect(left).toMatch(/payment +CARD initiated/);
    expect(left).toMatch(/ledger +no entry/);
    expect(found).toMatch(/RESTARTED +authorizing → asking +tells terminal\/1 QUERY/);
    expect(found).not.toContain('calls authorizeCard');
    expect(found).toContain('1 ×  the terminal charged the card');
    expect(found).toContain('1 ×  the receipt came out of the printer');
    expect(found).toContain('Charged once, booked once, printed once.');
  });
});
