import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings, Table } from './figure.ts';
import { figureNames, figures, type FigureName } from './figures.ts';
import type { Machine } from './machine.ts';
import { short } from './statistics.ts';

const pagePath = join(import.meta.dirname, 'README.md');
const baselinePath = join(import.meta.dirname, 'baselines.json');
const triedPath = join(import.meta.dirname, 'tried.md');

export type Results = ReadonlyMap<FigureName, Findings>;
type Baselines = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** One figure as Markdown, machine included: sections of one page may come from different runs. */
export const sectionOf = (name: FigureName, { tables, notes }: Findings, { lines, warnings }: Machine): string =>
  [
    `## ${figures[name].title}`,
    ...tables.map(tableOf),
    ...notes,
    `<sub>${lines.map(([what, value]) => `${what}: ${value}`).join(' · ')}${warnings.map((warning) => ` · **${warning}**`).join('')}</sub>`,
  ].join('\n\n');

const tableOf = ({ columns, rows }: Table): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), line(columns.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
};

/** Writes the page and the baselines; figures that were not measured now keep what stood there. */
export function writeReport(results: Results, machine: Machine): void {
  const old = existsSync(pagePath) ? readFileSync(pagePath, 'utf8') : '';
  const sections = figureNames.flatMap((name) => {
    const findings = results.get(name);
    const text = findings === undefined ? oldSection(old, name) : sectionOf(name, findings, machine);
    return text === '' ? [] : [`${opening(name)}\n${text}\n${closing(name)}`];
  });
  writeFileSync(pagePath, `${[intro, ...sections, readFileSync(triedPath, 'utf8').trim()].join('\n\n')}\n`);
  const baselines = {
    ...readBaselines(),
    ...Object.fromEntries([...results].map(([name, { ratios }]) => [name, roundedAll(ratios)])),
  };
  writeFileSync(baselinePath, `${JSON.stringify(baselines, null, 2)}\n`);
}

const opening = (name: string): string => `<!-- figure: ${name} -->`;
const closing = (name: string): string => `<!-- end: ${name} -->`;

const oldSection = (page: string, name: string): string => {
  const from = page.indexOf(opening(name));
  const to = page.indexOf(closing(name));
  return from < 0 || to < 0 ? '' : page.slice(from + opening(name).length, to).trim();
};

const roundedAll = (ratios: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(ratios).map(([name, value]) => [name, Number(value.toPrecision(3))]));

const readBaselines = (): Baselines =>
  existsSync(baselinePath) ? (JSON.parse(readFileSync(baselinePath, 'utf8')) as Baselines) : {};

/** Each ratio of this run beside the one that was committed last. Read before the report is written. */
export function compareWithBaselines(results: Results): readonly string[] {
  const baselines = readBaselines();
  return [...results].flatMap(([name, { ratios }]) =>
    Object.entries(ratios).map(([ratio, value]) => {
      const before = baselines[name]?.[ratio];
      const change =
        before === undefined
          ? 'new'
          : `was ${short(before)}, ${value >= before ? '+' : ''}${((100 * value) / before - 100).toFixed(0)} %`;
      return `${name}: ${ratio} ${short(value)} (${change})`;
    }),
  );
}

const intro = `# Figures

Written by \`npm run bench\`; do not edit, \`tried.md\` and the code are what it is made of.

    npm run bench                     everything, in less than ten minutes; writes this page and baselines.json
    npm run bench -- --only sale      one figure: ${figureNames.join(', ')}
    npm run bench -- --quick          whether it runs: a minute or two, writes nothing
    npm run bench -- --full           more rounds, and a million sales in one store

Each figure runs in a process of its own, in several rounds; medians are told. Each is held against a **floor** that is
measured in the same rounds on the same disk: what SQLite, the disk or nats-server do without our code. Numbers of another
machine cannot be compared, their ratios can: \`baselines.json\` keeps those, and a run prints how they have changed. No
test depends on any of it. The stores are the program as it is shipped: full journal, hash chain, facts, projections,
ledger, \`synchronous=FULL\`; they lie in \`data/\`, or where \`BENCH_DIR\` says.`;
