import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerDue,
  type Calendar,
  clockRuns,
  isOpen,
  parseSpan,
  spanProblem,
  type WorkingClock,
} from '../../../src/core/working-time.ts';

const day = { open: '08:00', close: '20:00' };
const everyDay: Calendar = {
  zone: 'Europe/London',
  hours: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day },
  closedOnBankHolidays: false,
  extraHolidays: [],
};
const office: Calendar = {
  zone: 'Europe/London',
  hours: {
    mon: { open: '09:00', close: '17:00' },
    tue: { open: '09:00', close: '17:00' },
    wed: { open: '09:00', close: '13:00' },
    thu: { open: '09:00', close: '17:00' },
    fri: { open: '09:00', close: '16:00' },
  },
  closedOnBankHolidays: true,
  extraHolidays: ['2027-05-07'],
};
const always: Calendar = { zone: 'Europe/London', closedOnBankHolidays: false, extraHolidays: [] };
const lateShift: Calendar = {
  ...office,
  hours: { fri: { open: '16:00', close: '24:00' }, sat: { open: '00:00', close: '24:00' } },
};
const CALENDARS = [everyDay, office, always, lateShift];

describe('a length of time', () => {
  it.each([
    ['30m', { days: 0, minutes: 30 }],
    ['2h', { days: 0, minutes: 120 }],
    ['1h30m', { days: 0, minutes: 90 }],
    ['2d', { days: 2, minutes: 0 }],
    ['1d12h', { days: 1, minutes: 720 }],
  ])('is read from %s', (text, span) => expect(parseSpan(text)).toEqual(span));
  it.each(['', '0m', '0d', '2', 'h', '1.5h', '-1h', ' 2h', '2 h'])('is not "%s"', (text) =>
    expect(parseSpan(text)).toBeUndefined(),
  );
  it('must fit its clock', () => {
    expect(spanProblem('2h', 'service-hours')).toBeUndefined();
    expect(spanProblem('1d', 'service-hours')).toContain('hours and minutes');
    expect(spanProblem('2h', 'working-days')).toContain('whole days');
    expect(spanProblem('1d2h', 'elapsed')).toBeUndefined();
    expect(spanProblem('0m', 'elapsed')).toContain('above zero');
  });
});

describe('when an answer is due', () => {
  const table: [string, string, string, WorkingClock, Calendar, string][] = [
    [
      'elapsed, over the end of summer time',
      '2026-10-25T00:30:00Z',
      '2h',
      'elapsed',
      everyDay,
      '2026-10-25T02:30:00.000Z',
    ],
    [
      'elapsed, a day is 24 hours',
      '2026-03-28T12:00:00Z',
      '1d',
      'elapsed',
      everyDay,
      '2026-03-29T12:00:00.000Z',
    ],
    ['inside hours', '2026-11-24T10:00:00Z', '2h', 'service-hours', everyDay, '2026-11-24T12:00:00.000Z'],
    [
      'an offset other than Z',
      '2026-11-24T11:00:00+01:00',
      '2h',
      'service-hours',
      everyDay,
      '2026-11-24T12:00:00.000Z',
    ],
    ['rests at night', '2026-11-24T19:30:00Z', '2h', 'service-hours', everyDay, '2026-11-25T09:30:00.000Z'],
    [
      'at closing time exactly',
      '2026-11-24T18:00:00Z',
      '2h',
      'service-hours',
      everyDay,
      '2026-11-24T20:00:00.000Z',
    ],
    [
      'from before opening',
      '2026-11-24T05:00:00Z',
      '2h',
      'service-hours',
      everyDay,
      '2026-11-24T10:00:00.000Z',
    ],
    [
      'night in which summer time begins',
      '2026-03-28T19:00:00Z',
      '2h',
      'service-hours',
      everyDay,
      '2026-03-29T08:00:00.000Z',
    ],
    [
      'night in which summer time ends',
      '2026-10-24T18:00:00Z',
      '2h',
      'service-hours',
      everyDay,
      '2026-10-25T09:00:00.000Z',
    ],
    [
      'always open, over the clock change',
      '2026-03-29T00:30:00Z',
      '2h',
      'service-hours',
      always,
      '2026-03-29T02:30:00.000Z',
    ],
    [
      'open to midnight and on',
      '2026-11-20T23:00:00Z',
      '2h',
      'service-hours',
      lateShift,
      '2026-11-21T01:00:00.000Z',
    ],
    ['over the weekend', '2026-11-20T15:30:00Z', '1h', 'service-hours', office, '2026-11-23T09:30:00.000Z'],
    ['over Christmas', '2026-12-24T16:30:00Z', '1h', 'service-hours', office, '2026-12-29T09:30:00.000Z'],
    [
      'over an extra holiday',
      '2027-05-06T15:30:00Z',
      '1h',
      'service-hours',
      office,
      '2027-05-10T08:30:00.000Z',
    ],
    [
      'a bank holiday on which the service is open',
      '2026-12-25T10:00:00Z',
      '1h',
      'service-hours',
      everyDay,
      '2026-12-25T11:00:00.000Z',
    ],
    ['one working day', '2026-11-24T10:00:00Z', '1d', 'working-days', office, '2026-11-25T13:00:00.000Z'],
    [
      'came after closing time',
      '2026-11-24T18:00:00Z',
      '1d',
      'working-days',
      office,
      '2026-11-26T17:00:00.000Z',
    ],
    ['from Friday', '2026-11-20T10:00:00Z', '1d', 'working-days', office, '2026-11-23T17:00:00.000Z'],
    ['from Saturday', '2026-11-21T10:00:00Z', '1d', 'working-days', office, '2026-11-24T17:00:00.000Z'],
    ['over Easter', '2026-04-02T10:00:00Z', '1d', 'working-days', office, '2026-04-07T16:00:00.000Z'],
    [
      'bank holidays are no working days, open or not',
      '2026-12-24T10:00:00Z',
      '1d',
      'working-days',
      everyDay,
      '2026-12-29T20:00:00.000Z',
    ],
    [
      'always open: the end of the day',
      '2026-11-24T10:00:00Z',
      '1d',
      'working-days',
      always,
      '2026-11-25T23:59:00.000Z',
    ],
  ];
  it.each(table)('%s', (_name, start, within, clock, calendar, due) => {
    expect(answerDue(start, within, clock, calendar)).toBe(due);
  });

  it('says so when the clock never runs or the length does not fit it', () => {
    const closed: Calendar = { ...office, hours: {} };
    const weekend: Calendar = { ...office, hours: { sat: day } };
    expect(clockRuns('service-hours', closed)).toBe(false);
    expect(clockRuns('service-hours', weekend)).toBe(true);
    expect(clockRuns('working-days', weekend)).toBe(false);
    expect(clockRuns('elapsed', closed)).toBe(true);
    expect(() => answerDue('2026-11-24T10:00:00Z', '1h', 'service-hours', closed)).toThrow('opening hours');
    expect(() => answerDue('2026-11-24T10:00:00Z', '1d', 'working-days', weekend)).toThrow('opening hours');
    expect(() => answerDue('2026-11-24T10:00:00Z', '1d', 'service-hours', office)).toThrow(
      'hours and minutes',
    );
  });
});

