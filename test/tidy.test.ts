import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { blank } from './tidy/blank.ts';
import { checkCycles } from './tidy/cycles.ts';
import { checkImportLaw, importLaw } from './tidy/import-law.ts';
import { importsOf } from './tidy/imports.ts';
import { readSources, type Source, type Violation } from './tidy/source.ts';
import { checkNames, checkWords } from './tidy/words.ts';

const checks = {
  'the import law': checkImportLaw,
  'no cycle at run time': checkCycles,
  'no any, no default export, nothing skipped, no clock in what is pure': checkWords,
  'file names': checkNames,
} as const;

const source = (path: string, text: string): Source => ({ path, text });
const checkAll = (...sources: readonly Source[]): readonly Violation[] =>
  Object.values(checks).flatMap((check) => check(sources));
const rulesBroken = (...sources: readonly Source[]): readonly string[] => checkAll(...sources).map(({ rule }) => rule);

describe('the house is tidy', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const sources = readSources(root, ['src', 'test', 'bench', 'web', 'bin']);

  it('has files to look at', () => {
    expect(sources.map(({ path }) => path)).toContain('test/tidy.test.ts');
  });

  it.each(Object.entries(checks))('%s', (_name, check) => {
    expect(check(sources).map(({ rule, path, line, detail }) => `${path}:${line} ${rule}: ${detail}`)).toEqual([]);
  });
});

