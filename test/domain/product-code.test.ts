import { describe, expect, test } from 'vitest';
import { checkDigit } from '../../src/domain/barcode.ts';
import { readCode } from '../../src/domain/product-code.ts';
import type { CodeRules, EmbeddedRule } from '../../src/domain/product-code.ts';

const price: EmbeddedRule = { prefix: '02', itemDigits: 5, valueDigits: 4, value: 'price', step: 1, valueCheck: true };
const weight: EmbeddedRule = {
  prefix: '28',
  itemDigits: 5,
  valueDigits: 5,
  value: 'weight',
  step: 1,
  valueCheck: false,
};
const rules: CodeRules = { currency: 'USD', embedded: [price, weight] };

const withCheck = (body: string): string => body + checkDigit(body);

describe('one article, one key', () => {
  test.each([
    ['4006381333931', '4006381333931'],
    ['04006381333931', '4006381333931'],
    ['036000291452', '36000291452'],
    ['0036000291452', '36000291452'],
    ['12345678901231', '12345678901231'],
    ['96385074', '96385074'],
    ['01234505', '12000003455'],
    [' 4006381333931\r', '4006381333931'],
  ])('%j has the key %s', (code, key) => expect(readCode(code, rules)).toEqual({ ok: true, kind: 'gtin', key }));

  test.each(['4011', '94011', '00011', '0'])('%s is a price look-up', (code) =>
    expect(readCode(code, rules)).toEqual({ ok: true, kind: 'plu', key: String(Number(code)) }),
  );

  test('eight digits that are both: UPC-E if they begin with 0, GTIN-8 if with 1', () => {
    // Both check digits are right for each of the two.
    expect(readCode('00000000', rules)).toMatchObject({ key: '0' });
    expect(readCode('01000082', rules)).toMatchObject({ ok: false });
    const both = (system: string): readonly string[] =>
      Array.from({ length: 1_000_000 }, (_, six) => withCheck(system + String(six).padStart(6, '0')))
        .filter((code) => /[5-9].$/.test(code))
        .filter((code) => checkDigit(`${system}${code.slice(1, 6)}0000${code.slice(6, 7)}`) === code.slice(7))
        .filter((code) => code.slice(1, 6) !== '00000');
    const [zero = '', one = ''] = [both('0')[0], both('1')[0]];
    expect(readCode(zero, rules)).toMatchObject({ key: `${zero.slice(1, 6)}0000${zero.slice(6)}`.replace(/^0+/, '') });
    expect(readCode(one, rules)).toMatchObject({ key: one });
  });

  test.each([
    ['4006381333932', 'check-digit'],
    ['123456', 'length'],
    ['', 'characters'],
    ['ABC', 'characters'],
    ['https://example.com', 'characters'],
  ])('%j is refused: %s', (code, reason) => expect(readCode(code, rules)).toEqual({ ok: false, reason }));
});

describe('labels of the scale', () => {
  test('a price label says article and price, and shares its key with the label of price 0', () => {
    const label = withCheck('21170092875');
    const expected = { ok: true, kind: 'embedded', item: '11700', value: { type: 'price', amountMinor: 2875 } };
    expect(readCode(label, rules)).toMatchObject(expected);
    expect(readCode(`0${label}`, rules)).toMatchObject(expected);
    const blank = readCode(withCheck('21170000000'), rules);
    expect(blank).toMatchObject({ key: withCheck('21170000000'), value: { amountMinor: 0 } });
    expect(readCode(label, rules)).toMatchObject({ key: withCheck('21170000000') });
  });

  test('a weight label says article and thousandths', () => {
    expect(readCode(withCheck('281234501250'), rules)).toEqual({
      ok: true,
      kind: 'embedded',
      key: withCheck('281234500000'),
      item: '12345',
      value: { type: 'weight', quantity: 1250 },
    });
  });

  test('a step larger than one: a price in tens of minor units', () => {
    const tens: EmbeddedRule = { ...weight, value: 'price', step: 10 };
    expect(readCode(withCheck('281234500125'), { ...rules, embedded: [tens] })).toMatchObject({
      value: { amountMinor: 1250 },
    });
  });

  test('a price that its own check digit does not fit is refused', () => {
    expect(readCode(withCheck('21170082875'), rules)).toEqual({ ok: false, reason: 'check-digit' });
  });

  test('without a rule it is a code like any other; eight digits are never a label', () => {
    expect(readCode(withCheck('21170092875'), { ...rules, embedded: [] })).toMatchObject({ kind: 'gtin' });
    expect(readCode(withCheck('2800000'), { ...rules, embedded: [{ ...weight, prefix: '0' }] })).toMatchObject({
      kind: 'gtin',
    });
  });

  test('a rule that does not make twelve digits breaks', () => {
    const broken = { ...rules, embedded: [{ ...weight, itemDigits: 4 }] };
    expect(() => readCode(withCheck('281234501250'), broken)).toThrow('twelve digits');
  });
});

describe('open rings', () => {
  test.each([
    ['2.99DP150', 299, '150'],
    ['20DP992', 2000, '992'],
    ['.5DP1', 50, '1'],
    ['-1.60DP800', -160, '800'],
  ])('%s rings %i in department %s', (code, amountMinor, department) =>
    expect(readCode(code, rules)).toEqual({ ok: true, kind: 'department', department, amountMinor }),
  );

  test.each([
    ['DP150', 'characters'],
    ['2.99DP', 'characters'],
    ['2.99DPX', 'characters'],
    ['0.0149DP204', 'characters'],
    ['1DP2DP3', 'characters'],
    ['99999999999DP1', 'length'],
  ])('%s is refused: %s', (code, reason) => expect(readCode(code, rules)).toEqual({ ok: false, reason }));
});
