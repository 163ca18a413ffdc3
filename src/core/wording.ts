import { Temporal } from 'temporal-polyfill';
import type { Instant } from './clock.ts';

/** Dates and times as people read them on cards, in the pathway's zone. Never a countdown: a card is not redrawn. */

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface Local {
  readonly time: Temporal.ZonedDateTime;
  /** `14:30`, as `clockTime` says it. */
  readonly clock: string;
}

/** The same few moments are said on every card of a case: so many are kept. */
const KEPT = 5_000;
const kept = new Map<string, Local>();

function local(at: Instant, zone: string): Local {
  const key = `${at} ${zone}`;
  const known = kept.get(key);
  if (known) return known;
  const time = Temporal.Instant.from(at).toZonedDateTimeISO(zone);
  const found = { time, clock: clockTime(time) };
  if (kept.size >= KEPT) kept.clear();
  kept.set(key, found);
  return found;
}

const two = (value: number): string => String(value).padStart(2, '0');
const weekday = (date: { dayOfWeek: number }): string => WEEKDAYS[date.dayOfWeek - 1] ?? '';
const dayMonth = (date: { day: number; month: number }): string => `${date.day} ${MONTHS[date.month - 1]}`;

const wallClock = (time: Temporal.ZonedDateTime): string => `${two(time.hour)}:${two(time.minute)}`;
/** The hour that a clock change brings twice says which of the two it is. */
function clockTime(time: Temporal.ZonedDateTime): string {
  const twice = [1, -1].some((hours) => wallClock(time.add({ hours })) === wallClock(time));
  if (!twice) return wallClock(time);
  const summer = time.offsetNanoseconds > time.add({ days: 30 }).offsetNanoseconds;
  const name = time.timeZoneId === 'Europe/London' ? (summer ? 'BST' : 'GMT') : `UTC${time.offset}`;
  return `${wallClock(time)} ${name}`;
}
const fullTime = ({ time, clock }: Local, now?: Local): string => {
  const year = now !== undefined && now.time.year !== time.year ? ` ${time.year}` : '';
  return `${weekday(time)} ${dayMonth(time)}${year}, ${clock}`;
};

/** `14:30` */
export function timeText(at: Instant, zone: string): string {
  return local(at, zone).clock;
}

/** `Tue 24 Nov, 14:30`; with the year, `Tue 24 Nov 2026, 14:30`, when `now` is given and in another year. */
export function dateTime(at: Instant, zone: string, now?: Instant): string {
  return fullTime(local(at, zone), now === undefined ? undefined : local(now, zone));
}

/** `20:15 today` on the local day of `now`, `Tue 24 Nov, 14:30` on another. */
export function whenText(at: Instant, now: Instant, zone: string): string {
  const said = local(at, zone);
  const today = local(now, zone);
  const sameDay = said.time.dayOfYear === today.time.dayOfYear && said.time.year === today.time.year;
  return sameDay ? `${said.clock} today` : fullTime(said, today);
}

/** `Answer by 20:15 today`, `Answer by Tue 24 Nov, 14:30`. */
export function answerByText(at: Instant, now: Instant, zone: string): string {
  return `Answer by ${whenText(at, now, zone)}`;
}

/** A date without a time: `1948-03-07` becomes `7 Mar 1948`. What is not such a date stays as it came. */
export function dateText(date: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return date;
  try {
    const plain = Temporal.PlainDate.from(date);
    return `${dayMonth(plain)} ${plain.year}`;
  } catch {
    return date;
  }
}

/** A local day as people plan by it: `Fri 27 Nov`; with the year when it is in another than `now`. */
export function dayText(date: string, now: Instant, zone: string): string {
  const day = Temporal.PlainDate.from(date);
  const year = day.year === local(now, zone).time.year ? '' : ` ${day.year}`;
  return `${weekday(day)} ${dayMonth(day)}${year}`;
}

/** The local date of an instant, `2026-11-24`: names days, weeks and periods. */
export function localDateOf(at: Instant, zone: string): string {
  return local(at, zone).time.toPlainDate().toString();
}

/** When a local day begins, `2026-11-24`. Errors: `RangeError` for what is no day of the calendar. */
export function startOfDay(date: string, zone: string): Instant {
  const start = Temporal.PlainDate.from(date).toZonedDateTime(zone).toInstant();
  return start.toString({ fractionalSecondDigits: 3 });
}

/** The day after a local day, `2026-11-25`. Errors: as `startOfDay`. */
export const nextDay = (date: string): string => Temporal.PlainDate.from(date).add({ days: 1 }).toString();

/** Does the runtime know this time zone (IANA name, such as Europe/London)? */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * The day that somebody typed as they say it, day first (`7/3/1942`, `07.03.1942`, `7 March 1942`) or as
 * `1942-03-07`, in that last form; undefined for what is no day of the calendar or has no whole year.
 */
export function readDate(typed: string): string | undefined {
  const text = typed.trim().toLowerCase();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  const said = /^(\d{1,2})(?:st|nd|rd|th)?[\s/.-]+(\d{1,2}|[a-z]{3,9})[\s/.,-]+(\d{4})$/.exec(text);
  const [day, month, year] = iso ? [iso[3], iso[2], iso[1]] : said ? [said[1], said[2], said[3]] : [];
  if (day === undefined || month === undefined || year === undefined) return undefined;
  const number = /^\d/.test(month)
    ? Number(month)
    : MONTHS.findIndex((name) => month.startsWith(name.toLowerCase())) + 1;
  // A day that is not there moves on to one that is; a list of a million lines has some five million days.
  const date = new Date(Date.UTC(Number(year), number - 1, Number(day)));
  const there = date.getUTCFullYear() === Number(year) && date.getUTCMonth() === number - 1;
  return there && date.getUTCDate() === Number(day) ? date.toISOString().slice(0, 10) : undefined;
}

/** `1948-03-07` as people type it: `07/03/1948`. */
export const typedDate = (date: string): string => date.split('-').reverse().join('/');
