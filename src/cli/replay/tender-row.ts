import type { Tender } from '../../domain/tender.ts';
import type { TillRow, TillTransaction } from './till-log.ts';
import { cents, isTenderRow } from './till-row.ts';

/** Cash of the log: change is netted into it. */
export const cashCode = 'CA';
/** What closes a basket that the old till added up differently: never money, and never among the day's tenders. */
export const differenceCode = 'TILL-DIFFERENCE';

/** The log's tenders.sql: names, and which of them give cash back. Others are taken on as they come. */
const known: Readonly<Record<string, { readonly name: string; readonly givesChange: boolean }>> = {
  CA: { name: 'Cash', givesChange: true },
  CK: { name: 'Check', givesChange: true },
  CC: { name: 'Credit card', givesChange: false },
  DC: { name: 'Debit card', givesChange: true },
  MI: { name: 'In-store charge', givesChange: false },
  EF: { name: 'EBT food stamps', givesChange: false },
  EC: { name: 'EBT cash', givesChange: true },
  WT: { name: 'WIC', givesChange: false },
  IC: { name: 'In-store coupon', givesChange: false },
  CP: { name: 'Coupons', givesChange: false },
  GD: { name: 'Gift card', givesChange: true },
  TC: { name: 'Gift certificate', givesChange: true },
  TV: { name: 'Travellers check', givesChange: false },
};

/** A row of money: positive is taken in. */
export interface TenderRow {
  readonly code: string;
  readonly amountMinor: number;
}

export const tenderRows = ({ rows }: TillTransaction): readonly TenderRow[] =>
  rows.filter(isTenderRow).map(toTenderRow);

const toTenderRow = (row: TillRow): TenderRow => ({
  code: row.trans_subtype ?? 'none',
  amountMinor: 0 - cents(row.total),
});

/** What the store of a replay takes: the known tenders, those of the log, and the difference. */
export function tendersOf(
  transactions: readonly TillTransaction[],
  needChange: ReadonlySet<string>,
): readonly Tender[] {
  const codes = new Set([
    ...Object.keys(known),
    ...transactions.flatMap((one) => tenderRows(one).map(({ code }) => code)),
  ]);
  const tenders = [...codes].toSorted().map((code): Tender => ({
    code,
    name: known[code]?.name ?? `Tender ${code}`,
    method: methodOf(code),
    givesChange: known[code]?.givesChange === true || needChange.has(code),
    opensDrawer: false,
    maxMinor: 0,
  }));
  return [...tenders, { ...blankTender, code: differenceCode, name: 'Difference to the old till' }];
}

const blankTender = { method: 'other', givesChange: false, opensDrawer: false, maxMinor: 0 } as const;

const methodOf = (code: string): Tender['method'] => {
  if (code === cashCode) return 'cash';
  return code === 'CC' || code === 'DC' ? 'card' : 'other';
};

/** Tenders that nobody told us of, each with the first transaction that has it. */
export function unknownTenders(transactions: readonly TillTransaction[]): ReadonlyMap<string, TillTransaction> {
  const found = new Map<string, TillTransaction>();
  for (const transaction of transactions) {
    for (const { code } of tenderRows(transaction)) {
      if (known[code] === undefined && !found.has(code)) found.set(code, transaction);
    }
  }
  return found;
}
