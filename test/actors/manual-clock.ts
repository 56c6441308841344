import type { Clock } from '../../src/domain/clock.ts';

/** A clock that stands still until it is told to go on: each wait ends when its moment comes, in the order of moments. */
export interface ManualClock extends Clock {
  /** Goes on, stopping at each moment that somebody waits for. */
  advance(byMs: number): Promise<void>;
  /** Lets everything happen that needs no time: what is ready, and what answers of devices make ready. */
  settle(): Promise<void>;
  /** Runs what is ready once, without waiting for any promise; false: nothing was. */
  tick(): boolean;
  /** Sets the wall clock, also back. Waits keep their length. */
  set(now: number): void;
}

interface Wait {
  readonly due: number;
  readonly call: () => void;
}

/** Rounds of promises and ready calls that one settling may take; more is a loop. */
const roundsMax = 10_000;

export function createManualClock(start: number): ManualClock {
  let now = start;
  /** Time that has passed, whatever the wall clock says. */
  let passed = 0;
  let ready: (() => void)[] = [];
  let waits: Wait[] = [];

  const tick = (): boolean => {
    const calls = ready;
    ready = [];
    for (const call of calls) call();
    return calls.length > 0;
  };
  const settle = async (): Promise<void> => {
    for (let round = 0, quiet = 0; quiet < 3; round += 1) {
      if (round > roundsMax) throw new Error('it does not come to rest');
      quiet = tick() ? 0 : quiet + 1;
      // A turn of the event loop: whatever promise is fulfilled by now is heard.
      await new Promise((resolve) => void setImmediate(resolve));
    }
  };

  return {
    now: () => now,
    soon: (call) => void ready.push(call),
    after(delayMs, call) {
      const wait = { due: passed + delayMs, call };
      waits.push(wait);
      return () => {
        waits = waits.filter((other) => other !== wait);
      };
    },
    tick,
    settle,
    async advance(byMs) {
      const end = passed + byMs;
      await settle();
      for (;;) {
        const [next] = waits.filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due);
        if (next === undefined) break;
        waits = waits.filter((other) => other !== next);
        now += next.due - passed;
        passed = next.due;
        next.call();
        await settle();
      }
      now += end - passed;
      passed = end;
    },
    set(to) {
      now = to;
    },
  };
}
