import {
  initialTransition,
  transition,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type EventFromLogic,
} from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import { effects, outcomeEvents, type DeviceEffectType, type EffectType } from '../../src/domain/effects.ts';
import type { Stamp } from '../../src/domain/message.ts';

/**
 * Model tests for machines: walk every simple path of a machine and hold invariants against what it asked for.
 *
 * - `checkMachine({ machine, start, events, answers, crash, depth, invariants })` performs `start`, then tries in each state: each
 *   of `events` (once a path), each of the `answers` to each call that is still out (in any order, or never), each timer that is
 *   set, and a crash: calls that were out never answer, RESTARTED comes where the state is tagged `in-flight`, then `crash.sends`.
 * - It runs the same pure transition as the runtime, throws for an event that no state handles (also where only guards stand in
 *   its way) and for an invariant that a path breaks, with the shortest part of the path that breaks it. A refused step changes nothing.
 * - A path ends where nothing new follows or after `depth` steps. Where a walk is too wide it throws instead of running on:
 *   offer fewer events a walk and make several walks. A step that changes nothing uses nothing up.
 * - `answers: deviceAnswers({ authorizeCard: [{ outcome: 'approved', … }] })`; for tells write `(effect) => [events]` by hand.
 * - `wander(check, picks)`: one long path by numbers, for fast-check; `traceOf(machine, events)`: exactly these events.
 * - `commands`: types that a client sends; one that no state takes is refused, as the runtime does, not unhandled.
 * - Beside it: state-event-table.ts (state × event → target, refused, ignored; for a file snapshot in tables/) and mutate.ts
 *   (a changed copy of a machine; `expect(() => checkMachine({ machine: mutant, … })).toThrow('name of the invariant')`).
 */

type Unstamped<E> = E extends unknown ? Omit<E, keyof Stamp> : never;
export type ModelEvent<M extends AnyStateMachine> = Unstamped<EventFromLogic<M>>;
interface AnyEvent {
  readonly type: string;
}

/** One effect that a machine asked for, in the order of asking. */
export type Effect = { readonly [K in EffectType]: EffectOf<K> }[EffectType];
interface EffectOf<K extends EffectType> {
  readonly type: K;
  readonly params: Parameters<(typeof effects)[K]>[1];
}

/** One step of a path. */
export interface TraceStep {
  readonly event: AnyEvent;
  readonly from: string;
  readonly to: string;
  readonly effects: readonly Effect[];
  readonly refused: string | null;
  readonly context: unknown;
}
export type Trace = readonly TraceStep[];

/** What must hold on every path: `null`, or what is wrong. It sees whole paths, `start` included. */
export type Invariants = Readonly<Record<string, (trace: Trace) => string | null>>;

export interface Check<M extends AnyStateMachine> {
  readonly machine: M;
  readonly start?: readonly ModelEvent<M>[];
  readonly events: readonly ModelEvent<M>[];
  readonly answers?: (effect: Effect) => readonly AnyEvent[];
  /** Types that a client sends: where no state takes one the runtime refuses it as `not-now`, and nothing changes. */
  readonly commands?: readonly string[];
  /** How many crashes a path may have, and what the program sends after RESTARTED. Without it none. */
  readonly crash?: { readonly times: number; readonly sends?: readonly ModelEvent<M>[] };
  /** How many timers may fire on a path. */
  readonly timers?: number;
  /** Longest path, in steps after `start`. */
  readonly depth: number;
  readonly invariants: Invariants;
}

export interface Walked {
  readonly vertices: number;
  readonly paths: number;
  readonly steps: number;
  /** States (as `a.b`) that some path was in. */
  readonly states: ReadonlySet<string>;
}

const edgesMax = 300_000;
const pathsMax = 1_000_000;
const stamp: Stamp = { at: 1_000_000, by: { id: 'model', role: 'system' } };
const crashEvent = { type: 'the store is killed and started again' };

// ---- one step -------------------------------------------------------------------------------------------------------

