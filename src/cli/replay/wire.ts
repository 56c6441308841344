import type { Address } from '../../domain/address.ts';
import type { Ack, Command } from '../../domain/ports.ts';
import type { Config } from '../../config.ts';

/** What the replay tells the store's process over its pipe. */
export type ToStore =
  | { readonly type: 'start'; readonly start: StoreStart }
  /** The next day of the log has come. */
  | { readonly type: 'day'; readonly day: number }
  | { readonly type: 'send'; readonly request: Request }
  | { readonly type: 'stop' };

export interface StoreStart {
  readonly config: Config;
  readonly day: number;
  /** Wall clock when the replay began: the clock of the store goes on from there after each restart. */
  readonly beganAt: number;
}

export interface Request {
  readonly to: Address;
  readonly command: Command;
  /** Answer only when no payment of the order is under way any more. */
  readonly untilPaid: boolean;
}

export type FromStore =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly detail: string }
  | { readonly type: 'answer'; readonly id: string; readonly answer: Answer };

export interface Answer {
  readonly ack: Ack;
  /** The order after its payments settled, where that was asked for. */
  readonly order: OrderState | null;
}
export interface OrderState {
  readonly status: string;
  readonly dueMinor: number;
}
