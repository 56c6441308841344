import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { Catalog } from '../../persistence/catalog.ts';
import { parseFiles, readBookFiles } from './book-folder.ts';

/** Our own small price book, made for a first try. */
export const sampleFolder = join(import.meta.dirname, '../../../catalogue');

/** Takes the sample over into a store that has no price book yet. */
export const importSample = (catalog: Catalog, config: Config, tell: (line: string) => void): void => {
  const parsed = parseFiles(readBookFiles([sampleFolder]), config, { version: 'sample' });
  if (!parsed.ok) {
    // A currency without cents does not fit our prices: the store opens with an empty price book.
    const [first] = parsed.errors;
    tell(`the sample catalogue does not fit this store (${first?.problem ?? ''}); import your own: storefirst import`);
    return;
  }
  catalog.importBook(parsed.book, Date.now());
};
