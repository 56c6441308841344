import type { StoreReader, StoreSettings } from '../domain/settings.ts';
import type { TaxRounding } from '../domain/tax.ts';
import type { Catalog } from './catalog.ts';
import type { Sqlite } from './database.ts';
import { createShiftReports } from './shift-report.ts';

/** What the runtime reads before a transition. Rules are kept until the price book changes. */
export function createReader(
  database: Sqlite,
  catalog: Catalog,
  settings: StoreSettings,
  taxRounding: TaxRounding,
): StoreReader {
  const orderOf = database
    .prepare<[string, number], string>('SELECT order_id FROM receipt WHERE terminal_id = ? AND number = ?')
    .pluck();
  return {
    settings,
    lookUp: catalog.lookUp,
    department: catalog.department,
    orderRules: (at) => ({
      currency: settings.currency,
      tax: catalog.taxRules(taxRounding, at),
      cashRoundingMinor: settings.cashRoundingMinor,
    }),
    orderOf: (counterId, receiptNumber) => orderOf.get(counterId, receiptNumber) ?? null,
    report: createShiftReports(database),
  };
}
