import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { type Entry, NOT_GIVEN, paged, pieces, type Section, shortened } from '../core/pages.ts';
import type { CardView } from '../core/routes.ts';
import { dateTime, whenText } from '../core/wording.ts';
import { type CaseDoc, caseLabel, heldBy } from '../register/case.ts';
import { type Parts, partsOf, riskText, safeguardingText } from './cards-content.ts';
import {
  actedBy,
  answerLine,
  betweenPartners,
  buttonData,
  cautions,
  fieldLabels,
  gapText,
  rejectionText,
  stateWords,
} from './cards-parts.ts';
import type { Handover } from './handover.ts';
import { isOpen } from './lists.ts';
import type { Can } from './may.ts';
import { handoverNote } from './note.ts';
import { isUndoable } from './rules.ts';

/** Plain text of the note on one card; the rest follows on the next. */
const NOTE_BYTES = 11_000;
const IN_NOTE = '… (continued in the note below)';

/**
 * The answer to Accept, for the person who accepted alone: whom it is about, what is asked and by when, what
 * could harm, how to make contact safely, and the note to copy. Identifiable. Undo while it is still time.
 */
export function acceptedAnswer(
  handover: Handover,
  caseDoc: CaseDoc,
  terms: Agreement,
  now: Instant,
): CardView {
  const { content } = handover;
  const parts = partsOf(handover, terms);
  const at = (instant: Instant): string => dateTime(instant, terms.zone, now);
  const fact = (label: string, text: string | undefined, bytes: number, subtle = true): object => ({
    label,
    subtle,
    text: text === undefined ? NOT_GIVEN : shortened(text, bytes, IN_NOTE),
  });
  const undo = isUndoable(handover, caseDoc, now);
  const note = notePage(handover, terms, 1);
  return {
    card: 'handovers/accepted',
    data: {
      ...identity(handover, caseDoc, terms, parts),
      headline:
        handover.state === 'accepted'
          ? `Accepted by ${actedBy(handover.acceptedBy, terms)}, ${at(handover.acceptedAt)}`
          : stateWords(handover, terms).words,
      holder: heldBy(caseDoc.holder, terms),
      needed: `Needed by ${whenText(handover.neededBy, now, terms.zone)}`,
      facts: [
        fact('What is asked', content.ask.what, 1_500),
        fact('Safe way to contact', content.person.safeContact, 1_500),
        fact('Telephone', content.person.phone, 300),
      ],
      harmTone: harmTone(handover),
      harms: [
        fact('Safeguarding', safeguardingText(content), 2_000, false),
        fact('Risks', riskText(content), 2_000, false),
        fact('Allergies', content.allergies, 1_500, false),
      ],
      note: note.text,
      noteLabel: note.label,
      notePage: 2,
      undoText: undo
        ? `You can undo this until ${whenText(handover.undoUntil, now, terms.zone)}. The case then goes back to ${partnerName(terms, handover.holderBefore.provider)}.`
        : '',
      may: { undo, more: note.pages > 1 },
    },
    summary: `You accepted handover ${handover.caseId}. ${heldBy(caseDoc.holder, terms)}.`,
  };
}

/** One page of the handover note to copy, for those entitled; `page` counts from 1. Identifiable. */
export function noteCard(handover: Handover, caseDoc: CaseDoc, terms: Agreement, page: number): CardView {
  const note = notePage(handover, terms, page);
  return {
    card: 'handovers/note',
    data: {
      who: caseLabel(handover.caseId, caseDoc.person, terms),
      ref: buttonData(handover, terms),
      note: note.text,
      noteLabel: note.label,
      notePage: note.page + 1,
      may: { more: note.page < note.pages },
    },
    summary: `Handover note of ${handover.caseId}, part ${note.page} of ${note.pages}.`,
  };
}

/**
 * Everything that the handover carries, for those entitled: safeguarding and risk first, "Not given" where
 * there is nothing, and the buttons that the reader may press. Long ones go over pages; `page` counts from 1.
 * `double`: the reader is to decide whether the case is somebody's second one.
 */
