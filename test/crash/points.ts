import type { Clock } from '../../src/domain/clock.ts';
import type { Commit, Journal } from '../../src/domain/journal.ts';
import type { Device, Devices } from '../../src/domain/ports.ts';

/** What happens at a point: the process dies, or the disk is full from there on. */
export interface Strike {
  readonly at: number;
  readonly action: 'kill' | 'fill';
}

/**
 * The moments at which a store may die: before and after each commit, each device call, each timer and each word of a
 * device. They lie around the store's own parts; no line of the store knows of them.
 */
export interface CrashPoints {
  hit(label: string): void;
  /** Counts from here; the strike comes at the n-th point, n from 1. Null: count only. */
  arm(strike: Strike | null): void;
  /** Points passed since armed. */
  count(): number;
  /** Their labels, the first ones. */
  labels(): readonly string[];
}

/** Labels kept; a flow has a hundred or two. */
const labelsMax = 5000;

export function createCrashPoints(act: (action: Strike['action'], label: string) => void): CrashPoints {
  let strike: Strike | null = null;
  let labels: string[] = [];
  let count = 0;
  return {
    hit(label) {
      count += 1;
      if (labels.length < labelsMax) labels.push(label);
      if (count === strike?.at) act(strike.action, label);
    },
    arm(next) {
      strike = next;
      labels = [];
      count = 0;
    },
    count: () => count,
    labels: () => labels,
  };
}

/** `committed` is called when the transaction is on disk and before anybody hears of it. */
export const withPointsAtJournal = (journal: Journal, points: CrashPoints, committed: () => void): Journal => ({
  ...journal,
  commit(commit) {
    const name = nameOf(commit);
    points.hit(`before commit ${name}`);
    const first = journal.commit(commit);
    committed();
    points.hit(`after commit ${name}`);
    return first;
  },
});

/** Kinds and events only: the same in each run. */
const nameOf = ({ turns, answers }: Commit): string => {
  const names = turns.map(({ address, event }) => `${address.split('/')[0]} ${event.type}`);
  return names.length === 0 ? `of ${answers.length} answers` : [...new Set(names)].join(', ');
};

export const withPointsAtDevices = (devices: Devices, points: CrashPoints): Devices => ({
  terminals: wrapAll(
    devices.terminals,
    'terminal',
    ['authorize', 'confirm', 'query', 'reverse', 'refund', 'abort'],
    points,
  ),
  printers: wrapAll(devices.printers, 'printer', ['print', 'query'], points),
  drawers: wrapAll(devices.drawers, 'drawer', ['open'], points),
  displays: wrapAll(devices.displays, 'display', ['show'], points),
  scanners: wrapAll(devices.scanners, 'scanner', [], points),
});

function wrapAll<D extends Device>(
  devices: ReadonlyMap<string, D>,
  kind: string,
  verbs: readonly (keyof D & string)[],
  points: CrashPoints,
): ReadonlyMap<string, D> {
  return new Map([...devices].map(([id, device]) => [id, wrap(device, kind, verbs, points)]));
}

type Verb = (request: unknown) => Promise<unknown>;

function wrap<D extends Device>(device: D, kind: string, verbs: readonly (keyof D & string)[], points: CrashPoints): D {
  const around =
    (name: string, call: Verb): Verb =>
    async (request) => {
      points.hit(`before ${kind} ${name}`);
      const answer = await call(request);
      points.hit(`after ${kind} ${name}`);
      return answer;
    };
  const connect: Device['connect'] = (listener) =>
    around('connect', () =>
      device.connect((event) => {
        points.hit(`before ${kind} says ${event.type}`);
        listener(event);
      }),
    )(undefined) as ReturnType<Device['connect']>;
  // A verb is a function of one request; which one, the type of the device says.
  const wrapped = verbs.map((name) => [name, around(name, device[name] as Verb)]);
  return { ...device, ...Object.fromEntries(wrapped), connect } as D;
}

export const withPointsAtClock = (clock: Clock, points: CrashPoints): Clock => ({
  ...clock,
  after: (delayMs, call) =>
    clock.after(delayMs, () => {
      points.hit('before a timer');
      call();
    }),
});
