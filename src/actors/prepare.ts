import { idOf, kindOf, type Address } from '../domain/address.ts';
import type { Refusal } from '../domain/errors.ts';
import type { Message } from '../domain/message.ts';
import { localDate, nextDate } from '../domain/settings.ts';
import type { CounterContext } from '../machines/counter.ts';
import type { StoreDayContext } from '../machines/store-day.ts';
import { prepareCounter } from './prepare-counter.ts';
import { prepareOrder } from './prepare-order.ts';
import type { Reads } from './reads.ts';

/** Reports are derived from committed rows: such a command waits until the turns before it are committed. */
export const readsCommitted = (to: Address, event: Message): boolean =>
  kindOf(to) === 'counter' && (event.type === 'X_REPORT' || event.type === 'COUNT');

/** A command or message becomes the event that its machine is fed. */
export function prepare(to: Address, event: Message, reads: Reads): Message | Refusal {
  switch (kindOf(to)) {
    case 'counter':
      return prepareCounter(to, event, reads, reads.contextOf(to) as CounterContext);
    case 'order':
      return prepareOrder(to, event, reads);
    case 'store-day':
      return event.type === 'OPEN_DAY' ? prepareDay(to, event, reads) : event;
    case 'printer':
    case 'terminal':
    case 'drawer':
    case 'scanner':
    case 'display':
      return event.type === 'INSTALL' ? { ...event, counterId: idOf(to) } : event;
    case 'payment':
    case 'refund':
      return event;
  }
}

/** The date a person gives; else the wall clock's, but never one that was used: a clock that went back does not matter. */
function prepareDay(to: Address, event: Message, { contextOf, store, at }: Reads): Message {
  if (typeof event['businessDate'] === 'string') return event;
  const { businessDate } = contextOf(to) as StoreDayContext;
  const today = localDate(at, store.settings.header.utcOffsetMinutes);
  return { ...event, businessDate: today > businessDate ? today : nextDate(businessDate) };
}
