import { address, kindOf, type Address } from '../../domain/address.ts';
import type { Change, Store, View } from '../../domain/ports.ts';

/** What a till knows: the views of the actors around its counter, as the store tells them. Nothing is worked out here. */
export interface Following {
  view(of: Address): View | null;
  counter(): View | null;
  day(): View | null;
  /** The bill on the counter. */
  order(): View | null;
  /** Resolves when everything up to this turn was heard; reads the counter anew where that takes too long. */
  reached(sequence: number): Promise<void>;
  /** Resolves when it holds; looked at after each change. False: not within the time. */
  until(holds: () => boolean, timeoutMs: number): Promise<boolean>;
  /** Told after each change that was heard. */
  watch(listener: () => void): void;
  end(): void;
}

/** How long a change may take from its commit to here before it is read instead. */
const hearMs = 3000;
/** Orders and payments remembered: the ones of this counter that came last. */
const viewsMax = 200;

const storeDay = address('store-day', 'main');
const aroundCounter = ['counter', 'printer', 'terminal', 'drawer', 'display', 'scanner'] as const;

export const createFollowing = async (
  store: Store,
  { counterId, fromSequence }: { readonly counterId: string; readonly fromSequence: number },
): Promise<Following> => {
  const counterAddress = address('counter', counterId);
  const own = aroundCounter.map((kind) => address(kind, counterId));
  const views = new Map<Address, View>();
  const listeners = new Set<() => void>();
  let heard = fromSequence;

  const keep = (view: View | null): void => {
    if (view === null || (views.get(view.address)?.revision ?? 0) > view.revision) return;
    views.delete(view.address);
    views.set(view.address, view);
    for (const of of views.keys()) {
      if (views.size <= viewsMax) break;
      if (of !== storeDay && !own.includes(of)) views.delete(of);
    }
  };
  const hear = (change: Change): void => {
    heard = Math.max(heard, change.sequence);
    if (change.view !== null && isOurs(change.view, counterId)) keep(change.view);
    for (const listener of listeners) listener();
  };
  const read = async (of: Address): Promise<void> => keep(await store.read(of));
  const orderAddress = (): Address | null => {
    const orderId = views.get(counterAddress)?.data['orderId'];
    return typeof orderId === 'string' ? address('order', orderId) : null;
  };
  const readAround = async (): Promise<void> => {
    for (const of of [storeDay, ...own]) await read(of);
    const of = orderAddress();
    if (of !== null) await read(of);
  };
  const until = (holds: () => boolean, timeoutMs: number): Promise<boolean> => {
    if (holds()) return Promise.resolve(true);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const look = (): void => {
      if (holds()) settle(true);
    };
    const settle = (outcome: boolean): void => {
      clearTimeout(timer);
      listeners.delete(look);
      resolve(outcome);
    };
    const timer = setTimeout(() => settle(holds()), timeoutMs);
    listeners.add(look);
    return promise;
  };
  await readAround();
  const addresses = [storeDay, ...own, 'order/*', 'payment/*', 'refund/*'];
  const end = store.subscribe({ addresses }, fromSequence, hear);

  return {
    view: (of) => views.get(of) ?? null,
    counter: () => views.get(counterAddress) ?? null,
    day: () => views.get(storeDay) ?? null,
    order: () => {
      const of = orderAddress();
      return of === null ? null : (views.get(of) ?? null);
    },
    async reached(sequence) {
      if (!(await until(() => heard >= sequence, hearMs))) await readAround();
      const of = orderAddress();
      // A view that is too large for a change is left out of it.
      if (of !== null && !views.has(of)) await read(of);
    },
    until,
    watch: (listener) => void listeners.add(listener),
    end,
  };
};

/** Orders and payments of other counters pass by. */
const isOurs = (view: View, counterId: string): boolean => {
  const kind = kindOf(view.address);
  return (kind !== 'order' && kind !== 'payment' && kind !== 'refund') || view.data['counterId'] === counterId;
};
