import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PaymentTerminal } from '../src/domain/ports.ts';
import { openStoreProgram } from '../src/main.ts';
import { nowMs } from './child.ts';
import { approvalOf, devicesOf, instantTerminal } from './instant-devices.ts';
import { configOf, counterIdsOf } from './store.ts';

/** The store after it was killed: tells when the first and the last payment was known to be approved, and on disk. */
const [folder = '.', counters = '1000'] = process.argv.slice(2);
const counterIds = counterIdsOf(Number(counters));
const charged = new Map(
  JSON.parse(readFileSync(join(folder, 'terminals.json'), 'utf8')) as readonly [string, number][],
);
const remembering: PaymentTerminal = {
  ...instantTerminal,
  authorize: () => Promise.reject(new Error('charged a second time')),
  query({ reference }) {
    const amountMinor = charged.get(reference);
    if (amountMinor === undefined) return Promise.resolve({ outcome: 'not-found' });
    return Promise.resolve({ outcome: 'approved', ...approvalOf(reference, amountMinor) });
  },
};
const loadedAt = nowMs();
const program = openStoreProgram(configOf(folder, counterIds), {
  devices: devicesOf(counterIds, remembering),
  report: () => undefined,
});
if ('reason' in program) throw new Error(program.detail);
const openedAt = nowMs();
let firstAt = 0;
const paid = new Set<string>();
// Nothing was committed since the opening: all of it happens in later ticks.
const head = program.database.prepare<[], number>('SELECT max(sequence) FROM journal').pluck().get() ?? 0;
program.runtime.subscribe({ addresses: ['payment/*'] }, head, ({ address, status }) => {
  if (status !== 'success') return;
  firstAt ||= nowMs();
  paid.add(address);
  if (paid.size === charged.size)
    console.log(JSON.stringify({ loadedAt, openedAt, firstAt, lastAt: nowMs(), ...stored() }));
  if (paid.size === charged.size) process.exit(0);
});

const stored = (): Readonly<Record<string, number>> => ({
  paid:
    program.database.prepare<[], number>(`SELECT count(*) FROM payments WHERE status = 'success'`).pluck().get() ?? 0,
});
