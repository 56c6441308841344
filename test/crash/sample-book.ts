import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { parseBook } from '../../src/persistence/import.ts';

const folder = join(import.meta.dirname, '../../catalogue');

/** The sample catalogue of the project. */
export function sampleBook(): PriceBook {
  const names = readdirSync(folder).filter((name) => name.endsWith('.csv'));
  const files = names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  const parsed = parseBook(files, { currency: 'USD', timeZone: 'UTC' });
  if (!parsed.ok) throw new Error('the sample catalogue has mistakes');
  return parsed.book;
}
