import { idOf, kindOf, parseAddress } from '../../domain/address.ts';
import { assert } from '../../domain/errors.ts';
import { statusOf } from '../../domain/view.ts';
import type { Sqlite } from '../../persistence/database.ts';

/** What a stop of the program, however it came, leaves to be gone on with. */
export interface InFlight {
  readonly counters: readonly {
    readonly counterId: string;
    readonly status: string;
    readonly orderId: string | null;
  }[];
  readonly payments: readonly InFlightPayment[];
  readonly printJobs: readonly { readonly counterId: string; readonly printer: string; readonly jobs: number }[];
}

export interface InFlightPayment {
  readonly paymentId: string;
  readonly kind: 'payment' | 'refund';
  readonly status: string;
  /** The machine's own word: what it is waiting for. */
  readonly phase: string;
  readonly orderId: string;
  readonly counterId: string;
  readonly tender: string;
  readonly amountMinor: number;
  readonly currency: string;
}

interface ActorRow {
  readonly address: string;
  readonly state: string;
  readonly snapshot: string;
}

export const readInFlight = (database: Sqlite): InFlight => {
  const rows = database
    .prepare<[], ActorRow>('SELECT address, state, snapshot FROM actor WHERE in_flight = 1 ORDER BY address')
    .all();
  return { counters: countersOf(rows), payments: paymentsOf(rows), printJobs: printJobsOf(rows) };
};

const isOf = (row: ActorRow, kind: string): boolean => row.address.startsWith(`${kind}/`);

/** A snapshot's context, as its machine wrote it. */
const contextOf = (row: ActorRow): Readonly<Record<string, unknown>> =>
  (JSON.parse(row.snapshot) as { readonly context: Readonly<Record<string, unknown>> }).context;

const named = (row: ActorRow): { readonly id: string; readonly status: string } => {
  const address = parseAddress(row.address);
  assert(address !== null, `${row.address} is an address`);
  return { id: idOf(address), status: statusOf(kindOf(address), row.state) };
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const countersOf = (rows: readonly ActorRow[]): InFlight['counters'] =>
  rows
    .filter((row) => isOf(row, 'counter'))
    .map((row) => {
      const { id, status } = named(row);
      const orderId = text(contextOf(row)['orderId']);
      return { counterId: id, status, orderId: orderId === '' ? null : orderId };
    });

const paymentsOf = (rows: readonly ActorRow[]): readonly InFlightPayment[] =>
  rows
    .filter((row) => isOf(row, 'payment') || isOf(row, 'refund'))
    .map((row) => {
      const { id, status } = named(row);
      const context = contextOf(row);
      return {
        paymentId: id,
        kind: isOf(row, 'refund') ? 'refund' : 'payment',
        status,
        phase: row.state,
        orderId: text(context['orderId']),
        counterId: text(context['counterId']),
        tender: text(context['tender']),
        amountMinor: Number(context['amountMinor'] ?? 0),
        currency: text(context['currency']),
      };
    });

const printJobsOf = (rows: readonly ActorRow[]): InFlight['printJobs'] =>
  rows
    .filter((row) => isOf(row, 'printer'))
    .map((row) => {
      const { id, status } = named(row);
      const jobs = contextOf(row)['jobs'];
      return { counterId: id, printer: status, jobs: Array.isArray(jobs) ? jobs.length : 0 };
    })
    .filter(({ jobs }) => jobs > 0);
