import { address, type Address } from '../domain/address.ts';
import type { Refusal } from '../domain/errors.ts';
import type { Operator } from '../domain/roles.ts';
import type { StoreReader } from '../domain/settings.ts';

/** What a message may read before its machine sees it. All of it ends up in the event, so that a replay feeds the same again. */
export interface Reads {
  readonly store: StoreReader;
  /** Context of another actor as it stands inside this commit; null: it does not exist. */
  readonly contextOf: (of: Address) => unknown;
  readonly stateOf: (of: Address) => string | null;
  /** The next receipt number of a counter; taken only by an order that becomes PAID. */
  readonly nextReceipt: (counterId: string) => number;
  readonly newId: () => string;
  readonly at: number;
  readonly by: Operator;
}

export const isRefusal = (prepared: object): prepared is Refusal =>
  'reason' in prepared && 'detail' in prepared && !('type' in prepared);

export const storeDay = address('store-day', 'main');

export const numberOr = (value: unknown): number | null => (typeof value === 'number' ? value : null);
