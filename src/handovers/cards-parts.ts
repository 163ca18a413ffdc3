import { type Agreement, partnerName, rejectionOf, urgencyOf } from '../agreement/agreement.ts';
import { DATASET, type DatasetField } from '../agreement/dataset.ts';
import type { ActorRef } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import { answerByText, dateTime, whenText } from '../core/wording.ts';
import { parseSpan } from '../core/working-time.ts';
import type { CaseDoc } from '../register/case.ts';
import type { Accepted, Handover, Warning } from './handover.ts';

/** Which subject a button means, and the revision that its card shows. The actor is never in here. */
export interface ButtonData {
  readonly pathway: string;
  readonly caseId: string;
  readonly handoverId: string;
  readonly revision: number;
}

/** The style of a card's coloured head. */
export type Tone = 'accent' | 'attention' | 'warning' | 'good' | 'emphasis';

/** What every button of a handover carries. */
export const buttonData = (handover: Handover, terms: Agreement): ButtonData => ({
  pathway: terms.pathway,
  caseId: handover.caseId,
  handoverId: handover.handoverId,
  revision: handover.revision,
});

/** `Alex Kim, St Anne's`: who acted, as the record keeps it. */
export function actedBy(ref: ActorRef, terms: Agreement): string {
  if ('person' in ref) return ref.provider ? `${ref.name}, ${partnerName(terms, ref.provider)}` : ref.name;
  return 'partner' in ref ? partnerName(terms, ref.partner) : 'Baton';
}

/** `Northside → St Anne's`. */
export const betweenPartners = (handover: Handover, terms: Agreement): string =>
  `${partnerName(terms, handover.from.partner)} → ${partnerName(terms, handover.to)}`;

export const urgencyName = (handover: Handover, terms: Agreement): string =>
  urgencyOf(terms, handover.urgency)?.name ?? handover.urgency;

/** Needs to be met within four hours are red, within a day amber, the rest blue. */
export function urgencyTone(handover: Handover, terms: Agreement): Tone {
  const need = parseSpan(urgencyOf(terms, handover.urgency)?.need ?? '');
  if (need === undefined) return 'warning';
  const hours = need.days * 24 + need.minutes / 60;
  if (hours <= 4) return 'attention';
  return hours <= 24 ? 'warning' : 'accent';
}

/** `no capacity`: a coded reason in the words of the agreement, ready to follow a colon. */
export function rejectionText(code: string, terms: Agreement): string {
  const words = rejectionOf(terms, code)?.text ?? code;
  return midSentence(words);
}

/** The reason for accepting with a gap, in the words of the agreement. */
export const gapText = (gap: NonNullable<Accepted['gap']>, terms: Agreement): string =>
  midSentence(terms.acceptWithGap.find((reason) => reason.code === gap.reason)?.text ?? gap.reason);

/** Lower-case first letter, unless the word is an abbreviation (GP, NHS). */
const midSentence = (words: string): string =>
  /^\p{Lu}\p{Ll}/u.test(words) ? words.charAt(0).toLocaleLowerCase('en-GB') + words.slice(1) : words;

/** `Allergies, Next review date`. */
export const fieldLabels = (fields: readonly DatasetField[]): string =>
  fields.map((field) => DATASET[field]).join(', ');

const WARNINGS: Record<Warning, string> = {
  'nhs-number-invalid': 'The NHS number does not pass its check. Confirm who the person is before you act.',
  'nhs-number-missing': 'No NHS number was given. Confirm who the person is before you act.',
};
export const warningText = (warning: Warning): string => WARNINGS[warning];

/** What is missing and what is doubtful about a handover: field labels and fixed sentences only. */
export function cautions(handover: Handover): { readonly text: string }[] {
  const missing = handover.missing.length > 0 ? [`Missing: ${fieldLabels(handover.missing)}.`] : [];
  return [...missing, ...handover.warnings.map(warningText)].map((text) => ({ text }));
}

/**
 * `Answer by 15:00 today`, or that it was due; by when the need must be met where the time to answer has not
 * begun, because the handover came without what the partners agreed.
 */
export function answerLine(handover: Handover, terms: Agreement, now: Instant): string {
  if (handover.state === 'information-requested' && handover.askedBy === 'dataset') {
    return `Needed by ${whenText(handover.neededBy, now, terms.zone)}`;
  }
  return handover.answerBy < now
    ? `Answer was due ${dateTime(handover.answerBy, terms.zone, now)}`
    : answerByText(handover.answerBy, now, terms.zone);
}

/** The state in two or three words, and the style that goes with it. */
export function stateWords(
  handover: Handover | CaseDoc['handovers'][number],
  terms: Agreement,
): { readonly words: string; readonly tone: Tone } {
  switch (handover.state) {
    case 'offered':
      return { words: `Waiting for ${partnerName(terms, handover.to)}`, tone: 'accent' };
    case 'information-requested': {
      const sender = 'sender' in handover ? handover.sender : handover.from;
      return { words: `Waiting for ${partnerName(terms, sender)}`, tone: 'warning' };
    }
    case 'accepted':
      return { words: `Accepted by ${partnerName(terms, handover.to)}`, tone: 'good' };
    case 'rejected':
      return { words: `Rejected by ${partnerName(terms, handover.to)}`, tone: 'attention' };
    case 'withdrawn':
      return { words: 'Withdrawn', tone: 'emphasis' };
  }
}
