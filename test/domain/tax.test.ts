import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeTax } from '../../src/domain/tax.ts';
import type { ComputedTax, TaxBase, TaxReduction, TaxRounding } from '../../src/domain/tax.ts';
import { taxRules } from './basket.ts';

const none: TaxReduction = { percentHundredths: 0, amountMinor: 0 };

const base = (classId: string | null, amountMinor: number, discountable = true): TaxBase => ({
  classId,
  amountMinor,
  discountable,
});

const taxOf = (
  bases: readonly TaxBase[],
  rounding: TaxRounding = 'basket',
  reduction: TaxReduction = none,
  exempt = false,
): ComputedTax => computeTax(bases, { ...taxRules, rounding }, reduction, exempt);

const amounts = ({ taxes }: ComputedTax): readonly (readonly [string, number, number])[] =>
  taxes.map(({ classId, baseMinor, taxMinor }) => [classId, baseMinor, taxMinor]);

describe('where tax is rounded', () => {
  // 1.65 at 7.875 % = 12.99375 ct and 0.29 at 10.125 % = 2.93625 ct: 15.93 together, 13 + 3 apart.
  const two = [base('a', 164), base('b', 29)];

  test('once per basket: classes are summed unrounded, and shown so that they add up', () => {
    // 12.915 + 2.93625 = 15.85125
    expect(taxOf(two).taxMinor).toBe(16);
    expect(amounts(taxOf([base('a', 5), base('b', 5)]))).toEqual([
      ['a', 5, 0],
      ['b', 5, 1],
    ]);
  });

  test('once per class and once per line differ from it by what each rounding adds', () => {
    const small = [base('a', 5), base('a', 5), base('b', 4), base('b', 4)];
    expect(
      [taxOf(small, 'basket'), taxOf(small, 'class'), taxOf(small, 'line')].map(({ taxMinor }) => taxMinor),
    ).toEqual([2, 2, 0]);
  });

  test('half a cent goes away from zero, on sales and on returns', () => {
    // 80 × 7.875 % = 6.3; 400 × 7.875 % = 31.5
    expect(taxOf([base('a', 400)]).taxMinor).toBe(32);
    expect(taxOf([base('a', -400)]).taxMinor).toBe(-32);
  });

  test('all three stay within half a cent for each rounding', () => {
    const bases = fc.array(
      fc
        .tuple(fc.constantFrom('a', 'b', 'v', 'w', null), fc.integer({ min: -5000, max: 5000 }), fc.boolean())
        .map((given) => base(...given)),
      { maxLength: 40 },
    );
    const percent = fc.integer({ min: 0, max: 10_000 });
    fc.assert(
      fc.property(bases, percent, (given, percentHundredths) => {
        const reduction = { percentHundredths, amountMinor: 0 };
        const [basket, byClass, byLine] = (['basket', 'class', 'line'] as const).map((rounding) =>
          taxOf(given, rounding, reduction),
        );
        for (const key of ['taxMinor', 'includedTaxMinor'] as const) {
          expect(Math.abs((basket?.[key] ?? 0) - (byClass?.[key] ?? 0))).toBeLessThanOrEqual(1.5);
          expect(Math.abs((basket?.[key] ?? 0) - (byLine?.[key] ?? 0))).toBeLessThanOrEqual(given.length / 2 + 0.5);
        }
        for (const each of [basket, byClass, byLine]) expectAddsUp(each);
      }),
    );
  });

  const expectAddsUp = (computed: ComputedTax | undefined): void => {
    const sum = (inclusive: boolean): number =>
      (computed?.taxes ?? []).reduce((total, tax) => total + (tax.inclusive === inclusive ? tax.taxMinor : 0), 0);
    expect([sum(false), sum(true)]).toEqual([computed?.taxMinor, computed?.includedTaxMinor]);
  };
});

describe('tax that the prices contain', () => {
  test('19 % of 119.00 is 19.00, and nothing comes on top', () => {
    const computed = taxOf([base('v', 11_900), base('w', 10_700)]);
    expect(computed).toMatchObject({ taxMinor: 0, includedTaxMinor: 2600 });
    expect(amounts(computed)).toEqual([
      ['v', 11_900, 1900],
      ['w', 10_700, 700],
    ]);
  });

  test('exempt takes off what comes on top, not what is in the price', () => {
    expect(taxOf([base('a', 1000), base('v', 11_900)], 'basket', none, true)).toMatchObject({
      taxMinor: 0,
      includedTaxMinor: 1900,
    });
  });
});

describe('the order-wide discount', () => {
  test('reduces each discountable base exactly, before tax is rounded', () => {
    // 10 % off 1.65 leaves 148.5 ct; × 7.875 % = 11.694; had the base been rounded to 149: 11.73.
    expect(amounts(taxOf([base('a', 165)], 'basket', { percentHundredths: 1000, amountMinor: 0 }))).toEqual([
      ['a', 148, 12],
    ]);
    expect(
      taxOf([base('a', 1000), base('a', 1000, false)], 'basket', { percentHundredths: 5000, amountMinor: 0 }),
    ).toMatchObject({
      taxMinor: 118,
    });
  });

  test('an amount off is spread over the discountable lines by their size', () => {
    const computed = taxOf([base('a', 3000), base('b', 1000), base(null, 500, false)], 'basket', {
      percentHundredths: 0,
      amountMinor: 400,
    });
    expect(amounts(computed)).toEqual([
      ['a', 2700, 213],
      ['b', 900, 91],
    ]);
  });

  test('everything off leaves no tax, also where the percentage had been rounded up', () => {
    expect(taxOf([base('a', 5)], 'basket', { percentHundredths: 1000, amountMinor: 4 })).toMatchObject({
      taxMinor: 0,
      taxes: [],
    });
  });
});

describe('rules and lines that do not fit', () => {
  test('a line of a class that the rules lack breaks', () => expect(() => taxOf([base('x', 100)])).toThrow('class'));
  test('more than everything off breaks', () =>
    expect(() => taxOf([base('a', 1)], 'basket', { percentHundredths: 10_001, amountMinor: 0 })).toThrow('percentage'));
});