describe('tidy catches what is planted', () => {
  const planted: readonly (readonly [rule: string, moment: string, path: string, text: string])[] = [
    ['import-law', 'domain imports a machine', 'src/domain/a.ts', `import type { X } from '../machines/x.ts';`],
    ['import-law', 'domain imports a package', 'src/domain/a.ts', `import { setup } from 'xstate';`],
    ['import-law', 'domain imports Node', 'src/domain/a.ts', `import { createHash } from 'node:crypto';`],
    ['import-law', 'domain imports lazily', 'src/domain/a.ts', `const a = await import('../actors/a.ts');`],
    ['import-law', 'domain re-exports a port', 'src/domain/a.ts', `export * from '../devices/printer/printer.ts';`],
    ['import-law', 'domain imports for the side effect', 'src/domain/a.ts', `import '../bus/subjects.ts';`],
    [
      'import-law',
      'domain imports over several lines',
      'src/domain/a.ts',
      `import {\n  a,\n  b,\n} from '../main.ts';`,
    ],
    ['import-law', 'a machine imports a machine', 'src/machines/a.ts', `import { b } from './b.ts';`],
    ['import-law', 'a machine imports Node', 'src/machines/a.ts', `import { readFileSync } from "node:fs";`],
    ['import-law', 'an actor imports Node', 'src/actors/a.ts', `import { randomBytes } from 'node:crypto';`],
    ['import-law', 'an actor imports SQLite', 'src/actors/a.ts', `import Database from 'better-sqlite3';`],
    [
      'import-law',
      'an actor imports the journal',
      'src/actors/a.ts',
      `import type { J } from '../persistence/journal.ts';`,
    ],
    ['import-law', 'a device calls a device of another port', 'src/devices/a.ts', `import { b } from '../bus/b.ts';`],
    ['import-law', 'the gateway reads SQLite', 'src/gateway/a.ts', `import { db } from '../persistence/database.ts';`],
    ['import-law', 'the link knows the runtime', 'src/hq-link/a.ts', `import { r } from '../actors/runtime.ts';`],
    ['import-law', 'the store imports from a test', 'src/bus/a.ts', `import { x } from '../../test/x.ts';`],
    ['import-law', 'an adapter imports the program', 'src/bus/a.ts', `import { x } from '../main.ts';`],
    ['import-law', 'a folder that nobody agreed on', 'src/common/a.ts', `export const a = 1;`],
    ['web-border', 'web takes code from domain', 'web/till/a.ts', `import { sum } from '../../src/domain/money.ts';`],
    ['web-border', 'web takes an inline type', 'web/till/a.ts', `import { type M } from '../../src/domain/money.ts';`],
    ['web-border', 'web takes a type of the gateway', 'web/a.ts', `import type { A } from '../src/gateway/app.ts';`],
    ['web-border', 'web imports Node', 'web/till/a.ts', `import { readFile } from 'node:fs/promises';`],
    ['no-any', 'any behind a colon', 'src/bus/a.ts', `const a: any = 1;`],
    ['no-any', 'any in angle brackets', 'src/bus/a.ts', `const a = new Map<string, any>();`],
    ['no-any', 'any by assertion', 'src/bus/a.ts', `const a = b as any;`],
    ['no-any', 'an array of any', 'src/bus/a.ts', `type A = readonly any[];`],
    ['no-default-export', 'a default export', 'src/bus/a.ts', `export default function a() {}`],
    ['no-default-export', 'a renamed default export', 'src/bus/a.ts', `const a = 1;\nexport { a as default };`],
    ['no-only-no-skip', 'one test only', 'test/a.test.ts', `it.only('a', () => {});`],
    ['no-only-no-skip', 'a skipped suite', 'test/a.test.ts', `describe.skip('a', () => {});`],
    ['no-only-no-skip', 'a skipped table', 'test/a.test.ts', `it.skip.each([1])('a', () => {});`],
    ['no-only-no-skip', 'a table of todos', 'test/a.test.ts', `test.concurrent.todo('a');`],
    ['reads-nothing', 'a machine reads the clock', 'src/machines/a.ts', `const now = Date.now();`],
    ['reads-nothing', 'an actor reads the clock', 'src/actors/a.ts', `const now = new Date();`],
    ['reads-nothing', 'domain makes an id', 'src/domain/a.ts', `const id = crypto.randomUUID();`],
    ['reads-nothing', 'domain throws dice', 'src/domain/a.ts', `const dice = Math.random();`],
    ['kebab-case', 'a file in camel case', 'src/bus/natsServer.ts', ``],
    ['kebab-case', 'a file with an underscore', 'src/bus/nats_server.ts', ``],
    ['a-noun', 'utils', 'src/bus/utils.ts', ``],
    ['a-noun', 'a helper of something', 'src/bus/string-helper.ts', ``],
    ['a-noun', 'a manager', 'src/bus/session-manager.ts', ``],
    ['a-noun', 'a service', 'test/bus/order.service.ts', ``],
    ['a-noun', 'a barrel', 'src/bus/index.ts', ``],
  ];

  it.each(planted)('%s: %s', (rule, _moment, path, text) => {
    expect(rulesBroken(source(path, text))).toEqual([rule]);
  });

  it('runtime-cycle: three files in a ring, one of them lazily', () => {
    const ring = [
      source('src/bus/a.ts', `import { b } from './b.ts';`),
      source('src/bus/b.ts', `export { c } from './c.ts';`),
      source('src/bus/c.ts', `const a = await import('./a.ts');`),
    ];
    expect(checkAll(...ring)).toEqual([
      {
        rule: 'runtime-cycle',
        path: 'src/bus/a.ts',
        line: 1,
        detail: 'src/bus/a.ts → src/bus/b.ts → src/bus/c.ts → src/bus/a.ts',
      },
    ]);
  });

  it('names the line', () => {
    expect(checkAll(source('src/bus/a.ts', `/* one\ntwo */\nconst a = 'x';\nconst b: any = a;`))).toMatchObject([
      { line: 4 },
    ]);
  });
});

