import { Temporal } from 'temporal-polyfill';
import type { Instant } from './clock.ts';
import { isHoliday } from './holidays.ts';

/**
 * When an answer is due. Instants are UTC; opening hours are local times of the calendar's zone, so that a
 * day keeps its hours over a clock change.
 */

export type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
/** Monday first, as ISO 8601 counts. */
const WEEK: readonly Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/**
 * `elapsed`: time as it passes; a day is 24 hours.
 * `service-hours`: hours and minutes while the provider is open.
 * `working-days`: the provider's closing time so many working days (Monday to Friday, no bank holiday, open)
 * after the day it came; what comes after closing time counts as coming the next working day.
 */
export const WORKING_CLOCKS = ['elapsed', 'service-hours', 'working-days'] as const;
export type WorkingClock = (typeof WORKING_CLOCKS)[number];

/** When a provider is open. Times are `08:00`; `24:00` is the end of the day. */
export interface Calendar {
  readonly zone: string;
  /** A day that is missing is closed; no hours at all: open at all times. */
  readonly hours?:
    | Readonly<Partial<Record<Day, { readonly open: string; readonly close: string } | undefined>>>
    | undefined;
  readonly closedOnBankHolidays: boolean;
  /** Local dates that count as bank holidays, `2027-05-07`. */
  readonly extraHolidays: readonly string[];
}

/** A length of time; days are kept apart, since they mean different things on different clocks. */
export interface Span {
  readonly days: number;
  readonly minutes: number;
}

/** Reads `30m`, `2h`, `1h30m` or `2d`; undefined if it is none or nothing long. */
export function parseSpan(text: string): Span | undefined {
  if (!/^(?:\d{1,6}[dhm])+$/.test(text)) return undefined;
  let days = 0;
  let minutes = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([dhm])/g)) {
    if (unit === 'd') days += Number(count);
    else minutes += Number(count) * (unit === 'h' ? 60 : 1);
  }
  return days + minutes > 0 ? { days, minutes } : undefined;
}

/** What is wrong with a span on a clock, as an instruction; undefined if it fits. */
export function spanProblem(text: string, clock: WorkingClock): string | undefined {
  const span = parseSpan(text);
  if (!span) return 'write a length of time above zero, such as 30m, 2h or 1h30m; d counts days';
  if (clock === 'service-hours' && span.days > 0) {
    return 'write hours and minutes (opening hours differ from day to day), or use the clock working-days';
  }
  if (clock === 'working-days' && span.minutes > 0) {
    return 'write whole days such as 1d, or use the clock service-hours for hours and minutes';
  }
  return undefined;
}

/** Does this clock ever run for this calendar? One that never does would never make an answer due. */
export function clockRuns(clock: WorkingClock, calendar: Calendar): boolean {
  if (clock === 'elapsed' || !calendar.hours) return true;
  const days = clock === 'working-days' ? WEEK.slice(0, 5) : WEEK;
  return days.some((day) => calendar.hours?.[day] !== undefined);
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A service closed for longer than this in one piece has no clock that runs. */
const MAX_CLOSED_DAYS = 400;

/**
 * The instant by which an answer is due that may take `within` from `start` on `clock`.
 * On `service-hours` and `working-days` it lies inside opening hours, closing time included.
 * Errors: a span that does not fit the clock, or a clock that never runs; an agreement that was checked has neither.
 */
export function answerDue(start: Instant, within: string, clock: WorkingClock, calendar: Calendar): Instant {
  const problem = spanProblem(within, clock);
  const span = parseSpan(within);
  if (problem || !span) throw new Error(`the length of time ${within} cannot be used: ${problem}`);
  const from = Date.parse(start);
  switch (clock) {
    case 'elapsed':
      return instantOf(from + span.days * DAY_MS + span.minutes * MINUTE_MS);
    case 'service-hours':
      return instantOf(afterOpenTime(from, span.minutes * MINUTE_MS, calendar));
    case 'working-days':
      return instantOf(closeOfWorkingDay(from, span.days, calendar));
  }
}

/** Is the provider open at this instant? Closing time is not open any more. */
export function isOpen(at: Instant, calendar: Calendar): boolean {
  const time = Date.parse(at);
  const opening = openingOn(localDate(time, calendar), calendar);
  return opening !== undefined && opening.open <= time && time < opening.close;
}

function afterOpenTime(from: number, needed: number, calendar: Calendar): number {
  let left = needed;
  let closed = 0;
  for (let date = localDate(from, calendar); ; date = date.add({ days: 1 })) {
    const opening = openingOn(date, calendar);
    const open = opening ? Math.max(opening.open, from) : 0;
    const room = opening ? Math.max(0, opening.close - open) : 0;
    if (room > 0 && left <= room) return open + left;
    left -= room;
    closed = opening ? 0 : closed + 1;
    if (closed > MAX_CLOSED_DAYS) throw new Error('the service never opens: give its opening hours');
  }
}

function closeOfWorkingDay(from: number, days: number, calendar: Calendar): number {
  let left = days;
  let closed = 0;
  const first = localDate(from, calendar);
  for (let date = first; ; date = date.add({ days: 1 })) {
    const opening = isWorkingDay(date, calendar) ? openingOn(date, calendar) : undefined;
    closed = opening ? 0 : closed + 1;
    if (closed > MAX_CLOSED_DAYS) throw new Error('the service has no working day: give its opening hours');
    if (!opening) continue;
    if (date.equals(first) && from > opening.lastMoment && !opening.allDayLong) continue;
    if (left === 0) return opening.lastMoment;
    left -= 1;
  }
}

function isWorkingDay(date: Temporal.PlainDate, calendar: Calendar): boolean {
  return date.dayOfWeek <= 5 && !isHoliday(date.toString(), calendar.extraHolidays);
}

interface Opening {
  readonly open: number;
  readonly close: number;
  /** Closing time as a time of the same day: 23:59 for a day that closes at 24:00. */
  readonly lastMoment: number;
  readonly allDayLong: boolean;
}

function openingOn(date: Temporal.PlainDate, calendar: Calendar): Opening | undefined {
  if (calendar.closedOnBankHolidays && isHoliday(date.toString(), calendar.extraHolidays)) return undefined;
  const day = WEEK[date.dayOfWeek - 1];
  const hours = calendar.hours ? day && calendar.hours[day] : { open: '00:00', close: '24:00' };
  if (!hours) return undefined;
  const at = (time: string): number =>
    date.toZonedDateTime({ timeZone: calendar.zone, plainTime: time }).epochMilliseconds;
  const allDayLong = hours.close === '24:00';
  const close = allDayLong
    ? date.add({ days: 1 }).toZonedDateTime(calendar.zone).epochMilliseconds
    : at(hours.close);
  return { open: at(hours.open), close, lastMoment: allDayLong ? at('23:59') : close, allDayLong };
}

const localDate = (time: number, calendar: Calendar): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(calendar.zone).toPlainDate();

const instantOf = (time: number): Instant =>
  Temporal.Instant.fromEpochMilliseconds(time).toString({ fractionalSecondDigits: 3 });
