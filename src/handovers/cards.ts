import { type Agreement, partnerName, providerOf } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import type { CardView } from '../core/routes.ts';
import { dateTime, whenText } from '../core/wording.ts';
import { type CaseDoc, caseLabel, heldBy } from '../register/case.ts';
import {
  actedBy,
  answerLine,
  betweenPartners,
  buttonData,
  cautions,
  fieldLabels,
  gapText,
  rejectionText,
  type Tone,
  urgencyName,
  urgencyTone,
} from './cards-parts.ts';
import { type Handover, waitsFor } from './handover.ts';
import { isOpen } from './lists.ts';

/** What a shared card says about where the handover stands: one large line, and smaller ones under it. */
interface Standing {
  readonly kicker: string;
  readonly tone: Tone;
  readonly headline: string;
  readonly lines: readonly { readonly text: string }[];
}

/**
 * The shared card in the receiver's channel, in every state. Safe for everybody there: register id and
 * initials, partners, staff, coded reasons and times; never the person's name, NHS number or free text.
 */
export function offerCard(handover: Handover, caseDoc: CaseDoc, terms: Agreement, now: Instant): CardView {
  const open = isOpen(handover);
  const standing = standingOf(handover, terms, now);
  return {
    card: 'handovers/offer',
    data: {
      ...shared(handover, caseDoc, terms),
      ...standing,
      lines: texts(standing.lines, heldBy(caseDoc.holder, terms), ...undoLine(handover, terms, now)),
      cautions: open ? cautions(handover) : [],
      may: { answer: open, ask: handover.state === 'offered', view: open || handover.state === 'accepted' },
    },
    summary: `Handover ${handover.caseId} from ${betweenPartners(handover, terms).replace(' → ', ' to ')}. ${standing.headline}.`,
  };
}

/**
 * The sender's copy: has it arrived, what became of it, what to do now. As safe as the receiver's, since it
 * stands in the sender's channel when no person sent it.
 */
export function senderCard(handover: Handover, caseDoc: CaseDoc, terms: Agreement, now: Instant): CardView {
  const open = isOpen(handover);
  const standing = open ? sentStanding(handover, terms, now) : standingOf(handover, terms, now);
  const needOpen = !open && waitsFor(handover) !== undefined;
  return {
    card: 'handovers/sent',
    data: {
      ...shared(handover, caseDoc, terms),
      ...standing,
      kicker: 'Your handover',
      tone: needOpen ? 'attention' : standing.tone,
      lines: texts(standing.lines, heldBy(caseDoc.holder, terms), ...afterwards(handover, terms)),
      delivery: deliveryText(handover, terms, now),
      arriving: open && handover.delivery.failed !== true,
      undelivered: open && handover.delivery.failed === true,
      cautions: open ? cautions(handover) : [],
      may: {
        answer: handover.state === 'information-requested',
        withdraw: open,
        another: needOpen,
        view: true,
      },
    },
    summary: `Your handover ${handover.caseId} to ${partnerName(terms, handover.to)}. ${standing.headline}.`,
  };
}

/**
 * The answer to a click on a card whose handover has moved on: where it stands now, who acted, and that
 * nothing is left to do; or, while it can still be answered, the buttons as they are now.
 */
export function movedOnCard(handover: Handover, caseDoc: CaseDoc, terms: Agreement, now: Instant): CardView {
  const open = isOpen(handover);
  const standing = standingOf(handover, terms, now);
  const advice = open ? 'This is how it stands now.' : 'Nothing for you to do.';
  return {
    card: 'handovers/moved-on',
    data: {
      ...shared(handover, caseDoc, terms),
      ...standing,
      lines: texts(standing.lines, heldBy(caseDoc.holder, terms)),
      advice,
      may: { answer: open, ask: handover.state === 'offered', view: open },
    },
    summary: `${standing.headline}. ${advice}`,
  };
}

/** `Not delivered yet`, `Delivered 14:31`, `Opened 14:33`, or whom to ring when it could not be delivered. */
export function deliveryText(handover: Handover, terms: Agreement, now: Instant): string {
  const { deliveredAt, openedAt, failed } = handover.delivery;
  if (openedAt) return `Opened ${dateTime(openedAt, terms.zone, now)}`;
  if (deliveredAt) return `Delivered ${dateTime(deliveredAt, terms.zone, now)}`;
  if (!failed) return 'Not delivered yet';
  const receiver = providerOf(terms, handover.to);
  return receiver ? `Not delivered. Ring ${receiver.name} on ${receiver.phone}.` : 'Not delivered.';
}

