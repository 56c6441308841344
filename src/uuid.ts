const chancesAtOnce = 256;

/**
 * UUID v7 (RFC 9562): 48 bits of milliseconds, then a counter that never goes back within a millisecond, then chance.
 * Sorted by time, so that rows keyed by it are appended, not scattered.
 */
export function createUuids(nowMs: () => number, randomBytes: (length: number) => Uint8Array): () => string {
  let lastMs = 0;
  let counter = 0;
  let chances: Uint8Array = new Uint8Array(0);
  let used = 0;
  /** Chance is fetched for many ids at once: one call to the system costs as much as a transition. */
  const nextChance = (): Buffer => {
    if (used === chances.length) {
      chances = randomBytes(8 * chancesAtOnce);
      used = 0;
    }
    used += 8;
    return Buffer.from(chances.subarray(used - 8, used));
  };
  return () => {
    const ms = nowMs();
    counter = ms > lastMs ? 0 : counter + 1;
    // A clock that went back, or 4096 ids in one millisecond: the id's time runs ahead a little.
    if (ms > lastMs) lastMs = ms;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = 0;
    }
    const time = lastMs.toString(16).padStart(12, '0');
    const middle = counter.toString(16).padStart(3, '0');
    const chance = nextChance();
    chance[0] = ((chance[0] ?? 0) & 0x3f) | 0x80;
    const tail = chance.toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${middle}-${tail.slice(0, 4)}-${tail.slice(4)}`;
  };
}
