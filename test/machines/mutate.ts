import { createMachine, type AnyStateMachine } from 'xstate';

/** A machine's definition, open to changes: `config.states.busy.on.QUERY`. */
export interface OpenConfig {
  [key: string]: unknown;
  states: Record<string, OpenConfig>;
  on: Record<string, unknown>;
}

/** A changed copy of a machine, with the same guards, actions and delays. The machine itself stays as it is. */
export const mutate = <M extends AnyStateMachine>(machine: M, change: (config: OpenConfig) => void): M => {
  const config = copy(machine.config) as OpenConfig;
  change(config);
  return createMachine(config as never, machine.implementations as never) as unknown as M;
};

/** A part of a definition by its path: `at(config, 'busy.querying')`. Throws where there is none, so that no mutant is the original. */
export const at = (config: OpenConfig, path: string): OpenConfig =>
  path.split('.').reduce((node, name) => {
    const child = node.states[name];
    if (child === undefined) throw new Error(`no state ${path}`);
    child.on ??= {};
    return child;
  }, config);

const copy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, copy(inner)]));
};
