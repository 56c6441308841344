#!/usr/bin/env node
import module from 'node:module';
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
// The second start is faster: what Node has compiled is kept beside the program's other caches.
module.enableCompileCache();
await import('../src/cli.ts');
