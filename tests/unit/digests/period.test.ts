import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DigestTerms } from '../../../src/agreement/digest.ts';
import { dueAt, isWeek, newestWeek, weeksBefore } from '../../../src/digests/period.ts';

const terms = (digest: object = {}, zone = 'Europe/London') => ({ zone, digest: DigestTerms.parse(digest) });

describe('the week of a digest', () => {
  it.each([
    ['2026-W48', {}, 'Europe/London', '2026-11-23T08:00:00.000Z'],
    ['2026-W48', { day: 'fri', at: '16:30' }, 'Europe/London', '2026-11-27T16:30:00.000Z'],
    // Summer time.
    ['2026-W30', {}, 'Europe/London', '2026-07-20T07:00:00.000Z'],
    // The clocks go forward on the Sunday: 01:30 is skipped, and moved on by an hour.
    ['2027-W12', { day: 'sun', at: '01:30' }, 'Europe/London', '2027-03-28T01:30:00.000Z'],
    ['2027-W12', { day: 'sun', at: '00:30' }, 'Europe/London', '2027-03-28T00:30:00.000Z'],
    ['2027-W12', { day: 'sun', at: '08:00' }, 'Europe/London', '2027-03-28T07:00:00.000Z'],
    // And back: 01:30 comes twice, and the first of the two counts.
    ['2026-W43', { day: 'sun', at: '01:30' }, 'Europe/London', '2026-10-25T00:30:00.000Z'],
    ['2026-W43', { day: 'sun', at: '08:00' }, 'Europe/London', '2026-10-25T08:00:00.000Z'],
    // A year with 53 weeks; the last ends in the next year.
    ['2026-W53', {}, 'Europe/London', '2026-12-28T08:00:00.000Z'],
    ['2026-W53', { day: 'sun' }, 'Europe/London', '2027-01-03T08:00:00.000Z'],
    ['2027-W01', {}, 'Europe/London', '2027-01-04T08:00:00.000Z'],
    ['2026-W48', {}, 'Asia/Kolkata', '2026-11-23T02:30:00.000Z'],
  ])('%s with %j in %s is due %s', (week, digest, zone, due) => {
    expect(dueAt(week, terms(digest, zone))).toBe(due);
  });

  it.each([
    ['2026-11-23T07:59:59.999Z', '2026-W47'],
    ['2026-11-23T08:00:00.000Z', '2026-W48'],
    ['2026-11-29T23:59:59.999Z', '2026-W48'],
    ['2027-01-03T12:00:00.000Z', '2026-W53'],
    ['2027-01-04T07:59:59.999Z', '2026-W53'],
    ['2027-01-04T08:00:00.000Z', '2027-W01'],
    // A Monday of summer time, at 08:00 of the clock on the wall.
    ['2026-07-20T06:59:59.999Z', '2026-W29'],
    ['2026-07-20T07:00:00.000Z', '2026-W30'],
  ])('at %s the newest that is due is %s', (now, week) => {
    expect(newestWeek(now, terms())).toBe(week);
  });

  it.each([
    ['2027-W01', 1, '2026-W53'],
    ['2026-W01', 1, '2025-W52'],
    ['2026-W48', 12, '2026-W36'],
    ['2026-W53', -1, '2027-W01'],
  ])('%s less %i weeks is %s', (week, weeks, before) => {
    expect(weeksBefore(week, weeks)).toBe(before);
  });

  it('is known by its name, and nothing else is', () => {
    expect(['2026-W48', '2026-W53', '2025-W01'].filter(isWeek)).toHaveLength(3);
    expect(['2025-W53', '2026-W00', '2026-W54', '2026-48', '', 'now', '2026-W4'].filter(isWeek)).toEqual([]);
  });

  it('comes once a week, in order, and is the newest from when it is due to the next', () => {
    const days = fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');
    const hours = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:30`);
    const zones = fc.constantFrom('Europe/London', 'America/New_York', 'Pacific/Auckland', 'UTC');
    const instants = fc.integer({ min: Date.UTC(2020, 0, 6), max: Date.UTC(2040, 0, 1) });
    fc.assert(
      fc.property(days, hours, zones, instants, (day, at, zone, ms) => {
        const agreed = terms({ day, at }, zone);
        const now = new Date(ms).toISOString();
        const week = newestWeek(now, agreed);
        const next = weeksBefore(week, -1);
        expect(isWeek(week)).toBe(true);
        expect(weeksBefore(next, 1)).toBe(week);
        expect(week < next).toBe(true);
        expect(dueAt(week, agreed) <= now).toBe(true);
        expect(now < dueAt(next, agreed)).toBe(true);
      }),
    );
  });
});
