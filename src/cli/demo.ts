import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from './arguments.ts';
import { tellStory } from './demo/story.ts';
import type { StoreChild } from './demo/store-child.ts';

/** Pulls the plug in the middle of a card payment. Needs no store and leaves none. 0: everything was there once. */
export const run = async (args: readonly string[]): Promise<number> => {
  const read = readArguments('demo', { args, options: { keep: { type: 'boolean' } } });
  if (read === null) return 2;
  const dataDir = mkdtempSync(join(tmpdir(), 'storefirst-demo-'));
  const children: StoreChild[] = [];
  const cleanUp = async (): Promise<void> => {
    for (const child of children) await child.kill();
    if (read.values.keep !== true) rmSync(dataDir, { recursive: true, force: true });
  };
  process.once('SIGINT', () => void cleanUp().then(() => process.exit(130)));
  try {
    const isOnce = await tellStory(dataDir, (child) => children.push(child));
    if (read.values.keep === true)
      console.log(`     To look closer: STOREFIRST_DATA=${dataDir} npx storefirst status\n`);
    return isOnce ? 0 : 1;
  } finally {
    await cleanUp();
  }
};
