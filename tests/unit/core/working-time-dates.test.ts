import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerDue, type Calendar, type Day, isOpen } from '../../../src/core/working-time.ts';

/**
 * Due instants against a second way of counting, which knows no calendar arithmetic: it walks the clock minute
 * by minute and asks the runtime what a wall in London shows. Around the clock changes of 2026 and 2027 and the
 * bank holidays of England, where the mistakes are.
 */

const MINUTE = 60_000;
const wall = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hourCycle: 'h23',
  weekday: 'short',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

interface Wall {
  readonly date: string;
  readonly day: Day;
  readonly time: string;
}
function wallAt(ms: number): Wall {
  const parts = Object.fromEntries(wall.formatToParts(ms).map(({ type, value }) => [type, value]));
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    day: String(parts.weekday).toLowerCase().slice(0, 3) as Day,
    time: `${parts.hour}:${parts.minute}`,
  };
}

/** Bank holidays near the days that are tried, as gov.uk prints them, and one that an agreement added. */
const HOLIDAYS = [
  '2026-04-03',
  '2026-04-06',
  '2026-12-25',
  '2026-12-28',
  '2027-01-01',
  '2027-03-26',
  '2027-03-29',
  '2027-05-03',
  '2027-12-27',
  '2027-12-28',
  '2028-01-03',
];
const EXTRA = '2027-11-01';

const office = (closedOnBankHolidays: boolean): Calendar => ({
  zone: 'Europe/London',
  hours: {
    mon: { open: '09:00', close: '17:00' },
    tue: { open: '09:00', close: '17:00' },
    wed: { open: '09:00', close: '13:00' },
    thu: { open: '09:00', close: '17:00' },
    fri: { open: '09:00', close: '16:00' },
    sun: { open: '00:30', close: '03:30' },
  },
  closedOnBankHolidays,
  extraHolidays: [EXTRA],
});
const nights: Calendar = {
  ...office(false),
  hours: {
    fri: { open: '18:00', close: '24:00' },
    sat: { open: '00:00', close: '24:00' },
    sun: { open: '00:00', close: '24:00' },
    mon: { open: '00:00', close: '08:00' },
  },
};
const always: Calendar = { zone: 'Europe/London', closedOnBankHolidays: false, extraHolidays: [] };
const CALENDARS = [office(true), office(false), nights, always];

const isHoliday = (date: string, { extraHolidays }: Calendar): boolean =>
  HOLIDAYS.includes(date) || extraHolidays.includes(date);
function hoursOn({ date, day }: Wall, calendar: Calendar) {
  if (calendar.closedOnBankHolidays && isHoliday(date, calendar)) return undefined;
  return calendar.hours ? calendar.hours[day] : { open: '00:00', close: '24:00' };
}
function opened(at: Wall, calendar: Calendar): boolean {
  const hours = hoursOn(at, calendar);
  return hours !== undefined && hours.open <= at.time && at.time < hours.close;
}

/** Service hours counted minute by minute: the end of the `minutes`th minute in which the door is open. */
function walked(start: number, minutes: number, calendar: Calendar): number {
  let left = minutes;
  for (let at = start; ; at += MINUTE) {
    if (opened(wallAt(at), calendar)) left -= 1;
    if (left === 0) return at + MINUTE;
  }
}

/** Working days counted by what the wall shows at the half-hours: the closing time of the last of them. */
function counted(start: number, days: number, calendar: Calendar): Wall {
  const came = wallAt(start);
  let left = days;
  let last = '';
  for (let at = start; ; at += 30 * MINUTE) {
    const here = wallAt(at);
    if (here.date === last) continue;
    last = here.date;
    const hours = hoursOn(here, calendar);
    const working =
      !['sat', 'sun'].includes(here.day) && !isHoliday(here.date, calendar) && hours !== undefined;
    if (!working || hours === undefined) continue;
    // What comes after closing time counts as coming the next working day.
    if (here.date === came.date && came.time > hours.close) continue;
    if (left === 0) return { ...here, time: hours.close === '24:00' ? '23:59' : hours.close };
    left -= 1;
  }
}

/** Days about which a clock changes or a bank holiday stands, two days and a half either side. */
const NEAR = [
  '2026-03-29',
  '2026-04-05',
  '2026-10-25',
  '2026-12-26',
  '2027-01-01',
  '2027-03-28',
  '2027-05-03',
  '2027-10-31',
  '2027-12-27',
];
const start = fc
  .tuple(fc.constantFrom(...NEAR), fc.integer({ min: -3_600, max: 3_600 }))
  .map(([date, minutes]) => Date.parse(`${date}T01:00:00Z`) + minutes * MINUTE);
const calendar = fc.constantFrom(...CALENDARS);
const iso = (ms: number): string => new Date(ms).toISOString();
const isSummer = (ms: number): boolean => wallAt(ms).time !== iso(ms).slice(11, 16);

describe('due instants near clock changes and bank holidays', () => {
  it('on service hours are what a walk from minute to minute counts', () => {
    let overChange = 0;
    let overHoliday = 0;
    fc.assert(
      fc.property(start, fc.integer({ min: 1, max: 720 }), calendar, (from, minutes, hours) => {
        const due = answerDue(iso(from), `${minutes}m`, 'service-hours', hours);
        const end = walked(from, minutes, hours);
        expect(due).toBe(iso(end));
        const offset = (ms: number): string => wallAt(ms).time.slice(0, 2);
        if ((offset(from) !== iso(from).slice(11, 13)) !== (offset(end) !== due.slice(11, 13)))
          overChange += 1;
        for (let at = from; at < end; at += 1_440 * MINUTE) {
          if (isHoliday(wallAt(at).date, hours)) {
            overHoliday += 1;
            break;
          }
        }
      }),
      { numRuns: 150 },
    );
    console.log(`service hours: ${overChange} over a clock change, ${overHoliday} over a bank holiday`);
    expect(Math.min(overChange, overHoliday)).toBeGreaterThan(0);
  });

  it('on working days are the closing time that the wall shows on the day counted by hand', () => {
    let overChange = 0;
    fc.assert(
      fc.property(
        start,
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(office(true), office(false), always),
        (from, days, hours) => {
          const due = answerDue(iso(from), `${days}d`, 'working-days', hours);
          expect(wallAt(Date.parse(due))).toEqual(counted(from, days, hours));
          if (isSummer(from) !== isSummer(Date.parse(due))) overChange += 1;
        },
      ),
      { numRuns: 150 },
    );
    console.log(`working days: ${overChange} over a clock change`);
    expect(overChange).toBeGreaterThan(0);
  });

  it('find the door open or shut as the wall says, in the doubled and the missing hour too', () => {
    const changes = ['2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31'];
    let looked = 0;
    for (const date of changes) {
      for (let minute = -120; minute < 240; minute += 1) {
        const at = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE;
        for (const hours of CALENDARS) {
          looked += 1;
          if (isOpen(iso(at), hours) !== opened(wallAt(at), hours)) {
            expect([iso(at), isOpen(iso(at), hours)]).toEqual([iso(at), opened(wallAt(at), hours)]);
          }
        }
      }
    }
    expect(looked).toBe(changes.length * 360 * CALENDARS.length);
  });
});
