import type { Reporter } from 'vitest/node';

/** What a run came to. `failed` also counts what failed outside a test: a file that did not load, a hook, a stray rejection. */
export interface RunCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

type RunEnd = NonNullable<Reporter['onTestRunEnd']>;

export const closingLine = (counts: RunCounts): string =>
  `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;

/** Counts a finished run. A run that did not pass never counts zero failures, whatever made it fail. */
export const countRun = (...[modules, unhandledErrors, reason]: Parameters<RunEnd>): RunCounts => {
  const tests = modules.flatMap((file) => [...file.children.allTests()]);
  const holders = modules.flatMap((file) => [file, ...file.children.allSuites()]);
  const brokenHolders = holders.filter((holder) => holder.errors().length > 0).length;
  const failedTests = tests.filter((test) => test.result().state === 'failed').length;
  const failed = failedTests + brokenHolders + unhandledErrors.length;
  return {
    passed: tests.filter((test) => test.result().state === 'passed').length,
    failed: reason === 'passed' ? failed : Math.max(failed, 1),
    // A test that is still pending here never ran: its file broke down or the run was interrupted.
    skipped: tests.filter((test) => ['skipped', 'pending'].includes(test.result().state)).length,
  };
};

/**
 * The last line of a run, alone on its line, in the form that our CI reads. Vitest's own ("Tests  12 passed (12)") is not
 * the last thing it prints, and leaves out the failures when there are none.
 */
export const createClosingLine = (): Reporter => ({
  onTestRunEnd: (...run) => {
    process.stdout.write(`${closingLine(countRun(...run))}\n`);
  },
});
