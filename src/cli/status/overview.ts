import { kindOf, parseAddress } from '../../domain/address.ts';
import { statusOf } from '../../domain/view.ts';
import type { Sqlite } from '../../persistence/database.ts';
import { isStoreRunning, readRunning } from '../running-store.ts';
import { readInFlight, type InFlight } from './in-flight.ts';

/** A store as its one database shows it, in one consistent look; beside a running store or without one. */
export interface Overview {
  readonly dataDir: string;
  readonly running: boolean;
  /** Where the running store takes commands; `null`: nowhere (yet). */
  readonly natsUrl: string | null;
  /** Sequence of the last committed turn. */
  readonly head: number;
  /** Starts of the program so far. */
  readonly starts: number;
  readonly priceBook: { readonly version: string; readonly products: number } | null;
  readonly day: { readonly businessDate: string; readonly status: string } | null;
  readonly shifts: readonly OpenShift[];
  /** Last receipt of each counter; its numbers have no gap, so it is also their count. */
  readonly receipts: readonly { readonly counterId: string; readonly last: number }[];
  readonly orders: Readonly<Record<string, number>>;
  readonly actors: readonly { readonly kind: string; readonly status: string; readonly count: number }[];
  readonly inFlight: InFlight;
  /** Device calls whose end was not seen yet. */
  readonly outbox: readonly { readonly id: string; readonly type: string }[];
  readonly timers: { readonly count: number; readonly nextDueAt: number | null };
  readonly faults: readonly StoppedActor[];
}

export interface OpenShift {
  readonly shiftId: string;
  readonly counterId: string;
  readonly operatorId: string;
  readonly openedAt: number;
}
export interface StoppedActor {
  readonly address: string;
  readonly event: string;
  readonly error: string;
  readonly at: number;
  /** Messages that wait for it, the one that stopped it among them. */
  readonly messages: number;
}

/** Rows of a list in the overview; more are only counted. */
const rowsMax = 100;

export const readOverview = (database: Sqlite, dataDir: string): Overview => {
  const running = isStoreRunning(dataDir);
  const natsUrl = running ? (readRunning(dataDir)?.natsUrl ?? null) : null;
  return database.transaction(() => ({ dataDir, running, natsUrl, ...readRows(database) }))();
};

const readRows = (database: Sqlite): Omit<Overview, 'dataDir' | 'running' | 'natsUrl'> => {
  const run = prepareAll(database);
  return {
    head: run.head.get() ?? 0,
    starts: run.starts.get() ?? 0,
    priceBook: run.priceBook.get() ?? null,
    day: run.day.get() ?? null,
    shifts: run.shifts.all(),
    receipts: run.receipts.all(),
    orders: Object.fromEntries(run.orders.all().map(({ status, count }) => [status, count])),
    actors: actorsOf(run.actors.all()),
    inFlight: readInFlight(database),
    outbox: run.outbox.all(),
    timers: run.timers.get() ?? { count: 0, nextDueAt: null },
    faults: run.faults.all(),
  };
};

interface StateCount {
  readonly address: string;
  readonly state: string;
  readonly count: number;
}

/** Several states of a machine are one word to a person (domain/view.ts). */
const actorsOf = (rows: readonly StateCount[]): Overview['actors'] => {
  const counts = new Map<string, number>();
  for (const { address, state, count } of rows) {
    const known = parseAddress(address);
    const kind = known === null ? address : kindOf(known);
    const key = `${kind} ${known === null ? state : statusOf(kindOf(known), state)}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  return [...counts].map(([key, count]) => {
    const [kind = '', status = ''] = key.split(' ');
    return { kind, status, count };
  });
};

const prepareAll = (database: Sqlite) => ({
  head: database.prepare<[], number>('SELECT max(sequence) FROM journal').pluck(),
  starts: database.prepare<[], number>('SELECT max(epoch) FROM boot').pluck(),
  priceBook: database.prepare<[], { version: string; products: number }>(
    `SELECT version, (SELECT count(*) FROM product WHERE price_book = version) AS products FROM price_book WHERE active = 1`,
  ),
  day: database.prepare<[], { businessDate: string; status: string }>(
    'SELECT business_date AS businessDate, status FROM store_day ORDER BY business_date DESC LIMIT 1',
  ),
  shifts: database.prepare<[], OpenShift>(
    `SELECT shift_id AS shiftId, terminal_id AS counterId, operator_id AS operatorId, opened_at AS openedAt
       FROM shift WHERE status = 'open' ORDER BY terminal_id`,
  ),
  receipts: database.prepare<[], { counterId: string; last: number }>(
    'SELECT terminal_id AS counterId, max(number) AS last FROM receipt GROUP BY terminal_id ORDER BY terminal_id',
  ),
  orders: database.prepare<[], { status: string; count: number }>(
    'SELECT status, count(*) AS count FROM orders GROUP BY status ORDER BY status',
  ),
  actors: database.prepare<[], StateCount>(
    'SELECT min(address) AS address, state, count(*) AS count FROM actor GROUP BY kind, state ORDER BY kind, state',
  ),
  outbox: database.prepare<[], { id: string; type: string }>(
    `SELECT id, type FROM outbox ORDER BY id LIMIT ${rowsMax}`,
  ),
  timers: database.prepare<[], { count: number; nextDueAt: number | null }>(
    'SELECT count(*) AS count, min(due_at) AS nextDueAt FROM timer',
  ),
  faults: database.prepare<[], StoppedActor>(
    `SELECT address, json_extract(event, '$.type') AS event, error, min(at) AS at, count(*) AS messages
       FROM fault GROUP BY address ORDER BY at LIMIT ${rowsMax}`,
  ),
});
