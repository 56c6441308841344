import type { Clock } from '../../domain/clock.ts';
import { systemClock } from '../../main.ts';
import { dayStart } from './business-date.ts';

/** A clock that shows the log's day and runs as fast as the wall's: prices have the date they had, timers wait as long as ever. */
export interface DayClock extends Clock {
  setDay(day: number): void;
}

export function createDayClock(day: number, beganAt: number): DayClock {
  let today = day;
  return {
    ...systemClock,
    now: () => dayStart(today) + Math.max(0, Date.now() - beganAt),
    setDay(next) {
      today = Math.max(today, next);
    },
  };
}
