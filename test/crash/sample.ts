/** A part of a list by a seed: the same part for the same seed. */
export function sample<T>(all: readonly T[], share: number, leastCount: number, seed: number): readonly T[] {
  const count = Math.min(all.length, Math.max(leastCount, Math.ceil(all.length * share)));
  if (count === all.length) return all;
  const random = createRandom(seed);
  return all
    .map((one, index) => ({ one, index, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .slice(0, count)
    .toSorted((a, b) => a.index - b.index)
    .map(({ one }) => one);
}

/** From 0 up to 1; mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A number for a text, to give each flow its own part. */
export const seedOf = (text: string, seed: number): number =>
  Buffer.from(text).reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, seed);

/** Jobs side by side, each lane one after the other. */
export async function inLanes(jobs: readonly ((lane: number) => Promise<void>)[], lanes: number): Promise<void> {
  const left = [...jobs];
  const work = async (lane: number): Promise<void> => {
    for (let job = left.shift(); job !== undefined; job = left.shift()) await job(lane);
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, (_, lane) => work(lane)));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
