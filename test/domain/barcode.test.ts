import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDigit, compressUpcA, expandUpcE, parseGtin, valueCheckDigit } from '../../src/domain/barcode.ts';

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));

describe('a GTIN', () => {
  test.each([
    ['9638507', '4'],
    ['03600029145', '2'],
    ['400638133393', '1'],
    ['1234567890123', '1'],
    ['0000000', '0'],
  ])('%s has the check digit %s', (body, digit) => expect(checkDigit(body)).toBe(digit));

  test.each(['96385074', '036000291452', '4006381333931', '12345678901231'])('%s is taken, zero-filled to 14', (code) =>
    expect(parseGtin(code)).toEqual({ ok: true, gtin: code.padStart(14, '0') }),
  );

  test.each([
    ['4006381333932', 'check-digit'],
    ['400638133393', 'check-digit'],
    ['40063813339', 'length'],
    ['400638133393100', 'length'],
    ['', 'characters'],
    ['400638133393X', 'characters'],
    ['４００６３８１３３３９３１', 'characters'],
    [' 4006381333931', 'characters'],
  ])('%j is refused: %s', (code, reason) => expect(parseGtin(code)).toEqual({ ok: false, reason }));

  test('one digit misread is always noticed', () => {
    fc.assert(
      fc.property(digits(12), fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, at, by) => {
        const code = body + checkDigit(body);
        const wrong = (Number(code.charAt(at)) + by) % 10;
        expect(parseGtin(code)).toMatchObject({ ok: true });
        expect(parseGtin(`${code.slice(0, at)}${wrong}${code.slice(at + 1)}`)).toEqual({
          ok: false,
          reason: 'check-digit',
        });
      }),
    );
  });

  test('leading zeros do not change the check digit', () => {
    fc.assert(
      fc.property(digits(7), (body) => {
        expect(checkDigit(body.padStart(13, '0'))).toBe(checkDigit(body));
      }),
    );
  });
});

describe('UPC-E', () => {
  // The last of the six digits says where the zeros were: each of its cases.
  test.each([
    ['01234505', '012000003455'],
    ['01234514', '012100003454'],
    ['01234523', '012200003453'],
    ['01234531', '012300000451'],
    ['01234543', '012340000053'],
    ['01234558', '012345000058'],
    ['01234596', '012345000096'],
  ])('%s stands for %s, and back', (upcE, upcA) => {
    expect(expandUpcE(upcE)).toEqual({ ok: true, upcA });
    expect(compressUpcA(upcA)).toBe(upcE);
  });

  test.each([
    ['01234506', 'check-digit'],
    ['21234505', 'length'],
    ['1234505', 'length'],
    ['0123450X', 'characters'],
  ])('%s is refused: %s', (code, reason) => expect(expandUpcE(code)).toEqual({ ok: false, reason }));

  test.each(['036000291452', '4006381333931', '012000003456', '212000003459', ''])('%j has none', (code) =>
    expect(compressUpcA(code)).toBeNull(),
  );

  test('what is compressed expands to itself', () => {
    fc.assert(
      fc.property(fc.constantFrom('0', '1'), digits(6), (system, six) => {
        const bare = Array.from({ length: 10 }, (_, digit) => `${system}${six}${digit}`);
        const expanded = bare.map(expandUpcE).filter((each) => each.ok);
        expect(expanded).toHaveLength(1);
        for (const { upcA } of expanded) expect(expandUpcE(compressUpcA(upcA) ?? '')).toEqual({ ok: true, upcA });
      }),
    );
  });
});

test.each([
  ['2875', '9'],
  ['0000', '0'],
  ['14685', '6'],
  ['00000', '0'],
])('the price %s has the verifier %s', (value, digit) => expect(valueCheckDigit(value)).toBe(digit));

describe('codes that real lists got wrong', () => {
  const folder = '../shared/data/barcodes';
  const files: readonly (readonly [string, number])[] = [
    ['off-lifyzer-invalid-barcodes.txt', 10_679],
    ['il-2026-08-21-item-codes-not-valid-as-written.txt', 2030],
  ];

  for (const [file, count] of files) {
    const path = `${folder}/${file}`;
    const missing = existsSync(path) ? '' : ` (skipped: no ${path})`;
    test.skipIf(missing !== '')(`all ${count} of ${file} are refused as GTIN${missing}`, () => {
      const codes = readFileSync(path, 'utf8')
        .split('\n')
        .filter((code) => code !== '');
      expect(codes).toHaveLength(count);
      expect(codes.filter((code) => parseGtin(code).ok)).toEqual([]);
    });
  }
});
