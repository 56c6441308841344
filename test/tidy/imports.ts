import { posix } from 'node:path';
import { blank } from './blank.ts';
import { lineAt, type Source } from './source.ts';

/** One import, re-export or `import()` of a file. */
export interface ImportOf {
  readonly from: string;
  /** As written: `./money.ts`, `xstate/graph`, `node:fs`. */
  readonly specifier: string;
  /** `import type` and `export type`: gone when the program runs. An inline `type` is not: the import itself stays. */
  readonly typeOnly: boolean;
  readonly line: number;
}

// In blanked code the inside of a specifier is spaces, so it is found by its quotes and read from the text itself.
const statement =
  /\b(?:import|export)\b(?!\s+(?:const|let|function|async|class|interface|declare)\b)(\s+type\b(?!\s*(?:,|from\b)))?[^;'"`()=]*?\bfrom\s*['"]( *)['"]/g;
const sideEffect = /\bimport\s*()['"]( *)['"]/g;
const dynamic = /\bimport\s*\(\s*()['"`]( *)['"`]/g;

export const importsOf = ({ path, text }: Source): readonly ImportOf[] => {
  const code = blank(text);
  return [statement, sideEffect, dynamic]
    .flatMap((pattern) => [...code.matchAll(pattern)])
    .map((match) => {
      const end = match.index + match[0].length - 1;
      const specifier = text.slice(end - (match[2]?.length ?? 0), end);
      return { from: path, specifier, typeOnly: (match[1] ?? '') !== '', line: lineAt(text, match.index) };
    });
};

/** The path from the root that a relative specifier means; null for a package or a built-in of Node. */
export const targetOf = ({ from, specifier }: ImportOf): string | null =>
  specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : null;

/** `xstate/graph` → `xstate`, `@nats-io/nats-core/x` → `@nats-io/nats-core`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
