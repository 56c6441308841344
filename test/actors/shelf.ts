import type { Item } from '../../src/domain/product.ts';
import type { StoreReader, StoreSettings } from '../../src/domain/settings.ts';
import type { Sqlite } from '../../src/persistence/database.ts';
import { createShiftReports } from '../../src/persistence/shift-report.ts';
import { card, cash } from '../machines/basket.ts';

/** A price book of three, in place of a catalogue. */
const prices: Readonly<Record<string, number>> = { BREAD: 1_000, MILK: 400, CANDY: 99 };

const item = (code: string, unitPriceMinor: number): Item => ({
  productId: code.toLowerCase(),
  description: code,
  department: 'food',
  unitPriceMinor,
  regularPriceMinor: unitPriceMinor,
  taxClass: null,
  discountable: true,
  weighed: false,
  tare: 0,
  depositMinor: 0,
  ageLimit: null,
  offers: [],
  priceBook: 'test',
});

export const settings: StoreSettings = {
  storeId: 'test',
  currency: 'EUR',
  cashRoundingMinor: 1,
  header: { store: { name: 'Shop', address: [] }, utcOffsetMinutes: 0 },
  tenders: [cash, card],
  counters: Object.fromEntries(['1', '2', '3'].map((id) => [id, { printer: true, drawer: true }])),
};

export function createShelf(database: Sqlite): StoreReader {
  const orderOf = database
    .prepare<[string, number], string>('SELECT order_id FROM receipt WHERE terminal_id = ? AND number = ?')
    .pluck();
  return {
    settings,
    lookUp: (code) => {
      const price = prices[code];
      return price === undefined ? null : { item: item(code, price), quantity: null, labelPriceMinor: null };
    },
    department: () => null,
    orderRules: () => ({ currency: 'EUR', tax: { rounding: 'basket', classes: [] }, cashRoundingMinor: 1 }),
    orderOf: (counterId, receiptNumber) => orderOf.get(counterId, receiptNumber) ?? null,
    report: createShiftReports(database),
  };
}
