import { formatMinor } from '../../domain/money.ts';
import type { InFlight } from './in-flight.ts';

/** What the last run left unfinished, a line each; it goes on by itself. */
export const foundText = ({ counters, payments, printJobs }: InFlight): readonly string[] => [
  ...counters
    .filter(({ orderId }) => orderId !== null)
    .map(({ counterId }) => `an open bill on counter ${counterId}: it is there again`),
  ...payments.map(
    ({ kind, tender, amountMinor, currency, counterId }) =>
      `a ${tender} ${kind} of ${formatMinor(amountMinor, currency)} at counter ${counterId}: the terminal is asked`,
  ),
  ...printJobs.map(
    ({ counterId, jobs }) => `${jobs} ${jobs === 1 ? 'receipt' : 'receipts'} for the printer of counter ${counterId}`,
  ),
];
