import type { Message } from '../../domain/message.ts';
import type { Tender } from '../../domain/tender.ts';
import { businessDate } from './business-date.ts';
import type { LogBook } from './log-book.ts';
import { play, type Part } from './play.ts';
import type { Played } from './played.ts';
import { createScript } from './script.ts';
import type { StoreProcess } from './store-process.ts';
import { findResumptions } from './suspended.ts';
import { grow } from './tally.ts';
import { commandId, counterName, createTill, supervisor } from './till.ts';
import type { TillTransaction } from './till-log.ts';

/** Cents that lie in each drawer in the morning. */
const floatMinor = 20_000;

/** A counter a cashier; one who also trained has a second one for that, because a counter trains or sells. */
export function counterOf({ cashier, kind }: TillTransaction): string {
  return kind === 'training' ? `${counterName(cashier)}-training` : counterName(cashier);
}

/** Plays a log day by day: the cashiers of a day side by side, each in the order of the log. */
export async function runDays(
  store: StoreProcess,
  transactions: readonly TillTransaction[],
  book: LogBook,
  tenders: readonly Tender[],
): Promise<readonly Played[]> {
  const days = new Map<number, { readonly transaction: TillTransaction; readonly index: number }[]>();
  for (const [index, transaction] of transactions.entries())
    grow(days, transaction.day, () => []).push({ transaction, index });
  const endings = transactions.map(() => Promise.withResolvers<string | null>());
  const resumptions = findResumptions(transactions);
  const resumed = new Set(resumptions.values());
  const played: Played[] = [];
  const orderOf = (index: number): Part['resumes'] => {
    const from = resumptions.get(index);
    const source = from === undefined ? undefined : transactions[from];
    const ending = from === undefined ? undefined : endings[from];
    if (source === undefined || ending === undefined) return null;
    return { orderId: ending.promise, lines: createScript(source, book).steps.length };
  };
  const run = async (
    counterId: string,
    parts: readonly { readonly transaction: TillTransaction; readonly index: number }[],
  ) => {
    const till = createTill(store, counterId);
    for (const [place, { transaction, index }] of parts.entries()) {
      const key = `${transaction.day}-${counterId}-${place}-${transaction.transNo.slice(0, 6)}`;
      const script = createScript(transaction, book);
      const part = { transaction, script, key, resumes: orderOf(index), isResumed: resumed.has(index) };
      const end = await play(till, part, tenders);
      endings[index]?.resolve(end.end === 'suspended' ? end.orderId : null);
      played[index] = end;
    }
  };
  for (const [day, all] of [...days].toSorted(([a], [b]) => a - b)) {
    const counters = Map.groupBy(all, ({ transaction }) => counterOf(transaction));
    await openDay(store, day, counters);
    await Promise.all([...counters].map(([counterId, parts]) => run(counterId, parts)));
    await closeDay(store, day, [...counters.keys()]);
  }
  return played;
}

type DayParts = ReadonlyMap<string, readonly { readonly transaction: TillTransaction }[]>;

async function openDay(store: StoreProcess, day: number, counters: DayParts): Promise<void> {
  store.setDay(day);
  await tellDay(store, `${day}-open`, { type: 'OPEN_DAY', businessDate: businessDate(day) });
  for (const [counterId, parts] of counters) {
    const training = parts.some(({ transaction }) => transaction.kind === 'training');
    const ack = await createTill(store, counterId).send(`${day}-${counterId}-open`, {
      type: 'OPEN',
      floatMinor,
      training,
    });
    if (!ack.ok) throw new Error(`counter ${counterId} did not open on day ${day}: ${ack.detail}`);
  }
}

/** Every drawer is counted and comes out right: Z per counter; the last one closes the day. */
async function closeDay(store: StoreProcess, day: number, counterIds: readonly string[]): Promise<void> {
  for (const counterId of counterIds) {
    const till = createTill(store, counterId);
    const key = `${day}-${counterId}`;
    await till.send(`${key}-start-count`, { type: 'START_COUNT' });
    const report = await till.send(`${key}-x`, { type: 'X_REPORT' });
    const shift = (report.ok ? report.answer['report'] : null) as { readonly expectedCashMinor: number } | null;
    const count = await till.send(`${key}-count`, {
      type: 'COUNT',
      countedMinor: Math.max(0, shift?.expectedCashMinor ?? 0),
    });
    if (!count.ok) throw new Error(`counter ${counterId} did not close on day ${day}: ${count.detail}`);
  }
  await tellDay(store, `${day}-close`, { type: 'CLOSE_DAY' });
}

async function tellDay(store: StoreProcess, key: string, event: Message): Promise<void> {
  const command = { id: commandId(key), operator: supervisor, event };
  const { ack } = await store.send({ to: 'store-day/main', command, untilPaid: false });
  if (!ack.ok) throw new Error(`${event.type} ${key}: ${ack.detail}`);
}
