-- What the store sells, by price book. A book is whole: it is written once, never edited, and taken over by one row.

CREATE TABLE price_book (
  version      TEXT    NOT NULL PRIMARY KEY CHECK (version <> ''),
  -- SHA-256 of the content, whatever the order of its rows.
  hash         TEXT    NOT NULL CHECK (length(hash) = 64),
  currency     TEXT    NOT NULL CHECK (length(currency) = 3),
  imported_at  INTEGER NOT NULL,
  -- Not before this moment, milliseconds.
  effective_at INTEGER NOT NULL,
  active       INTEGER NOT NULL DEFAULT 0 CHECK (active IN (0, 1)),
  -- 0: the rows of an old book are gone; its name and hash stay for the auditor, and its name is not used again.
  stored       INTEGER NOT NULL DEFAULT 1 CHECK (stored IN (0, 1)),
  CHECK (active <= stored)
) STRICT;

-- At most one active book.
CREATE UNIQUE INDEX price_book_active ON price_book (active) WHERE active = 1;

CREATE TABLE tax_class (
  price_book      TEXT    NOT NULL REFERENCES price_book (version),
  id              TEXT    NOT NULL,
  name            TEXT    NOT NULL,
  rate_millionths INTEGER NOT NULL CHECK (rate_millionths >= 0),
  inclusive       INTEGER NOT NULL CHECK (inclusive IN (0, 1)),
  PRIMARY KEY (price_book, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE department (
  price_book    TEXT    NOT NULL REFERENCES price_book (version),
  department_id TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  tax_class     TEXT,
  discountable  INTEGER NOT NULL CHECK (discountable IN (0, 1)),
  age_limit     INTEGER CHECK (age_limit > 0),
  PRIMARY KEY (price_book, department_id),
  FOREIGN KEY (price_book, tax_class) REFERENCES tax_class (price_book, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
  -- What the name index below points to; an unnamed rowid would change under VACUUM.
  product_row   INTEGER PRIMARY KEY,
  price_book    TEXT    NOT NULL REFERENCES price_book (version),
  product_id    TEXT    NOT NULL,
  -- The first of its codes, as printed: what it is rung up by when it was found by name.
  code          TEXT    NOT NULL,
  description   TEXT    NOT NULL,
  department    TEXT    NOT NULL,
  tax_class     TEXT,
  discountable  INTEGER NOT NULL CHECK (discountable IN (0, 1)),
  weighed       INTEGER NOT NULL CHECK (weighed IN (0, 1)),
  tare          INTEGER NOT NULL CHECK (tare >= 0),
  deposit_minor INTEGER NOT NULL CHECK (deposit_minor >= 0),
  age_limit     INTEGER CHECK (age_limit > 0),
  UNIQUE (price_book, product_id),
  FOREIGN KEY (price_book, department) REFERENCES department (price_book, department_id),
  FOREIGN KEY (price_book, tax_class) REFERENCES tax_class (price_book, id)
) STRICT;

-- `code` is the key of a code (docs/catalogue.md, "Codes"), not the code as printed.
CREATE TABLE product_code (
  price_book TEXT NOT NULL,
  code       TEXT NOT NULL,
  product_id TEXT NOT NULL,
  PRIMARY KEY (price_book, code),
  FOREIGN KEY (price_book, product_id) REFERENCES product (price_book, product_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE price (
  price_book    TEXT    NOT NULL,
  product_id    TEXT    NOT NULL,
  price_minor   INTEGER NOT NULL CHECK (price_minor >= 0),
  regular_minor INTEGER NOT NULL CHECK (regular_minor >= 0),
  -- First and last moment, milliseconds; 0: from the beginning, NULL: no end. Of several the latest to begin holds.
  valid_from    INTEGER NOT NULL,
  valid_to      INTEGER CHECK (valid_to >= valid_from),
  PRIMARY KEY (price_book, product_id, valid_from),
  FOREIGN KEY (price_book, product_id) REFERENCES product (price_book, product_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE offer (
  price_book  TEXT    NOT NULL REFERENCES price_book (version),
  offer_id    TEXT    NOT NULL,
  -- OfferTerms of src/domain/offers.ts.
  terms       TEXT    NOT NULL CHECK (json_valid(terms)),
  name        TEXT    NOT NULL,
  valid_from  INTEGER,
  valid_to    INTEGER,
  member_only INTEGER NOT NULL CHECK (member_only IN (0, 1)),
  PRIMARY KEY (price_book, offer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE offer_product (
  price_book TEXT NOT NULL,
  product_id TEXT NOT NULL,
  offer_id   TEXT NOT NULL,
  PRIMARY KEY (price_book, product_id, offer_id),
  FOREIGN KEY (price_book, product_id) REFERENCES product (price_book, product_id),
  FOREIGN KEY (price_book, offer_id) REFERENCES offer (price_book, offer_id)
) STRICT, WITHOUT ROWID;

-- Search by the words of a name: an index only, its text is in `product` under product_row.
CREATE VIRTUAL TABLE product_name USING fts5 (
  description,
  content = '',
  contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2',
  prefix = '2 3'
);
