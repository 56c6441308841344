import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { getStateNodes } from 'xstate/graph';

/** One branch of a handler, as xstate has resolved it. */
interface Branch {
  readonly guard?: unknown;
  readonly target?: readonly AnyStateNode[] | undefined;
  readonly actions: readonly unknown[];
}

/**
 * State × event → what happens: for a committed table, so that a change of behaviour shows in the diff. Rows: `state`, then
 * `EVENT: [guard] what · [guard] what · otherwise`. A handler of a parent counts for its children, in the order of xstate: the
 * child's branches first. Throws where a state has no answer, or only guarded ones: an event would vanish silently.
 * @param eventTypes every type of the machine's event union: `{ … } satisfies Record<XEvent['type'], true | 'command'>`. A
 *   `command` comes from a client: where a state has no answer the runtime says `not-now`, and somebody hears it.
 */
export const stateEventTable = (
  machine: AnyStateMachine,
  eventTypes: Readonly<Record<string, true | 'command'>>,
): string => {
  const leaves = getStateNodes(machine).filter(({ type }) => type === 'atomic' || type === 'final');
  const unknown = machine.events.filter((type) => !(type in eventTypes) && !type.startsWith('xstate.'));
  if (unknown.length > 0) throw new Error(`handled, but not in the union: ${unknown.join(', ')}`);
  const missing: string[] = [];
  const rows = leaves.map((leaf) => {
    const cells = Object.entries(eventTypes).map(([type, by]) => {
      const branches = branchesOf(leaf, type);
      const answered = isAnswered(branches) || isAnsweredBeside(leaf, type);
      if (!answered && by !== 'command') missing.push(`${pathOf(leaf)} × ${type}`);
      const otherwise = answered ? [] : ['not-now'];
      const said = [...branches.map(describeBranch), ...otherwise];
      return `  ${type}: ${said.length === 0 ? 'beside' : said.join(' · ')}`;
    });
    const timers = leafAndParents(leaf).flatMap((node) =>
      node.after.map((timer) => `  after ${String(timer.delay)}: ${describeBranch(timer)}`),
    );
    return [pathOf(leaf), ...cells, ...timers].join('\n');
  });
  if (missing.length > 0) throw new Error(`no answer, or only under a guard:\n${missing.join('\n')}`);
  return `${rows.join('\n\n')}\n`;
};

const pathOf = (node: AnyStateNode): string => node.path.join('.');

const leafAndParents = (leaf: AnyStateNode): readonly AnyStateNode[] => {
  const chain: AnyStateNode[] = [];
  for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) chain.push(node);
  return chain;
};

const isAnswered = (branches: readonly Branch[]): boolean =>
  branches.at(-1)?.guard === undefined && branches.length > 0;

const branchesOf = (leaf: AnyStateNode, type: string): readonly Branch[] => {
  const branches: Branch[] = [];
  for (const node of leafAndParents(leaf)) {
    branches.push(...(node.transitions.get(type) ?? node.transitions.get('*') ?? []));
    if (isAnswered(branches)) return branches;
  }
  return branches;
};

/** In a parallel state one region may answer for the others. */
const isAnsweredBeside = (leaf: AnyStateNode, type: string): boolean =>
  leafAndParents(leaf).some(
    (node) =>
      node.parent?.type === 'parallel' &&
      Object.values(node.parent.states as Readonly<Record<string, AnyStateNode>>).some(
        (region) =>
          region !== node &&
          getStateNodes(region)
            .filter(({ type: kind }) => kind === 'atomic')
            .every((other) => isAnswered(branchesOf(other, type))),
      ),
  );

const nameOf = (thing: unknown): string => {
  if (typeof thing === 'string') return thing;
  if (typeof thing === 'object' && thing !== null && 'type' in thing) return String(thing.type);
  if (typeof thing === 'function') return 'type' in thing ? String(thing.type) : thing.name;
  return '?';
};
const guardName = (guard: unknown): string => {
  const inner = typeof guard === 'function' && 'guards' in guard ? (guard.guards as readonly unknown[]) : null;
  return inner === null ? nameOf(guard) : `${nameOf(guard)}(${inner.map(guardName).join(', ')})`;
};

const describeBranch = ({ guard, target, actions }: Branch): string => {
  const when = guard === undefined ? '' : `[${guardName(guard)}] `;
  const asked = actions.map(nameOf).filter((name) => !name.startsWith('xstate.'));
  if (asked.includes('refuse')) return `${when}refused`;
  const where = target === undefined ? [] : [`→ ${target.map(pathOf).join(' & ')}`];
  const what = [...where, ...asked];
  if (what.length > 0) return when + what.join(' ');
  return when + (actions.length > 0 ? 'noted' : 'ignored');
};
