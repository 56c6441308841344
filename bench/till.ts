import type { Change } from '../src/domain/ports.ts';
import type { BenchStore } from './store.ts';

/** Milliseconds from the cashier's key to the state on disk. */
export interface SaleTimes {
  /** Approved, ledger and receipt number written: two commits. The receipt goes to the printer now. */
  readonly paidMs: number;
  /** The printer has said that it is on paper, and that too is on disk: a third commit. */
  readonly receiptedMs: number;
}

export interface Tills {
  /**
   * Sells `sales` orders of four lines by card, each counter one after the other, all counters at once. `between` is
   * called after each; what it takes is not counted, which says something about one counter only.
   */
  sell(sales: number, between?: () => void): Promise<Sold>;
  close(): void;
}
export interface Sold {
  readonly seconds: number;
  readonly times: readonly SaleTimes[];
}

interface Waiting {
  readonly receipted: PromiseWithResolvers<void>;
  paidAt: number;
}

/** Cashiers who never pause: the basket and the card key are handed in together, as a mobile scanner or a replay does. */
export function openTills({ program, journal, counterIds, codes, send }: BenchStore): Tills {
  const orders = new Map<string, Waiting>();
  let nextBasket = 0;

  const waitingFor = (of: string): Waiting => {
    const known = orders.get(of) ?? { receipted: Promise.withResolvers<void>(), paidAt: 0 };
    orders.set(of, known);
    return known;
  };
  const hear = ({ address, status }: Change): void => {
    if (status === 'PAID') waitingFor(address).paidAt ||= performance.now();
    if (status === 'RECEIPTED') waitingFor(address).receipted.resolve();
  };
  const close = program.runtime.subscribe({ addresses: ['order/*'] }, journal.head(), hear);

  const basket = () => {
    const first = (nextBasket += 1);
    return [0, 7, 14, 21].map((step) => ({ code: codes[(first + step) % codes.length] ?? '' }));
  };
  const sellOne = async (counterId: string): Promise<SaleTimes> => {
    const from = performance.now();
    const ring = send(`counter/${counterId}`, { type: 'RING', items: basket() });
    const pay = send(`counter/${counterId}`, { type: 'PAY', tender: 'CARD' });
    const [{ answer }] = await Promise.all([ring, pay]);
    const order = `order/${String(answer['orderId'])}`;
    const waiting = waitingFor(order);
    await waiting.receipted.promise;
    orders.delete(order);
    return { paidMs: waiting.paidAt - from, receiptedMs: performance.now() - from };
  };

  return {
    close,
    async sell(sales, between) {
      const times: SaleTimes[] = [];
      let left = sales;
      let betweenMs = 0;
      const from = performance.now();
      const work = async (counterId: string): Promise<void> => {
        while (left > 0) {
          left -= 1;
          times.push(await sellOne(counterId));
          const sold = performance.now();
          between?.();
          betweenMs += performance.now() - sold;
        }
      };
      await Promise.all(counterIds.map(work));
      return { seconds: (performance.now() - from - betweenMs) / 1000, times };
    },
  };
}
