import { formatMinor } from '../../domain/money.ts';
import type { InFlightPayment } from './in-flight.ts';
import type { Overview, StoppedActor } from './overview.ts';

/** An overview for a person: what the store is, what happened, what is in flight, what needs somebody. */
export const overviewText = (overview: Overview, now: number): readonly string[] => [
  ...headText(overview, now),
  '',
  ...actorsText(overview),
  '',
  ...inFlightText(overview, now),
  ...overview.faults.flatMap((fault) => faultText(fault)),
];

const row = (name: string, text: string): string => `  ${name.padEnd(12)}${text}`;

const headText = (overview: Overview, now: number): readonly string[] => {
  const { dataDir, running, natsUrl, head, starts, priceBook, day, shifts, receipts, orders } = overview;
  const where = natsUrl === null ? ', takes no commands over NATS yet' : `, commands at ${natsUrl}`;
  const dayText = day === null ? 'none opened yet' : `${day.businessDate}, ${day.status}`;
  const receiptText = receipts.map(({ counterId, last }) => `counter ${counterId} up to ${last}`).join(', ');
  const orderText = Object.entries(orders).map(([status, count]) => `${count} ${status}`);
  return [
    row('store', running ? `running on ${dataDir}${where}` : `not running (${dataDir})`),
    row('journal', `${head} turns, ${starts} ${starts === 1 ? 'start' : 'starts'} of the program`),
    row('price book', priceBook === null ? 'none' : `${priceBook.version}, ${priceBook.products} products`),
    row('day', dayText),
    ...shifts.map(({ counterId, operatorId, openedAt }) =>
      row('shift', `counter ${counterId}, ${operatorId}, open for ${ageText(now - openedAt)}`),
    ),
    row('receipts', receiptText === '' ? 'none' : receiptText),
    row('orders', orderText.length === 0 ? 'none' : orderText.join(', ')),
  ];
};

const actorsText = ({ actors }: Overview): readonly string[] => {
  const kinds = [...new Set(actors.map(({ kind }) => kind))];
  if (kinds.length === 0) return ['actors: none'];
  return [
    'actors',
    ...kinds.map((kind) => {
      const states = actors.filter((one) => one.kind === kind).map(({ status, count }) => `${count} ${status}`);
      return row(kind, states.join(', '));
    }),
  ];
};

const inFlightText = (overview: Overview, now: number): readonly string[] => {
  const { inFlight, outbox, timers, faults } = overview;
  const next = timers.nextDueAt;
  const rows = [
    ...inFlight.counters.map(({ counterId, status, orderId }) =>
      row(`counter ${counterId}`, orderId === null ? status : `${status}, order ${orderId}`),
    ),
    ...inFlight.payments.map((payment) => row(payment.kind, paymentText(payment))),
    ...inFlight.printJobs.map(({ counterId, printer, jobs }) =>
      row(`printer ${counterId}`, `${jobs} ${jobs === 1 ? 'receipt waits' : 'receipts wait'}, printer ${printer}`),
    ),
    ...outbox.map(({ id, type }) => row('outbox', `${type}, ${id}`)),
    ...(timers.count === 0 || next === null
      ? []
      : [row('timers', `${timers.count}, the next ${next <= now ? 'is due' : `in ${ageText(next - now)}`}`)]),
  ];
  if (rows.length > 0) return ['in flight', ...rows];
  return [faults.length === 0 ? 'nothing in flight' : 'nothing else in flight'];
};

const paymentText = ({
  status,
  phase,
  tender,
  amountMinor,
  currency,
  counterId,
  paymentId,
}: InFlightPayment): string => {
  const doubt = status === 'unknown' ? ': nobody knows yet, the terminal is asked again' : '';
  const word = status === phase ? status : `${status} (${phase})`;
  return `${word}, ${tender} ${formatMinor(amountMinor, currency)} at counter ${counterId}${doubt}, ${paymentId}`;
};

const faultText = ({ address, event, error, messages }: StoppedActor): readonly string[] => [
  '',
  `STOPPED  ${address} at ${event}: ${error}`,
  `         ${messages} ${messages === 1 ? 'message is' : 'messages are'} kept for it; nothing of it is lost`,
];

const ageText = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(1, Math.round(ms / 1000))} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
};
