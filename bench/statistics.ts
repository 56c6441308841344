/** Of unsorted numbers; the upper one of two in the middle. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The value that a share of all is not above: 0.99 for p99. NaN of nothing. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** Text for a table: three figures that count, thousands with commas. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
};
