const firstDelayMs = 200;
const longestDelayMs = 10_000;

/**
 * How long to wait before the next start. The first restart is at once; each further failure in a row doubles the wait,
 * up to ten seconds and for ever. Half of it is by chance, so that many stores do not start in step.
 * @param failures how often it ended in a row, this time included; 1 or more
 * @param chance from 0 up to 1
 */
export const restartDelayMs = (failures: number, chance: number): number => {
  if (failures <= 1) return 0;
  const fullMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - 2, 20));
  return Math.round(fullMs / 2 + (fullMs / 2) * chance);
};
