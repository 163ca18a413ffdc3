/** Bank holidays of England and Wales as gov.uk lists them. One-off days come with the agreement. */
const ENGLAND: readonly string[] = [
  '2026-01-01',
  '2026-04-03',
  '2026-04-06',
  '2026-05-04',
  '2026-05-25',
  '2026-08-31',
  '2026-12-25',
  '2026-12-28',
  '2027-01-01',
  '2027-03-26',
  '2027-03-29',
  '2027-05-03',
  '2027-05-31',
  '2027-08-30',
  '2027-12-27',
  '2027-12-28',
  '2028-01-03',
  '2028-04-14',
  '2028-04-17',
  '2028-05-01',
  '2028-05-29',
  '2028-08-28',
  '2028-12-25',
  '2028-12-26',
];
const KNOWN = new Set(ENGLAND);

/** The last day that the table covers: nothing is known of bank holidays after it. */
export const HOLIDAYS_KNOWN_UNTIL = '2028-12-31';

/** Is the local date (`2026-12-25`) a bank holiday of England, or one of the agreement's extra days? */
export function isHoliday(date: string, extra: readonly string[] = []): boolean {
  return KNOWN.has(date) || extra.includes(date);
}
