/** Offsets of a zone are asked of Intl, which is slow: one formatter a zone, at most as many as there are zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

const formatterOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
};

/** What the clock of the zone shows at a moment, less UTC, milliseconds. */
const offsetMs = (at: number, timeZone: string): number => {
  const parts = new Map(
    formatterOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - at;
};

/** First moment of a day in a zone (IANA name), milliseconds; days run on: 32 January is 1 February. */
const dayStart = (year: number, month: number, day: number, timeZone: string): number => {
  const asUtc = Date.UTC(year, month - 1, day);
  const near = asUtc - offsetMs(asUtc, timeZone);
  // Once more: on the day of a change of clocks the first offset may be the other one.
  return asUtc - offsetMs(near, timeZone);
};

export type MomentEdge = 'first' | 'last';

/**
 * Reads `2026-08-13` (the whole day in the store's zone: its first or last millisecond) or `2026-08-13T06:00+03:00`,
 * as milliseconds; null where it is neither or no such day exists.
 */
export const parseMoment = (text: string, edge: MomentEdge, timeZone: string): number | null => {
  const match = /^(2\d{3})-(\d{2})-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  if (match[4] === undefined) {
    return edge === 'first' ? dayStart(year, month, day, timeZone) : dayStart(year, month, day + 1, timeZone) - 1;
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
};
