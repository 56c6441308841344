import { parseDecimal, parseMinor } from '../domain/money.ts';
import type { DecimalFailure } from '../domain/money.ts';
import { parseMoment } from './calendar-day.ts';
import type { MomentEdge } from './calendar-day.ts';
import type { CsvRow, Report } from './csv-table.ts';

/** What the text of a book does not say itself. */
export interface BookSettings {
  /** ISO 4217: amounts in the files are decimal text of it. */
  readonly currency: string;
  /** IANA name: a date without a time is the store's day. */
  readonly timeZone: string;
}

/** Ids that a table may refer to; null where the file with them is wrong itself: one mistake is told once. */
export type Known = ReadonlySet<string> | null;

/** Fields of one file by kind. A field that is wrong is reported and read as the blank of its kind; the book is refused later. */
export interface Fields {
  readonly wrong: (row: CsvRow, column: string | null, problem: string) => void;
  /** Checks that another file of the book has this id. */
  readonly known: (row: CsvRow, column: string, ids: Known, other: string) => void;
  readonly text: (row: CsvRow, column: string) => string;
  readonly id: (row: CsvRow, column: string) => string;
  readonly flag: (row: CsvRow, column: string, blank: boolean) => boolean;
  /** Minor units, from zero up. */
  readonly money: (row: CsvRow, column: string, blank: number | null) => number;
  /** Whole units of `10^-digits`, from zero to `max` of them. */
  readonly decimal: (row: CsvRow, column: string, digits: number, max: number, blank: number | null) => number;
  readonly moment: (row: CsvRow, column: string, edge: MomentEdge) => number | null;
}

/** Ids travel in keys, reports and commands. */
const idPattern = /^[A-Za-z0-9._-]{1,40}$/;

const decimalProblems: Readonly<Record<DecimalFailure, string>> = {
  'not-a-number': 'is not a number: write digits and one point, no currency sign, no grouping',
  'too-many-decimals': 'has too many digits behind the point',
  'too-large': 'is too large',
};

export const bookFields = (file: string, settings: BookSettings, report: Report): Fields => {
  const wrong: Fields['wrong'] = (row, column, problem) => report({ file, line: row.line, column, problem });
  const number = (
    row: CsvRow,
    column: string,
    blank: number | null,
    read: (text: string) => number | DecimalFailure,
  ): number => {
    const text = row.cell(column);
    if (text === '' && blank !== null) return blank;
    const value = text === '' ? null : read(text);
    if (typeof value === 'number' && value >= 0) return value;
    wrong(row, column, value === null ? 'is empty: fill it in' : numberProblem(text, value));
    return 0;
  };
  return {
    wrong,
    known: (row, column, ids, other) => {
      const id = row.cell(column);
      if (ids !== null && !ids.has(id))
        wrong(row, column, `"${id}" is not in ${other}: add it there or correct it here`);
    },
    text: (row, column) => {
      const text = row.cell(column);
      if (text === '') wrong(row, column, 'is empty: fill it in');
      return text;
    },
    id: (row, column) => {
      const text = row.cell(column);
      if (!idPattern.test(text))
        wrong(row, column, `"${text}" is not an id: 1 to 40 letters, digits, dots, dashes or underscores`);
      return text;
    },
    flag: (row, column, blank) => {
      const text = row.cell(column).toLowerCase();
      if (text !== '' && text !== 'yes' && text !== 'no') wrong(row, column, `"${text}" is neither yes nor no`);
      return text === '' ? blank : text === 'yes';
    },
    money: (row, column, blank) =>
      number(row, column, blank, (text) => {
        const parsed = parseMinor(text, settings.currency);
        return parsed.ok ? parsed.amountMinor : parsed.reason;
      }),
    decimal: (row, column, digits, max, blank) =>
      number(row, column, blank, (text) => {
        const parsed = parseDecimal(text, digits, max);
        return parsed.ok ? parsed.value : parsed.reason;
      }),
    moment: (row, column, edge) => {
      const text = row.cell(column);
      if (text === '') return null;
      const at = parseMoment(text, edge, settings.timeZone);
      if (at === null) wrong(row, column, `"${text}" is no date: write 2026-08-13 or 2026-08-13T06:00+02:00`);
      return at;
    },
  };
};

const numberProblem = (text: string, value: number | DecimalFailure): string =>
  `"${text}" ${typeof value === 'number' ? 'is below zero' : decimalProblems[value]}`;
