import { Temporal } from 'temporal-polyfill';
import type { Agreement } from '../agreement/agreement.ts';
import { calendarOf } from '../agreement/calendar.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { localDateOf, nextDay, startOfDay } from '../core/wording.ts';
import { answerDue, clockRuns } from '../core/working-time.ts';
import type { Owner, Times } from './action.ts';

/** Local time at which people are reminded, and before which nothing begins to climb. */
const MORNING = '09:00';
const MINUTE_MS = 60_000;

/**
 * The instants of an action to be done by the end of the local day `due`: a reminder on the morning before, if
 * that is still to come, and the start of the climb, when the owner's service is next open from the morning
 * after. It does not climb at midnight: nobody is woken for what was due on a day.
 */
export function timesOf(due: string, { provider }: Owner, terms: Agreement, now: Instant): Times {
  const after = nextDay(due);
  const remindAt = morningOf(Temporal.PlainDate.from(due).subtract({ days: 1 }).toString(), terms.zone);
  return {
    due,
    dueAt: startOfDay(after, terms.zone),
    ...(remindAt > now && { remindAt }),
    climbsAt: openFrom(morningOf(after, terms.zone), provider, terms),
  };
}

const morningOf = (day: string, zone: string): Instant =>
  Temporal.PlainDate.from(day)
    .toZonedDateTime({ timeZone: zone, plainTime: MORNING })
    .toInstant()
    .toString({ fractionalSecondDigits: 3 });

/** The first moment from `at` on at which the provider is open. */
function openFrom(at: Instant, provider: string, terms: Agreement): Instant {
  const calendar = calendarOf(terms, provider);
  if (!clockRuns('service-hours', calendar)) return at;
  return plusMs(answerDue(at, '1m', 'service-hours', calendar), -MINUTE_MS);
}

/** Further ahead than this a day is a slip of the pen. */
const MOST_YEARS = 2;

/** What is wrong with a day to be done by, as an instruction; undefined when nothing is. */
export function dayProblem(due: string, zone: string, now: Instant): string | undefined {
  const today = localDateOf(now, zone);
  if (due < today) return 'Choose a day that is not over.';
  const last = Temporal.PlainDate.from(today).add({ years: MOST_YEARS }).toString();
  return due > last ? `Choose a day within ${MOST_YEARS} years.` : undefined;
}