describe('tidy lets pass what is right', () => {
  const right: readonly (readonly [moment: string, path: string, text: string])[] = [
    [
      'a machine of domain and xstate',
      'src/machines/a.ts',
      `import { setup } from 'xstate';\nimport { b } from '../domain/b.ts';`,
    ],
    [
      'an actor of domain and machines',
      'src/actors/a.ts',
      `import { b } from '../machines/b.ts';\nimport { c } from './c.ts';`,
    ],
    [
      'a scope of packages',
      'src/bus/a.ts',
      `import { connect } from '@nats-io/transport-node';\nimport { spawn } from 'node:child_process';`,
    ],
    [
      'the program knows everyone',
      'src/main.ts',
      `import { a } from './bus/a.ts';\nimport { b } from './gateway/b.ts';`,
    ],
    [
      'web takes a type of domain',
      'web/till/a.ts',
      `import type { M } from '../../src/domain/money.ts';\nimport { t } from '../shared/t.ts';`,
    ],
    [
      'words in strings and comments',
      'src/domain/a.ts',
      `// import x from 'xstate'; Date.now(), : any\nconst a = "export default Math.random() as any";`,
    ],
    [
      'words in templates and expressions',
      'src/domain/a.ts',
      'const a = `as any ${b(`new Date()`)} : any`; const c = /: any|Date.now/;',
    ],
    ['a date made of a value that came in', 'src/domain/a.ts', `const day = new Date(atMs).toISOString();`],
    ['a property and a method named any', 'test/a.ts', `const a = { any: 1 }; expect.any(Number); f(a.any);`],
    ['a check that needs data says so', 'test/a.test.ts', `it.skipIf(absent)('a', () => {});`],
    ['a test of one failure', 'test/actors/card-payment.power-loss.test.ts', ``],
  ];

  it.each(right)('%s', (_moment, path, text) => {
    expect(checkAll(source(path, text))).toEqual([]);
  });

  it('a ring of types is no ring', () => {
    const ring = [
      source('src/bus/a.ts', `import type { B } from './b.ts';`),
      source('src/bus/b.ts', `import { a } from './a.ts';\nexport type { A } from './a.ts';`),
    ];
    expect(checkAll(...ring)).toEqual([]);
  });

  it('a diamond is no ring', () => {
    const diamond = [
      source('src/bus/a.ts', `import './b.ts';\nimport './c.ts';`),
      source('src/bus/b.ts', `import './d.ts';`),
      source('src/bus/c.ts', `import './d.ts';`),
      source('src/bus/d.ts', ``),
    ];
    expect(checkAll(...diamond)).toEqual([]);
  });
});

describe('the scanner', () => {
  it('keeps length and lines when it blanks', () => {
    const text = "a(/* x\ny */ 'it\\'s', `t${u('v')}w\n`, 4 / 2 / 1, /['\"/]/.test(s)); // end\nb";
    const code = blank(text);
    expect(code.length).toBe(text.length);
    expect(code.split('\n').map((line) => line.trimEnd())).toEqual([
      'a(',
      "     '     ', ` ${u(' ')}",
      '`, 4 / 2 / 1, /     /.test(s));',
      'b',
    ]);
  });

  it('reads each kind of import once', () => {
    const text = [
      `import a, { b } from './a.ts';`,
      `import type C from './c.ts';`,
      `import { type D } from 'd/sub';`,
      `import type, { x } from './e.ts';`,
      `export const from = 'nothing';`,
      `export type { F } from './f.ts';`,
      `import data from './g.json' with { type: 'json' };`,
      `import './h.ts';`,
      `const i = await import('./i.ts');`,
    ].join('\n');
    expect(importsOf(source('src/x.ts', text)).map(({ specifier, typeOnly }) => [specifier, typeOnly])).toEqual([
      ['./a.ts', false],
      ['./c.ts', true],
      ['d/sub', false],
      ['./e.ts', false],
      ['./f.ts', true],
      ['./g.json', false],
      ['./h.ts', false],
      ['./i.ts', false],
    ]);
  });

  it('knows a row for every part that DESIGN names', () => {
    expect(Object.keys(importLaw)).toEqual(
      expect.arrayContaining([
        'domain',
        'machines',
        'actors',
        'devices',
        'persistence',
        'gateway',
        'hq-link',
        'bus',
        'hq',
        'testing',
      ]),
    );
  });
});
