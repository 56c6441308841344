import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { restartDelayMs } from '../../src/bus/restart-delay.ts';

test('the first restart is at once', () => {
  expect(restartDelayMs(1, 0.99)).toBe(0);
});

test('every later one waits, never longer than ten seconds, however often it failed', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 1_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failures, chance) => {
        const delayMs = restartDelayMs(failures, chance);
        expect(delayMs).toBeGreaterThanOrEqual(100);
        expect(delayMs).toBeLessThanOrEqual(10_000);
        expect(restartDelayMs(failures + 1, chance)).toBeGreaterThanOrEqual(delayMs);
      },
    ),
  );
});
