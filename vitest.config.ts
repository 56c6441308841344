import { defineConfig } from 'vitest/config';
import { createClosingLine } from './test/closing-line.ts';

// Vitest reads its configuration from the default export: the one place of the project that has one.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A process a file: a native module or a child process that dies takes one file with it, not the run.
    pool: 'forks',
    // A bound for a test that hangs, not a claim about speed: no test measures time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', createClosingLine()],
  },
});
