import { type Agreement, partnerName, primeOf, providerOf } from './agreement.ts';
import { DIGEST_DAYS } from './digest.ts';
import { type Finding, unknownProvider } from './finding.ts';

/** The provider in whose channel the whole digest goes. */
export const digestChannel = (terms: Agreement): string =>
  providerOf(terms, terms.digest.channel ?? '')?.id ?? primeOf(terms).id;

/** A digest that would go to somebody who is not there. */
export function checkDigest({ digest: { channel }, ...terms }: Agreement): Finding[] {
  const known = channel === undefined || terms.providers.some(({ id }) => id === channel);
  return known ? [] : [unknownProvider(['digest', 'channel'], channel)];
}

const NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** `Monday, 08:00`. */
const timeOf = ({ digest: { day, at } }: Agreement): string => `${NAMES[DIGEST_DAYS.indexOf(day)]}, ${at}`;

/** What changes in when the digest is made, where it goes, and how old a list may be. */
export function digestChanges(before: Agreement, after: Agreement): string[] {
  const where = (terms: Agreement): string => partnerName(terms, digestChannel(terms));
  const days = (terms: Agreement): string => `${terms.digest.listDays} days`;
  const change = (what: string, of: (terms: Agreement) => string): string[] =>
    of(before) === of(after) ? [] : [`${what} changes from ${of(before)} to ${of(after)}.`];
  return [
    ...change('The time of the weekly digest', timeOf),
    ...change('Whose channel gets the whole digest', where),
    ...change('How long a list counts as fresh', days),
  ];
}
