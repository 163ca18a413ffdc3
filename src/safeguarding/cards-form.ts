import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';
import type { Problem } from '../core/errors.ts';
import type { CardView } from '../core/routes.ts';
import type { Verb } from './cards-verbs.ts';
import { type Choice, choicesOf, type Field, field, filledIn, must, YES_NO, yesNo } from './fields.ts';
import { CONSENT, type ConcernDraft, ENOUGH, NOBODY, NOBODY_TITLE, STEPS, type Step } from './form.ts';
import { fitting } from './form-problems.ts';
import { CATEGORIES } from './told.ts';

/** Choices of more bytes than this do not fit a card beside what is typed: Teams takes 28 KB in all. */
export const CHOICES_BYTES = 12_000;

/**
 * Who works or volunteers for a partner, as far as the agreement names them and this many bytes hold them, those that
 * are `likely` by their name first.
 */
export function staffChoices(
  { people, providers }: Agreement,
  most = CHOICES_BYTES,
  likely: (name: string) => boolean = () => false,
): Choice[] {
  let bytes = 0;
  const inOrder = [
    ...people.filter(({ name }) => likely(name)),
    ...people.filter(({ name }) => !likely(name)),
  ];
  const all = inOrder.map(({ key, name, positions }) => {
    const at = [...new Set(positions.map(({ provider }) => provider))];
    const where = at.map((id) => providers.find((one) => one.id === id)?.name ?? id);
    return { value: key, title: `${name}, ${where.join(' and ')}` };
  });
  return all.filter((choice) => {
    bytes += Buffer.byteLength(JSON.stringify(choice));
    return bytes <= most;
  });
}

const TITLES: Readonly<Record<Step, string>> = {
  danger: 'What is it about?',
  facts: 'What happened',
  consent: 'Consent, and about whom',
  person: 'The person',
  more: 'What else you know',
};

function fieldsOf(step: Step, terms: Agreement): readonly Field[] {
  switch (step) {
    case 'danger':
      return [
        must('danger', 'choice', 'Is somebody in danger now?', { choices: YES_NO }),
        field('dangerDone', 'text', 'If so, what was done about it?'),
        must('age', 'choice', 'Is it about an adult or a child?', {
          choices: choicesOf({ adult: 'An adult', child: 'A child', unknown: "Don't know" }),
        }),
        must('categories', 'several', 'What is it about? One or more', { choices: choicesOf(CATEGORIES) }),
      ];
    case 'facts':
      return [
        must('facts', 'long', 'What was seen and said? Facts, in whose words', {
          placeholder: 'What you saw. “What they said.” What you did.',
        }),
        must('when', 'text', 'When was it?', { placeholder: 'This morning; last Tuesday; not known' }),
        field('where', 'text', 'Where?'),
        field('opinion', 'long', 'What you think of it, kept apart from the facts'),
      ];
    case 'consent':
      return [
        field('given', 'text', 'First name of the person', { placeholder: 'Leave empty if you don’t know' }),
        field('surname', 'text', 'Surname', { placeholder: 'Leave empty if you don’t know' }),
        must('consent', 'choice', 'Do they agree to this being shared?', {
          choices: choicesOf(CONSENT),
        }),
        must('staff', 'choice', 'Is it about somebody who works or volunteers for a partner?', {
          choices: YES_NO,
        }),
        field('staffPerson', 'pick', 'If so, who? They will not be told', {
          choices: [{ value: NOBODY, title: NOBODY_TITLE }, ...staffChoices(terms)],
        }),
        field('staffTyped', 'text', 'Or type a name'),
      ];
    case 'person':
      return [
        field('safeContact', 'long', 'A safe way to contact them', {
          placeholder: 'Who may answer, when to ring, what not to say',
        }),
        field('caseNumber', 'text', 'Case number, if it is about a case', { placeholder: '7K2-M4Z' }),
        field('whereNow', 'text', 'Where are they now?'),
        field('dob', 'text', 'Date of birth', { placeholder: 'day/month/year: 07/03/1942' }),
        field('nhsNumber', 'text', 'NHS number'),
        field('communication', 'long', 'How to communicate with them'),
        yesNo('discussed', 'Have you discussed it with them?'),
        yesNo('capacity', 'Can they decide this for themselves?'),
        field('views', 'long', 'What do they say about it?'),
        field('wanted', 'long', 'What do they want to happen?'),
      ];
    case 'more':
      return [
        field('happenedDay', 'date', 'The day it happened'),
        field('happenedTime', 'time', 'The time'),
        yesNo('ongoing', 'Is it still going on?'),
        field('harm', 'long', 'Injury or other harm'),
        yesNo('othersAtRisk', 'Are others at risk?'),
        yesNo('children', 'Are there children in the household or at risk?'),
        field('othersWho', 'text', 'Who?'),
        field('alleged', 'text', 'Who may be responsible?'),
        field('relation', 'text', 'What are they to the person?'),
        field('evidence', 'long', 'Evidence, and where it is kept'),
        field('policeReference', 'text', 'Police reference'),
      ];
  }
}

/** What is said above a form; one that was begun before can be left for a new one, opened with `anew`. */
export interface Note {
  readonly text: string;
  readonly anew?: object;
}

/**
 * One step of raising a concern, in person only. Nothing is preselected, what is typed is kept, problems stand on top,
 * and what is required is on the first three steps.
 */
export function concernForm(
  step: Step,
  draft: ConcernDraft,
  terms: Agreement,
  problems: readonly Problem[] = [],
  notes: readonly Note[] = [],
): CardView {
  const at = STEPS.indexOf(step);
  const enough = STEPS.indexOf(ENOUGH);
  const progress =
    at <= enough ? `Step ${at + 1} of ${enough + 1}: ${TITLES[step]}` : `If you know it: ${TITLES[step]}`;
  return {
    card: 'safeguarding/form',
    data: {
      from: `From ${partnerName(terms, draft.provider)}${draft.caseId === undefined ? '' : `, about case ${draft.caseId}`}. What you type is kept for you alone, and for a day: then it is forgotten, unless you have sent it.`,
      progress,
      notes: notes.map(({ text, anew }) => ({ text, anew: anew !== undefined, data: anew ?? {} })),
      wrong: problems.length > 0,
      problems: problems.map(({ message }) => ({ text: message })),
      fields: filledIn(fieldsOf(step, terms), fitting(draft.inputs)),
      may: { back: at > 0, next: at < STEPS.length - 1, send: at >= enough },
      next: at < enough ? 'Next' : 'Add more first',
      nextStyle: at < enough ? 'positive' : 'default',
      ref: { pathway: terms.pathway, step, draft: draft.id },
    },
    summary: `Raise a safeguarding concern. ${progress}.`,
  };
}

/** Ids of the inputs that must be filled in, over all steps. */
export const requiredInputs = (terms: Agreement): string[] =>
  STEPS.flatMap((step) => fieldsOf(step, terms))
    .filter(({ required }) => required)
    .map(({ id }) => id);

/** For somebody of several providers: one button each, which opens the form for it with what was known. */
export function chooseForWhom(
  positions: readonly Position[],
  terms: Agreement,
  verb: Verb,
  known: object,
): CardView {
  const providers = [...new Set(positions.map(({ provider }) => provider))];
  return {
    card: 'core/choose-provider',
    data: {
      choices: providers.map((provider) => ({
        verb,
        title: partnerName(terms, provider),
        ref: { ...known, pathway: terms.pathway, provider },
      })),
    },
    summary: 'For which provider do you raise it?',
  };
}
