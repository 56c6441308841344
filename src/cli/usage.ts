/** How each verb is called, in one line. */
export const usage = {
  start: 'storefirst start',
  sell: 'storefirst sell [--counter 1] [--operator anna] [--role supervisor]',
  demo: 'storefirst demo [--keep]',
  import: 'storefirst import <folder | files.csv …> [--version NAME] [--effective DATE]',
  status: 'storefirst status [--json]',
  verify: 'storefirst verify',
  replay: 'storefirst replay <file.ndjson.gz> [--data DIR] [--kill-every N] [--report FILE.json]',
  help: 'storefirst help',
} as const;
