import type { CardView } from '../core/routes.ts';
import { dateText, whenText } from '../core/wording.ts';
import { caseLabel } from '../register/case.ts';
import { answerTo, opensForm, PROMPT_ANSWERS } from './prompt.ts';
import type { PresentPrompt } from './prompts.ts';

/** At most so many people on one card, which is of 28 KB. */
const MOST_ON_CARD = 20;

const CHOICES = Object.entries(PROMPT_ANSWERS).map(([value, title]) => ({ value, title }));

/**
 * The day's card: each contact by case number and initials, with nothing chosen, or what was answered and when.
 * `again`: the case about which they are asked once more. `problem`: what is wrong with what they sent.
 */
export function promptCard(
  { doc, cases, today, now }: PresentPrompt,
  { again, problem }: { readonly again?: string; readonly problem?: string } = {},
): CardView {
  const first = cases.filter(({ caseId }) => caseId === again);
  const ordered = [...first, ...cases.filter(({ caseId }) => caseId !== again)];
  const contacts = ordered.slice(0, MOST_ON_CARD).map(({ caseId, person }) => {
    const answered = answerTo(doc, caseId);
    return {
      id: caseId,
      label: caseLabel(caseId, person, today),
      asks: !answered || caseId === again,
      answered: answered
        ? `You answered ${whenText(answered.at, now, today.zone)}: ${PROMPT_ANSWERS[answered.answer]}`
        : '',
      raises: answered !== undefined && opensForm(answered.answer),
      raise: { pathway: today.pathway, caseId },
    };
  });
  const left = ordered.length - contacts.length;
  return {
    card: 'safeguarding/prompt',
    data: {
      day: dateText(doc.day),
      wrong: problem !== undefined,
      problem: problem ?? '',
      none: contacts.length === 0,
      more: left === 0 ? '' : `${left} more are not shown. Type /prompt and the case number.`,
      hasMore: left > 0,
      contacts: contacts.map((contact) => ({ ...contact, choices: contact.asks ? CHOICES : [] })),
      ref: { pathway: today.pathway, day: doc.day },
      asks: contacts.some(({ asks }) => asks),
    },
    summary: `Safeguarding: your contacts of ${dateText(doc.day)}.`,
  };
}
