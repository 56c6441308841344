import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { PriceBook } from '../domain/price-book.ts';
import { createPruner, createRowWriter } from './book-tables.ts';

export type ImportOutcome =
  /** A new version. `active` false: it waits for its day. */
  | { readonly outcome: 'imported'; readonly version: string; readonly hash: string; readonly active: boolean }
  /** The very content of the active book: nothing was done. */
  | { readonly outcome: 'unchanged'; readonly version: string; readonly hash: string }
  /** The content of a book that is stored: that one was taken over, or given another day. */
  | { readonly outcome: 'activated' | 'waiting'; readonly version: string; readonly hash: string }
  | { readonly outcome: 'refused'; readonly reason: ImportRefusal; readonly detail: string };

export type ImportRefusal =
  /** The name belongs to another content. */
  | 'version-used'
  /** The active book took effect after this one. */
  | 'older'
  | 'too-many-waiting';

/** Books that wait for their day. */
export const waitingBooksMax = 8;

interface StoredBook {
  readonly version: string;
  readonly hash: string;
  readonly effective_at: number;
  readonly active: number;
  readonly stored: number;
}

export interface BookWriter {
  /** One transaction: the book is there and active, or nothing has changed. Throws where SQLite cannot write. */
  readonly importBook: (book: PriceBook, at: number) => ImportOutcome;
  /** Takes over the book whose moment has come, if any; its version. */
  readonly activateDue: (at: number) => string | null;
}

/** SHA-256 of the content, in hex: the same for the same rows in any order, whatever the book is called and when it takes effect. */
export const bookHash = (book: PriceBook): string => {
  const hash = createHash('sha256');
  const { currency, taxes, departments, products, prices, offers, offerProducts } = book;
  for (const table of [[{ currency }], taxes, departments, products, prices, offers, offerProducts]) {
    const rows = table.map((row) => JSON.stringify(row, Object.keys(row).toSorted())).toSorted();
    hash.update(`${rows.length}\n${rows.join('\n')}\n`);
  }
  return hash.digest('hex');
};

export const createBookWriter = (database: Database): BookWriter => {
  const statements = prepareStatements(database);
  const writeRows = createRowWriter(database);
  const prune = createPruner(database);

  const activate = (version: string, effectiveAt: number, at: number): void => {
    statements.leave.run();
    statements.takeOver.run({ version, effectiveAt });
    prune(at);
  };

  const writeBook = (book: PriceBook, hash: string, effectiveAt: number, at: number): ImportOutcome => {
    const version = book.version ?? `book-${hash.slice(0, 12)}`;
    const namesake = statements.byVersion.get(version) as StoredBook | undefined;
    if (namesake !== undefined && namesake.hash !== hash) {
      return {
        outcome: 'refused',
        reason: 'version-used',
        detail: `${version} is another book already: give this one a new name`,
      };
    }
    const { books } = statements.waiting.get(at) as { readonly books: number };
    if (effectiveAt > at && books >= waitingBooksMax) {
      return { outcome: 'refused', reason: 'too-many-waiting', detail: `${books} books wait for their day already` };
    }
    statements.enter.run({ version, hash, currency: book.currency, at, effectiveAt });
    writeRows(version, book);
    if (effectiveAt <= at) activate(version, effectiveAt, at);
    return { outcome: 'imported', version, hash, active: effectiveAt <= at };
  };

  const importBook = (book: PriceBook, at: number): ImportOutcome => {
    const hash = bookHash(book);
    const active = statements.active.get() as StoredBook | undefined;
    const same = statements.byHash.get(hash) as StoredBook | undefined;
    if (same?.active === 1) return { outcome: 'unchanged', version: same.version, hash };
    const { version = '', effective_at: activeSince = 0 } = active ?? {};
    if (book.effectiveAt !== null && book.effectiveAt < activeSince) {
      const detail = `${version} took effect later than this book does: give it a later moment, or none to take it over now`;
      return { outcome: 'refused', reason: 'older', detail };
    }
    const effectiveAt = book.effectiveAt ?? at;
    if (same === undefined) return writeBook(book, hash, effectiveAt, at);
    if (effectiveAt > at) statements.schedule.run({ version: same.version, effectiveAt });
    else activate(same.version, effectiveAt, at);
    return { outcome: effectiveAt > at ? 'waiting' : 'activated', version: same.version, hash };
  };

  const activateDue = (at: number): string | null => {
    const book = statements.due.get({ at }) as StoredBook | undefined;
    if (book !== undefined) activate(book.version, book.effective_at, at);
    return book?.version ?? null;
  };

  return {
    importBook: (book, at) => database.transaction(importBook).immediate(book, at),
    activateDue: (at) => database.transaction(activateDue).immediate(at),
  };
};

const prepareStatements = (database: Database) => ({
  active: database.prepare('SELECT * FROM price_book WHERE active = 1'),
  byHash: database.prepare('SELECT * FROM price_book WHERE hash = ? AND stored = 1 ORDER BY active DESC LIMIT 1'),
  byVersion: database.prepare('SELECT * FROM price_book WHERE version = ?'),
  waiting: database.prepare(
    'SELECT count(*) AS books FROM price_book WHERE stored = 1 AND active = 0 AND effective_at > ?',
  ),
  due: database.prepare(
    `SELECT * FROM price_book
     WHERE stored = 1 AND active = 0 AND effective_at <= @at
       AND effective_at > (SELECT coalesce(max(effective_at), -1) FROM price_book WHERE active = 1)
     ORDER BY effective_at DESC, imported_at DESC LIMIT 1`,
  ),
  leave: database.prepare('UPDATE price_book SET active = 0 WHERE active = 1'),
  takeOver: database.prepare('UPDATE price_book SET active = 1, effective_at = @effectiveAt WHERE version = @version'),
  schedule: database.prepare('UPDATE price_book SET effective_at = @effectiveAt WHERE version = @version'),
  // The name of a book whose rows are gone comes back with the same content only.
  enter: database.prepare(
    `INSERT INTO price_book (version, hash, currency, imported_at, effective_at) VALUES (@version, @hash, @currency, @at, @effectiveAt)
     ON CONFLICT (version) DO UPDATE SET stored = 1, imported_at = excluded.imported_at, effective_at = excluded.effective_at`,
  ),
});
