import type { Agreement } from '../agreement/agreement.ts';
import { DATASET } from '../agreement/dataset.ts';
import { formatNhsNumber } from '../core/nhs-number.ts';
import type { Entry } from '../core/pages.ts';
import { hasText } from '../core/text.ts';
import { dateText, dateTime } from '../core/wording.ts';
import { urgencyName } from './cards-parts.ts';
import type { Content, Handover } from './handover.ts';

/** The words for coded answers, on forms, cards and in the note. */
export const RISK_WORDS = {
  'none-identified': 'None identified',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
} as const;
export const SAFEGUARDING_WORDS = {
  'none-identified': 'None identified',
  concern: 'There is a concern, not yet raised',
  'open-concern': 'A concern is open',
  'not-known': 'Not known',
} as const;
export const CONSENT_WORDS = {
  given: 'Given',
  'best-interests': 'Not able to consent: shared in their best interests',
  'public-interest': 'Not given: shared in the public interest or an emergency',
  'refused-shared-anyway': 'Refused, and shared for the reason below',
} as const;

/** The parts of a handover in words, by where a reader looks for them. */
export interface Parts {
  readonly name: string | undefined;
  readonly born: string | undefined;
  readonly nhsNumber: string | undefined;
  readonly safety: readonly Entry[];
  readonly ask: readonly Entry[];
  readonly person: readonly Entry[];
  readonly sbar: readonly Entry[];
  readonly consent: readonly Entry[];
  readonly plan: readonly Entry[];
  readonly contacts: readonly Entry[];
  readonly author: readonly Entry[];
}

/** Everything that `handover` carries, in words: identifiable, for those entitled alone. Times in the pathway's zone. */
export function partsOf(handover: Handover, terms: Agreement): Parts {
  const { person, ask, sbar, risk, safeguarding, consent, contacts, plan, author, ...rest } =
    handover.content;
  const entry = (label: string, value: string | undefined): Entry => ({
    label,
    text: hasText(value) ? value : undefined,
  });
  return {
    name: join(' ', person.given, person.surname),
    born: person.dob && dateText(person.dob),
    nhsNumber: hasText(person.nhsNumber) ? formatNhsNumber(person.nhsNumber) : undefined,
    safety: [
      entry(DATASET['safeguarding.status'], safeguarding.status && SAFEGUARDING_WORDS[safeguarding.status]),
      entry('Safeguarding: what is known', safeguarding.detail),
      entry(DATASET['risk.status'], risk.status && RISK_WORDS[risk.status]),
      entry(DATASET['risk.detail'], risk.detail),
      entry(DATASET.sceneSafety, rest.sceneSafety),
      entry(DATASET.allergies, rest.allergies),
    ],
    ask: [
      entry(DATASET['ask.what'], ask.what),
      entry(DATASET['ask.urgency'], urgencyName(handover, terms)),
      entry(DATASET['ask.neededBy'], dateTime(handover.neededBy, terms.zone)),
      entry(DATASET['ask.service'], ask.service),
    ],
    person: [
      entry(DATASET['person.safeContact'], person.safeContact),
      entry('Telephone', person.phone),
      entry(DATASET['person.address'], join(', ', person.address, person.postcode)),
      entry(DATASET['person.language'], person.language),
      entry(DATASET['person.communication'], person.communication),
      entry(DATASET.adjustments, rest.adjustments),
    ],
    sbar: [
      entry(DATASET['sbar.situation'], sbar.situation),
      entry(DATASET['sbar.background'], sbar.background),
      entry(DATASET['sbar.assessment'], sbar.assessment),
      entry('Recommendation', sbar.recommendation),
    ],
    consent: [
      entry('Consent', consent.status && CONSENT_WORDS[consent.status]),
      entry('Reason to share without it', consent.reason),
    ],
    plan: [
      entry(DATASET['plan.interim'], plan.interim),
      entry(DATASET['plan.nextReview'], plan.nextReview && dateText(plan.nextReview)),
    ],
    contacts:
      contacts.length > 0
        ? contacts.map((contact, at) =>
            entry(`Contact ${at + 1}`, join(', ', contact.name, contact.relation, contact.phone)),
          )
        : [entry('Contacts', undefined)],
    author: [
      entry('Written by', join(', ', author.name, author.role)),
      entry(DATASET['author.phone'], author.phone),
    ],
  };
}

/** The risk in one text: its status, then what is written about it. */
export const riskText = (content: Content): string | undefined =>
  join('. ', content.risk.status && RISK_WORDS[content.risk.status], content.risk.detail);

/** The safeguarding status, then what is written about it. */
export const safeguardingText = (content: Content): string | undefined =>
  join(
    '. ',
    content.safeguarding.status && SAFEGUARDING_WORDS[content.safeguarding.status],
    content.safeguarding.detail,
  );

function join(between: string, ...texts: (string | undefined)[]): string | undefined {
  return texts.filter(hasText).join(between) || undefined;
}
