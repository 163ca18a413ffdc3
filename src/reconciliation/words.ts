import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { dateText, dateTime } from '../core/wording.ts';
import type { Mismatch } from './mismatch.ts';
import type { ListStanding } from './reconciliation.ts';

/** What exactly disagrees: providers, codes and days, and nobody's name. */
export function mismatchText({ what, says, provider, caseId }: Mismatch, terms: Agreement): string {
  const name = (id: string | undefined): string =>
    id === undefined || id === 'nobody' ? 'nobody' : partnerName(terms, id);
  const names = (ids: string): string => ids.split(',').map(name).join(' and ');
  const own = name(provider);
  switch (what) {
    case 'unowned':
      return 'Nobody holds it.';
    case 'duplicate': {
      const cases = says.split(',');
      return `It may be one person with case ${cases.join(' and case ')}. Decide it: /duplicates ${caseId}`;
    }
    case 'not-on-list':
      return `${own} holds it in Baton, and it is not on its list.`;
    case 'only-on-list':
      return `The list of ${names(says)} names it as held by ${own}, and it is not on the list of ${own}.`;
    case 'different-holder': {
      const [listed, holds] = says.split('/');
      return `The list says that ${name(listed)} holds it; in Baton ${name(holds)} does.`;
    }
    case 'different-status':
      return says === 'closed'
        ? 'It is closed on the list, and open in Baton.'
        : `It is ${says} on the list, and closed in Baton.`;
    case 'differs':
      return `The list and Baton differ in: ${says.split(',').map(fieldText).join(', ')}.`;
    case 'missing-outcome':
      return says === ''
        ? 'It is closed on the list, without an outcome.'
        : `It was closed on ${dateText(says)}, without an outcome.`;
    case 'long-wait':
      return `Received on ${dateText(says)}, and no first contact on the list.`;
    case 'review-overdue':
      return `Its next review was to be on ${dateText(says)}.`;
  }
}

const FIELDS: Readonly<Record<string, string>> = {
  given: 'first name',
  surname: 'surname',
  dob: 'date of birth',
  nhsNumber: 'NHS number',
  postcode: 'postcode',
};
const fieldText = (field: string): string => FIELDS[field] ?? field;

/** How a provider's newest list stands. */
export function standingText(standing: ListStanding, terms: Agreement, now: Instant): string {
  const { heldSince } = standing;
  const text = stateText(standing, terms, now);
  if (heldSince === undefined) return text;
  return `${text}; a newer one looks wrong, and is held since ${dateTime(heldSince, terms.zone, now)} until somebody confirms it`;
}

function stateText({ provider, state, asOf }: ListStanding, terms: Agreement, now: Instant): string {
  const name = partnerName(terms, provider);
  const when = asOf === undefined ? '' : dateTime(asOf, terms.zone, now);
  switch (state) {
    case 'fresh':
      return `${name}: list of ${when}`;
    case 'late':
      return `${name}: late, last list ${when}`;
    case 'importing':
      return `${name}: not compared, its list is still going in`;
    case 'missing':
      return `${name}: not known, no list is in`;
  }
}
