import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { type Mark, markOf } from '../core/marks.ts';
import { formatNhsNumber } from '../core/nhs-number.ts';
import { dateText, whenText } from '../core/wording.ts';
import { type CaseDoc, heldBy, type OfferState, ownNumbers } from '../register/case.ts';
import { isMarked } from './facts.ts';
import type { Band, Decided, Pair } from './pair.ts';
import { asksOf, holderOf } from './same-person.ts';
import type { Came } from './since.ts';

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

const byText = ({ by, at }: Decided, terms: Agreement, now: Instant): string =>
  `${'person' in by ? by.name : 'Baton'}, ${whenText(at, now, terms.zone)}`;

/** How a pair stands: safe for everybody who may open it. */
export function standingText(present: StandsIn, now: Instant): string {
  const { pair, today } = present;
  const { stands } = pair;
  switch (stands.state) {
    case 'open':
      return pair.declined
        ? `Waiting for a decision. Not agreed to be one referral: ${byText(pair.declined, today, now)}.`
        : 'Waiting for a decision.';
    case 'withdrawn':
      return 'Not suggested any more: the records do not match now.';
    case 'apart':
      return `Not a duplicate: ${byText(stands, today, now)}.`;
    case 'asked':
      return `Waiting for ${asksText(present)} to agree that it is one referral. ${keepsText(stands.keep, present)} ${saidText(stands, today, now)}`;
    case 'linking':
    case 'linked':
      return `Same person, two pieces of work: both cases go on. ${saidText(stands, today, now)}`;
    case 'merging':
      return `One referral: being made one case. ${keepsText(stands.keep, present)}`;
    case 'merged':
      return `One referral. ${keepsText(stands.keep, present)} ${saidText(stands, today, now)}`;
    case 'unlinking':
    case 'unmerging':
      return 'Being taken back: both cases will wait for a decision again.';
  }
}

/** What it takes to say how a pair stands. */
export interface StandsIn {
  readonly pair: Pair;
  readonly a: CaseDoc;
  readonly b: CaseDoc;
  readonly today: Agreement;
}

const saidText = (said: Decided, terms: Agreement, now: Instant): string => `${byText(said, terms, now)}.`;

/** `St Anne's Hospice` or `St Anne's Hospice and Harbour`. */
export const asksText = ({ pair, a, b, today }: StandsIn): string =>
  asksOf(pair, { a, b })
    .map((provider) => partnerName(today, provider))
    .join(' and ');

/** `Case 7K2-M4Z stays: Northside Community Trust holds it.` */
export function keepsText(keep: string, { a, b, today }: Pick<StandsIn, 'a' | 'b' | 'today'>): string {
  if (!(a.caseId === keep ? a : b).holder)
    return `Case ${keep} stays: nobody holds it yet, so take it first.`;
  const holder = holderOf(keep, { a, b });
  return `Case ${keep} stays${holder === undefined ? '' : `: ${partnerName(today, holder)} holds it`}.`;
}

/** A line about a pair, from its refs: ids and partners only. Undefined for one that this version does not know. */
export function lineText(
  line: string,
  { keep = '', lost = '', why = '' }: { readonly [key: string]: string },
  present: StandsIn,
): string | undefined {
  const { pair } = present;
  const again = `It waits for a decision again: /duplicates ${pair.a}`;
  switch (line) {
    case 'pair.merged':
      return `Case ${lost} is the same referral as case ${keep} and counts with it from now on. ${keepsText(keep, present)}`;
    case 'pair.unmerged':
      return `Case ${lost} is a case of its own again: that it is the same referral as case ${keep} was taken back. ${again}`;
    case 'pair.not-merged':
      return `Cases ${pair.a} and ${pair.b} could not be made one: ${WHY[why] ?? 'something came between'}. ${again}`;
    case 'pair.asked-again':
      return pair.stands.state === 'asked'
        ? `Cases ${pair.a} and ${pair.b}: you are asked again whether they are one referral. Please answer on the card.`
        : undefined;
    case 'pair.not-agreed':
      return `Cases ${pair.a} and ${pair.b} were not agreed to be one referral. Why, and what to decide: /duplicates ${pair.a}`;
    default:
      return undefined;
  }
}

const WHY: Readonly<Record<string, string>> = {
  gone: 'one of them is not there',
  closed: 'one of them was closed',
  unheld: 'nobody holds one of them',
  merged: 'one of them was made one with another case',
  changed: 'the identity of the person of the one that goes was changed, and it is the one to keep',
  waiting: 'a handover of the one that goes waits for somebody',
};

/** `a handover to St Anne's Hospice (accepted)` */
export function sinceText(came: Came, terms: Agreement): string {
  if (came.kind === 'line') return `a newer line on the list of ${partnerName(terms, came.provider)}`;
  return `a handover to ${partnerName(terms, came.to)} (${STATES[came.state]})`;
}

const STATES: Readonly<Record<OfferState, string>> = {
  offered: 'waiting for an answer',
  'information-requested': 'waiting for information',
  accepted: 'accepted',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
};
