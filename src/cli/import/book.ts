import type { Config } from '../../config.ts';
import type { Catalog } from '../../persistence/catalog.ts';
import type { ImportOutcome } from '../../persistence/book-writer.ts';
import type { BookProblem, CsvFile } from '../../persistence/csv-table.ts';
import { parseFiles, type BookChoice } from './book-folder.ts';

/** What an import came to; `products` of the book that was read. */
export type Imported =
  | {
      readonly ok: true;
      readonly outcome: ImportOutcome;
      readonly products: number;
      readonly effectiveAt: number | null;
    }
  | { readonly ok: false; readonly errors: readonly BookProblem[] };

export const takeOver = (catalog: Catalog, config: Config, files: readonly CsvFile[], choice: BookChoice): Imported => {
  const parsed = parseFiles(files, config, choice);
  if (!parsed.ok) return parsed;
  const outcome = catalog.importBook(parsed.book, Date.now());
  return { ok: true, outcome, products: parsed.book.products.length, effectiveAt: parsed.book.effectiveAt };
};

export const problemText = ({ file, line, column, problem }: BookProblem): string =>
  `${file}:${line}${column === null ? '' : `:${column}`} ${problem}`;

export const outcomeText = (imported: Imported): string => {
  if (!imported.ok) return `price book: ${imported.errors.length} mistakes, nothing was taken over`;
  const { outcome, products, effectiveAt } = imported;
  const day = effectiveAt === null ? '' : new Date(effectiveAt).toISOString();
  switch (outcome.outcome) {
    case 'imported':
      return outcome.active
        ? `price book ${outcome.version}: ${products} products, taken over`
        : `price book ${outcome.version}: ${products} products, waits for ${day}`;
    case 'unchanged':
      return `price book ${outcome.version}: the same content is active already, nothing to do`;
    case 'activated':
      return `price book ${outcome.version}: was here before, is active again`;
    case 'waiting':
      return `price book ${outcome.version}: was here before, waits for ${day}`;
    case 'refused':
      return `price book: refused (${outcome.reason}): ${outcome.detail}. Nothing was taken over`;
  }
};

export const isTakenOver = (imported: Imported): boolean => imported.ok && imported.outcome.outcome !== 'refused';
