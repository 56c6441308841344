import type { LedgerEntry, OrderPaid, SoldLine } from './facts.ts';
import type { OrderLine, PricedLine } from './order.ts';
import type { Receipt, ReceiptLine, ReceiptTax } from './receipt.ts';
import { changeOf, roundingOf, settled, type Sale } from './sale.ts';
import type { TaxAmount } from './tax.ts';
import { assert } from './errors.ts';

const soldLine = (line: OrderLine, priced: PricedLine | undefined): SoldLine => {
  assert(priced?.line === line.line, 'every line is priced');
  return {
    line: line.line,
    type: line.type,
    productId: line.productId,
    code: line.code,
    description: line.description,
    department: line.department,
    quantity: line.quantity,
    unitPriceMinor: line.unitPriceMinor,
    taxClass: line.taxClass,
    voids: line.voids,
    returnOf: line.returnOf,
    extendedMinor: priced.extendedMinor,
    modifiers: priced.modifiers,
    totalMinor: priced.totalMinor,
  };
};

/**
 * Goods that leave or come back; department rings, also those that come back, deposits, coupons and adjustments move no stock: no
 * product stands behind them. A void of one does not either.
 */
const movesStock = (line: SoldLine, lines: readonly SoldLine[]): boolean => {
  if (line.productId === '') return false;
  const origin = line.voids === null ? line : lines[line.voids - 1];
  return origin?.type === 'item' || origin?.type === 'return';
};

const ledgerEntry = (line: SoldLine): LedgerEntry => ({
  productId: line.productId,
  change: -line.quantity,
  reason: line.type === 'return' ? 'return' : 'sale',
  line: line.line,
});

/** The fact that makes an order PAID, with its ledger entries: one transaction (F4, T3). */
export function paidOf(sale: Sale): OrderPaid {
  assert(sale.receiptNumber !== null && sale.paidAt !== null, 'a paid order has its receipt number and time');
  const lines = sale.lines.map((line, index) => soldLine(line, sale.priced.lines[index]));
  return {
    orderId: sale.orderId,
    counterId: sale.counterId,
    shiftId: sale.shiftId,
    businessDate: sale.businessDate,
    receiptNumber: sale.receiptNumber,
    currency: sale.rules.currency,
    lines,
    totals: sale.priced.totals,
    roundingMinor: roundingOf(sale),
    changeMinor: changeOf(sale),
    ledger: lines.filter((line) => movesStock(line, lines)).map(ledgerEntry),
    at: sale.paidAt,
  };
}

const receiptLine = (line: OrderLine, priced: PricedLine | undefined): ReceiptLine => ({
  type: line.type,
  description: line.description,
  quantity: line.quantity,
  weighed: line.weighed,
  unitPriceMinor: line.unitPriceMinor,
  extendedMinor: priced?.extendedMinor ?? 0,
  modifiers: (priced?.modifiers ?? []).map(({ reason, amountMinor }) => ({ reason, amountMinor })),
  taxClass: line.taxClass,
});

const receiptTax = (sale: Sale, tax: TaxAmount): ReceiptTax => {
  const known = sale.rules.tax.classes.find(({ id }) => id === tax.classId);
  return { ...tax, name: known?.name ?? tax.classId, rateMillionths: known?.rateMillionths ?? 0 };
};

/** The document for the printer; a copy is the same with its mark. */
export function receiptOf(sale: Sale, copy: boolean): Receipt {
  assert(
    sale.header !== null && sale.receiptNumber !== null && sale.paidAt !== null,
    'only a paid order has a receipt',
  );
  const { itemsMinor, discountMinor, taxMinor, totalMinor, taxes } = sale.priced.totals;
  return {
    store: sale.header.store,
    utcOffsetMinutes: sale.header.utcOffsetMinutes,
    counter: sale.counterId,
    number: sale.receiptNumber,
    orderId: sale.orderId,
    businessDate: sale.businessDate,
    at: sale.paidAt,
    operator: sale.operatorId,
    currency: sale.rules.currency,
    lines: sale.lines.map((line, index) => receiptLine(line, sale.priced.lines[index])),
    itemsMinor,
    discountMinor,
    taxMinor,
    taxes: taxes.map((tax) => receiptTax(sale, tax)),
    totalMinor,
    roundingMinor: roundingOf(sale),
    tenders: settled(sale).map(({ tender, tenderedMinor, approval }) => ({
      name: tender,
      amountMinor: tenderedMinor,
      card: approval,
    })),
    changeMinor: changeOf(sale),
    copy,
    training: sale.training,
  };
}
