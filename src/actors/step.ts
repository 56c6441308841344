import {
  createActor,
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type ExecutableActionObject,
} from 'xstate';
import { assert, Broken } from '../domain/errors.ts';
import { effects } from '../domain/effects.ts';
import type { Message } from '../domain/message.ts';
import type { Kind, Persisted } from './kinds.ts';

/** One pure transition: nothing is performed, read or timed here. */
export interface Step {
  readonly snapshot: AnyMachineSnapshot;
  /** False: no state of the actor knows this event. */
  readonly handled: boolean;
  readonly effects: readonly StepEffect[];
  readonly timersSet: readonly StepTimer[];
  /** Timers that the transition no longer wants, whether they were set or not. */
  readonly timersCancelled: readonly string[];
}
export interface StepEffect {
  readonly type: string;
  readonly params: unknown;
}
export interface StepTimer {
  readonly timerId: string;
  readonly delayMs: number;
  readonly event: Message;
}

export interface Stepper {
  /** Every actor of the kind begins as this. */
  readonly initial: AnyMachineSnapshot;
  step(snapshot: AnyMachineSnapshot, event: Message): Step;
  persist(snapshot: AnyMachineSnapshot): Persisted;
  restore(persisted: Persisted): AnyMachineSnapshot;
}

/**
 * Runs a machine as a function. XState's own `transition()` builds an actor for each call (19–31 µs); with one inert scope
 * a machine it is 5–7 µs. The scope only collects actions. Refuses a machine with actions that nobody would perform.
 */
export function createStepper({ machine }: Kind): Stepper {
  refuseUnknownActions(machine);
  let collected: ExecutableActionObject[] = [];
  const scope = inertScope(machine, (action) => collected.push(action));
  const initial = machine.getInitialSnapshot(scope, undefined) as AnyMachineSnapshot;
  // The first step of a new actor also sets the timers that its first state has.
  const first = sortActions(collected);
  assert(first.effects.length === 0, `${machine.id} begins without effects`);

  return {
    initial,
    step(snapshot, event) {
      collected = [];
      const next = machine.transition(snapshot, event, scope) as AnyMachineSnapshot;
      if (next.status === 'error') throw new Broken(`${machine.id} failed on ${event.type}`);
      const handled = next !== snapshot || collected.length > 0 || isKnown(machine, snapshot, event);
      const sorted = sortActions(collected);
      if (snapshot !== initial || first.timersSet.length === 0) return { snapshot: next, handled, ...sorted };
      const kept = first.timersSet.filter(({ timerId }) => !sorted.timersCancelled.includes(timerId));
      return { snapshot: next, handled, ...sorted, timersSet: [...kept, ...sorted.timersSet] };
    },
    persist: (snapshot) => ({ value: snapshot.value, context: snapshot.context as Persisted['context'] }),
    restore: ({ value, context }) => machine.resolveState({ value, context } as never) as AnyMachineSnapshot,
  };
}

const isKnown = (machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: Message): boolean =>
  machine.getTransitionData(snapshot as never, event).length > 0;

function sortActions(actions: readonly ExecutableActionObject[]): Omit<Step, 'snapshot' | 'handled'> {
  const wanted: StepEffect[] = [];
  const timersSet: StepTimer[] = [];
  const timersCancelled: string[] = [];
  for (const { type, params } of actions) {
    if (type === 'xstate.raise') {
      const raise = params as { readonly event: Message; readonly id: string; readonly delay?: number };
      // Without a delay it was raised and handled inside this very step.
      if (raise.delay !== undefined) timersSet.push({ timerId: raise.id, delayMs: raise.delay, event: raise.event });
    } else if (type === 'xstate.cancel') {
      timersCancelled.push((params as { readonly sendId: string }).sendId);
    } else {
      wanted.push({ type, params });
    }
  }
  return { effects: wanted, timersSet, timersCancelled };
}

function inertScope(machine: AnyStateMachine, collect: (action: ExecutableActionObject) => void): AnyActorScope {
  const self = createActor(machine);
  const nothing = (): void => {};
  return {
    self,
    system: self.system,
    id: machine.id,
    sessionId: machine.id,
    logger: nothing,
    defer: nothing,
    stopChild: nothing,
    emit: nothing,
    actionExecutor: collect,
  };
}

/** A misspelt effect would be dropped in silence; an inline function would act before the commit. */
function refuseUnknownActions(machine: AnyStateMachine): void {
  for (const [name, body] of Object.entries(machine.implementations.actions)) {
    const builtIn = typeof body === 'function' && 'resolve' in body;
    assert(builtIn || name in effects, `${machine.id}: the action ${name} is no effect of domain/effects.ts`);
  }
  const known = machine.implementations.actions as Readonly<Record<string, unknown>>;
  for (const name of actionNames(machine.config)) {
    assert(name in known, `${machine.id} uses the action ${name}, which nobody defines`);
  }
}

function actionNames(config: unknown): readonly string[] {
  if (Array.isArray(config)) return config.flatMap(actionNames);
  if (typeof config !== 'object' || config === null) return [];
  return Object.entries(config).flatMap(([key, value]) =>
    key === 'actions' || key === 'entry' || key === 'exit' ? namesOf(value) : actionNames(value),
  );
}

const namesOf = (actions: unknown): readonly string[] =>
  (Array.isArray(actions) ? actions : [actions]).flatMap((action: unknown) => {
    if (typeof action === 'string') return [action];
    // `assign(…)` and its like, which only change the context.
    if (typeof action === 'function' && 'resolve' in action) return [];
    assert(
      typeof action === 'object' && action !== null && 'type' in action,
      'actions are named, never inline functions',
    );
    return [String(action.type)];
  });
