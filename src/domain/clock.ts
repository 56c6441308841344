/** Time and the event loop, from outside: real in the program, seeded in a simulation. */
export interface Clock {
  readonly now: () => number;
  /** Calls once after a delay; the returned function calls it off. */
  readonly after: (delayMs: number, call: () => void) => () => void;
  /** Calls once when the messages that are ready now have been taken in. */
  readonly soon: (call: () => void) => void;
}
