import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import { checkNhsNumber } from '../core/nhs-number.ts';
import { hasText, isStorable } from '../core/text.ts';
import { readDate } from '../core/wording.ts';
import type { Named } from './concern.ts';
import { typedInstant } from './fields.ts';
import { CATEGORIES, type Category, MAX_TOLD, Told, WITHOUT_CONSENT } from './told.ts';

/** What a card's inputs hold, by id: an input's id is the field that it fills. */
export type Inputs = Readonly<Record<string, string>>;

/** The steps of the form, each of them one screen on a phone. The first three hold all that is required. */
export const STEPS = ['danger', 'facts', 'consent', 'person', 'more'] as const;
export type Step = (typeof STEPS)[number];
/** From here on a concern can be sent. */
export const ENOUGH: Step = 'consent';

/** A person's concern that is not sent yet: what they typed, as they typed it. */
export interface ConcernDraft {
  /** Names this try at the form, on its buttons. */
  readonly id: string;
  /** The concern that it will be: sent twice it is one. */
  readonly concernId: string;
  /** For which of their providers they raise it, by that and their role. */
  readonly provider: string;
  readonly role: string;
  readonly caseId?: string;
  readonly inputs: Inputs;
}

/** The inputs of each step, those that must be filled in first. */
const ON: Readonly<Record<Step, readonly string[]>> = {
  danger: ['danger', 'dangerDone', 'age', 'categories'],
  facts: ['facts', 'when', 'where', 'opinion'],
  consent: ['given', 'surname', 'consent', 'withoutConsent', 'staff', 'staffPerson', 'staffTyped'],
  person: [
    'dob',
    'nhsNumber',
    'whereNow',
    'safeContact',
    'communication',
    'discussed',
    'capacity',
    'views',
    'wanted',
  ],
  more: [
    'happenedDay',
    'happenedTime',
    'ongoing',
    'harm',
    'othersAtRisk',
    'othersWho',
    'children',
    'alleged',
    'relation',
    'evidence',
    'policeReference',
  ],
};

/** The step on which an input stands; the last for one that the form does not know. */
export const stepOf = (input: string): Step => STEPS.find((step) => ON[step].includes(input)) ?? 'more';

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

/** Short texts hold one line. */
const SHORT = [
  'given',
  'surname',
  'nhsNumber',
  'whereNow',
  'when',
  'where',
  'alleged',
  'relation',
  'policeReference',
  'staffTyped',
];
const MAX_SHORT = 200;
const LABELS: Readonly<Record<string, string>> = {
  facts: 'What was seen and said',
  opinion: 'What you think',
};

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
    const most = SHORT.includes(field) ? MAX_SHORT : MAX_TOLD;
    const what = LABELS[field] ?? 'One of the texts';
    if (value.trim().length > most) {
      say(
        field,
        `${what} has ${value.trim().length.toLocaleString('en-GB')} characters; use at most ${most.toLocaleString('en-GB')}. What is left can be added after it is sent.`,
      );
    } else if (!isStorable(value)) {
      say(field, `${what} has characters that cannot be read. Remove them.`);
    }
  }
  if (step === 'consent' && inputs.consent === 'without' && !isWithout(inputs.withoutConsent)) {
    say('withoutConsent', 'Choose why it goes on without their consent.');
  }
  if (step === 'consent' && inputs.staff === 'yes' && namedOf(inputs, terms).length === 0) {
    say('staffPerson', 'Choose who it is, or type a name. If you don’t know who, answer “Don’t know”.');
  }
  if (step === 'person' && checkNhsNumber(inputs.nhsNumber) === 'invalid') {
    say('nhsNumber', 'This is not a valid NHS number. Check the ten digits, or leave it empty.');
  }
  if (step === 'person' && hasText(inputs.dob) && readDate(inputs.dob) === undefined) {
    say('dob', 'Write the date of birth as day, month and year, such as 07/03/1942.');
  }
  if (step === 'more' && hasText(inputs.happenedTime) && !hasText(inputs.happenedDay)) {
    say('happenedDay', 'Give the day to this time, or leave the time empty.');
  }
  const happened = step === 'more' ? happenedAt(inputs, terms.zone) : undefined;
  if (happened !== undefined && happened > now) say('happenedDay', 'This day and time have not come yet.');
  return problems;
}

const isWithout = (text: string | undefined): boolean =>
  text !== undefined && Object.hasOwn(WITHOUT_CONSENT, text);
const isCategory = (text: string): text is Category => Object.hasOwn(CATEGORIES, text);

/** Whom of a partner it is about: picked from the agreement, typed, or both. */
export function namedOf(inputs: Inputs, terms: Agreement): Named[] {
  if (inputs.staff !== 'yes') return [];
  const picked = (inputs.staffPerson ?? '')
    .split(',')
    .filter((key) => terms.people.some((one) => one.key === key))
    .map((person) => ({ person }));
  const typed = hasText(inputs.staffTyped) ? [{ typed: inputs.staffTyped.trim() }] : [];
  return [...picked, ...typed];
}

/** When it happened, where a day was given. */
const happenedAt = ({ happenedDay, happenedTime }: Inputs, zone: string): Instant | undefined =>
  typedInstant(happenedDay, happenedTime, zone);

const OPTIONAL_TEXTS = [
  'opinion',
  'where',
  'dangerDone',
  'harm',
  'othersWho',
  'views',
  'wanted',
  'communication',
  'alleged',
  'relation',
  'evidence',
  'safeContact',
  'policeReference',
] as const;
const OPTIONAL_ANSWERS = ['othersAtRisk', 'children', 'ongoing', 'discussed', 'capacity'] as const;
const PERSON = ['given', 'surname', 'nhsNumber', 'whereNow'] as const;

/** What the inputs tell, as it is sent. Errors: of zod, where `stepProblems` would have found something. */
export function toldOf(inputs: Inputs, zone: string): Told {
  const text = (id: string): string | undefined => (hasText(inputs[id]) ? inputs[id].trim() : undefined);
  const dob = text('dob');
  const categories = (inputs.categories ?? '').split(',').filter(isCategory);
  const all = {
    person: {
      ...present(PERSON.map((id) => [id, text(id)])),
      ...present([['dob', dob && (readDate(dob) ?? dob)]]),
    },
    age: inputs.age,
    categories,
    facts: text('facts'),
    when: text('when'),
    danger: inputs.danger,
    consent: inputs.consent,
    staff: inputs.staff,
    ...present([
      ['withoutConsent', inputs.consent === 'without' ? inputs.withoutConsent : undefined],
      ['happenedAt', happenedAt(inputs, zone)],
      ...OPTIONAL_TEXTS.map((id) => [id, text(id)] as const),
      ...OPTIONAL_ANSWERS.map((id) => [id, text(id)] as const),
    ]),
  };
  return Told.parse(all);
}

const present = (
  pairs: readonly (readonly [string, string | undefined])[] | readonly (string | undefined)[][],
): Record<string, string> =>
  Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
