import { importsOf, targetOf } from './imports.ts';
import type { Source, Violation } from './source.ts';

/** Files that import each other in a ring when the program runs. Type-only imports are no part of a ring. */
export const checkCycles = (sources: readonly Source[]): readonly Violation[] => {
  const edges = new Map(sources.map((source) => [source.path, runtimeTargets(source)]));
  const done = new Set<string>();
  const rings: string[][] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(path);
    if (seenAt !== -1) {
      rings.push([...trail.slice(seenAt), path]);
      return;
    }
    if (done.has(path)) return;
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return rings.map((ring) => ({ rule: 'runtime-cycle', path: ring[0] ?? '', line: 1, detail: ring.join(' → ') }));
};

const runtimeTargets = (source: Source): readonly string[] =>
  importsOf(source)
    .filter((one) => !one.typeOnly)
    .map(targetOf)
    .filter((target) => target !== null);