export function detailsCard(
  handover: Handover,
  caseDoc: CaseDoc,
  terms: Agreement,
  now: Instant,
  can: Can,
  { page = 1, double = false }: { readonly page?: number | undefined; readonly double?: boolean } = {},
): CardView {
  const parts = partsOf(handover, terms);
  const pages = paged(sectionsOf(handover, parts, terms, now));
  const shown = Math.min(Math.max(1, Math.trunc(page) || 1), pages.length);
  const { words, tone } = stateWords(handover, terms);
  return {
    card: 'handovers/details',
    data: {
      ...identity(handover, caseDoc, terms, parts),
      state: words,
      tone,
      route: betweenPartners(handover, terms),
      holder: heldBy(caseDoc.holder, terms),
      open: isOpen(handover),
      deadline: answerLine(handover, terms, now),
      cautions: [...cautions(handover), ...(double ? [{ text: doubleText(handover.caseId) }] : [])],
      first: shown === 1,
      sections: pages[shown - 1] ?? [],
      pageText: `Page ${shown} of ${pages.length}`,
      previous: shown - 1,
      next: shown + 1,
      paged: pages.length > 1,
      may: {
        accept: can.accept === true,
        reject: can.reject === true,
        ask: can.ask === true,
        answer: can.answer === true,
        withdraw: can.withdraw === true,
        another: can.another === true,
        undo: can.undo === true,
        note: can.note === true,
        previous: shown > 1,
        next: shown < pages.length,
      },
    },
    summary: `Details of handover ${handover.caseId}. ${words}.`,
  };
}

const doubleText = (caseId: string): string =>
  `May be the same person as another case. Type /duplicates ${caseId}`;

function identity(handover: Handover, caseDoc: CaseDoc, terms: Agreement, parts: Parts): object {
  return {
    who: caseLabel(handover.caseId, caseDoc.person, terms),
    ref: buttonData(handover, terms),
    name: parts.name ?? 'Name not given',
    born: parts.born ?? NOT_GIVEN,
    nhsNumber: parts.nhsNumber ?? NOT_GIVEN,
    identityDoubt: handover.warnings.length > 0,
    warnings: cautions({ ...handover, missing: [] }),
  };
}

function notePage(
  handover: Handover,
  terms: Agreement,
  page: number,
): { readonly text: string; readonly label: string; readonly page: number; readonly pages: number } {
  const parts = pieces(handoverNote(handover, terms), NOTE_BYTES);
  const shown = Math.min(Math.max(1, Math.trunc(page) || 1), parts.length);
  return {
    text: parts[shown - 1] ?? '',
    label:
      parts.length > 1
        ? `Handover note, part ${shown} of ${parts.length}: copy it into your own record`
        : 'Handover note: copy it into your own record',
    page: shown,
    pages: parts.length,
  };
}

function sectionsOf(handover: Handover, parts: Parts, terms: Agreement, now: Instant): Section[] {
  const plain = (title: string, entries: readonly Entry[]): Section => ({
    title,
    tone: 'default',
    entries: gathered(entries),
  });
  const said = conversation(handover, terms, now);
  return [
    { title: 'Safeguarding and risk', tone: harmTone(handover), entries: parts.safety },
    ...(said.length > 0
      ? [{ title: 'Questions and answers', tone: 'emphasis', entries: said } satisfies Section]
      : []),
    plain('The request', parts.ask),
    plain('The person', parts.person),
    plain('Situation, background, assessment', parts.sbar),
    plain('Consent to share', parts.consent),
    plain('Plan until then', parts.plan),
    plain('Contacts, in order', parts.contacts),
    plain('Who wrote it', parts.author),
  ];
}

/** Red when somebody is known to be in danger, amber otherwise: nobody looks past it. */
function harmTone({ content: { risk, safeguarding } }: Handover): 'attention' | 'warning' {
  const known = safeguarding.status === 'concern' || safeguarding.status === 'open-concern';
  return known || risk.status === 'high' ? 'attention' : 'warning';
}

/** What was given, then one line that names what was not. */
function gathered(entries: readonly Entry[]): Entry[] {
  const given = entries.filter((entry) => entry.text !== undefined);
  const absent = entries.filter((entry) => entry.text === undefined).map((entry) => entry.label);
  if (absent.length === 0) return given;
  return [...given, { label: absent.join(', '), text: undefined }];
}

/** What the two sides asked and answered, and what was decided in words. */
function conversation(handover: Handover, terms: Agreement, now: Instant): Entry[] {
  const at = (instant: Instant): string => dateTime(instant, terms.zone, now);
  const asked = handover.questions.flatMap((question) => [
    { label: `${actedBy(question.by, terms)} asked, ${at(question.at)}`, text: question.asked },
    question.answer === undefined
      ? { label: 'Answer', text: 'Not answered yet' }
      : {
          label: `Answer${question.answeredAt ? `, ${at(question.answeredAt)}` : ''}`,
          text: question.answer,
        },
  ]);
  if (handover.state === 'rejected') {
    return [
      ...asked,
      {
        label: `Rejected by ${actedBy(handover.rejectedBy, terms)}`,
        text: rejectionText(handover.reason, terms),
      },
      { label: 'What the sender should do next', text: handover.next },
    ];
  }
  if (handover.state === 'accepted' && handover.gap) {
    const { gap } = handover;
    return [
      ...asked,
      { label: 'Accepted with a gap', text: `${gapText(gap, terms)}. Missing: ${fieldLabels(gap.missing)}` },
    ];
  }
  return asked;
}