describe('working time in general', () => {
  const start = fc
    .integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 11, 1) })
    .map((ms) => new Date(ms).toISOString());
  // Weeks around the clock changes, where the mistakes are.
  const nearChange = fc
    .tuple(
      fc.constantFrom('2026-03-29', '2026-10-25', '2027-03-28', '2027-10-31'),
      fc.integer({ min: -4320, max: 4320 }),
    )
    .map(([date, minutes]) => new Date(Date.parse(`${date}T01:00:00Z`) + minutes * 60_000).toISOString());
  const anyStart = fc.oneof(start, nearChange);
  const calendar = fc.constantFrom(...CALENDARS);
  const clocked = fc.oneof(
    fc.record({
      clock: fc.constant<WorkingClock>('service-hours'),
      unit: fc.constant('m'),
      a: fc.integer({ min: 1, max: 3_000 }),
      b: fc.integer({ min: 1, max: 3_000 }),
      calendar,
    }),
    fc.record({
      clock: fc.constant<WorkingClock>('working-days'),
      unit: fc.constant('d'),
      a: fc.integer({ min: 1, max: 8 }),
      b: fc.integer({ min: 1, max: 8 }),
      calendar,
    }),
    fc.record({
      clock: fc.constant<WorkingClock>('elapsed'),
      unit: fc.constantFrom('m', 'h', 'd'),
      a: fc.integer({ min: 1, max: 100 }),
      b: fc.integer({ min: 1, max: 100 }),
      calendar,
    }),
  );

  it('a later start is never due earlier', () => {
    fc.assert(
      fc.property(
        anyStart,
        fc.integer({ min: 0, max: 4 * 86_400_000 }),
        clocked,
        (from, later, { clock, unit, a, calendar }) => {
          const then = new Date(Date.parse(from) + later).toISOString();
          expect(
            answerDue(from, `${a}${unit}`, clock, calendar) <=
              answerDue(then, `${a}${unit}`, clock, calendar),
          ).toBe(true);
        },
      ),
    );
  });

  it('is due later than the start, and inside opening hours or at their end', () => {
    fc.assert(
      fc.property(anyStart, clocked, (from, { clock, unit, a, calendar }) => {
        const due = answerDue(from, `${a}${unit}`, clock, calendar);
        expect(due > from).toBe(true);
        if (clock === 'elapsed') return;
        const justBefore = new Date(Date.parse(due) - 1).toISOString();
        expect(isOpen(due, calendar) || isOpen(justBefore, calendar)).toBe(true);
      }),
    );
  });

  it('adds up: so long, and then so long again, is both at once', () => {
    fc.assert(
      fc.property(anyStart, clocked, (from, { clock, unit, a, b, calendar }) => {
        const between = answerDue(from, `${a}${unit}`, clock, calendar);
        expect(answerDue(between, `${b}${unit}`, clock, calendar)).toBe(
          answerDue(from, `${a + b}${unit}`, clock, calendar),
        );
      }),
    );
  });
});
