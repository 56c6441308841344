import type { LineDraft } from '../../src/domain/lines.ts';
import type { SaleOpening } from '../../src/domain/sale.ts';
import type { Tender } from '../../src/domain/tender.ts';

/** What orders and counters are rung up with: goods without tax or offers, so that a line is worth its price. */
export const draft = (productId: string, unitPriceMinor: number, over: Partial<LineDraft> = {}): LineDraft => ({
  type: 'item',
  productId,
  code: productId,
  description: `Item ${productId}`,
  department: 'food',
  quantity: 1000,
  weighed: false,
  tare: 0,
  unitPriceMinor,
  regularPriceMinor: unitPriceMinor,
  priceSource: 'price-book',
  taxClass: null,
  discountable: true,
  offerIds: [],
  manual: null,
  voids: null,
  returnOf: null,
  linkedTo: null,
  ...over,
});

export const opening: SaleOpening = {
  orderId: 'o1',
  counterId: '3',
  shiftId: 's1',
  businessDate: '2026-03-02',
  rules: { currency: 'EUR', tax: { rounding: 'basket', classes: [] }, cashRoundingMinor: 1 },
  prints: true,
  training: false,
};

export const cash: Tender = {
  code: 'CASH',
  name: 'Cash',
  method: 'cash',
  givesChange: true,
  opensDrawer: true,
  maxMinor: 0,
};
export const card: Tender = {
  code: 'CARD',
  name: 'Card',
  method: 'card',
  givesChange: false,
  opensDrawer: false,
  maxMinor: 0,
};
