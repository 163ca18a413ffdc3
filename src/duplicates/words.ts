import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { type Mark, markOf } from '../core/marks.ts';
import { formatNhsNumber } from '../core/nhs-number.ts';
import { dateText, whenText } from '../core/wording.ts';
import { type CaseDoc, heldBy } from '../register/case.ts';
import { isMarked } from './facts.ts';
import type { Band, Decided, Pair } from './pair.ts';

/** How sure it is, without a figure. */
export const BAND_WORDS: Readonly<Record<Band, string>> = {
  certain: 'By the records this is one person',
  likely: 'Probably one person',
  review: 'Could be one person: look closely',
};

const MARK_WORDS: Readonly<Record<Mark | 'none', string>> = {
  restricted: 'Restricted',
  'changed-identity': 'Changed identity: no earlier name may be told to anybody',
  none: 'No',
};

/** One line of the two records, side by side. */
export interface Beside {
  readonly label: string;
  readonly a: string;
  readonly b: string;
}

/** What both records say, field by field: for those entitled only. */
export function sideBySide(a: CaseDoc, b: CaseDoc, terms: Agreement, now: Instant): readonly Beside[] {
  const fields: readonly (readonly [string, (one: CaseDoc) => string | undefined])[] = [
    ['First name', ({ person }) => person.given],
    ['Surname', ({ person }) => person.surname],
    ['Born', ({ person }) => person.dob && dateText(person.dob)],
    ['NHS number', ({ person }) => person.nhsNumber && formatNhsNumber(person.nhsNumber)],
    ['Postcode', ({ person }) => person.postcode],
    ['Own numbers', (one) => ownNumbers(one, terms)],
    ['Holder', ({ holder }) => heldBy(holder, terms)],
    ['Marked', (one) => MARK_WORDS[markOf(one) ?? 'none']],
    ['On the register since', ({ createdAt }) => whenText(createdAt, now, terms.zone)],
  ];
  const marked = isMarked({ a, b });
  return fields
    .filter(([label]) => marked || label !== 'Marked')
    .map(([label, of]) => ({ label, a: of(a) || 'Not given', b: of(b) || 'Not given' }));
}

/** `Northside Trust N-104, Harbour A17` */
function ownNumbers({ aliases }: CaseDoc, terms: Agreement): string {
  return Object.entries(aliases)
    .map(([partner, id]) => `${partnerName(terms, partner)} ${id}`)
    .join(', ');
}

const byText = ({ by, at }: Decided, terms: Agreement, now: Instant): string =>
  `${'person' in by ? by.name : 'Baton'}, ${whenText(at, now, terms.zone)}`;

/** How a pair stands: safe for everybody who may open it. */
export function standingText({ stands }: Pair, terms: Agreement, now: Instant): string {
  switch (stands.state) {
    case 'open':
      return 'Waiting for a decision.';
    case 'withdrawn':
      return 'Not suggested any more: the records do not match now.';
    case 'apart':
      return `Not a duplicate: ${byText(stands, terms, now)}.`;
    default:
      return 'Decided.';
  }
}
