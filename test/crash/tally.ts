import type { Problem } from './invariants.ts';

/** One row of the table. */
export interface Tally {
  readonly name: string;
  /** A point was tried; `problems` is what was found there. */
  add(at: string, problems: readonly Problem[], resumed: boolean): void;
  /** No point of its own: it counts only where something is found. */
  only(at: string, problems: readonly Problem[]): void;
  readonly row: () => Row;
}
export interface Row {
  readonly name: string;
  readonly tried: number;
  readonly resumed: number;
  readonly lost: number;
  readonly doubled: number;
  readonly wrong: number;
  /** Points at which anything was found. */
  readonly failed: number;
  readonly found: readonly string[];
}

/** Failures told in full; the others are counted. */
const toldMax = 5;

export function createTally(name: string): Tally {
  const count = { tried: 0, resumed: 0, lost: 0, doubled: 0, wrong: 0, failed: 0 };
  const found: string[] = [];
  const add: Tally['add'] = (at, problems, resumed) => {
    count.tried += 1;
    if (resumed) count.resumed += 1;
    for (const { kind } of problems) count[kind] += 1;
    if (problems.length === 0) return;
    count.failed += 1;
    const told = problems.map(({ kind, text }) => `    ${kind}: ${text}`).join('\n');
    if (found.length < toldMax) found.push(`${at}\n${told}`);
  };
  return {
    name,
    add,
    only(at, problems) {
      if (problems.length > 0) add(at, problems, false);
    },
    row: () => ({ name, ...count, found }),
  };
}

const columns = ['tried', 'resumed', 'lost', 'doubled', 'wrong'] as const;

export const tableHead = (): string => lineOf('', columns);
export const tableLine = (row: Row): string =>
  lineOf(
    row.name,
    columns.map((column) => String(row[column])),
  );
const lineOf = (name: string, cells: readonly string[]): string =>
  `${name.padEnd(34)}${cells.map((cell) => cell.padStart(9)).join('')}`;
