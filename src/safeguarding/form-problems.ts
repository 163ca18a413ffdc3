import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import { checkNhsNumber } from '../core/nhs-number.ts';
import { bytesOf, splitAt } from '../core/pages.ts';
import { readRegisterId } from '../core/register-id.ts';
import { hasText, isStorable } from '../core/text.ts';
import { readDate } from '../core/wording.ts';
import {
  CONSENT,
  happenedAt,
  type Inputs,
  isCategory,
  NOBODY,
  NOBODY_TITLE,
  namedOf,
  ON,
  type Step,
} from './form.ts';
import { MAX_TOLD, Told, YesNo } from './told.ts';

/** The answers of each input that has a choice of them. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  danger: YesNo.options,
  age: Told.shape.age.options,
  consent: Object.keys(CONSENT),
  staff: YesNo.options,
  discussed: YesNo.options,
  capacity: YesNo.options,
  ongoing: YesNo.options,
  othersAtRisk: YesNo.options,
  children: YesNo.options,
};

/** Inputs of a step that must be filled in, whatever else was answered. */
const REQUIRED: Readonly<Record<string, string>> = {
  danger: 'Say whether somebody is in danger now. “Don’t know” is an answer.',
  age: 'Say whether it is about an adult or a child. “Don’t know” is an answer.',
  categories: 'Choose what it is about; one or more. “Don’t know” is an answer.',
  facts: 'Write what was seen and said.',
  when: 'Write when it was. “Not known” is an answer.',
  consent: 'Say whether the person agrees to this being shared. “Don’t know” is an answer.',
  staff: 'Say whether it is about somebody who works or volunteers for a partner. “Don’t know” is an answer.',
};

/** What the texts are called, where one is too long or cannot be read. */
const TEXTS: Readonly<Record<string, string>> = {
  facts: 'What was seen and said',
  opinion: 'What you think of it',
  when: 'When it was',
  where: 'Where it was',
  dangerDone: 'What was done about the danger',
  given: 'The first name',
  surname: 'The surname',
  staffTyped: 'The name of whom it is about',
  caseNumber: 'The case number',
  nhsNumber: 'The NHS number',
  whereNow: 'Where they are now',
  safeContact: 'The safe way to contact them',
  communication: 'How to communicate with them',
  views: 'What they say about it',
  wanted: 'What they want to happen',
  harm: 'The harm',
  othersWho: 'Who else is at risk',
  alleged: 'Who may be responsible',
  relation: 'What they are to the person',
  evidence: 'The evidence',
  policeReference: 'The police reference',
};
const LINES = new Set(
  'given surname caseNumber nhsNumber whereNow when where alleged relation policeReference staffTyped'.split(
    ' ',
  ),
);
/** The longest that a text may be, in characters and in bytes: all texts of a step fit one card of 28 KB. */
const MOST = { line: [200, 800], long: [2_000, 3_500], story: [MAX_TOLD, 8_000] } as const;
const mostOf = (input: string): readonly [chars: number, bytes: number] =>
  MOST[LINES.has(input) ? 'line' : input === 'facts' || input === 'opinion' ? 'story' : 'long'];

function isTooLong(input: string, value: string): boolean {
  const [chars, bytes] = mostOf(input);
  return value.trim().length > chars || bytesOf(value.trim()) > bytes;
}

/** The inputs as a card can show them again: of a text that is too long its beginning. */
export const fitting = (inputs: Inputs): Inputs =>
  Object.fromEntries(
    Object.entries(inputs).map(([id, value]) => {
      if (!isTooLong(id, value)) return [id, value];
      const [chars, bytes] = mostOf(id);
      return [id, splitAt([...value.trim()].slice(0, chars).join('').slice(0, chars), bytes)[0]];
    }),
  );

/** What is wrong with a text of the form, by its input; undefined when nothing is. */
export function textWrong(input: string, value: string): string | undefined {
  const what = TEXTS[input] ?? 'One of the answers';
  if (!isStorable(value)) return `${what} has characters that cannot be read. Remove them.`;
  if (!isTooLong(input, value)) return undefined;
  const [has, most] = [value.trim().length, mostOf(input)[0]].map((n) => n.toLocaleString('en-GB'));
  return `${what} is too long: it has ${has} characters, and about ${most} fit. Only its beginning is here now. Add the rest after you have sent it.`;
}

/** What is wrong with the inputs of a step, as instructions; each names its input. */
export function stepProblems(step: Step, inputs: Inputs, terms: Agreement, now: Instant): Problem[] {
  const problems: Problem[] = [];
  const say = (field: string, message: string): void => void problems.push({ field, message });
  for (const field of ON[step]) {
    const value = inputs[field];
    const required = REQUIRED[field];
    if (!hasText(value)) {
      if (required !== undefined) say(field, required);
      continue;
    }
    const choices = CHOICES[field];
    if (choices && !choices.includes(value)) say(field, required ?? 'Choose one of the answers.');
    const wrong = TEXTS[field] === undefined ? undefined : textWrong(field, value);
    if (wrong !== undefined) say(field, wrong);
  }
  switch (step) {
    case 'danger':
      if (hasText(inputs.categories) && !inputs.categories.split(',').every(isCategory))
        say('categories', 'Choose again what it is about; one or more.');
      break;
    case 'facts':
      break;
    case 'consent':
      staffProblems(inputs, terms, say);
      break;
    case 'person':
      if (hasText(inputs.caseNumber) && readRegisterId(inputs.caseNumber) === undefined)
        say('caseNumber', NO_CASE);
      if (checkNhsNumber(inputs.nhsNumber) === 'invalid')
        say('nhsNumber', 'This is not a valid NHS number. Check the ten digits, or leave it empty.');
      if (hasText(inputs.dob) && readDate(inputs.dob) === undefined)
        say('dob', 'Write the date of birth as day, month and year, such as 07/03/1942.');
      break;
    case 'more':
      happenedProblems(inputs, terms, now, say);
  }
  return problems;
}

/** What is typed as a case number and is none. */
export const NO_CASE =
  'There is no case with this number. Check it, such as 7K2-M4Z, or leave it empty: a concern needs no case.';

type Say = (field: string, message: string) => void;

function staffProblems(inputs: Inputs, terms: Agreement, say: Say): void {
  const named = namedOf(inputs, terms);
  const { staffPerson } = inputs;
  if (hasText(staffPerson) && staffPerson !== NOBODY && !terms.people.some(({ key }) => key === staffPerson))
    say('staffPerson', 'Choose again who it is, or type the name.');
  else if (inputs.staff === 'yes' && named.length === 0)
    say('staffPerson', 'Choose who it is, or type a name. If you don’t know who, answer “Don’t know”.');
  // Whoever is named must be kept out: an answer beside a name is never read as "nobody".
  if (inputs.staff === 'no' && named.length > 0) {
    say('staff', `You named somebody. Answer “Yes”, or choose “${NOBODY_TITLE}” and empty the name.`);
  }
}

function happenedProblems(inputs: Inputs, { zone }: Agreement, now: Instant, say: Say): void {
  const { happenedDay, happenedTime } = inputs;
  if (!hasText(happenedDay)) {
    if (hasText(happenedTime)) say('happenedDay', 'Give the day to this time, or leave the time empty.');
    return;
  }
  const at = happenedAt(inputs, zone);
  if (at === undefined) say('happenedDay', 'Write the day as 2026-11-24 and the time as 14:30.');
  else if (at > now) say('happenedDay', 'This day and time have not come yet.');
}
