import { describe, expect, it } from 'vitest';
import {
  answerByText,
  dateText,
  dateTime,
  dayText,
  isTimeZone,
  localDateOf,
  timeText,
  whenText,
} from '../../../src/core/wording.ts';

const LONDON = 'Europe/London';

describe('dates and times on cards', () => {
  it.each([
    ['2026-11-24T20:15:00.000Z', '2026-11-24T09:00:00.000Z', 'Answer by 20:15 today'],
    ['2026-11-24T14:30:00.000Z', '2026-11-22T09:00:00.000Z', 'Answer by Tue 24 Nov, 14:30'],
    ['2027-01-04T14:30:00.000Z', '2026-12-31T09:00:00.000Z', 'Answer by Mon 4 Jan 2027, 14:30'],
    ['2026-07-01T08:05:00.000Z', '2026-06-30T23:30:00.000Z', 'Answer by 09:05 today'],
  ])('say for %s, read at %s: %s', (at, now, words) => {
    expect(answerByText(at, now, LONDON)).toBe(words);
    expect(words.endsWith(whenText(at, now, LONDON))).toBe(true);
  });

  it('show local time on both sides of a clock change', () => {
    expect(dateTime('2026-03-29T00:59:00.000Z', LONDON)).toBe('Sun 29 Mar, 00:59');
    expect(dateTime('2026-03-29T01:00:00.000Z', LONDON)).toBe('Sun 29 Mar, 02:00');
    expect(dateTime('2026-10-25T00:30:00.000Z', LONDON)).toBe('Sun 25 Oct, 01:30 BST');
    expect(timeText('2026-10-25T01:30:00.000Z', LONDON)).toBe('01:30 GMT');
  });

  it('say which of the two it is in the hour that comes twice', () => {
    expect(timeText('2026-10-25T00:30:00.000Z', LONDON)).toBe('01:30 BST');
    expect(timeText('2026-10-25T01:30:00.000Z', LONDON)).toBe('01:30 GMT');
    expect(timeText('2026-10-25T02:30:00.000Z', LONDON)).toBe('02:30');
    expect(timeText('2027-03-28T01:30:00.000Z', LONDON)).toBe('02:30');
    expect(timeText('2026-10-24T23:30:00.000Z', LONDON)).toBe('00:30');
  });

  it('name the local day', () => expect(localDateOf('2026-06-30T23:30:00.000Z', LONDON)).toBe('2026-07-01'));

  it.each([
    ['1948-03-07', '7 Mar 1948'],
    ['2026-09-30', '30 Sep 2026'],
    ['2026-02-31', '2026-02-31'],
    ['March', 'March'],
  ])('write the date %s as %s', (date, words) => expect(dateText(date)).toBe(words));

  it.each([
    ['2026-11-27', 'Fri 27 Nov'],
    ['2027-01-04', 'Mon 4 Jan 2027'],
  ])('write the day %s, read in 2026, as %s', (date, words) =>
    expect(dayText(date, '2026-11-24T09:00:00.000Z', LONDON)).toBe(words),
  );

  it.each([
    ['Europe/London', true],
    ['UTC', true],
    ['Europe/Lundon', false],
    ['+01:00', false],
    ['', false],
  ])('know the zone %s: %s', (zone, known) => expect(isTimeZone(zone)).toBe(known));
});
