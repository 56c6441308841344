/** Every reason for which the store refuses a command: closed, so that a frontend can translate each one. */
export const refusalReasons = {
  'not-now': 'The actor does not take this command in its present state.',
  'not-allowed': 'The operator’s role may not give this command.',
  'bad-command': 'The command is malformed; the detail says which field.',
  'unknown-actor': 'No such actor.',
  'unknown-code': 'No product has this code.',
  'unknown-line': 'The order has no such line, or it was voided already.',
  'unknown-order': 'No such order, or it is not suspended.',
  'unknown-payment': 'The order has no such payment.',
  'unknown-tender': 'The store takes no tender of this name.',
  'unknown-receipt': 'No such receipt.',
  'quantity-needed': 'The product is weighed: give its weight.',
  'amount-needed': 'An amount above zero is needed.',
  'amount-too-large': 'The amount is above what this tender or the order allows.',
  'order-empty': 'The order has no lines.',
  'order-full': 'The order has reached its largest number of lines.',
  'payment-pending': 'A payment of this order is still under way.',
  'returned-already': 'More would be returned than was sold.',
  'day-closed': 'The store day is not open.',
  'day-open': 'The store day is open already.',
  'counters-open': 'Counters are still open.',
  'business-date': 'The business date must be later than the last one.',
  'id-reused': 'This command id was used for another command.',
  busy: 'Too many commands are waiting; send it again with the same id.',
  faulted: 'An actor that takes part has stopped; support must look at it.',
  storage: 'The store could not write (disk full?); nothing was done, send it again with the same id.',
  stopping: 'The store is shutting down; send it again with the same id.',
  unreachable: 'The store did not answer; send it again with the same id.',
} as const satisfies Record<string, string>;

export type RefusalReason = keyof typeof refusalReasons;

export interface Refusal {
  readonly reason: RefusalReason;
  /** What exactly is wrong, for a person: names the field, code or line. Never card data. */
  readonly detail: string;
}

/** A broken invariant: stops the one actor that met it. */
export class Broken extends Error {
  override readonly name = 'Broken';
}

export function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Broken(what);
}
