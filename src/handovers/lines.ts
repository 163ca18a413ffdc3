import { type Agreement, partnerName, staffName, urgencyOf } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { dateTime } from '../core/wording.ts';
import { type HeldCase, heldBy } from '../register/case.ts';
import { actedBy, answerLine, fieldLabels, gapText, rejectionText } from './cards-parts.ts';
import type { Handover } from './handover.ts';

/** The lines that Baton says in a handover's thread. */
export const LINES = [
  'handover.offered',
  'handover.accepted',
  'handover.rejected',
  'handover.rejected-clinical',
  'handover.second-rejection',
  'handover.undone',
  'handover.withdrawn',
  'handover.information-requested',
  'handover.information-given',
  'handover.information-added',
  'handover.completed',
  'handover.overdue',
  'handover.not-delivered',
] as const;
export type Line = (typeof LINES)[number];

/**
 * The words of one line, which begins with its case: it may be read beside others, away from its card. Short sentences, no name of the person it is about, no NHS number, no free text.
 * `refs` says what happened when the handover may have moved on since: `reason` (code), `by` (key of a member
 * of staff), `at` (instant), `to` (partner). What is absent is taken from the handover as it stands.
 */
export function line(...given: Parameters<typeof words>): string {
  const [, , handover] = given;
  return `Case ${handover.caseId}: ${words(...given)}`;
}

function words(
  code: Line | string,
  refs: Readonly<Record<string, string>>,
  handover: Handover,
  caseDoc: HeldCase,
  terms: Agreement,
  now: Instant,
): string {
  const sender = partnerName(terms, handover.sender);
  const receiver = partnerName(terms, refs.to ?? handover.to);
  const holder = partnerName(terms, caseDoc.holder.provider);
  const who = refs.by === undefined ? undefined : staffName(refs.by, terms);
  const answer = answerLine(handover, terms, now);
  const between = `${partnerName(terms, handover.from.partner)} to ${receiver}`;
  switch (code) {
    case 'handover.offered':
      return `${partnerName(terms, handover.from.partner)} offers a handover to ${receiver}. ${urgencyOf(terms, handover.urgency)?.name ?? handover.urgency}. ${answer}.`;
    case 'handover.accepted': {
      const by = who ?? (handover.state === 'accepted' ? actedBy(handover.acceptedBy, terms) : receiver);
      const gap =
        handover.state === 'accepted' && handover.gap
          ? ` With a gap: ${gapText(handover.gap, terms)}. Missing: ${fieldLabels(handover.gap.missing)}.`
          : '';
      return `Accepted by ${by}.${gap} ${heldBy(caseDoc.holder, terms)}.`;
    }
    case 'handover.rejected':
      return `${rejected(refs, handover, terms)} The case is still held by ${holder}. ${nextStep(handover, sender)}`;
    case 'handover.rejected-clinical':
      return `${between}. ${rejected(refs, handover, terms)} This reason asks for the clinical lead. The case is still held by ${holder}.`;
    case 'handover.second-rejection':
      return `${between}. ${rejected(refs, handover, terms)} This need has now been rejected twice: the clinical lead decides what happens next. The case is still held by ${holder}.`;
    case 'handover.undone':
      return `The acceptance was undone${who ? ` by ${who}` : ''}. The case is held by ${holder} again. ${answer}.`;
    case 'handover.withdrawn':
      return `Withdrawn by ${who ?? sender}. The case is held by ${holder}. Nothing for ${receiver} to do.`;
    case 'handover.information-requested':
      return `${receiver} asks for information. ${sender} is asked to answer. The time does not move: ${lower(answer)}.`;
    case 'handover.information-given':
      return `${sender} gave the information. Waiting for ${receiver}. ${answer}.`;
    case 'handover.information-added':
      return `${sender} added information. Still missing: ${fieldLabels(handover.missing)}.`;
    case 'handover.completed':
      return `${sender} added what was missing. Waiting for ${receiver}. ${answer}.`;
    case 'handover.overdue':
      if (handover.missing.length > 0 && handover.state === 'information-requested') {
        return `Something is still missing: ${fieldLabels(handover.missing)}. ${sender} is asked to add it. ${answer}. The case is still held by ${holder}.`;
      }
      return `Nobody has answered. The answer was due ${dateTime(handover.answerBy, terms.zone, now)}. The case is still held by ${holder}.`;
    case 'handover.not-delivered':
      return `The handover could not be delivered to ${receiver}. Ring them. The case is still held by ${holder}.`;
    default:
      return `The handover changed. The case is held by ${holder}.`;
  }
}

function rejected(refs: Readonly<Record<string, string>>, handover: Handover, terms: Agreement): string {
  const code = refs.reason ?? (handover.state === 'rejected' ? handover.reason : undefined);
  return code === undefined ? 'Rejected.' : `Rejected: ${rejectionText(code, terms)}.`;
}

const nextStep = (handover: Handover, sender: string): string =>
  handover.state === 'rejected' && !handover.needOpen
    ? 'This reason closes the need.'
    : `${sender} must still find somebody: View details says what the receiver advises.`;

const lower = (text: string): string => text.charAt(0).toLocaleLowerCase('en-GB') + text.slice(1);