interface Node {
  readonly snapshot: AnyMachineSnapshot;
  /** Calls that have not been answered. */
  readonly open: readonly Effect[];
  readonly timers: readonly string[];
  /** How often each event may still be offered; crashes and timers last. */
  readonly left: readonly number[];
  /** What led here. */
  readonly via: readonly TraceStep[];
  readonly distance: number;
  readonly key: string;
}

/** A state value as a path: `busy.querying`; regions side by side with `&`. */
export const nameOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Object.entries(value as Readonly<Record<string, unknown>>)
        .map(([name, inner]) => {
          const rest = nameOf(inner);
          return rest === '' ? name : `${name}.${rest}`;
        })
        .join(' & ');

const isEffect = (type: string): type is EffectType => type in effects;

const take = (
  machine: AnyStateMachine,
  commands: readonly string[],
  { snapshot, timers }: Pick<Node, 'snapshot' | 'timers'>,
  event: AnyEvent,
): { readonly snapshot: AnyMachineSnapshot; readonly timers: readonly string[]; readonly step: TraceStep } => {
  const stamped = { ...event, ...stamp };
  const from = nameOf(snapshot.value);
  const own = machine.getTransitionData(snapshot, stamped);
  if (own.length === 0 && commands.includes(event.type)) {
    const step = { event, from, to: from, effects: [], refused: 'not-now', context: snapshot.context };
    return { snapshot, timers, step };
  }
  if (own.length === 0 && !event.type.startsWith('xstate.after.'))
    throw new Error(`unhandled: ${event.type} in ${from}`);
  const [next, actions] = transition(machine, snapshot, stamped as never);
  if (next.status !== 'active')
    throw new Error(`${from} ended as ${next.status} by ${event.type}: ${String(next.error)}`);
  const asked: Effect[] = [];
  const set = new Set(timers);
  set.delete(event.type);
  for (const { type, params } of actions as readonly {
    readonly type: string;
    readonly params: Readonly<Record<string, unknown>>;
  }[]) {
    if (isEffect(type)) asked.push({ type, params } as Effect);
    if (type === 'xstate.cancel') set.delete(String(params['sendId']));
    if (type === 'xstate.raise' && typeof params['delay'] === 'number') set.add(String(params['id']));
  }
  const refusal = asked.find((one): one is EffectOf<'refuse'> => one.type === 'refuse');
  const refused = refusal === undefined ? null : refusal.params.reason;
  if (refused !== null) {
    return { snapshot, timers, step: { event, from, to: from, effects: [], refused, context: snapshot.context } };
  }
  const to = nameOf(next.value);
  return {
    snapshot: next,
    timers: [...set].toSorted(),
    step: { event, from, to, effects: asked, refused, context: next.context },
  };
};

const keyOf = (node: Omit<Node, 'key' | 'via' | 'distance'>): string =>
  JSON.stringify([node.snapshot.value, node.snapshot.context, node.open, node.timers, node.left]);

const isDeviceEffect = (type: EffectType): type is DeviceEffectType => type in outcomeEvents;

/** What can happen at a node: the event, and what it uses up: a place in `left`, or an open call. */
interface Choice {
  readonly type: string;
  readonly event: AnyEvent;
  readonly uses: number | null;
  readonly answers: number | null;
}

/** A check without the types of its machine. */
interface Plain extends Omit<Check<AnyStateMachine>, 'start' | 'events' | 'crash'> {
  readonly start?: readonly AnyEvent[];
  readonly events: readonly AnyEvent[];
  readonly crash?: { readonly times: number; readonly sends?: readonly AnyEvent[] };
}

