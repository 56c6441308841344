import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mode } from './figure.ts';
import { figures, isFigureName } from './figures.ts';

/** One figure in a process of its own, so that none warms up or fills the heap of another. */
const [name = '', mode = 'default', folder = '.', file = ''] = process.argv.slice(2);
if (!isFigureName(name)) throw new Error(`${name} is no figure`);
process.once('SIGTERM', () => process.exit(143));
const findings = await figures[name].measure({
  folder: mkdtempSync(join(folder, `${name}-`)),
  mode: mode as Mode,
  report: (line) => console.log(`  ${name}: ${line}`),
});
writeFileSync(file, JSON.stringify(findings));
process.exit(0);
