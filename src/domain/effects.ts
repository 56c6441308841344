import type { CardReference, CardRequest } from './card.ts';
import type { Address } from './address.ts';
import type { RefusalReason } from './errors.ts';
import type { Fact } from './facts.ts';
import type { Receipt } from './receipt.ts';
import type { Message } from './message.ts';

/**
 * What a machine may ask for: named effects with data. A machine never performs one; the runtime does, after the commit.
 * `tell`, `record`, `answer` and `refuse` stay inside the commit; the others are device calls and leave the process.
 */
export interface Tell {
  readonly to: Address;
  readonly event: Message;
}
export interface PrintRequest {
  /** Who hears of the outcome: the order. */
  readonly requester: Address;
  readonly jobId: string;
  readonly receipt: Receipt;
  /** A second print of the same receipt is marked COPY. */
  readonly copy: boolean;
}
export interface PrintReference {
  readonly requester: Address;
  readonly jobId: string;
}
export interface DrawerKick {
  readonly kickId: string;
}
export interface DisplayText {
  readonly top: string;
  readonly bottom: string;
}

/** Bodies for `setup({ actions })`: inert, they only give each effect its name and the type of its data. */
export const effects = {
  tell: (_: unknown, _params: Tell): void => {},
  record: (_: unknown, _params: Fact): void => {},
  answer: (_: unknown, _params: Readonly<Record<string, unknown>>): void => {},
  refuse: (_: unknown, _params: { readonly reason: RefusalReason; readonly detail: string }): void => {},
  connectDevice: (_: unknown): void => {},
  authorizeCard: (_: unknown, _params: CardRequest): void => {},
  /** Tells the terminal that its approval is on our disk; without it a terminal may take the payment back by itself. */
  confirmCard: (_: unknown, _params: CardReference): void => {},
  queryCard: (_: unknown, _params: CardReference): void => {},
  reverseCard: (_: unknown, _params: CardRequest): void => {},
  refundCard: (_: unknown, _params: CardRequest): void => {},
  abortCard: (_: unknown, _params: CardReference): void => {},
  printReceipt: (_: unknown, _params: PrintRequest): void => {},
  queryPrint: (_: unknown, _params: PrintReference): void => {},
  openDrawer: (_: unknown, _params: DrawerKick): void => {},
  showText: (_: unknown, _params: DisplayText): void => {},
} as const;

export type EffectType = keyof typeof effects;

/** What the runtime sends back to the actor that asked, when a device call has ended. `request` is the effect's own data. */
export const outcomeEvents = {
  connectDevice: 'CONNECT_ENDED',
  authorizeCard: 'AUTHORIZE_ENDED',
  confirmCard: 'CONFIRM_ENDED',
  queryCard: 'QUERY_ENDED',
  reverseCard: 'REVERSE_ENDED',
  refundCard: 'REFUND_ENDED',
  abortCard: 'ABORT_ENDED',
  printReceipt: 'PRINT_ENDED',
  queryPrint: 'PRINT_QUERY_ENDED',
  openDrawer: 'DRAWER_ENDED',
  showText: 'SHOW_ENDED',
} as const satisfies Partial<Record<EffectType, string>>;

export type DeviceEffectType = keyof typeof outcomeEvents;
