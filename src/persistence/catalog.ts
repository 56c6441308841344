import type { Database } from 'better-sqlite3';
import type { Department } from '../domain/price-book.ts';
import { readCode } from '../domain/product-code.ts';
import type { CodeRules } from '../domain/product-code.ts';
import type { Item } from '../domain/product.ts';
import type { TaxRounding, TaxRules } from '../domain/tax.ts';
import { createBookWriter } from './book-writer.ts';
import type { BookWriter } from './book-writer.ts';
import { createCatalogReader } from './catalog-reader.ts';
import type { ActiveBook, NameMatch } from './catalog-reader.ts';
import { codeKey, codeKeys } from './code-key.ts';

/** What a code rings up. Price and quantity stand on the store's own labels only, never both. */
export interface Found {
  readonly item: Item;
  /** Thousandths of the weight unit. */
  readonly quantity: number | null;
  /** Price of the whole label. */
  readonly labelPriceMinor: number | null;
}

/** The active price book. Reads never wait and never see half a book: each asks anew which one is active. */
export interface Catalog extends BookWriter {
  /**
   * Product of a code, as scanned or typed: with or without leading zeros, UPC-E, PLU, the store's own numbers; labels give their product.
   * `at` is the moment that prices and offers are dated by: the opening of the order, so that none changes in mid-bill.
   * Null where the book has no such code, or no price for it at that moment.
   */
  readonly find: (code: string, at: number) => Item | null;
  /** As `find`, with what a price- or weight-embedded label says. */
  readonly lookUp: (code: string, at: number) => Found | null;
  readonly department: (departmentId: string) => Department | null;
  /** All departments, by id: the keys of open rings. */
  readonly departments: () => readonly Department[];
  readonly taxRules: (rounding: TaxRounding, at: number) => TaxRules;
  /** Products whose name has all these words, or words that begin like them; accents and capitals do not matter. Shortest names first. */
  readonly search: (text: string, limit: number) => readonly NameMatch[];
  readonly activeBook: () => ActiveBook | null;
}

/** The longest code of any kind that is looked up: a GS1 element string has 90 characters at most. */
export const codeCharsMax = 90;

/** `rules` say which of the store's own labels carry price or weight; without them none does. */
export const createCatalog = (database: Database, rules: CodeRules = { currency: 'USD', embedded: [] }): Catalog => {
  const read = createCatalogReader(database);
  const write = createBookWriter(database);

  const lookUp = (code: string, at: number): Found | null => {
    if (code.length > codeCharsMax) return null;
    const label = readCode(code, rules);
    if (label.ok && label.kind === 'embedded') {
      const item = read.item([label.key, codeKey(label.item)], at);
      const { value } = label;
      if (item !== null && value.type === 'price') return { item, quantity: null, labelPriceMinor: value.amountMinor };
      if (item !== null && value.type === 'weight') return { item, quantity: value.quantity, labelPriceMinor: null };
    }
    const item = read.item(codeKeys(code), at);
    return item === null ? null : { item, quantity: null, labelPriceMinor: null };
  };

  return {
    importBook: (book, at) => {
      const outcome = write.importBook(book, at);
      read.forget();
      return outcome;
    },
    activateDue: (at) => {
      const version = write.activateDue(at);
      read.forget();
      return version;
    },
    find: (code, at) => lookUp(code, at)?.item ?? null,
    lookUp,
    department: read.department,
    departments: read.departments,
    taxRules: (rounding, at) => ({ rounding, classes: read.taxClasses(at) }),
    search: read.search,
    activeBook: read.activeBook,
  };
};
