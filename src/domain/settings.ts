import type { OrderRules } from './order.ts';
import type { Department } from './price-book.ts';
import type { Item } from './product.ts';
import type { ReceiptHeader } from './sale.ts';
import type { Tender } from './tender.ts';
import type { ShiftReport } from './facts.ts';

/** What the store is, as its program was configured. Fixed while it runs. */
export interface StoreSettings {
  readonly storeId: string;
  readonly currency: string;
  readonly cashRoundingMinor: number;
  readonly header: ReceiptHeader;
  readonly tenders: readonly Tender[];
  readonly counters: Readonly<Record<string, CounterSettings>>;
}
export interface CounterSettings {
  readonly printer: boolean;
  readonly drawer: boolean;
}

/** What the step before a transition reads: the price book, the settings, what was sold. Writes nothing. */
export interface StoreReader {
  readonly settings: StoreSettings;
  lookUp(code: string, at: number): FoundItem | null;
  department(departmentId: string): Department | null;
  orderRules(at: number): OrderRules;
  /** The order behind a receipt number. */
  orderOf(counterId: string, receiptNumber: number): string | null;
  /** X and Z, derived from committed rows. */
  report(shiftId: string): ShiftReport;
}

export interface FoundItem {
  readonly item: Item;
  readonly quantity: number | null;
  readonly labelPriceMinor: number | null;
}

/** The store's local date at a moment, ISO. */
export const localDate = (at: number, utcOffsetMinutes: number): string =>
  new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(0, 10);

export const nextDate = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
