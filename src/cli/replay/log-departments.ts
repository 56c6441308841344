import type { Department } from '../../domain/price-book.ts';
import { createTally, grow, type Tally } from './tally.ts';
import type { TillRow, TillTransaction } from './till-log.ts';
import { exemptionOf, taxClassOf, type Exemption } from './till-row.ts';

/** Keys of the till: departments, and for those that were rung under another tax too a second key. */
export interface LogDepartments {
  readonly departments: readonly Department[];
  /** The department under which a row rings as it was taxed. */
  idOf(row: TillRow, exemption: Exemption): string;
}

interface Seen {
  readonly name: Tally;
  readonly terms: Map<string, Terms>;
}
interface Terms {
  readonly taxClass: string | null;
  readonly discountable: boolean;
  rows: number;
}

export function findDepartments(transactions: readonly TillTransaction[], others: Iterable<string>): LogDepartments {
  const seen = new Map<string, Seen>();
  for (const transaction of transactions) {
    const exemption = exemptionOf(transaction);
    for (const row of transaction.rows.filter(({ trans_type }) => trans_type === 'D')) {
      const { name, terms } = grow(seen, row.department ?? '0', () => ({ name: createTally(), terms: new Map() }));
      name.add(row.description ?? '');
      grow(terms, termsKey(row, exemption), () => ({ ...termsOf(row, exemption), rows: 0 })).rows += 1;
    }
  }
  const main = new Map([...seen].map(([id, { terms }]) => [id, mostUsed(terms)]));
  const idOf = (id: string, key: string): string => (main.get(id) === key ? id : `${id}~${key}`);
  const rung = [...seen].flatMap(([id, { name, terms }]) =>
    [...terms].map(([key, { taxClass, discountable }]) =>
      toDepartment(idOf(id, key), name.top(), taxClass, discountable),
    ),
  );
  const known = new Set(rung.map(({ departmentId }) => departmentId));
  const rest = [...new Set(others)].filter((id) => !known.has(id)).map((id) => toDepartment(id, '', null, false));
  return {
    departments: [...rung, ...rest],
    idOf: (row, exemption) => idOf(row.department ?? '0', termsKey(row, exemption)),
  };
}

const termsOf = (row: TillRow, exemption: Exemption): Omit<Terms, 'rows'> => ({
  taxClass: taxClassOf(row, exemption),
  discountable: row.discountable !== undefined,
});

const termsKey = (row: TillRow, exemption: Exemption): string =>
  `${taxClassOf(row, exemption) ?? 0}~${row.discountable === undefined ? 'N' : 'D'}`;

const mostUsed = (terms: ReadonlyMap<string, Terms>): string =>
  [...terms].reduce((best, [key, { rows }]) => (rows > best.rows ? { key, rows } : best), { key: '', rows: 0 }).key;

const toDepartment = (
  departmentId: string,
  name: string,
  taxClass: string | null,
  discountable: boolean,
): Department => ({
  departmentId,
  name: name === '' ? `Department ${departmentId}` : name,
  taxClass,
  discountable,
  ageLimit: null,
});
