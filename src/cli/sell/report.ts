import type { ShiftReport } from '../../domain/facts.ts';
import { formatMinor } from '../../domain/money.ts';
import { amountRow, rule, strong } from './bill.ts';

const movementNames = {
  float: 'Float',
  'paid-in': 'Paid in',
  'paid-out': 'Paid out',
  'safe-drop': 'To the safe',
  'no-sale': 'Drawer opened',
} as const satisfies Record<keyof ShiftReport['movements'], string>;

/** An X or Z report as text; `countedMinor` null for an X: nobody has counted. */
export const reportText = (
  report: ShiftReport,
  {
    title,
    currency,
    countedMinor,
  }: { readonly title: string; readonly currency: string; readonly countedMinor: number | null },
): readonly string[] => {
  const row = (name: string, amountMinor: number): string => amountRow(name, formatMinor(amountMinor, currency));
  const movements = Object.entries(report.movements) as readonly (readonly [keyof typeof movementNames, number])[];
  const receipts =
    report.firstReceipt === null ? 'no receipts' : `receipts ${report.firstReceipt} to ${report.lastReceipt ?? ''}`;
  return [
    rule(),
    strong(`  ${title}   counter ${report.counterId}   ${report.businessDate}`),
    rule(),
    amountRow(`Sales (${receipts})`, String(report.orders)),
    row('Items', report.itemsMinor),
    row('Discounts', report.discountMinor),
    row('Tax', report.taxMinor),
    row('Total', report.totalMinor),
    ...(report.roundingMinor === 0 ? [] : [row('Cash rounding', report.roundingMinor)]),
    ...Object.entries(report.tenders).map(([tender, amountMinor]) => row(`  ${tender}`, amountMinor)),
    ...movements
      .filter(([movement]) => movement !== 'no-sale')
      .map(([movement, amountMinor]) => row(movementNames[movement], amountMinor)),
    amountRow(
      'Voided lines, returned lines, cancelled bills',
      `${report.voidLines}, ${report.returnLines}, ${report.cancelledOrders}`,
    ),
    strong(row('Cash in the drawer', report.expectedCashMinor)),
    ...(countedMinor === null
      ? []
      : [row('Counted', countedMinor), row('Difference', countedMinor - report.expectedCashMinor)]),
    rule(),
  ];
};
