/** Counts by word, and the word seen most: the first one of several. */
export interface Tally {
  add(word: string): void;
  readonly top: () => string;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (word) => void counts.set(word, (counts.get(word) ?? 0) + 1),
    top: () => [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0] as [string, number])[0],
  };
}

/** The value of a key, made when it is first asked for. */
export function grow<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
