/** Says after which commands the store is killed, and how long after: by a seed, so that a run can be repeated. */
export interface KillPlan {
  /** Called for each command that is sent; milliseconds until the kill, or null. */
  readonly next: () => number | null;
}

/** Longest wait between a command and the kill it brings: long enough to fall into the commit or behind it. */
const delayMaxMs = 6;

/** Kills about every `commands` commands; null: never. */
export function createKillPlan(commands: number | null, seed: number): KillPlan {
  if (commands === null) return { next: () => null };
  const random = createRandom(seed);
  const wait = (): number => 1 + Math.floor(random() * (2 * commands - 1));
  let left = wait();
  return {
    next() {
      left -= 1;
      if (left > 0) return null;
      left = wait();
      return random() * delayMaxMs;
    },
  };
}

/** Mulberry32: small, and the same everywhere. */
function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
