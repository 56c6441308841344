import { parseMinor } from '../../domain/money.ts';
import type { Deviation } from './deviation.ts';
import type { DaySums } from './projections.ts';
import { currency } from './till-row.ts';

/** A sum of a day that is not as recorded. `unexplainedCents` 0: the listed deviations are all of it. */
export interface DayDifference {
  readonly day: number;
  readonly what: string;
  readonly ours: number;
  readonly recorded: number;
  readonly unexplained: number;
}

export function compareDays(
  days: readonly (DaySums & { readonly day: number })[],
  recorded: ReadonlyMap<number, DaySums>,
  deviations: readonly Deviation[],
): readonly DayDifference[] {
  return days.flatMap((ours) => {
    const theirs = recorded.get(ours.day);
    const listed = deviations.filter(({ day }) => day === ours.day);
    const sum = (kinds: readonly string[]): number =>
      listed
        .filter(({ what }) => kinds.includes(what))
        .reduce((total, one) => total + centsOf(one.ours) - centsOf(one.recorded), 0);
    const otherwise = listed.filter(({ what }) => what === 'rung-otherwise');
    const noVoids = otherwise.filter(({ why }) => why.startsWith('takes back no line')).length;
    const returns = otherwise.filter((one) => one.ours === 'return').length;
    const difference = (what: string, our: number, their: number, explained: number): readonly DayDifference[] =>
      our === their ? [] : [{ day: ours.day, what, ours: our, recorded: their, unexplained: our - their - explained }];
    const codes = [...new Set([...Object.keys(ours.tenders), ...Object.keys(theirs?.tenders ?? {})])];
    return [
      ...difference('completed', ours.completed, theirs?.completed ?? 0, 0),
      ...difference('items', ours.itemsCents, theirs?.itemsCents ?? 0, sum(['line', 'line-tie'])),
      ...difference('discount', ours.discountCents, theirs?.discountCents ?? 0, sum(['discount'])),
      ...difference('tax', ours.taxCents, theirs?.taxCents ?? 0, sum(['tax', 'exempt-tax'])),
      ...codes.flatMap((code) => difference(`tender ${code}`, ours.tenders[code] ?? 0, theirs?.tenders[code] ?? 0, 0)),
      ...difference('void lines', ours.voidLines, theirs?.voidLines ?? 0, 0 - noVoids),
      ...difference('return lines', ours.returnLines, theirs?.returnLines ?? 0, returns),
    ];
  });
}

const centsOf = (text: string): number => {
  const parsed = parseMinor(text, currency);
  return parsed.ok ? parsed.amountMinor : 0;
};
