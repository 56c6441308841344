import type { ActorKind } from './address.ts';
import type { Sale } from './sale.ts';
import { changeOf, dueOf, totalOf, unsurePayments } from './sale.ts';

/** Public status words, from the machines' state paths: the one place where the two meet. */
const statusWords = {
  counter: {
    closed: 'closed',
    'open.idle': 'idle',
    'open.selling': 'selling',
    'open.tendering': 'tendering',
    'open.locked': 'locked',
    counting: 'counting',
  },
  order: {
    new: 'NEW',
    'pending.building': 'PENDING',
    'pending.tendering': 'PENDING',
    'pending.suspended': 'PENDING',
    paid: 'PAID',
    receipted: 'RECEIPTED',
    cancelled: 'CANCELLED',
  },
  payment: {
    initiated: 'initiated',
    authorizing: 'initiated',
    asking: 'initiated',
    unknown: 'unknown',
    needsOperator: 'unknown',
    success: 'success',
    reversing: 'reversing',
    reversalWaiting: 'reversing',
    reversalAsking: 'reversing',
    reversalUnsure: 'reversing',
    failed: 'failed',
    reversed: 'reversed',
  },
  refund: {
    initiated: 'initiated',
    refunding: 'initiated',
    asking: 'initiated',
    unknown: 'unknown',
    success: 'success',
    failed: 'failed',
  },
  'store-day': { closed: 'closed', open: 'open', closing: 'closing' },
} as const satisfies Partial<Record<ActorKind, Readonly<Record<string, string>>>>;

/** Devices speak for themselves: their first state word is what a person calls it. */
export const statusOf = (kind: ActorKind, state: string): string => {
  const words: Readonly<Record<string, string>> | undefined =
    kind in statusWords ? statusWords[kind as keyof typeof statusWords] : undefined;
  return words?.[state] ?? state.split('.')[0] ?? state;
};

/** What a frontend sees of an actor's context. An order shows its lines with their prices side by side. */
export const dataOf = (
  kind: ActorKind,
  state: string,
  context: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> =>
  kind === 'order' ? orderData(context as unknown as Sale, state) : { ...context, phase: state };

function orderData(sale: Sale, state: string): Readonly<Record<string, unknown>> {
  const { priced, offers: _offers, rules, header: _header, lines, ...rest } = sale;
  return {
    ...rest,
    phase: state,
    currency: rules.currency,
    lines: lines.map((line, index) => ({ ...line, ...priced.lines[index] })),
    totals: priced.totals,
    totalMinor: totalOf(sale),
    dueMinor: dueOf(sale),
    changeMinor: changeOf(sale),
    unsurePayments: unsurePayments(sale),
  };
}
