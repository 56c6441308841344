import { describe, expect, test } from 'vitest';
import { keyLines, readTillLine } from '../../src/cli/sell/line.ts';

const read = (text: string) => readTillLine(text, 'USD');

describe('what a cashier types', () => {
  test.each([
    ['4011', { type: 'code', code: '4011', quantity: null }],
    ['3*4011', { type: 'code', code: '4011', quantity: 3000 }],
    [' 0,345 * 4011 ', { type: 'code', code: '4011', quantity: 345 }],
    ['2.99dp10', { type: 'department', department: '10', amountMinor: 299 }],
    ['v 12', { type: 'void', line: 12 }],
    ['V 12', { type: 'void', line: 12 }],
    ['d 7.5', { type: 'discount', percentHundredths: 750 }],
    ['d 10%', { type: 'discount', percentHundredths: 1000 }],
    ['m', { type: 'member', memberId: null }],
    ['p', { type: 'pay', tender: 'CASH', amountMinor: null }],
    ['c 20', { type: 'pay', tender: 'CARD', amountMinor: 2000 }],
    ['f oat milk', { type: 'find', text: 'oat milk' }],
    ['r 2', { type: 'resume', place: 2 }],
    ['', { type: 'empty' }],
    ['q', { type: 'quit' }],
  ])('%j', (text, line) => expect(read(text)).toEqual(line));

  test.each(['v', 'v x', 'd', 'd 101', 'p x', 'p 1.234', '3*', '0*4011', '1*2*3', 'r x', 'f', 'hello', 'q now'])(
    '%j is a mistake that says what would do',
    (text) => expect(read(text)).toMatchObject({ type: 'mistake' }),
  );

  test('no key that ? shows is unknown', () => {
    for (const [keys] of keyLines) {
      for (const key of keys.split(/ {2,}/)) expect(read(key)).not.toMatchObject({ type: 'mistake' });
    }
  });
});
