import { blank } from './blank.ts';
import { lineAt, type Source, type Violation } from './source.ts';

interface WordRule {
  readonly rule: string;
  readonly pattern: RegExp;
  readonly detail: string;
  /** The files that it is about; all where it is left out. */
  readonly where?: RegExp;
}

const pure = /^src\/(?:domain|machines|actors)\//;

/** Rules that one line of code is enough to break. They look at code without comments and strings. */
const wordRules: readonly WordRule[] = [
  {
    rule: 'no-any',
    pattern: /(?:[:<|&,=]|\b(?:as|extends|satisfies|keyof|is|readonly)\b)\s*any\b(?!\s*[:(.?\w$])/g,
    detail: 'any: say what it is, or unknown',
  },
  {
    rule: 'no-default-export',
    pattern: /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g,
    detail: 'a default export has as many names as it has readers',
  },
  {
    rule: 'no-only-no-skip',
    pattern:
      /\b(?:describe|suite|it|test|bench)(?:\.\w+)*\.(?:only|skip|todo|fails)\b|\b(?:fit|xit|xtest|fdescribe|xdescribe)\s*\(/g,
    detail: 'every check is run: take it out, or repair it',
  },
  {
    rule: 'reads-nothing',
    where: pure,
    pattern:
      /\bDate\.now\b|\bnew\s+Date\s*(?:\(\s*\)|(?![\s(\w]))|\bDate\(\s*\)|\bMath\.random\b|\brandomUUID\b|\bperformance\.now\b|\bhrtime\b/g,
    detail: 'time, ids and randomness come in, so that a replay sees what the first run saw',
  },
];

export const checkWords = (sources: readonly Source[]): readonly Violation[] =>
  sources.flatMap(({ path, text }) => {
    const code = blank(text);
    return wordRules
      .filter(({ where }) => where?.test(path) ?? true)
      .flatMap(({ rule, pattern, detail }) =>
        [...code.matchAll(pattern)].map((match) => ({ rule, path, line: lineAt(text, match.index), detail })),
      );
  });

const kebabCase = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*\.(?:ts|tsx|mts|mjs|js)$/;
// Words that say nothing of what is inside, so that everything ends up there; `index` hides where a thing comes from.
const emptyNouns = /(?:^|[-.])(?:utils?|helpers?|managers?|services?)[-.]|^index\./;

export const checkNames = (sources: readonly Source[]): readonly Violation[] =>
  sources.flatMap(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const found: Violation[] = [];
    if (!kebabCase.test(name)) found.push({ rule: 'kebab-case', path, line: 1, detail: `${name} is not kebab-case` });
    if (emptyNouns.test(name))
      found.push({ rule: 'a-noun', path, line: 1, detail: `${name}: name it after what it is` });
    return found;
  });
