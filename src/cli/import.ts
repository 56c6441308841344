import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { parseMoment } from '../persistence/calendar-day.ts';
import { createCatalog } from '../persistence/catalog.ts';
import type { CsvFile } from '../persistence/csv-table.ts';
import { openStore } from '../persistence/database.ts';
import { createUuids } from '../uuid.ts';
import { readArguments, readEnvironment, wrong } from './arguments.ts';
import { parseFiles, readBookFiles, timeZoneOf, type BookChoice } from './import/book-folder.ts';
import { isTakenOver, outcomeText, problemText, takeOver, type Imported } from './import/book.ts';
import { handIn, takeBack, takeResult } from './import/spool.ts';
import { isStoreRunning } from './running-store.ts';

/** How long a running store may take to answer: half a million products are read in seconds. */
const answerTimeoutMs = 60_000;
const lookEveryMs = 100;

/** A price book from CSV files into the data folder: all of it or nothing. 0: taken over, 1: mistakes or refused, 2: called wrongly. */
export const run = async (args: readonly string[]): Promise<number> => {
  const read = readArguments('import', {
    args,
    allowPositionals: true,
    options: { version: { type: 'string' }, effective: { type: 'string' } },
  });
  const config = read === null ? null : readEnvironment('import');
  if (read === null || config === null) return 2;
  const { positionals, values } = read;
  if (positionals.length === 0) return wrong('import', 'names no folder or files') ?? 2;
  const effectiveAt = values.effective === undefined ? null : readMoment(values.effective, config);
  if (effectiveAt === 'wrong') return wrong('import', `"${values.effective}" is no date like 2026-08-13`) ?? 2;
  const choice: BookChoice = {
    ...(values.version !== undefined && { version: values.version }),
    ...(effectiveAt !== null && { effectiveAt }),
  };
  const files = filesOf(positionals);
  return files === null ? 2 : importBook(files, config, choice);
};

const readMoment = (text: string, config: Config): number | 'wrong' =>
  parseMoment(text, 'first', timeZoneOf(config)) ?? 'wrong';

const filesOf = (paths: readonly string[]): readonly CsvFile[] | null => {
  try {
    return readBookFiles(paths);
  } catch (error) {
    return wrong('import', error instanceof Error ? error.message : String(error));
  }
};

const importBook = async (files: readonly CsvFile[], config: Config, choice: BookChoice): Promise<number> => {
  // Mistakes are told at once, whether a store runs or not.
  const parsed = parseFiles(files, config, choice);
  if (!parsed.ok) {
    for (const problem of parsed.errors) console.error(problemText(problem));
    console.error(`storefirst import: ${parsed.errors.length} mistakes; nothing was taken over`);
    return 1;
  }
  const imported = await (isStoreRunning(config.dataDir)
    ? byRunningStore(files, config, choice)
    : byItself(files, config, choice));
  if (typeof imported === 'string') console.error(`storefirst import: ${imported}`);
  else (isTakenOver(imported) ? console.log : console.error)(outcomeText(imported));
  return typeof imported !== 'string' && isTakenOver(imported) ? 0 : 1;
};

const byItself = async (files: readonly CsvFile[], config: Config, choice: BookChoice): Promise<Imported | string> => {
  const opened = openStore(config.dataDir);
  if ('reason' in opened) return opened.detail;
  try {
    return takeOver(createCatalog(opened.database), config, files, choice);
  } finally {
    opened.close();
  }
};

/** Only the running program writes its database: the book is handed to it. */
const byRunningStore = async (
  files: readonly CsvFile[],
  { dataDir }: Config,
  choice: BookChoice,
): Promise<Imported | string> => {
  const id = createUuids(Date.now, randomBytes)();
  handIn(dataDir, id, { files, choice });
  for (let waitedMs = 0; waitedMs < answerTimeoutMs; waitedMs += lookEveryMs) {
    const imported = takeResult(dataDir, id);
    if (imported !== null) return imported;
    await sleep(lookEveryMs);
  }
  takeBack(dataDir, id);
  return `the store that runs on ${dataDir} did not take the book over in ${answerTimeoutMs / 1000} s; try again`;
};
