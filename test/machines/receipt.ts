import type { Receipt } from '../../src/domain/receipt.ts';

/** A small receipt: what is on it does not matter to who prints it. */
export const receiptNumber = (number: number): Receipt => ({
  store: { name: 'Test', address: [] },
  counter: '3',
  number,
  orderId: `order-${number}`,
  businessDate: '2026-08-14',
  at: 0,
  utcOffsetMinutes: 0,
  operator: 'ann',
  currency: 'EUR',
  lines: [],
  itemsMinor: 1_250,
  discountMinor: 0,
  taxMinor: 0,
  taxes: [],
  totalMinor: 1_250,
  roundingMinor: 0,
  tenders: [{ name: 'Cash', amountMinor: 1_250, card: null }],
  changeMinor: 0,
  copy: false,
  training: false,
});