const createWalk = (check: Plain) => {
  const { machine } = check;
  const offered = check.events;
  const answersOf = check.answers ?? (() => []);
  const crashAt = offered.length;
  const timerAt = crashAt + 1;
  const waitsForAnswer = (effect: Effect): boolean => isDeviceEffect(effect.type) || answersOf(effect).length > 0;

  const first = (): Node => {
    const [snapshot, actions] = initialTransition(machine);
    const timers = (actions as readonly { readonly type: string; readonly params: { readonly id?: unknown } }[])
      .filter(({ type }) => type === 'xstate.raise')
      .map(({ params }) => String(params.id));
    const left = [...offered.map(() => 1), check.crash?.times ?? 0, check.timers ?? 2];
    const node = { snapshot, open: [], timers, left };
    // An answer among the first events is the answer to the call that is out.
    return (check.start ?? []).reduce<Node>(
      (at, event) => {
        const call = at.open.findIndex(({ type }) => isDeviceEffect(type) && outcomeEvents[type] === event.type);
        const next = after(at, [event], null, call);
        return { ...next, via: [...at.via, ...next.via], distance: 0 };
      },
      { ...node, via: [], distance: 0, key: '' },
    );
  };

  const after = (
    at: Node,
    events: readonly AnyEvent[],
    uses: number | null,
    answers: number | null,
    crashed = false,
  ): Node => {
    let { snapshot, timers } = at;
    const steps: TraceStep[] = [];
    let open = crashed ? [] : at.open.filter((_, index) => index !== answers);
    for (const event of events) {
      const taken = take(machine, check.commands ?? [], { snapshot, timers }, event);
      ({ snapshot, timers } = taken);
      steps.push(taken.step);
      open = [...open, ...taken.step.effects.filter(waitsForAnswer)];
    }
    const idle = steps.every((one) => one.refused !== null || (one.effects.length === 0 && one.to === one.from));
    const same = idle && JSON.stringify(snapshot.context) === JSON.stringify(at.snapshot.context) && !crashed;
    const left = same ? at.left : at.left.map((count, index) => (index === uses ? count - 1 : count));
    const node = { snapshot, open, timers, left };
    return { ...node, via: steps, distance: at.distance + 1, key: keyOf(node) };
  };

  const choices = (at: Node): readonly Choice[] => [
    ...offered.flatMap((event, index) =>
      (at.left[index] ?? 0) > 0 ? [{ type: `${event.type} ${index}`, event, uses: index, answers: null }] : [],
    ),
    ...at.open.flatMap((effect, index) =>
      answersOf(effect).map((event, which) => ({
        type: `${event.type} ${index}.${which}`,
        event,
        uses: null,
        answers: index,
      })),
    ),
    ...((at.left[timerAt] ?? 0) > 0
      ? at.timers.map((id) => ({ type: id, event: { type: id }, uses: timerAt, answers: null }))
      : []),
    ...((at.left[crashAt] ?? 0) > 0
      ? [{ type: crashEvent.type, event: crashEvent, uses: crashAt, answers: null }]
      : []),
  ];

  const go = (at: Node, { event, uses, answers }: Choice): Node => {
    if (event !== crashEvent) return after(at, [event], uses, answers);
    const restarted = at.snapshot.hasTag('in-flight') ? [{ type: 'RESTARTED' }] : [];
    return after(at, [...restarted, ...(check.crash?.sends ?? [])], uses, answers, true);
  };
  return { first, choices, go };
};

// ---- the walk -------------------------------------------------------------------------------------------------------

const describePath = (trace: Trace): string =>
  trace
    .map(({ event, to, effects: asked, refused }) => {
      const calls = asked.map(({ type, params }) => `${type} ${JSON.stringify(params)}`.slice(0, 160));
      return `  ${JSON.stringify(event).slice(0, 200)} → ${to}${refused === null ? '' : ` (refused: ${refused})`}${calls.map((call) => `\n      ${call}`).join('')}`;
    })
    .join('\n');

const holdAgainst = (trace: Trace, invariants: Invariants): void => {
  for (const [name, holds] of Object.entries(invariants)) {
    if (holds(trace) === null) continue;
    // The shortest beginning that is wrong already says what went wrong.
    const length = trace.findIndex((_, index) => holds(trace.slice(0, index + 1)) !== null) + 1;
    const broken = length > 0 ? trace.slice(0, length) : trace;
    throw new Error(`broken: ${name}: ${holds(broken) ?? ''}\n${describePath(broken)}`);
  }
};

