/** The log numbers its days and names no month: day 1 is the first of January 2025 here, so that a week later is a week later. */
const dayOneAt = Date.UTC(2025, 0, 1);
const dayMs = 86_400_000;

/** First millisecond of a day of the log. */
export const dayStart = (day: number): number => dayOneAt + (day - 1) * dayMs;

/** Day 15 → `2025-01-15`. */
export const businessDate = (day: number): string => new Date(dayStart(day)).toISOString().slice(0, 10);
