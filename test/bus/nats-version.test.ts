import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareNatsVersions,
  formatNatsVersion,
  natsVersionWarning,
  parseNatsVersion,
} from '../../src/bus/nats-version.ts';

const version = fc.record({
  major: fc.nat(20),
  minor: fc.nat(200),
  patch: fc.nat(200),
  preview: fc.boolean(),
});
const parsed = (text: string) => {
  const found = parseNatsVersion(text);
  if (found === null) throw new Error(`${text} has no version`);
  return found;
};

test('a version is read from what the program and from what Debian says', () => {
  expect(parsed('nats-server: v2.15.1\n')).toEqual({ major: 2, minor: 15, patch: 1, preview: false });
  expect(parsed('2.9.10-1+b3')).toEqual({ major: 2, minor: 9, patch: 10, preview: false });
  expect(parsed('nats-server: v2.15.0-RC.2').preview).toBe(true);
  expect(parsed('2.15.0~rc1-1').preview).toBe(true);
  expect(parseNatsVersion('nats-server: unknown')).toBeNull();
});

test('2.9 is older than 2.14, and a preview older than its release', () => {
  expect(compareNatsVersions(parsed('2.9.10'), parsed('2.14.3'))).toBeLessThan(0);
  expect(compareNatsVersions(parsed('2.15.0-RC.2'), parsed('2.15.0'))).toBeLessThan(0);
  expect(compareNatsVersions(parsed('2.15.0-RC.2'), parsed('2.14.9'))).toBeGreaterThan(0);
});

test('every version written is read back the same, and the order is total', () => {
  fc.assert(
    fc.property(version, version, (one, other) => {
      expect(parsed(formatNatsVersion(one))).toEqual(one);
      expect(Math.sign(compareNatsVersions(one, other))).toBe(0 - Math.sign(compareNatsVersions(other, one)));
    }),
  );
});

test('only versions older than 2.14.3 are warned of, with the reason', () => {
  expect(natsVersionWarning(parsed('2.14.3'))).toBeNull();
  expect(natsVersionWarning(parsed('2.15.0'))).toBeNull();
  expect(natsVersionWarning(parsed('2.14.2'))).toContain('crashed');
  expect(natsVersionWarning(parsed('2.9.10'))).toContain('subscribe permissions can be got around');
});
