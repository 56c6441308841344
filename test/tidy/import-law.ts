import { importsOf, packageOf, targetOf, type ImportOf } from './imports.ts';
import type { Source, Violation } from './source.ts';

/** What one part of the house may import. */
interface Law {
  /** Other parts, by their name in this table. */
  readonly parts: readonly string[] | 'all';
  /** Packages by name; `@scope/` stands for all of a scope. */
  readonly packages: readonly string[] | 'all';
  readonly node: boolean;
  /** False where the files of one part may not import each other. */
  readonly itself: boolean;
}

const law = (over: Partial<Law>): Law => ({ parts: ['domain'], packages: [], node: false, itself: true, ...over });
const everyone = law({ parts: 'all', packages: 'all', node: true });

/**
 * The import law of the house, one row a part of src/. An adapter never calls an adapter: everything meets in the
 * runtime, and only the programs know everyone. It holds for types too: whose type one knows, one depends on.
 */
export const importLaw: Readonly<Record<string, Law>> = {
  domain: law({ parts: [] }),
  // One machine starts another by an effect and hears of it by an event: machines do not import each other.
  machines: law({ packages: ['xstate'], itself: false }),
  actors: law({ parts: ['domain', 'machines'], packages: ['xstate'] }),
  devices: law({ packages: ['serialport', '@serialport/', 'usb', '@point-of-sale/'], node: true }),
  persistence: law({ packages: ['better-sqlite3', 'csv-parse'], node: true }),
  bus: law({ packages: ['@nats-io/'], node: true }),
  gateway: law({ packages: ['fastify', '@fastify/', 'ws', 'pino', 'prom-client'], node: true }),
  'hq-link': law({ node: true }),
  // A program of its own: it speaks the wire's words (hq-link) over the same wire (bus).
  hq: law({
    parts: ['domain', 'hq-link', 'bus'],
    packages: ['better-sqlite3', 'pg', 'fastify', '@fastify/', 'pino'],
    node: true,
  }),
  testing: everyone,
  'config.ts': law({ node: true }),
  'uuid.ts': law({ parts: [], node: true }),
  'main.ts': everyone,
  'cli.ts': everyone,
  cli: everyone,
};

/** The part of a path: `src/domain/money.ts` → `domain`, `src/main.ts` → `main.ts`, `test/…` → null. */
const partOf = (path: string): string | null => (path.startsWith('src/') ? (path.split('/')[1] ?? null) : null);

export const checkImportLaw = (sources: readonly Source[]): readonly Violation[] =>
  sources.flatMap((source) => {
    const imports = importsOf(source);
    if (source.path.startsWith('web/')) return imports.flatMap(webViolation);
    const part = partOf(source.path);
    if (part === null) return [];
    const row = importLaw[part];
    if (row === undefined) {
      return [{ rule: 'import-law', path: source.path, line: 1, detail: `src/${part} has no row in the import law` }];
    }
    return imports.flatMap((one) => lawViolation(part, row, one));
  });

const lawViolation = (part: string, row: Law, one: ImportOf): readonly Violation[] => {
  const allowed = allows(part, row, one);
  return allowed ? [] : [broken('import-law', one, `${part} may not import ${one.specifier}`)];
};

const allows = (part: string, row: Law, one: ImportOf): boolean => {
  const target = targetOf(one);
  if (target !== null) {
    const other = partOf(target);
    if (other === part) return row.itself;
    if (other === null) return row.parts === 'all';
    return row.parts === 'all' || row.parts.includes(other);
  }
  if (one.specifier.startsWith('node:')) return row.node;
  if (row.packages === 'all') return true;
  const name = packageOf(one.specifier);
  return row.packages.some((entry) => (entry.endsWith('/') ? name.startsWith(entry) : name === entry));
};

/** Browser code reaches into the server for words only, and words are types: nothing of src/ is shipped to a browser. */
const webViolation = (one: ImportOf): readonly Violation[] => {
  const target = targetOf(one);
  if (one.specifier.startsWith('node:')) return [broken('web-border', one, 'a browser has no Node')];
  if (target === null || target.startsWith('web/')) return [];
  return one.typeOnly && target.startsWith('src/domain/')
    ? []
    : [broken('web-border', one, `web may only \`import type\` from src/domain, not ${one.specifier}`)];
};

const broken = (rule: string, one: ImportOf, detail: string): Violation => ({
  rule,
  path: one.from,
  line: one.line,
  detail,
});
