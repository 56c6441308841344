import { CsvError, parse } from 'csv-parse/sync';
import { bookRowsMax, fieldCharsMax } from '../domain/price-book.ts';

/** A file as it was read: its name without folder, its text decoded from UTF-8. */
export interface CsvFile {
  readonly name: string;
  readonly text: string;
}

/** What is wrong, where, and what to do about it. */
export interface BookProblem {
  readonly file: string;
  /** Line of the file, from 1; the header is line 1. */
  readonly line: number;
  readonly column: string | null;
  readonly problem: string;
}

/** A spreadsheet that is wrong is wrong a thousand times: the first ones say enough. */
export const problemsMax = 100;

/** Notes a problem; from `problemsMax` on they are no longer kept. */
export type Report = (problem: BookProblem) => void;

export interface TableShape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export interface CsvRow {
  readonly line: number;
  /** Trimmed text of a column; empty where the field or its column is missing. */
  readonly cell: (column: string) => string;
}

/** Characters of a record: a quote that is never closed stops here and not at the end of the file. */
const recordCharsMax = 20_000;

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Rows of a file with a header line. Columns come in any order, an unknown one is a problem; so is each field that is too long. */
export const readTable = (file: CsvFile, shape: TableShape, report: Report): readonly CsvRow[] => {
  const [header, ...records] = readRecords(file, report);
  if (header === undefined) {
    report({
      file: file.name,
      line: 1,
      column: null,
      problem: `is empty: write a header line (${shape.required.join(',')})`,
    });
    return [];
  }
  const columns = header.record.map((name) => name.trim());
  if (!checkHeader(file.name, columns, shape, report)) return [];
  if (records.length > bookRowsMax) {
    report({ file: file.name, line: 1, column: null, problem: `has more than ${bookRowsMax} rows: split the book` });
    return [];
  }
  const places = new Map(columns.map((name, place) => [name, place]));
  return records.flatMap(({ record, info }) => {
    if (!checkRecord(file.name, columns, record, info.lines, report)) return [];
    return [{ line: info.lines, cell: (column: string) => record[places.get(column) ?? -1]?.trim() ?? '' }];
  });
};

const readRecords = (file: CsvFile, report: Report): readonly CsvRecord[] => {
  let lastLine = 0;
  try {
    // `info` adds the line to each record; the types of csv-parse do not follow that option.
    const records = parse(file.text, {
      bom: true,
      info: true,
      relax_column_count: true,
      max_record_size: recordCharsMax,
      on_record: (record: string[], { lines }: { readonly lines: number }) => {
        lastLine = lines;
        return record;
      },
    }) as unknown as readonly CsvRecord[];
    return records.filter(({ record }) => record.length > 1 || record[0]?.trim() !== '');
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Where the record begins: an open quote is only noticed much later.
    report({ file: file.name, line: lastLine + 1, column: null, problem: csvProblem(error) });
    return [{ record: [], info: { lines: 1 } }];
  }
};

const csvProblem = (error: CsvError): string => {
  const { code } = error;
  if (code === 'INVALID_OPENING_QUOTE' || code === 'CSV_INVALID_CLOSING_QUOTE') {
    return 'has a quote inside a field: put the field in quotes and double the one inside ("5"" plate")';
  }
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE') {
    return 'opens a quote that is not closed: close it, or double it where it belongs to the text';
  }
  return `is not CSV: ${error.message}`;
};

const checkHeader = (file: string, columns: readonly string[], shape: TableShape, report: Report): boolean => {
  const known = [...shape.required, ...shape.optional];
  const wrong = (column: string | null, problem: string): void => report({ file, line: 1, column, problem });
  // The parser met something else and has told.
  if (columns.length === 0) return false;
  const only = columns[0] ?? '';
  if (columns.length === 1 && /[;\t]/.test(only)) {
    wrong(null, 'has its fields apart by semicolons or tabs: save it with commas');
    return false;
  }
  const missing = shape.required.filter((name) => !columns.includes(name));
  for (const name of missing) wrong(name, 'is missing in the header: add the column');
  const strange = columns.filter((name) => !known.includes(name));
  for (const name of strange) wrong(name, `is not a column of this file: it has ${known.join(',')}`);
  const twice = columns.filter((name, place) => columns.indexOf(name) !== place);
  for (const name of twice) wrong(name, 'stands twice in the header: take one away');
  return missing.length + strange.length + twice.length === 0;
};

const checkRecord = (
  file: string,
  columns: readonly string[],
  record: readonly string[],
  line: number,
  report: Report,
): boolean => {
  if (record.length !== columns.length) {
    const problem = `has ${record.length} fields, the header ${columns.length}: a field with a comma in it needs quotes around it`;
    report({ file, line, column: null, problem });
    return false;
  }
  const problems = record.flatMap((text, place) => {
    const problem = textProblem(text);
    return problem === null ? [] : [{ file, line, column: columns[place] ?? null, problem }];
  });
  problems.forEach(report);
  return problems.length === 0;
};

const textProblem = (text: string): string | null => {
  if (text.length > fieldCharsMax) return `has ${text.length} characters: shorten it to ${fieldCharsMax}`;
  if (text.includes('\u{FFFD}')) return 'is not UTF-8 text: save the file as UTF-8';
  // Control characters would end up on receipts, where they are commands to the printer.
  if (/\p{Cc}/u.test(text)) return 'has a line break or control character in it: take it out';
  return null;
};
