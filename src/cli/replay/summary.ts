import { formatMinor } from '../../domain/money.ts';
import type { ReplayReport } from './report.ts';
import { currency } from './till-row.ts';

/** Deviations shown; the others stand in the report. */
const shownMax = 20;

/** A report for a person, in lines of text. */
export function printSummary(report: ReplayReport, print: (line: string) => void): void {
  const { transactions, lines, tax, exemptTax, balance, stock, days, deviations, resumed, durationMs } = report;
  const money = (amountMinor: number): string => formatMinor(amountMinor, currency).padStart(11);
  print(`${transactions} transactions in ${(durationMs / 1000).toFixed(1)} s, ${resumed} restarts`);
  print(
    `lines    ${lines.checked} checked, ${lines.equal} equal, ${lines.knownTies} half-cent ties, ${lines.different} different`,
  );
  print(
    `tax      ${tax.checked} checked, ${tax.equal} equal, ${tax.different} different; exempt: ${exemptTax.equal} of ${exemptTax.checked}`,
  );
  print(`balance  ${balance.checked} checked, ${balance.equal} equal`);
  print(`stock    ${stock.products} products, ${stock.equal} equal`);
  print(' day  orders       items    discount         tax  voids  returns  tenders');
  for (const day of days) {
    const tenders = Object.entries(day.tenders).map(
      ([code, amountMinor]) => `${code} ${formatMinor(amountMinor, currency)}`,
    );
    const sums = [day.itemsCents, day.discountCents, day.taxCents].map(money).join(' ');
    const counts = `${String(day.voidLines).padStart(6)} ${String(day.returnLines).padStart(8)}`;
    print(
      `${String(day.day).padStart(4)} ${String(day.completed).padStart(7)} ${sums} ${counts}  ${tenders.join(', ')}`,
    );
  }
  const unexplained = report.dayDifferences.filter((one) => one.unexplained !== 0);
  print(
    `sums of days not as recorded: ${report.dayDifferences.length}, of which not explained by the list below: ${unexplained.length}`,
  );
  for (const one of unexplained)
    print(`  day ${one.day} ${one.what}: ours ${one.ours}, recorded ${one.recorded}, unexplained ${one.unexplained}`);
  print(`deviations: ${deviations.length + report.deviationsLeftOut}`);
  for (const one of deviations.slice(0, shownMax)) {
    print(
      `  day ${one.day} ${one.cashier}/${one.transNo} ${one.what}: ours ${one.ours}, recorded ${one.recorded} (${one.why})`,
    );
  }
  if (deviations.length > shownMax) print('  … the others stand in the report (--report FILE)');
}
