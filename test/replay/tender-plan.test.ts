import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settle } from '../../src/domain/due.ts';
import type { Tender } from '../../src/domain/tender.ts';
import { planTenders, type TenderPlan } from '../../src/cli/replay/tender-plan.ts';
import { differenceCode, tendersOf, type TenderRow } from '../../src/cli/replay/tender-row.ts';
import { tendersWithChange } from '../../src/cli/replay/needed-change.ts';
import type { TillTransaction } from '../../src/cli/replay/till-log.ts';

const logOf = (rows: readonly TenderRow[]): TillTransaction => ({
  day: 1,
  cashier: '1',
  transNo: '1',
  kind: 'completed',
  rows: rows.map(({ code, amountMinor }) => ({
    trans_type: 'T',
    trans_subtype: code,
    total: (-amountMinor / 100).toFixed(2),
  })),
});
const plan = (due: number, ...rows: readonly (readonly [string, number])[]): TenderPlan =>
  planFor(
    due,
    rows.map(([code, amountMinor]) => ({ code, amountMinor })),
  );
const planFor = (due: number, rows: readonly TenderRow[]): TenderPlan => {
  const log = [logOf(rows)];
  return planTenders(due, rows, tendersOf(log, tendersWithChange(log)));
};
const words = (planned: TenderPlan) => planned.payments.map(({ tender, amountMinor }) => `${tender} ${amountMinor}`);

describe('tenders as they were recorded', () => {
  test('cash with change', () => {
    expect(words(plan(1289, ['CA', 2000], ['CA', -711]))).toEqual(['CA 2000']);
  });

  test('cash back on a check that came before a card', () => {
    expect(words(plan(1000, ['CK', 1500], ['CC', 200], ['CA', -700]))).toEqual(['CC 200', 'CK 1500']);
  });

  test('a tender that was taken back never paid', () => {
    expect(words(plan(375, ['CC', 375], ['CC', -375], ['CK', 375]))).toEqual(['CK 375']);
  });

  test('a refund by two tenders', () => {
    expect(words(plan(-499, ['MI', -200], ['CC', -299]))).toEqual(['MI -200', 'CC -299']);
  });

  test('a basket that the old till added up differently is closed by the difference', () => {
    expect(words(plan(1001, ['CC', 1000]))).toEqual([`${differenceCode} 1`, 'CC 1000']);
    expect(words(plan(999, ['CC', 1000]))).toEqual([`${differenceCode} -1`, 'CC 1000']);
    expect(words(plan(-499, ['CC', -500]))).toEqual([`${differenceCode} 1`, 'CC -500']);
    expect(words(plan(1, ['CA', 0]))).toEqual([`${differenceCode} 1`]);
  });

  test('nothing due: cash of nothing, or coupons turned into cash', () => {
    expect(words(plan(0, ['CK', 0]))).toEqual(['CA 0']);
    expect(words(plan(0, ['CP', 100], ['CP', 100], ['CA', -200]))).toEqual(['CP 200']);
  });

  test('what no store could take ends the order all the same, and is marked', () => {
    expect(plan(0, ['CA', -20])).toMatchObject({ payments: [{ tender: 'CA', amountMinor: 0 }], isLost: true });
  });
});

const noTender: Tender = { code: '', name: '', method: 'other', givesChange: false, opensDrawer: false, maxMinor: 1 };

test('whatever was paid by whichever tenders, each keeps its sum, and the last payment ends the order', () => {
  const code = fc.constantFrom('CA', 'CC', 'CK', 'CP', 'EF', 'ZZ');
  const row = fc.record({ code, amountMinor: fc.integer({ min: 1, max: 5000 }) });
  const change = fc.integer({ min: 0, max: 500 });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 4 }),
      change,
      fc.integer({ min: -3, max: 3 }),
      (taken, back, off) => {
        const last = taken.at(-1)?.amountMinor ?? 0;
        const rows = [...taken, ...(back > 0 && back < last ? [{ code: 'CA', amountMinor: -back }] : [])];
        const due = rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0) + off;
        fc.pre(due > 10);
        const tenders = tendersOf([logOf(rows)], tendersWithChange([logOf(rows)]));
        const planned = planFor(due, rows);
        expect(planned.isLost).toBe(false);
        let left = due;
        const sums: Record<string, number> = {};
        for (const { tender, amountMinor } of planned.payments) {
          const settled = settle(left, tenders.find((one) => one.code === tender) ?? noTender, amountMinor, 1);
          if ('reason' in settled) throw new Error(settled.detail);
          left -= settled.amountMinor;
          sums[tender] = (sums[tender] ?? 0) + amountMinor;
          sums['CA'] = (sums['CA'] ?? 0) - settled.changeMinor;
        }
        expect(left).toBe(0);
        const recorded: Record<string, number> = { CA: 0, [differenceCode]: off };
        for (const { code: name, amountMinor } of rows) recorded[name] = (recorded[name] ?? 0) + amountMinor;
        expect({ [differenceCode]: 0, ...sums }).toEqual(recorded);
      },
    ),
  );
});
