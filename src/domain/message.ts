import type { Operator } from './roles.ts';

/** What an actor is told: a type in capitals, and data that survives JSON. */
export interface Message {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** What the runtime puts on every event before a machine sees it: a replay feeds the same again. */
export interface Stamp {
  /** Wall clock of the turn, milliseconds. */
  readonly at: number;
  readonly by: Operator;
}
