import type { AnyMachineSnapshot } from 'xstate';
import { actorKinds, kindOf, type ActorKind, type Address } from '../domain/address.ts';
import { assert, Broken } from '../domain/errors.ts';
import type { ActorWrite, Journal, StoredActor } from '../domain/journal.ts';
import type { Kinds, Persisted } from './kinds.ts';
import type { Limits } from './limits.ts';
import { createStepper, type Stepper } from './step.ts';

/** An actor in memory. Immutable: a turn makes a new one, a commit that fails forgets it. */
export interface Live {
  readonly snapshot: AnyMachineSnapshot;
  readonly revision: number;
  /** The revision on disk; 0: not there yet. */
  readonly storedRevision: number;
}

/** What stands on disk of this actor cannot be understood: a newer program wrote it, or a migration is missing. */
export class Unreadable extends Broken {
  readonly of: Address;
  readonly revision: number;
  constructor(of: Address, revision: number, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.of = of;
    this.revision = revision;
  }
}

export interface LiveActors {
  readonly stepper: (kind: ActorKind) => Stepper;
  /** One that cannot be on disk yet. */
  fresh(of: Address): Live;
  /** From memory, else from disk, else new. Throws Unreadable where a snapshot cannot be understood. */
  get(of: Address): Live;
  /** The same for who only looks. */
  look(of: Address): Live | Unreadable;
  /** Takes over what was committed, and passivates what was not used for longest. */
  keep(actors: ReadonlyMap<Address, Live>): void;
  forgetAll(): void;
  toWrite(of: Address, live: Live): ActorWrite;
  resident(): number;
}

export function createLiveActors(journal: Journal, kinds: Kinds, limits: Limits): LiveActors {
  const steppers = new Map(actorKinds.map((kind) => [kind, createStepper(kinds[kind])]));
  const cache = new Map<Address, Live>();
  const json = createSnapshotJson();
  const stepper = (kind: ActorKind): Stepper => {
    const found = steppers.get(kind);
    assert(found !== undefined, `${kind} has a machine`);
    return found;
  };

  const fresh = (of: Address): Live => ({ snapshot: stepper(kindOf(of)).initial, revision: 0, storedRevision: 0 });
  const load = (of: Address): Live => {
    const stored = journal.load(of);
    if (stored === null) return fresh(of);
    const { revision } = stored;
    try {
      const snapshot = stepper(kindOf(of)).restore(upToDate(of, stored, kinds));
      return { snapshot, revision, storedRevision: revision };
    } catch (error) {
      throw new Unreadable(of, revision, error);
    }
  };

  return {
    stepper,
    fresh,
    get: (of) => cache.get(of) ?? load(of),
    look(of) {
      try {
        return cache.get(of) ?? load(of);
      } catch (error) {
        if (error instanceof Unreadable) return error;
        throw error;
      }
    },
    keep(actors) {
      for (const [of, live] of actors) {
        // Last in is last out: a Map keeps the order of insertion.
        cache.delete(of);
        cache.set(of, { ...live, storedRevision: live.revision });
      }
      for (const of of cache.keys()) {
        if (cache.size <= limits.residentMax) break;
        cache.delete(of);
      }
    },
    forgetAll: () => cache.clear(),
    resident: () => cache.size,
    toWrite: (of, { snapshot, revision, storedRevision }) => ({
      address: of,
      kind: kindOf(of),
      version: kinds[kindOf(of)].version,
      revision,
      storedRevision,
      state: pathOf(snapshot.value),
      inFlight: snapshot.hasTag('in-flight'),
      snapshot: json(stepper(kindOf(of)).persist(snapshot)),
    }),
  };
}

/**
 * Writes snapshots as JSON. Contexts are immutable and most of one is the same object as before (the lines of an order that is
 * being paid), so the text of each part is remembered as long as the part lives.
 */
function createSnapshotJson(): (persisted: Persisted) => string {
  const texts = new WeakMap<object, string>();
  const textOf = (part: unknown): string => {
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    const known = texts.get(part) ?? JSON.stringify(part);
    texts.set(part, known);
    return known;
  };
  return ({ value, context }) => {
    const parts = Object.entries(context)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => `${JSON.stringify(name)}:${textOf(part)}`);
    return `{"value":${JSON.stringify(value)},"context":{${parts.join(',')}}}`;
  };
}

/** A snapshot of an older machine is carried forward version by version. */
function upToDate(of: Address, stored: StoredActor, kinds: Kinds): Persisted {
  const { version, migrations } = kinds[kindOf(of)];
  assert(stored.version <= version, `${of} was written by a newer program (version ${stored.version})`);
  let persisted = JSON.parse(stored.snapshot) as Persisted;
  for (let from = stored.version; from < version; from += 1) {
    const migrate = migrations[from];
    assert(migrate !== undefined, `${of}: no migration from version ${from}`);
    persisted = migrate(persisted);
  }
  return persisted;
}

/** `{ pending: 'building' }` → `pending.building`. Machines have no parallel states. */
export function pathOf(value: unknown): string {
  if (typeof value === 'string') return value;
  assert(typeof value === 'object' && value !== null, 'a state value is a word or nested words');
  const [entry] = Object.entries(value);
  assert(entry !== undefined, 'a nested state has a child');
  return `${entry[0]}.${pathOf(entry[1])}`;
}
