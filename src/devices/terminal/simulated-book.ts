import type { CardApproval, CardFailure, CardRequest } from '../../domain/card.ts';
import type { CardQueryOutcome, ConfirmOutcome, ReversalOutcome } from '../../domain/ports.ts';
import type { DeviceMemory } from '../memory.ts';

/** One charge or refund as the terminal knows it. */
export interface CardEntry extends CardApproval {
  readonly reference: string;
  readonly kind: 'charge' | 'refund';
  readonly state: 'approved' | 'confirmed' | 'reversed';
}

/** What a simulated terminal and its bank know, by reference, kept line by line in the memory of the device. */
export interface CardBook {
  approve(kind: CardEntry['kind'], request: CardRequest): CardEntry;
  fail(reference: string, reason: CardFailure): void;
  /** Stored unless it was taken back before; a reference without approval is not known to be anything: `no-answer`. */
  confirm(reference: string): ConfirmOutcome;
  reverse(reference: string): ReversalOutcome;
  query(reference: string): CardQueryOutcome;
  readonly entries: () => readonly CardEntry[];
}

type Line =
  | { readonly type: 'approved'; readonly entry: CardEntry }
  | { readonly type: 'failed'; readonly reference: string; readonly reason: CardFailure }
  | { readonly type: 'confirmed' | 'reversed'; readonly reference: string };

/** Entries that a terminal remembers; the oldest are forgotten first. */
const entriesMax = 50_000;

export const createCardBook = (memory: DeviceMemory): CardBook => {
  const booked: CardEntry[] = [];
  const failures = new Map<string, CardFailure>();
  let count = 0;

  const latest = (reference: string): number => booked.findLastIndex((entry) => entry.reference === reference);
  const change = (reference: string, state: CardEntry['state']): void => {
    const at = latest(reference);
    const entry = booked[at];
    if (entry !== undefined) booked[at] = { ...entry, state };
  };
  const read = (line: Line): void => {
    switch (line.type) {
      case 'approved':
        count += 1;
        booked.push(line.entry);
        if (booked.length > entriesMax) booked.splice(0, entriesMax / 2);
        break;
      case 'failed':
        failures.set(line.reference, line.reason);
        if (failures.size > entriesMax) failures.clear();
        break;
      case 'confirmed':
      case 'reversed':
        change(line.reference, line.type);
    }
  };
  const write = (line: Line): void => {
    memory.append(JSON.stringify(line));
    read(line);
  };
  for (const line of memory.load()) read(JSON.parse(line) as Line);

  return {
    approve(kind, { reference, amountMinor }) {
      const entry: CardEntry = { ...approvalOf(count + 1), amountMinor, reference, kind, state: 'approved' };
      write({ type: 'approved', entry });
      return entry;
    },
    fail: (reference, reason) => write({ type: 'failed', reference, reason }),
    confirm(reference) {
      const entry = booked[latest(reference)];
      if (entry === undefined) return { outcome: 'no-answer' };
      if (entry.state === 'reversed') return { outcome: 'reversed' };
      if (entry.state === 'approved') write({ type: 'confirmed', reference });
      return { outcome: 'confirmed' };
    },
    reverse(reference) {
      const entry = booked[latest(reference)];
      if (entry === undefined) return { outcome: 'not-found' };
      if (entry.state !== 'reversed') write({ type: 'reversed', reference });
      return { outcome: 'reversed' };
    },
    query(reference) {
      const entry = booked[latest(reference)];
      if (entry !== undefined) return entry.state === 'reversed' ? { outcome: 'reversed' } : approvedBy(entry);
      const reason = failures.get(reference);
      return reason === undefined ? { outcome: 'not-found' } : { outcome: 'failed', reason };
    },
    entries: () => [...booked],
  };
};

/** What the store may see of an entry. */
export const approvedBy = ({ authCode, maskedPan, scheme, terminalReceipt, amountMinor }: CardEntry) =>
  ({ outcome: 'approved', authCode, maskedPan, scheme, terminalReceipt, amountMinor }) as const;

const approvalOf = (count: number): Omit<CardApproval, 'amountMinor'> => ({
  authCode: String(count % 1_000_000).padStart(6, '0'),
  maskedPan: `************${String(count % 10_000).padStart(4, '0')}`,
  scheme: 'SIMULATED',
  terminalReceipt: String(count),
});
