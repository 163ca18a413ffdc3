import { describe, expect, it } from 'vitest';
import { readTime } from '../../../src/core/local-time.ts';

const LONDON = 'Europe/London';

describe('a time of a rota', () => {
  it.each([
    ['2026-11-24 08:00', '2026-11-24T08:00:00.000Z'],
    ['2026-11-24T08:00', '2026-11-24T08:00:00.000Z'],
    ['2026-11-24 8:00', '2026-11-24T08:00:00.000Z'],
    ['24/11/2026 08:00', '2026-11-24T08:00:00.000Z'],
    ['24/11/2026 08:00:00', '2026-11-24T08:00:00.000Z'],
    ['2026-06-24 08:00', '2026-06-24T07:00:00.000Z'],
    ['2026-06-24T08:00Z', '2026-06-24T08:00:00.000Z'],
    ['2026-06-24T08:00:00+01:00', '2026-06-24T07:00:00.000Z'],
    ['2026-10-25T01:30+01:00', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T01:30+00:00', '2026-10-25T01:30:00.000Z'],
    [' 2026-10-25 03:00 ', '2026-10-25T03:00:00.000Z'],
    ['2027-03-28 00:59', '2027-03-28T00:59:00.000Z'],
    ['2027-03-28 02:00', '2027-03-28T01:00:00.000Z'],
  ])('%s is %s', (text, at) => {
    expect(readTime(text, LONDON)).toEqual({ at });
  });

  it.each([
    ['2027-03-28 01:30', 'the clocks skip this time that night: write 2027-03-28 02:30'],
    [
      '2026-10-25 01:30',
      'this time comes twice that night: write 2026-10-25T01:30+01:00 or 2026-10-25T01:30+00:00',
    ],
    ['tomorrow', 'this is no date and time: write it as 2026-11-24 08:00'],
    ['', 'this is no date and time: write it as 2026-11-24 08:00'],
    ['2026-11-24', 'this is no date and time: write it as 2026-11-24 08:00'],
    ['2026-02-30 08:00', 'this is no date and time: write it as 2026-11-24 08:00'],
    ['2026-11-24 25:00', 'there is no such time: write it as 2026-11-24 08:00'],
    ['2026-11-24 08:75', 'there is no such time: write it as 2026-11-24 08:00'],
    ['2026-13-24T08:00Z', 'there is no such time: write it as 2026-11-24 08:00'],
  ])('%s is none: %s', (text, wrong) => {
    expect(readTime(text, LONDON)).toEqual({ wrong });
  });

  it('what it advises to write is read', () => {
    for (const text of ['2027-03-28 01:30', '2026-10-25 01:30']) {
      const { wrong = '' } = readTime(text, LONDON);
      const advised = [...wrong.matchAll(/\d{4}-\S+(?: \d\d:\d\d)?/g)].map(([one]) =>
        one.replace(/ or$/, ''),
      );
      expect(advised.length).toBeGreaterThan(0);
      for (const one of advised) expect(readTime(one, LONDON).at).toBeDefined();
    }
  });
});
