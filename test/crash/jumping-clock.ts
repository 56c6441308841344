import type { Clock } from '../../src/domain/clock.ts';

/** Time that stands still while anything happens, and jumps to the next timer when asked: two minutes of waiting take none. */
export interface JumpingClock extends Clock {
  /** To the next timer; false where none is set. */
  jump(): boolean;
  /** Goes up with everything that happens. */
  activity(): number;
}

interface Entry {
  readonly dueAt: number;
  readonly call: () => void;
}

export function createJumpingClock(startAt: number): JumpingClock {
  const entries = new Set<Entry>();
  let now = startAt;
  let activity = 0;

  const fireDue = (): void => {
    const due = [...entries].filter(({ dueAt }) => dueAt <= now).toSorted((a, b) => a.dueAt - b.dueAt);
    for (const entry of due) {
      // One that fired before may have called this one off.
      if (!entries.delete(entry)) continue;
      activity += 1;
      entry.call();
    }
  };
  return {
    now: () => now,
    after(delayMs, call) {
      const entry = { dueAt: now + delayMs, call };
      entries.add(entry);
      if (delayMs <= 0) setImmediate(fireDue);
      return () => void entries.delete(entry);
    },
    soon(call) {
      setImmediate(() => {
        activity += 1;
        now += 1;
        call();
        fireDue();
      });
    },
    jump() {
      if (entries.size === 0) return false;
      now = Math.max(now, Math.min(...[...entries].map(({ dueAt }) => dueAt)));
      fireDue();
      return true;
    },
    activity: () => activity,
  };
}

/** Until the count has not changed for a few turns of the loop. */
export async function untilQuiet(count: () => number): Promise<void> {
  let seen = -1;
  for (let quiet = 0; quiet < 6;) {
    await new Promise((resolve) => void setImmediate(resolve));
    const now = count();
    quiet = now === seen ? quiet + 1 : 0;
    seen = now;
  }
}
