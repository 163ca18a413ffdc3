import { describe, expect, it } from 'vitest';
import { isHoliday } from '../../../src/core/holidays.ts';

describe('bank holidays of England', () => {
  it.each(['2026-04-03', '2026-12-28', '2027-03-29', '2027-12-27', '2028-01-03', '2028-12-26'])(
    'hold %s',
    (date) => expect(isHoliday(date)).toBe(true),
  );
  it.each(['2026-12-24', '2027-12-25', '2028-01-01'])('do not hold %s', (date) =>
    expect(isHoliday(date)).toBe(false),
  );
  it('take the extra days of an agreement', () => {
    expect(isHoliday('2027-05-07')).toBe(false);
    expect(isHoliday('2027-05-07', ['2027-05-07'])).toBe(true);
  });
});
