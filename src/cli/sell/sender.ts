import type { Address } from '../../domain/address.ts';
import { refusalReasons, type RefusalReason } from '../../domain/errors.ts';
import type { ShiftReport } from '../../domain/facts.ts';
import type { Message } from '../../domain/message.ts';
import type { Accepted, Ack, Command, Refused, Store } from '../../domain/ports.ts';
import type { Operator } from '../../domain/roles.ts';

/** Gives commands to the store. One that got no answer is sent again with its own id before anything else is said. */
export interface Sender {
  send(to: Address, event: Message): Promise<Ack>;
  /** The answer to a command that had none; `null` where all were answered. */
  sendAgain(): Promise<Ack | null>;
  hasUnsent(): boolean;
}

export interface SenderDeps {
  readonly store: Store;
  readonly operator: Operator;
  /** UUID v7. */
  readonly newId: () => string;
}

/** Reasons that pass: the same command, with the same id, is right later. */
const passing: readonly RefusalReason[] = ['unreachable', 'busy', 'storage', 'stopping'];

export const createSender = ({ store, operator, newId }: SenderDeps): Sender => {
  let unsent: { readonly to: Address; readonly command: Command } | null = null;
  const give = async (to: Address, command: Command): Promise<Ack> => {
    const ack = await store.send(to, command);
    unsent = !ack.ok && passing.includes(ack.reason) ? { to, command } : null;
    return ack;
  };
  return {
    async send(to, event) {
      const before = unsent;
      if (before !== null) {
        const ack = await give(before.to, before.command);
        // Never two commands in another order than they were given.
        if (!ack.ok) return ack;
      }
      return give(to, { id: newId(), operator, event });
    },
    sendAgain: async () => (unsent === null ? null : give(unsent.to, unsent.command)),
    hasUnsent: () => unsent !== null,
  };
};

/** What a cashier can do about it, where the reason alone does not say. */
const remedies: Partial<Record<RefusalReason, string>> = {
  'unknown-code': 'Find it by name: f milk',
  'unknown-tender': 'c is card, p is cash',
  'amount-too-large': 'A card takes at most what is due; cash gives change',
  'payment-pending': 'Wait for it, or a to abort',
  'order-empty': 'Scan something first',
  'day-closed': 'Start again with --role supervisor to open it',
  'not-allowed': 'Ask a supervisor: --role supervisor',
  unreachable: 'Enter sends it again; it has one effect, however often',
  busy: 'Enter sends it again',
  storage: 'Make room on the disk; Enter sends it again',
  faulted: 'Call support: storefirst status',
};

/** What goes first, by the status of the counter, where a command does not fit it. */
const notNow: Readonly<Record<string, string>> = {
  idle: 'There is no bill: scan or type a code first',
  selling: 'A bill is open: pay it (c or p), suspend it (s) or cancel it (k) first',
  tendering: 'The bill is being paid: finish that, or b goes back to selling',
  counting: 'The counter is being counted',
  locked: 'The counter is locked',
  closed: 'The counter is closed',
};

/** Why the store refused, and what to do. `status`: of the counter. */
export const refusalText = ({ reason, detail }: Refused, status: string): readonly string[] => {
  if (reason === 'not-now') return [`✗ That does not go now. ${notNow[status] ?? detail}.`];
  const remedy = remedies[reason];
  return [`✗ ${refusalReasons[reason]}`, `  ${detail}${remedy === undefined ? '' : `. ${remedy}`}.`];
};

/** The shift report in an answer to X_REPORT or COUNT. */
export const reportIn = (ack: Accepted): ShiftReport | null => (ack.answer['report'] ?? null) as ShiftReport | null;
