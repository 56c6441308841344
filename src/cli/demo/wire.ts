import type { Address } from '../../domain/address.ts';
import type { Ack, Command } from '../../domain/ports.ts';
import type { InFlight } from '../status/in-flight.ts';

/** What the demo says to the store process that it started, and hears from it. */
export interface ToStore {
  readonly to: Address;
  readonly command: Command;
}
export type FromStore =
  | { readonly type: 'open'; readonly found: InFlight }
  | { readonly type: 'failed'; readonly detail: string }
  | { readonly type: 'answer'; readonly ack: Ack };
