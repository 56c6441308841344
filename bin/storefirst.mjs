#!/usr/bin/env node
// Plain old JavaScript on purpose: an old Node must be able to read this file and say so. Nothing native may be loaded
// before the check: better-sqlite3 13 does not throw on Node 20, it takes the process down with a segmentation fault.
const nodeMajor = Number(process.versions.node.split('.')[0]);
if (nodeMajor < 24) {
  console.error(
    'storefirst needs Node 24 or newer, this is ' +
      process.version +
      '. `npm install` brings one along: use `npm start` or `npx storefirst <verb>`.',
  );
  process.exit(1);
}
await import('../src/cli.ts');
