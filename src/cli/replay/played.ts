import type { Note } from './deviation.ts';
import type { Script } from './script.ts';
import type { TillTransaction } from './till-log.ts';

/** A transaction, and what became of it in the store. */
export interface Played {
  readonly transaction: TillTransaction;
  readonly script: Script;
  /** Null where nothing was rung. */
  readonly orderId: string | null;
  readonly end: 'paid' | 'cancelled' | 'suspended' | 'nothing' | 'training';
  readonly notes: readonly Note[];
}
