import { assert } from './errors.ts';
import { multiplyHalfUp, split } from './money.ts';
import type { GroupOffer } from './offers.ts';

/** Pieces of one order line, all alike. `leftPieces` goes down as groups take them. */
export interface Run {
  readonly line: number;
  /** Price of a piece without offers, and with the best offer on single pieces. */
  readonly listMinor: number;
  readonly netMinor: number;
  /** Sorts what is equal in price by content, so that the order of scans makes no difference. */
  readonly content: string;
  leftPieces: number;
}

/** All pieces that one offer, or one set of offers, may group. */
export interface Pool {
  readonly key: string;
  /** One entry for bundle and mix; for a set one a group. */
  readonly parts: readonly PoolPart[];
}

export interface PoolPart {
  readonly offer: GroupOffer;
  readonly runs: readonly Run[];
}

/** What a group takes off a line. */
export interface Take {
  readonly run: Run;
  readonly offer: GroupOffer;
  readonly pieces: number;
  readonly reductionMinor: number;
}

interface Member {
  readonly run: Run;
  readonly offer: GroupOffer;
  readonly pieces: number;
}

/** The same group, `times` over. */
interface Group {
  readonly members: readonly Member[];
  readonly times: number;
}

/**
 * Groups pieces where that is cheaper for the customer than their single prices. One piece is in one group at most, and then has no other offer.
 * Offers are taken by what each would save alone, the most first, then by key; within one, the dearest pieces are grouped first.
 */
export const groupPieces = (pools: readonly Pool[]): readonly Take[] => {
  return rank(pools).flatMap((pool) => {
    const takes = evaluate(pool);
    for (const { run, pieces } of takes) run.leftPieces -= pieces;
    assert(
      takes.every(({ run }) => run.leftPieces >= 0),
      'no piece is in two groups',
    );
    return takes;
  });
};

const rank = (pools: readonly Pool[]): readonly Pool[] => {
  if (pools.length < 2) return pools;
  return pools
    .map((pool) => ({ pool, saved: savings(evaluate(pool)) }))
    .toSorted((a, b) => b.saved - a.saved || compareText(a.pool.key, b.pool.key))
    .map(({ pool }) => pool);
};

const savings = (takes: readonly Take[]): number =>
  takes.reduce(
    (sum, { run, pieces, reductionMinor }) => sum + reductionMinor - (run.listMinor - run.netMinor) * pieces,
    0,
  );

/** What a pool would take of the pieces that are left. */
const evaluate = (pool: Pool): readonly Take[] =>
  formGroups(pool).flatMap(({ members, times }) => {
    const reductions = reduceGroup(members);
    const takes = members.map(({ run, offer, pieces }, index) => ({
      run,
      offer,
      pieces: pieces * times,
      reductionMinor: (reductions[index] ?? 0) * times,
    }));
    return savings(takes) > 0 ? takes : [];
  });

const formGroups = ({ parts }: Pool): readonly Group[] => {
  const [first] = parts;
  assert(first !== undefined, 'a pool has a part');
  const { offer } = first;
  return offer.type === 'mix-set' ? formSets(parts) : formCounts(offer, offer.pieces, first.runs);
};

/** Groups of `size` pieces, the dearest first. */
const formCounts = (offer: GroupOffer, size: number, runs: readonly Run[]): readonly Group[] => {
  assert(Number.isSafeInteger(size) && size > 0, 'an offer groups at least one piece');
  const groups: Group[] = [];
  let members: Member[] = [];
  let missing = size;
  for (const run of runs.toSorted(dearestFirst)) {
    let left = run.leftPieces;
    if (missing < size && left > 0) {
      const pieces = Math.min(left, missing);
      members.push({ run, offer, pieces });
      left -= pieces;
      missing -= pieces;
    }
    if (missing === 0) {
      groups.push({ members, times: 1 });
      [members, missing] = [[], size];
    }
    if (missing < size || left === 0) continue;
    const times = Math.floor(left / size);
    if (times > 0) groups.push({ members: [{ run, offer, pieces: size }], times });
    const rest = left - times * size;
    if (rest > 0) [members, missing] = [[{ run, offer, pieces: rest }], size - rest];
  }
  return groups;
};

/** One piece of each part together, as often as all parts have one; those that lose least by it first. */
const formSets = (parts: readonly PoolPart[]): readonly Group[] => {
  const left = new Map(parts.flatMap(({ runs }) => runs.map((run) => [run, run.leftPieces])));
  const queues = parts.map(({ offer, runs }) => ({ offer, runs: runs.toSorted(leastLossFirst), next: 0 }));
  const groups: Group[] = [];
  for (;;) {
    const uses = new Map<Run, number>();
    const free = (run: Run): number => (left.get(run) ?? 0) - (uses.get(run) ?? 0);
    const members: Member[] = [];
    for (const queue of queues) {
      const run = nextFree(queue, left, free);
      if (run === undefined) return groups;
      uses.set(run, (uses.get(run) ?? 0) + 1);
      members.push({ run, offer: queue.offer, pieces: 1 });
    }
    const times = Math.min(...[...uses].map(([run, count]) => Math.floor((left.get(run) ?? 0) / count)));
    for (const [run, count] of uses) left.set(run, (left.get(run) ?? 0) - count * times);
    groups.push({ members, times });
  }
};

interface Queue {
  readonly runs: readonly Run[];
  /** Runs before this one are used up. */
  next: number;
}

const nextFree = (queue: Queue, left: ReadonlyMap<Run, number>, free: (run: Run) => number): Run | undefined => {
  const isUsedUp = (run: Run | undefined): boolean => run !== undefined && left.get(run) === 0;
  while (isUsedUp(queue.runs[queue.next])) queue.next += 1;
  for (let index = queue.next; index < queue.runs.length; index += 1) {
    const run = queue.runs[index];
    if (run !== undefined && free(run) > 0) return run;
  }
  return undefined;
};

/** What each member of one group is reduced by. */
const reduceGroup = (members: readonly Member[]): readonly number[] => {
  const prices = members.map(({ run, pieces }) => run.listMinor * pieces);
  const priceMinor = prices.reduce((sum, each) => sum + each, 0);
  const offer = members[0]?.offer;
  assert(offer !== undefined, 'a group has members');
  switch (offer.type) {
    case 'bundle':
    case 'mix-bundle':
      return split(Math.max(0, priceMinor - offer.priceMinor), prices);
    case 'mix-set':
      return split(Math.min(priceMinor, smallestAmount(members)), prices);
    case 'mix-cheapest': {
      const cheapestMinor = Math.min(...members.map(({ run }) => run.listMinor));
      const cheapest = members.findLastIndex(({ run }) => run.listMinor === cheapestMinor);
      return members.map((_, index) =>
        index === cheapest ? multiplyHalfUp(cheapestMinor, offer.percentHundredths, 10_000) : 0,
      );
    }
  }
};

/** Offers of one set should agree on the amount; where they do not, the smallest counts. */
const smallestAmount = (members: readonly Member[]): number =>
  Math.min(...members.map(({ offer }) => (offer.type === 'mix-set' ? offer.amountMinor : 0)));

const dearestFirst = (a: Run, b: Run): number =>
  b.netMinor - a.netMinor || b.listMinor - a.listMinor || compareText(a.content, b.content) || a.line - b.line;

const leastLossFirst = (a: Run, b: Run): number =>
  a.listMinor - a.netMinor - (b.listMinor - b.netMinor) || dearestFirst(a, b);

/** By code units: the same on each machine, whatever its language. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
