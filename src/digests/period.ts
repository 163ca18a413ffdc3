import { Temporal } from 'temporal-polyfill';
import type { Agreement } from '../agreement/agreement.ts';
import { DIGEST_DAYS } from '../agreement/digest.ts';
import type { Instant } from '../core/clock.ts';

/**
 * The weeks that digests are made for: those of ISO 8601, `2026-W48`, in the pathway's zone. Their names sort as
 * text, also over the end of a year.
 */

type Terms = Pick<Agreement, 'zone' | 'digest'>;

const WEEK = /^(\d{4})-W(\d\d)$/;

const nameOf = (date: Temporal.PlainDate): string =>
  `${date.yearOfWeek}-W${String(date.weekOfYear).padStart(2, '0')}`;

/** Is it the name of a week that there is? A year has 52 or 53. */
export const isWeek = (text: string): boolean => {
  const [, , number = '0'] = WEEK.exec(text) ?? [];
  return Number(number) >= 1 && Number(number) <= 53 && nameOf(monday(text)) === text;
};

/** The fourth of January is in the first week of its year. */
function monday(week: string): Temporal.PlainDate {
  const [, year = '', number = ''] = WEEK.exec(week) ?? [];
  const fourth = Temporal.PlainDate.from({ year: Number(year), month: 1, day: 4 });
  return fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: Number(number) - 1 });
}

/** The week so many before, or after where `weeks` is negative. */
export const weeksBefore = (week: string, weeks: number): string => nameOf(monday(week).subtract({ weeks }));

/**
 * When the digest of a week is due. A local time that a clock change skips is moved on by as much; of one that
 * comes twice it is the first.
 */
export function dueAt(week: string, { zone, digest }: Terms): Instant {
  const date = monday(week).add({ days: DIGEST_DAYS.indexOf(digest.day) });
  const local = date.toZonedDateTime({ timeZone: zone, plainTime: digest.at });
  return local.toInstant().toString({ fractionalSecondDigits: 3 });
}

/** The newest week whose digest is due at `now`. */
export function newestWeek(now: Instant, terms: Terms): string {
  const week = nameOf(Temporal.Instant.from(now).toZonedDateTimeISO(terms.zone).toPlainDate());
  return dueAt(week, terms) <= now ? week : weeksBefore(week, 1);
}
