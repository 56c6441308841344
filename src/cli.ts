/** `storefirst <verb>`: one file a verb, each with `run(args)` → exit code. Loaded when asked for: help needs no database. */
const verbs: Readonly<Record<string, () => Promise<{ readonly run: (args: readonly string[]) => Promise<number> }>>> = {
  start: () => import('./cli/start.ts'),
  sell: () => import('./cli/sell.ts'),
  demo: () => import('./cli/demo.ts'),
  import: () => import('./cli/import.ts'),
  replay: () => import('./cli/replay.ts'),
  status: () => import('./cli/status.ts'),
  verify: () => import('./cli/verify.ts'),
  help: () => import('./cli/help.ts'),
};

const [typed = 'help', ...args] = process.argv.slice(2);
const word = typed === '--help' || typed === '-h' ? 'help' : typed;
const load = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
if (load === undefined) {
  console.error(
    `storefirst: there is no verb "${word}"; it knows ${Object.keys(verbs).join(', ')}. See: storefirst help`,
  );
  process.exit(2);
}
// Ends the process by itself: what a device was still waiting for must not keep a stopped store's program alive.
process.exit(await (await load()).run(args));