const texts = (
  lines: readonly { readonly text: string }[],
  ...more: readonly string[]
): { readonly text: string }[] => [...lines, ...more.map((text) => ({ text }))];

function shared(handover: Handover, caseDoc: CaseDoc, terms: Agreement): object {
  return {
    who: caseLabel(handover.caseId, caseDoc.person, terms),
    route: betweenPartners(handover, terms),
    urgency: urgencyName(handover, terms),
    ref: buttonData(handover, terms),
  };
}

function standingOf(handover: Handover, terms: Agreement, now: Instant): Standing {
  const at = (instant: Instant): string => dateTime(instant, terms.zone, now);
  const line = (...all: string[]): { text: string }[] => all.map((text) => ({ text }));
  const answer = answerLine(handover, terms, now);
  switch (handover.state) {
    case 'offered':
      return {
        kicker: 'Handover offered',
        tone: handover.answerBy < now ? 'attention' : urgencyTone(handover, terms),
        headline: answer,
        lines: [],
      };
    case 'information-requested':
      return {
        kicker: 'Information requested',
        tone: 'warning',
        headline: `Waiting for ${partnerName(terms, handover.sender)}`,
        lines:
          handover.askedBy === 'dataset'
            ? line('It came without everything the partners agreed.', answer)
            : line('The receiver asked for information. The time does not move.', answer),
      };
    case 'accepted':
      return {
        kicker: 'Handover accepted',
        tone: 'good',
        headline: `Accepted by ${actedBy(handover.acceptedBy, terms)}`,
        lines: line(
          `On ${at(handover.acceptedAt)}`,
          ...(handover.gap
            ? [
                `Accepted with a gap: ${gapText(handover.gap, terms)}. Missing: ${fieldLabels(handover.gap.missing)}.`,
              ]
            : []),
        ),
      };
    case 'rejected':
      return {
        kicker: 'Handover rejected',
        tone: 'emphasis',
        headline: `Rejected: ${rejectionText(handover.reason, terms)}`,
        lines: line(`By ${actedBy(handover.rejectedBy, terms)}, ${at(handover.rejectedAt)}`),
      };
    case 'withdrawn':
      return {
        kicker: 'Handover withdrawn',
        tone: 'emphasis',
        headline: `Withdrawn by ${actedBy(handover.withdrawnBy, terms)}`,
        lines: line(`On ${at(handover.withdrawnAt)}`),
      };
  }
}

/** The same for its sender while it is open: whose turn it is comes first. */
function sentStanding(handover: Handover, terms: Agreement, now: Instant): Standing {
  const standing = standingOf(handover, terms, now);
  const receiver = partnerName(terms, handover.to);
  if (handover.state !== 'information-requested') {
    return {
      ...standing,
      tone: handover.answerBy < now ? 'attention' : 'accent',
      headline: `Waiting for ${receiver}`,
      lines: [{ text: answerLine(handover, terms, now) }],
    };
  }
  return {
    ...standing,
    headline: handover.askedBy === 'dataset' ? 'Something is missing' : `${receiver} asks for information`,
    lines: [
      {
        text:
          handover.askedBy === 'dataset'
            ? answerLine(handover, terms, now)
            : `${answerLine(handover, terms, now)}. The time does not move.`,
      },
    ],
  };
}

/** Where the person who accepted finds what their answer showed, which the card's next change took away. */
const undoLine = (handover: Handover, terms: Agreement, now: Instant): string[] =>
  handover.state === 'accepted'
    ? [`View details has the handover note, and Undo until ${whenText(handover.undoUntil, now, terms.zone)}.`]
    : [];

/** What the sender has to know after the answer. */
function afterwards(handover: Handover, terms: Agreement): string[] {
  if (handover.state === 'withdrawn') {
    return waitsFor(handover) === undefined ? [] : ['The need is still open. Offer it to another.'];
  }
  if (handover.state !== 'rejected') return [];
  if (handover.reofferedAs !== undefined) return ['The need was offered to another provider.'];
  return handover.needOpen
    ? [`The need is still open. View details says what ${partnerName(terms, handover.to)} advises.`]
    : ['This reason closes the need.'];
}
