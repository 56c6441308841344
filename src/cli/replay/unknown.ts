import { deviationOf, type Deviation } from './deviation.ts';
import type { LogBook } from './log-book.ts';
import { unknownTenders } from './tender-row.ts';
import type { TillTransaction } from './till-log.ts';
import { cents, goodsRows, isKnownRow } from './till-row.ts';

/** What a log has that no rule was made for: each once, with the first transaction that has it. */
export function listUnknown(transactions: readonly TillTransaction[], book: LogBook): readonly Deviation[] {
  const tenders = [...unknownTenders(transactions)].map(([code, transaction]) =>
    list(transaction, `tender ${code}`, 'taken on as it came', 'not in the log’s tenders.sql'),
  );
  const taxes = book.unknownTaxes.flatMap((tax) => {
    const first = transactions.find((one) => goodsRows(one).some((row) => row.tax === tax));
    return first === undefined ? [] : [list(first, `tax class ${tax}`, 'rung untaxed', 'nobody told us its rate')];
  });
  return [...tenders, ...taxes, ...listKinds(transactions), ...listRows(transactions)];
}

const knownKinds: readonly string[] = ['completed', 'cancelled_or_suspended', 'training', 'other'];

function listKinds(transactions: readonly TillTransaction[]): readonly Deviation[] {
  const first = new Map(transactions.toReversed().map((transaction) => [transaction.kind, transaction]));
  return [...first]
    .filter(([kind]) => !knownKinds.includes(kind))
    .map(([kind, transaction]) =>
      list(transaction, `transactions of kind ${kind}`, 'rung and cancelled', 'no rule for this kind'),
    );
}

function listRows(transactions: readonly TillTransaction[]): readonly Deviation[] {
  const first = new Map<string, TillTransaction>();
  for (const transaction of transactions) {
    for (const row of transaction.rows) {
      const type = row.trans_type ?? '';
      if (!isKnownRow(row) && cents(row.total) !== 0 && !first.has(type)) first.set(type, transaction);
    }
  }
  return [...first].map(([type, transaction]) =>
    list(transaction, `rows of type ${type}`, 'left out', 'no rule for this type'),
  );
}

const list = (transaction: TillTransaction, recorded: string, ours: string, why: string): Deviation =>
  deviationOf(transaction, { what: 'unknown-kind', ours, recorded, why });
