import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderReceiptText } from '../../src/domain/receipt.ts';
import type { Receipt, ReceiptLine } from '../../src/domain/receipt.ts';

const line = (given: Partial<ReceiptLine> = {}): ReceiptLine => ({
  type: 'item',
  description: 'Apple juice',
  quantity: 1000,
  weighed: false,
  unitPriceMinor: 199,
  extendedMinor: 199,
  modifiers: [],
  taxClass: 'a',
  ...given,
});

const receipt = (given: Partial<Receipt> = {}): Receipt => ({
  store: { name: 'Corner Store', address: ['1 Main Street', 'Springfield'] },
  counter: '3',
  number: 42,
  orderId: 'o1',
  businessDate: '2026-08-14',
  at: Date.UTC(2026, 7, 14, 9, 30),
  utcOffsetMinutes: 120,
  operator: 'anna',
  currency: 'EUR',
  lines: [line()],
  itemsMinor: 199,
  discountMinor: 0,
  taxMinor: 16,
  taxes: [{ classId: 'a', name: 'Sales tax', rateMillionths: 78_750, baseMinor: 199, taxMinor: 16, inclusive: false }],
  totalMinor: 215,
  roundingMinor: 0,
  tenders: [{ name: 'Cash', amountMinor: 500, card: null }],
  changeMinor: 285,
  copy: false,
  training: false,
  ...given,
});

const textOf = (given: Partial<Receipt> = {}): string => renderReceiptText(receipt(given)).join('\n');

describe('a receipt as text', () => {
  test('a cash sale, whole', () => {
    expect(textOf()).toBe(
      [
        '               Corner Store',
        '              1 Main Street',
        '               Springfield',
        '------------------------------------------',
        'Apple juice                         1.99 a',
        '------------------------------------------',
        'Subtotal                            1.99',
        'Tax                                 0.16',
        'TOTAL EUR                           2.15',
        'Cash                                5.00',
        'Change                              2.85',
        'a Sales tax 7.875 %         0.16 of 1.99',
        '------------------------------------------',
        'Counter 3                       Receipt 42',
        '2026-08-14 11:30             Operator anna',
      ].join('\n'),
    );
  });

  test('quantities, weights, offers, voids and returns can be read from it', () => {
    const lines = [
      line({ quantity: 2000, extendedMinor: 398, modifiers: [{ reason: 'Juice week: 10 % off', amountMinor: -40 }] }),
      line({
        description: 'Pears',
        quantity: 345,
        weighed: true,
        unitPriceMinor: 299,
        extendedMinor: 103,
        taxClass: null,
      }),
      line({ type: 'void', quantity: -1000, extendedMinor: -199 }),
      line({ type: 'return', quantity: -1000, extendedMinor: -199 }),
    ];
    expect(renderReceiptText(receipt({ lines })).slice(4, 13)).toEqual([
      'Apple juice                         3.98 a',
      '  2 x 1.99',
      '  Juice week: 10 % off             -0.40',
      'Pears                               1.03',
      '  0.345 x 2.99',
      'VOID Apple juice                   -1.99 a',
      '  -1 x 1.99',
      'RETURN Apple juice                 -1.99 a',
      '  -1 x 1.99',
    ]);
  });

  test('a copy and a training receipt say so, above and below', () => {
    expect(textOf()).not.toMatch(/COPY|TRAINING/);
    expect(textOf({ copy: true }).split('*** COPY ***')).toHaveLength(3);
    expect(textOf({ training: true }).split('TRAINING - NO SALE')).toHaveLength(3);
  });

  test('cash rounding, discount, contained tax and a business date that is not today', () => {
    const text = textOf({
      discountMinor: -20,
      roundingMinor: -1,
      businessDate: '2026-08-13',
      taxes: [{ classId: 'v', name: 'VAT', rateMillionths: 190_000, baseMinor: 179, taxMinor: 29, inclusive: true }],
    });
    expect(text).toMatch(/Discount +-0.20/);
    expect(text).toMatch(/Cash rounding +-0.01/);
    expect(text).toMatch(/v VAT 19 % incl. +0.29 of 1.79/);
    expect(text).toMatch(/Business date +2026-08-13/);
  });

  test('however much a terminal hands out, four digits of the card reach paper (K1)', () => {
    const card = { maskedPan: '4111111111111111', scheme: 'Visa', authCode: 'A1', terminalReceipt: '17' };
    const text = textOf({ tenders: [{ name: 'Card', amountMinor: 215, card }], changeMinor: 0 });
    expect(text).toContain('Visa ****1111');
    expect(text).not.toMatch(/\d{5}/);
  });

  test('no field steers a printer, no line is too long, and no amount is cut', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 });
    fc.assert(
      fc.property(
        text,
        text,
        fc.integer({ min: -1e12, max: 1e12 }),
        fc.integer({ min: 32, max: 80 }),
        (name, reason, amountMinor, columns) => {
          const lines = [line({ description: name, extendedMinor: amountMinor, modifiers: [{ reason, amountMinor }] })];
          const given = receipt({
            store: { name, address: [reason] },
            operator: name,
            counter: reason,
            lines,
            totalMinor: amountMinor,
          });
          const rendered = renderReceiptText(given, columns);
          for (const row of rendered) expect(Array.from(row).length).toBeLessThanOrEqual(columns);
          expect(rendered.join('')).not.toMatch(/\p{Cc}/u);
          expect(
            rendered.filter((row) => row.includes((Math.abs(amountMinor) / 100).toFixed(2))).length,
          ).toBeGreaterThanOrEqual(3);
        },
      ),
    );
  });

  test('a receipt survives JSON, for print jobs keep it', () => {
    expect(JSON.parse(JSON.stringify(receipt()))).toEqual(receipt());
  });

  test('a paper too narrow breaks', () => expect(() => renderReceiptText(receipt(), 31)).toThrow('32 columns'));
});
