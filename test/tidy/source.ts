import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One file of the project: its path from the root with `/`, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A broken rule, where it is and what it saw. */
export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly detail: string;
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Reads all code below the given folders of `root`; folders that are not there yet hold nothing. */
export const readSources = (root: string, folders: readonly string[]): readonly Source[] =>
  folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .map((below) => `${folder}/${below.replaceAll('\\', '/')}`)
        .filter((path) => /\.(?:ts|tsx|mts|mjs|js)$/.test(path) && !path.includes('node_modules/'))
        .toSorted()
        .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
    );
