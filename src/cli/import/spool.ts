import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { Catalog } from '../../persistence/catalog.ts';
import type { CsvFile } from '../../persistence/csv-table.ts';
import { outcomeText, takeOver, type Imported } from './book.ts';
import type { BookChoice } from './book-folder.ts';

/**
 * How a book gets into a store that runs: only the running program writes its database. `storefirst import` puts a book
 * down whole (a rename), the store takes it over between two sales and puts the outcome beside it.
 */
export interface BookSpool {
  /** Takes over what was handed in, oldest first. */
  takeIn(tell: (line: string) => void): void;
}

export interface HandedIn {
  readonly files: readonly CsvFile[];
  readonly choice: BookChoice;
}

const folderOf = (dataDir: string): string => join(dataDir, 'import');
const suffix = '.book.json';
const resultSuffix = '.result.json';

export const createBookSpool = (catalog: Catalog, config: Config): BookSpool => {
  const folder = folderOf(config.dataDir);
  const take = (name: string): Imported => {
    try {
      return read(name);
    } catch (error) {
      // A full disk, a file that somebody else put there: the store sells on, and whoever handed it in hears why.
      return { ok: false, errors: [{ file: name, line: 1, column: null, problem: String(error) }] };
    }
  };
  const read = (name: string): Imported => {
    // Written by `handIn` and moved there whole.
    const { files, choice } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as HandedIn;
    return takeOver(catalog, config, files, choice);
  };
  return {
    takeIn(tell) {
      for (const name of waitingIn(folder)) {
        const imported = take(name);
        writeWhole(join(folder, name.replace(suffix, resultSuffix)), JSON.stringify(imported));
        rmSync(join(folder, name));
        tell(outcomeText(imported));
      }
    },
  };
};

const waitingIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(suffix))
        .toSorted()
    : [];

/** Puts a book down for the store that runs on this folder. `id`: sorted by time. */
export const handIn = (dataDir: string, id: string, book: HandedIn): void => {
  const folder = folderOf(dataDir);
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, `${id}${suffix}`), JSON.stringify(book));
};

/** What became of it; `null` while the store has not answered. Read once: it is removed. */
export const takeResult = (dataDir: string, id: string): Imported | null => {
  const path = join(folderOf(dataDir), `${id}${resultSuffix}`);
  if (!existsSync(path)) return null;
  const imported = JSON.parse(readFileSync(path, 'utf8')) as Imported;
  rmSync(path);
  return imported;
};

/** Takes a book back that nobody took over. */
export const takeBack = (dataDir: string, id: string): void =>
  rmSync(join(folderOf(dataDir), `${id}${suffix}`), { force: true });

const writeWhole = (path: string, text: string): void => {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
};