/** Throws for the first path that breaks an invariant, and for an event that nobody handles. */
export const checkMachine = <M extends AnyStateMachine>(check: Check<M>): Walked => {
  const walk = createWalk(check as unknown as Plain);
  const start = walk.first();
  // xstate/graph sees our nodes as the states of a plain logic: createTestModel would refuse `after`.
  const logic = {
    transition: (at: Node, choice: Choice) => walk.go(at, choice),
    getInitialSnapshot: () => start,
    getPersistedSnapshot: (at: Node) => at,
  };
  const map = getAdjacencyMap(logic as never, {
    events: ((at: Node) => walk.choices(at)) as never,
    serializeState: ((at: Node) => at.key) as never,
    serializeEvent: ((choice: Choice) => choice.type) as never,
    // Breadth first: a node's first distance is its shortest, and what lies beyond `depth` is on no path.
    stopWhen: ((at: Node) => at.distance >= check.depth) as never,
    limit: edgesMax,
  }) as unknown as Readonly<
    Record<string, { readonly transitions: Readonly<Record<string, { readonly state: Node }>> }>
  >;

  const states = new Set<string>(start.via.map(({ to }) => to));
  const onPath = new Set<string>();
  let paths = 0;
  let steps = 0;
  const seen = new Set<string>();
  const end = (trace: Trace): void => {
    paths += 1;
    if (paths > pathsMax) throw new Error(`more than ${pathsMax} paths: offer fewer events, or a smaller depth`);
    holdAgainst(trace, check.invariants);
  };
  const visit = (at: Node, trace: Trace, depth: number): void => {
    onPath.add(at.key);
    const all = depth === 0 ? [] : Object.values(map[at.key]?.transitions ?? {});
    // A step that changes nothing leads nowhere new, but may be the fault: each is an end of its own, once a vertex.
    if (!seen.has(at.key)) for (const { state } of all) if (state.key === at.key) end([...trace, ...state.via]);
    seen.add(at.key);
    const next = all.filter(({ state }) => !onPath.has(state.key));
    if (next.length === 0) end(trace);
    for (const { state } of next) {
      steps += 1;
      for (const { to } of state.via) states.add(to);
      visit(state, [...trace, ...state.via], depth - 1);
    }
    onPath.delete(at.key);
  };
  visit(start, start.via, check.depth);
  return { vertices: Object.keys(map).length, paths, steps, states };
};

/** One long path, each step chosen by a number: for fast-check, `fc.array(fc.nat(), { maxLength: 60 })`, beyond the depth of a walk. */
export const wander = <M extends AnyStateMachine>(check: Check<M>, picks: readonly number[]): Trace => {
  const walk = createWalk(check as unknown as Plain);
  let here = walk.first();
  const trace = [...here.via];
  for (const pick of picks) {
    const choices = walk.choices(here);
    const choice = choices[pick % choices.length];
    if (choice === undefined) break;
    here = walk.go(here, choice);
    trace.push(...here.via);
  }
  holdAgainst(trace, check.invariants);
  return trace;
};

/** Exactly these events, one after the other: for a moment with a name. */
export const traceOf = <M extends AnyStateMachine>(machine: M, events: readonly ModelEvent<M>[]): Trace =>
  wander({ machine, start: events, events: [], depth: 0, invariants: {} }, []);

/** What each device call may answer: `outcomeEvents` with the request in it, as the runtime sends them. */
export const deviceAnswers =
  (outcomes: Partial<Readonly<Record<DeviceEffectType, readonly Readonly<Record<string, unknown>>[]>>>) =>
  (effect: Effect): readonly AnyEvent[] => {
    const { type } = effect;
    if (!isDeviceEffect(type)) return [];
    return (outcomes[type] ?? []).map((outcome) => ({
      type: outcomeEvents[type],
      request: effect.params ?? {},
      ...outcome,
    }));
  };

// ---- for invariants -------------------------------------------------------------------------------------------------

/** The effects of one kind, in order. */
export const effectsOf = <K extends EffectType>(trace: Trace, type: K): readonly EffectOf<K>['params'][] =>
  trace.flatMap((step) =>
    step.effects.flatMap((one) => (one.type === type ? [one.params as EffectOf<K>['params']] : [])),
  );

/** The first that occurs twice, or null. */
export const twice = (names: readonly string[]): string | null =>
  names.find((name, index) => names.indexOf(name) !== index) ?? null;
