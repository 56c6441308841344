/** Every bound of the runtime, and what happens at it. */
export const limits = {
  /** Commands that wait for one actor; the next one is refused as `busy`. Answers of devices and timers always get in. */
  mailboxMax: 256,
  /** Commands that wait altogether; above it, `busy`. */
  waitingMax: 20_000,
  /** Messages handled in one commit at most: keeps the wait of the first one short. */
  commitMessagesMax: 128,
  /** Turns that one message may cause in a chain; more is a loop, and stops the actor it began at. */
  chainTurnsMax: 256,
  /** Actors kept in memory; the ones used longest ago are passivated. */
  residentMax: 10_000,
  /** How long the answer to a command is remembered. */
  answerAgeMs: 7 * 86_400_000,
  /** Answers forgotten in one go. */
  forgetMax: 1000,
  forgetEveryMs: 60_000,
  /** Pause after the disk refused a commit. */
  storageRetryMs: 500,
  /** Changes read from the journal at once for a subscriber that catches up. */
  catchUpMax: 500,
  /** Longest sleep of the timer loop: a wall clock that jumps is noticed by then. */
  timerSleepMax: 60_000,
} as const;

/** The bounds of one runtime: a test lowers them. */
export type Limits = { readonly [Name in keyof typeof limits]: number };
