import type { Address } from '../domain/address.ts';
import type { Message } from '../domain/message.ts';
import type { Ack } from '../domain/ports.ts';
import type { Operator } from '../domain/roles.ts';

/** A message that begins a causal chain: what comes from outside the commit. */
export interface Envelope {
  readonly to: Address;
  /** A client's command id, or one made from what caused it. */
  readonly id: string;
  readonly event: Message;
  readonly by: Operator;
  readonly origin: Origin;
}

export type Origin =
  /** A command: it is all or nothing, and its answer is remembered. */
  | { readonly type: 'client'; readonly digest: string; readonly acknowledge: (ack: Ack) => void }
  /** The end of a device call: ends its outbox row. */
  | { readonly type: 'effect'; readonly effectId: string }
  /** What a device says by itself. */
  | { readonly type: 'device' }
  | { readonly type: 'timer'; readonly timerId: string; readonly generation: number }
  /** The program was started: `superseded` device calls of the last run are not performed again, their actor asks first. */
  | { readonly type: 'restart'; readonly superseded: readonly string[] }
  /** Support sends a kept message on. */
  | { readonly type: 'fault'; readonly faultId: string };
