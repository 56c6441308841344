import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bookRowsMax, codesMax, fieldCharsMax, productsMax } from '../../src/domain/price-book.ts';
import { oldBooksMax } from '../../src/persistence/book-tables.ts';
import { waitingBooksMax } from '../../src/persistence/book-writer.ts';
import { problemsMax } from '../../src/persistence/csv-table.ts';
import { bookShape } from '../../src/persistence/import.ts';

const page = readFileSync(new URL('../../docs/catalogue.md', import.meta.url), 'utf8');

it.each(Object.entries(bookShape))('docs/catalogue.md shows %s with every column', (file, { required, optional }) => {
  expect(page).toContain(file);
  for (const column of [...required, ...optional]) expect(page).toContain(`\`${column}\``);
});

it('docs/catalogue.md names the limits that hold', () => {
  const limits = `${productsMax.toLocaleString('en')} products, ${bookRowsMax.toLocaleString('en')} rows a file`;
  expect(page).toContain(`${limits}, ${fieldCharsMax} characters a field, ${codesMax} codes a product`);
  expect(page).toContain(`the first ${problemsMax} of them`);
  expect(page).toContain(`Up to ${waitingBooksMax} may wait`);
  expect(page).toContain(`The rows of the ${oldBooksMax} books before the active one`);
});
