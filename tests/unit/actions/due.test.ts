import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayProblem, timesOf } from '../../../src/actions/due.ts';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { localDateOf, timeText } from '../../../src/core/wording.ts';
import { isOpen } from '../../../src/core/working-time.ts';
import { terms } from '../../support/pathway.ts';
import { NOW } from './fixture.ts';

const weekdays = { open: '08:00', close: '17:00' };
const office: Agreement = {
  ...terms,
  providers: terms.providers.map((one) =>
    one.id === 'charity'
      ? {
          ...one,
          closedOnBankHolidays: true,
          hours: {
            mon: weekdays,
            tue: weekdays,
            wed: weekdays,
            thu: weekdays,
            fri: { open: '10:30', close: '16:00' },
          },
        }
      : one,
  ),
};
const times = (due: string, provider = 'hospice', now = NOW) => timesOf(due, { provider }, office, now);

describe('a day to be done by', () => {
  it.each([
    ['an ordinary day', '2026-11-27', 'hospice', '2026-11-26T09:00', '2026-11-28T00:00', '2026-11-28T09:00'],
    [
      'a Friday of an office that is closed at the weekend',
      '2026-11-27',
      'charity',
      '2026-11-26T09:00',
      '2026-11-28T00:00',
      '2026-11-30T08:00',
    ],
    [
      'a Thursday of an office that opens late on Fridays',
      '2026-11-26',
      'charity',
      '2026-11-25T09:00',
      '2026-11-27T00:00',
      '2026-11-27T10:30',
    ],
    [
      'Christmas Eve, with the bank holidays after it',
      '2026-12-24',
      'charity',
      '2026-12-23T09:00',
      '2026-12-25T00:00',
      '2026-12-29T08:00',
    ],
    [
      'the day before the clocks go forward',
      '2027-03-27',
      'hospice',
      '2027-03-26T09:00',
      '2027-03-28T00:00',
      '2027-03-28T08:00',
    ],
    [
      'the day that the clocks go back',
      '2027-10-31',
      'hospice',
      '2027-10-30T08:00',
      '2027-11-01T00:00',
      '2027-11-01T09:00',
    ],
  ])('%s: reminder, end and climb', (_, due, provider, remind, end, climb) => {
    const utc = (minute: string) => `${minute}:00.000Z`;
    expect(times(due, provider)).toEqual({
      due,
      remindAt: utc(remind),
      dueAt: utc(end),
      climbsAt: utc(climb),
    });
  });

  it.each([
    ['today', '2026-11-24'],
    ['tomorrow, after this morning', '2026-11-25'],
  ])('has no reminder when it is set for %s', (_, due) => {
    expect(times(due).remindAt).toBeUndefined();
    expect(times('2026-11-25', 'hospice', '2026-11-24T08:59:00.000Z').remindAt).toBe(
      '2026-11-24T09:00:00.000Z',
    );
    expect(times('2026-11-25', 'hospice', '2026-11-24T09:00:00.000Z').remindAt).toBeUndefined();
  });

  it('climbs from the morning after where the owner’s service is never open', () => {
    const shut = {
      ...office,
      providers: office.providers.map((one) => (one.id === 'charity' ? { ...one, hours: {} } : one)),
    };
    const { climbsAt } = timesOf('2026-11-27', { provider: 'charity' }, shut, NOW);
    expect(climbsAt).toBe('2026-11-28T09:00:00.000Z');
  });

  it('climbs only after its end, not before nine in the morning after, and while the owner is open, whatever the day', () => {
    let days = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 700 }),
        fc.constantFrom('hospice', 'charity'),
        (ahead, provider) => {
          const due = plusMs(NOW, ahead * 24 * 3_600_000).slice(0, 10);
          const { dueAt, climbsAt, remindAt } = times(due, provider);
          days++;
          expect(timeText(dueAt, office.zone)).toBe('00:00');
          expect(localDateOf(plusMs(dueAt, -1), office.zone)).toBe(due);
          expect(climbsAt > dueAt).toBe(true);
          const nextMorning = localDateOf(climbsAt, office.zone) === localDateOf(dueAt, office.zone);
          if (nextMorning) expect(timeText(climbsAt, office.zone) >= '09:00').toBe(true);
          const { hours, closedOnBankHolidays = false } =
            office.providers.find(({ id }) => id === provider) ?? {};
          expect(
            isOpen(climbsAt, { zone: office.zone, hours, closedOnBankHolidays, extraHolidays: [] }),
          ).toBe(true);
          if (remindAt !== undefined) expect(timeText(remindAt, office.zone)).toBe('09:00');
        },
      ),
      { numRuns: 300 },
    );
    expect(days).toBeGreaterThan(100);
  });
});

it.each([
  ['2026-11-23', 'Choose a day that is not over.'],
  ['2026-11-24', undefined],
  ['2028-11-24', undefined],
  ['2028-11-25', 'Choose a day within 2 years.'],
])('the day %s: %s', (due, problem) => {
  expect(dayProblem(due, 'Europe/London', NOW)).toBe(problem);
});

it('counts a day by the local clock', () => {
  expect(dayProblem('2027-06-30', 'Europe/London', '2027-06-30T23:30:00.000Z')).toContain('not over');
  expect(dayProblem('2027-06-30', 'Europe/London', '2027-06-30T22:30:00.000Z')).toBeUndefined();
});
