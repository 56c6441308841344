import type { Address } from '../src/domain/address.ts';
import type { Message } from '../src/domain/message.ts';
import type { Store } from '../src/domain/ports.ts';
import { manager } from './store.ts';

/** After so many lines the order is dropped: a basket of ordinary size is what is repriced at each scan. */
const linesMax = 10;

export interface ScanWork {
  readonly counterIds: readonly string[];
  readonly codes: readonly string[];
  /** No scan begins after this time; those under way are counted. */
  readonly forMs: number;
}

/** Milliseconds from each scan to its acknowledgement, all counters at once; the same loop for either side of the Store port. */
export async function timeScans(store: Store, newId: () => string, work: ScanWork): Promise<readonly number[]> {
  const times: number[] = [];
  const until = performance.now() + work.forMs;
  const send = async (to: Address, event: Message): Promise<void> => {
    const ack = await store.send(to, { id: newId(), operator: manager, event });
    if (!ack.ok) throw new Error(`${to} refused ${event.type}: ${ack.reason} ${ack.detail}`);
  };
  const scanAt = async (counterId: string, place: number): Promise<void> => {
    const counter: Address = `counter/${counterId}`;
    let lines = 0;
    while (performance.now() < until) {
      const code = work.codes[(place + times.length) % work.codes.length] ?? '';
      const from = performance.now();
      await send(counter, { type: 'SCAN', code });
      times.push(performance.now() - from);
      lines += 1;
      if (lines % linesMax === 0) await send(counter, { type: 'CANCEL_ORDER', reason: 'bench' });
    }
    if (lines % linesMax !== 0) await send(counter, { type: 'CANCEL_ORDER', reason: 'bench' });
  };
  await Promise.all(work.counterIds.map(scanAt));
  return times;
}
