import { type Agreement, partnerName, roleOf } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';
import type { Problem } from '../core/errors.ts';
import { shortened } from '../core/pages.ts';
import type { CardView } from '../core/routes.ts';
import { type CaseDoc, caseLabel, type HeldCase } from '../register/case.ts';
import { fieldsForMissing, filled, groupsOf } from './cards-fields.ts';
import { betweenPartners, buttonData, fieldLabels } from './cards-parts.ts';
import type { Verb } from './cards-verbs.ts';
import { type Draft, FORM_STEPS, type FormStep, type Inputs } from './form.ts';
import type { Handover } from './handover.ts';

/** What a form is shown with the second time: what was typed, and what is wrong with it. */
export interface Again {
  readonly typed?: Inputs;
  readonly problems?: readonly Problem[];
}

/**
 * Rejecting: a coded reason and, in free text, what the sender should do next (inputs `reason` and `next`);
 * both required, nothing preselected. Reasons that close the need say so.
 */
export function rejectForm(
  handover: Handover,
  caseDoc: HeldCase,
  terms: Agreement,
  again: Again = {},
): CardView {
  return {
    card: 'handovers/reject',
    data: {
      ...head(handover, caseDoc, terms, again),
      stays: `${partnerName(terms, caseDoc.holder.provider)} still holds the case, and must find somebody unless your reason closes the need. ${partnerName(terms, handover.sender)} sees what you write.`,
      reasons: terms.rejection.map((reason) => ({
        value: reason.code,
        title: reason.closes ? `${reason.text} (this closes the need)` : reason.text,
      })),
      reason: again.typed?.reason ?? '',
      next: again.typed?.next ?? '',
    },
    summary: `Reject handover ${handover.caseId}: give a reason and say what the sender should do next.`,
  };
}

/** The receiver's question to the sender (input `question`). */
export function askForm(handover: Handover, caseDoc: CaseDoc, terms: Agreement, again: Again = {}): CardView {
  return {
    card: 'handovers/ask',
    data: { ...head(handover, caseDoc, terms, again), question: again.typed?.question ?? '' },
    summary: `Ask ${partnerName(terms, handover.sender)} for information about handover ${handover.caseId}.`,
  };
}

/**
 * The sender's answer: the open question, an input for each missing field (ids as in the offer form), and
 * `answer` in free text, required when somebody asked. For the sender's people alone: the question is free text.
 */
export function answerForm(
  handover: Handover,
  caseDoc: CaseDoc,
  terms: Agreement,
  again: Again = {},
): CardView {
  const open = handover.questions.findLast((question) => question.answer === undefined);
  const typed = again.typed ?? {};
  return {
    card: 'handovers/answer',
    data: {
      ...head(handover, caseDoc, terms, again),
      asked: open !== undefined,
      question: open ? shortened(open.asked, 8_000, '… (all of it is in the details)') : '-',
      askedBy: `${partnerName(terms, handover.to)} asks`,
      missing: handover.missing.length > 0,
      rows: fieldsForMissing(handover.missing, terms, handover.from.partner).map((row) => ({
        fields: row.map((field) => filled(field, typed)),
      })),
      answer: typed.answer ?? '',
      answerLabel: 'Your answer',
      answerError: 'Write your answer',
    },
    summary: `Give information about handover ${handover.caseId}.`,
  };
}

/** Accepting although something of the minimum dataset is missing: why (input `reason`, a code of the agreement). */
export function gapForm(handover: Handover, caseDoc: CaseDoc, terms: Agreement, again: Again = {}): CardView {
  return {
    card: 'handovers/gap',
    data: {
      ...head(handover, caseDoc, terms, again),
      missing: `Missing: ${fieldLabels(handover.missing)}.`,
      reasons: terms.acceptWithGap.map((reason) => ({ value: reason.code, title: reason.text })),
      reason: again.typed?.reason ?? '',
    },
    summary: `Accept handover ${handover.caseId} although something is missing: give the reason.`,
  };
}

/**
 * For somebody who could act for several providers: one button each, which repeats `verb` with `data` and
 * the position's `provider` and `role`. The server still checks that the position is theirs.
 */
export function chooseProviderCard(
  verb: Verb,
  data: object,
  positions: readonly Position[],
  terms: Agreement,
): CardView {
  return {
    card: 'core/choose-provider',
    data: {
      choices: positions.map((position) => ({
        verb,
        title: `${partnerName(terms, position.provider)} (${roleOf(terms, position.role)?.name ?? position.role})`,
        ref: { ...data, provider: position.provider, role: position.role },
      })),
    },
    summary: 'For which provider are you acting?',
  };
}

const TITLES: Record<FormStep, string> = {
  person: 'The person',
  ask: 'What is asked',
  risk: 'Safeguarding, risk and consent',
  plan: 'Plan, contacts and author',
};

/**
 * One step of the offer form. Required inputs are those of the agreement's minimum dataset; nothing about
 * risk, safeguarding or consent is preselected. What is typed is kept, problems stand on top. In person only.
 */
export function formStep(
  step: FormStep,
  draft: Draft,
  terms: Agreement,
  problems: readonly Problem[] = [],
): CardView {
  const at = FORM_STEPS.indexOf(step);
  const last = at === FORM_STEPS.length - 1;
  return {
    card: 'handovers/form',
    data: {
      title: 'Offer a handover',
      from: `From ${partnerName(terms, draft.from)}${draft.caseId === undefined ? '' : `, case ${draft.caseId}`}`,
      progress: `Step ${at + 1} of ${FORM_STEPS.length}: ${TITLES[step]}`,
      groups: groupsOf(step, terms, draft.from, draft.inputs).map((group) => ({
        title: group.title,
        rows: group.rows.map((row) => ({ fields: row.map((field) => filled(field, draft.inputs)) })),
      })),
      problems: problems.map((problem) => ({ text: problem.message })),
      wrong: problems.length > 0,
      ref: { pathway: terms.pathway, step, draft: draft.id },
      may: { back: at > 0, next: !last, send: last },
    },
    summary: `Offer a handover, step ${at + 1} of ${FORM_STEPS.length}.`,
  };
}

function head(handover: Handover, caseDoc: CaseDoc, terms: Agreement, again: Again): object {
  const problems = again.problems ?? [];
  return {
    who: caseLabel(handover.caseId, caseDoc.person, terms),
    route: betweenPartners(handover, terms),
    // Whose people act for the sender: an outside one sees nothing of this in Teams.
    sender: partnerName(terms, handover.sender),
    receiver: partnerName(terms, handover.to),
    ref: buttonData(handover, terms),
    problems: problems.map((problem) => ({ text: problem.message })),
    wrong: problems.length > 0,
  };
}
