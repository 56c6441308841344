-- Every actor as it stands. `in_flight` = 1: a restart tells it RESTARTED.
CREATE TABLE actor (
  address   TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  version   INTEGER NOT NULL,
  revision  INTEGER NOT NULL,
  state     TEXT NOT NULL,
  in_flight INTEGER NOT NULL,
  snapshot  TEXT NOT NULL
) STRICT;
CREATE INDEX actor_in_flight ON actor (address) WHERE in_flight = 1;

-- Every turn, chained by hash: what the visualiser and the auditor read.
CREATE TABLE journal (
  sequence   INTEGER PRIMARY KEY,
  address    TEXT NOT NULL,
  revision   INTEGER NOT NULL,
  message_id TEXT NOT NULL,
  event      TEXT NOT NULL,
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  effects    TEXT NOT NULL,
  operator   TEXT NOT NULL,
  role       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  hash       BLOB NOT NULL
) STRICT;

-- What happened in the words of the business; append-only; HQ gets it.
CREATE TABLE fact (
  sequence INTEGER PRIMARY KEY,
  turn     INTEGER NOT NULL,
  type     TEXT NOT NULL,
  version  INTEGER NOT NULL,
  payload  TEXT NOT NULL,
  at       INTEGER NOT NULL,
  hash     BLOB NOT NULL
) STRICT;

CREATE TABLE inbox (
  command_id TEXT PRIMARY KEY,
  digest     TEXT NOT NULL,
  ack        TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_at ON inbox (at);

CREATE TABLE outbox (
  id      TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  type    TEXT NOT NULL,
  params  TEXT NOT NULL,
  epoch   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE timer (
  address    TEXT NOT NULL,
  timer_id   TEXT NOT NULL,
  generation INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,
  event      TEXT NOT NULL,
  PRIMARY KEY (address, timer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fault (
  id       TEXT PRIMARY KEY,
  address  TEXT NOT NULL,
  event    TEXT NOT NULL,
  operator TEXT NOT NULL,
  role     TEXT NOT NULL,
  error    TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

-- One row a start of the program.
CREATE TABLE boot (
  epoch INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL
) STRICT;

-- Projections of facts: thrown away and rebuilt at will.

CREATE TABLE orders (
  order_id       TEXT PRIMARY KEY,
  store_id       TEXT NOT NULL,
  terminal_id    TEXT NOT NULL,
  shift_id       TEXT NOT NULL,
  business_date  TEXT NOT NULL,
  operator_id    TEXT NOT NULL,
  currency       TEXT NOT NULL,
  items_amount   INTEGER NOT NULL,
  discount_amount INTEGER NOT NULL,
  tax_amount     INTEGER NOT NULL,
  rounding_amount INTEGER NOT NULL,
  total_amount   INTEGER NOT NULL,
  status         TEXT NOT NULL,
  disputed       INTEGER NOT NULL,
  created_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX orders_shift ON orders (shift_id);
CREATE INDEX orders_suspended ON orders (order_id) WHERE status = 'SUSPENDED';

CREATE TABLE order_line (
  order_id    TEXT NOT NULL,
  line        INTEGER NOT NULL,
  type        TEXT NOT NULL,
  product_id  TEXT NOT NULL,
  code        TEXT NOT NULL,
  description TEXT NOT NULL,
  department  TEXT NOT NULL,
  quantity    INTEGER NOT NULL,
  unit_price  INTEGER NOT NULL,
  extended    INTEGER NOT NULL,
  total       INTEGER NOT NULL,
  tax_class   TEXT,
  voids       INTEGER,
  modifiers   TEXT NOT NULL,
  PRIMARY KEY (order_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE payments (
  payment_id    TEXT PRIMARY KEY,
  order_id      TEXT NOT NULL,
  shift_id      TEXT NOT NULL,
  business_date TEXT NOT NULL,
  terminal_id   TEXT NOT NULL,
  method        TEXT NOT NULL,
  tender        TEXT NOT NULL,
  status        TEXT NOT NULL,
  reason        TEXT,
  reference_id  TEXT,
  auth_code     TEXT,
  masked_pan    TEXT,
  amount        INTEGER NOT NULL,
  tendered      INTEGER NOT NULL,
  change_given  INTEGER NOT NULL,
  rounding      INTEGER NOT NULL,
  created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX payments_order ON payments (order_id);
CREATE INDEX payments_shift ON payments (shift_id);

-- Stock on hand is a sum of these rows, never a counter that is edited.
CREATE TABLE inventory_ledger (
  reference_id TEXT NOT NULL,
  line         INTEGER NOT NULL,
  product_id   TEXT NOT NULL,
  change       INTEGER NOT NULL,
  reason       TEXT NOT NULL,
  at           INTEGER NOT NULL,
  PRIMARY KEY (reference_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt (
  terminal_id TEXT NOT NULL,
  number      INTEGER NOT NULL,
  order_id    TEXT NOT NULL UNIQUE,
  copies      INTEGER NOT NULL,
  printed     INTEGER NOT NULL,
  at          INTEGER NOT NULL,
  PRIMARY KEY (terminal_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE till_movement (
  movement_id   TEXT PRIMARY KEY,
  terminal_id   TEXT NOT NULL,
  shift_id      TEXT NOT NULL,
  business_date TEXT NOT NULL,
  movement      TEXT NOT NULL,
  amount        INTEGER NOT NULL,
  reason        TEXT NOT NULL,
  operator_id   TEXT NOT NULL,
  at            INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX till_movement_shift ON till_movement (shift_id);

CREATE TABLE shift (
  shift_id      TEXT PRIMARY KEY,
  terminal_id   TEXT NOT NULL,
  business_date TEXT NOT NULL,
  operator_id   TEXT NOT NULL,
  float_amount  INTEGER NOT NULL,
  opened_at     INTEGER NOT NULL,
  status        TEXT NOT NULL,
  z_number      INTEGER,
  counted       INTEGER,
  expected      INTEGER,
  report        TEXT,
  closed_at     INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE store_day (
  business_date TEXT PRIMARY KEY,
  status        TEXT NOT NULL
) STRICT, WITHOUT ROWID;
