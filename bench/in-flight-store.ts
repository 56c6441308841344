import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PaymentTerminal } from '../src/domain/ports.ts';
import { devicesOf, instantTerminal } from './instant-devices.ts';
import { counterIdsOf, openBenchStore } from './store.ts';

/** One card payment at each of so many counters, none answered; then it waits to be killed. */
const [folder = '.', counters = '1000'] = process.argv.slice(2);
const wanted = Number(counters);
/** What the terminals know after the store is gone. */
const charged = new Map<string, number>();
const { promise: allAsked, resolve } = Promise.withResolvers<void>();
const silent: PaymentTerminal = {
  ...instantTerminal,
  authorize({ reference, amountMinor }) {
    charged.set(reference, amountMinor);
    if (charged.size === wanted) resolve();
    return new Promise(() => undefined);
  },
};
const store = await openBenchStore({ folder, counters: wanted, devices: devicesOf(counterIdsOf(wanted), silent) });
const pay = async (counterId: string, place: number): Promise<void> => {
  const items = [0, 7, 14, 21].map((step) => ({ code: store.codes[(place + step) % store.codes.length] ?? '' }));
  const ring = store.send(`counter/${counterId}`, { type: 'RING', items });
  await Promise.all([ring, store.send(`counter/${counterId}`, { type: 'PAY', tender: 'CARD' })]);
};
await Promise.all(store.counterIds.map(pay));
await allAsked;
writeFileSync(join(folder, 'terminals.json'), JSON.stringify([...charged]));
console.log(JSON.stringify({ inFlight: charged.size }));
// A bench that was ended itself kills nobody: then this ends by itself.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(1);
}, 500);
