import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// A lint rule that is configured and never fires looks like a clean project: wrong name, wrong glob, type information
// that was not found. So our own configuration is run over one file for each rule that we count on.

const planted: readonly (readonly [path: string, rule: string, text: string])[] = [
  ['src/bus/any.ts', 'typescript(no-explicit-any)', `export const a: any = 1;`],
  ['src/bus/bang.ts', 'typescript(no-non-null-assertion)', `export const a = (b: string | null): string => b!;`],
  ['src/bus/float.ts', 'typescript(no-floating-promises)', `export const a = (b: Promise<void>): void => {\n  b;\n};`],
  [
    'src/bus/misuse.ts',
    'typescript(no-misused-promises)',
    `export const a = (b: () => Promise<boolean>): number => (b() ? 1 : 2);`,
  ],
  [
    'src/bus/switch.ts',
    'typescript(switch-exhaustiveness-check)',
    `export const a = (b: 'x' | 'y'): void => {\n  switch (b) {\n    case 'x':\n      return;\n  }\n};`,
  ],
  [
    'src/bus/switch-default.ts',
    'typescript(switch-exhaustiveness-check)',
    `export const a = (b: 'x' | 'y'): number => {\n  switch (b) {\n    case 'x':\n      return 1;\n    default:\n      return 2;\n  }\n};`,
  ],
  ['src/bus/default.ts', 'import(no-default-export)', `export default 1;`],
  ['src/bus/ring-a.ts', 'import(no-cycle)', `import { b } from './ring-b.ts';\nexport const a = (): number => b();`],
  ['src/bus/ring-b.ts', 'import(no-cycle)', `import { a } from './ring-a.ts';\nexport const b = (): number => a();`],
  [
    'src/bus/type.ts',
    'typescript(consistent-type-imports)',
    `import { Readable } from 'node:stream';\nexport type A = Readable;`,
  ],
  ['src/bus/unused.ts', 'eslint(no-unused-vars)', `const a = 1;\nexport const b = 2;`],
  ['src/domain/now.ts', 'eslint(no-restricted-properties)', `export const a = (): number => Date.now();`],
  ['src/machines/dice.ts', 'eslint(no-restricted-properties)', `export const a = (): number => Math.random();`],
  ['src/actors/id.ts', 'eslint(no-restricted-globals)', `export const a = (): string => crypto.randomUUID();`],
  [
    'src/actors/timer.ts',
    'eslint(no-restricted-globals)',
    `export const a = (b: () => void): unknown => setTimeout(b, 1);`,
  ],
  [
    'test/bus/only.test.ts',
    'vitest(no-focused-tests)',
    `import { expect, it } from 'vitest';\nit.only('a', () => {\n  expect(1).toBe(1);\n});`,
  ],
  ['test/bus/empty.test.ts', 'vitest(expect-expect)', `import { it } from 'vitest';\nit('a', () => {});`],
];

const allowed: readonly (readonly [path: string, text: string])[] = [
  ['src/bus/clock.ts', `export const a = (): number => Date.now();`],
  [
    'src/bus/type-ring-a.ts',
    `import type { B } from './type-ring-b.ts';\nexport interface A {\n  readonly b: B | null;\n}`,
  ],
  [
    'src/bus/type-ring-b.ts',
    `import type { A } from './type-ring-a.ts';\nexport interface B {\n  readonly a: A | null;\n}`,
  ],
  ['src/actors/unused-first.ts', `export const a = (_: unknown, b: number): number => b;`],
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Runs our oxlint over `folder` and gives `path rule` for each finding. */
const lint = (folder: string): readonly string[] => {
  const program = join(root, 'node_modules/oxlint/bin/oxlint');
  const run = spawnSync(process.execPath, [program, '--format=json', 'src', 'test'], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
  });
  const report: unknown = JSON.parse(run.stdout);
  if (!isRecord(report) || !Array.isArray(report['diagnostics'])) throw new Error(`oxlint: ${run.stdout}${run.stderr}`);
  return report['diagnostics'].filter(isRecord).map(({ filename, code }) => `${String(filename)} ${String(code)}`);
};

describe('the lint configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'storefirst-lint-'));
  let found: readonly string[] = [];

  beforeAll(() => {
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
      copyFileSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    for (const [path, text] of [...planted.map(([at, , body]) => [at, body] as const), ...allowed]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    }
    found = lint(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(planted)('%s breaks %s', (path, rule) => {
    expect(found).toContain(`${path} ${rule}`);
  });

  it.each(allowed)('%s is right', (path) => {
    expect(found.filter((finding) => finding.startsWith(`${path} `))).toEqual([]);
  });
});
