import { Temporal } from 'temporal-polyfill';
import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { isHoliday } from '../core/holidays.ts';
import { localDateOf, nextDay } from '../core/wording.ts';

/** Local time at which people are reminded: whom they are to ring is there by then. */
const MORNING = '09:00';
const FRIDAY = 5;

/** That morning of a local day, in the pathway's zone. */
export const morningOf = (day: string, zone: string): Instant =>
  Temporal.PlainDate.from(day)
    .toZonedDateTime({ timeZone: zone, plainTime: MORNING })
    .toInstant()
    .toString({ fractionalSecondDigits: 3 });

/** The morning of the first working day (Monday to Friday, no bank holiday) after the local day of `at`. */
export function workingMorningAfter(
  at: Instant,
  { zone, extraHolidays }: Pick<Agreement, 'zone' | 'extraHolidays'>,
): Instant {
  let day = nextDay(localDateOf(at, zone));
  while (Temporal.PlainDate.from(day).dayOfWeek > FRIDAY || isHoliday(day, extraHolidays)) day = nextDay(day);
  return morningOf(day, zone);
}
