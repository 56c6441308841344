import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Config } from '../../config.ts';
import { parseBook, type ParsedBook } from '../../persistence/import.ts';
import type { CsvFile } from '../../persistence/csv-table.ts';

export interface BookChoice {
  readonly version?: string;
  readonly effectiveAt?: number;
}

/** The CSV files that were named, or those of a named folder. Throws where one cannot be read. */
export const readBookFiles = (paths: readonly string[]): readonly CsvFile[] =>
  paths
    .flatMap((path) => (statSync(path).isDirectory() ? tablesOf(path) : [path]))
    .map((path) => ({ name: basename(path), text: readFileSync(path, 'utf8') }));

const tablesOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .toSorted()
    .map((name) => join(folder, name));

export const parseFiles = (files: readonly CsvFile[], config: Config, choice: BookChoice): ParsedBook =>
  parseBook(files, { currency: config.settings.currency, timeZone: timeZoneOf(config), ...choice });

/** The store's zone, as Intl takes it: `-05:00`. */
export const timeZoneOf = ({ settings }: Config): string => {
  const offset = settings.header.utcOffsetMinutes;
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};
