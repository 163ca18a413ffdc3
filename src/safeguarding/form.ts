import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import { hasText } from '../core/text.ts';
import { readDate } from '../core/wording.ts';
import type { Named } from './concern.ts';
import { typedInstant } from './fields.ts';
import { CATEGORIES, type Category, Told, WITHOUT_CONSENT } from './told.ts';

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

/** The inputs of each step. */
export const ON: Readonly<Record<Step, readonly string[]>> = {
  danger: ['danger', 'dangerDone', 'age', 'categories'],
  facts: ['facts', 'when', 'where', 'opinion'],
  consent: ['given', 'surname', 'consent', 'staff', 'staffPerson', 'staffTyped'],
  person: [
    'caseNumber',
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

const KNOWN = new Set(STEPS.flatMap((step) => ON[step]));
/** What the form asks for of what came with a press, as it was typed. */
export const inputsIn = (pressed: Readonly<Record<string, unknown>>): Inputs =>
  Object.fromEntries(
    Object.entries(pressed).filter(
      (entry): entry is [string, string] => KNOWN.has(entry[0]) && typeof entry[1] === 'string',
    ),
  );

/** Whether they agree, and the reason to go on without it, are one answer. */
export const CONSENT: Readonly<Record<string, string>> = {
  given: 'They agree',
  unknown: "Don't know",
  ...Object.fromEntries(
    Object.entries(WITHOUT_CONSENT).map(([code, why]) => [
      code,
      `No, and it goes on: ${why.charAt(0).toLowerCase()}${why.slice(1)}`,
    ]),
  ),
};

/** The answer that whom it is about is nobody of the agreement. */
export const NOBODY = '-';
/** How that reads. */
export const NOBODY_TITLE = 'Nobody on this list';

const isWithout = (text: string | undefined): boolean =>
  text !== undefined && Object.hasOwn(WITHOUT_CONSENT, text);
export const isCategory = (text: string): text is Category => Object.hasOwn(CATEGORIES, text);

/** Whom of a partner it is about: picked from the agreement, typed, or both. */
export function namedOf({ staffPerson, staffTyped }: Inputs, terms: Agreement): Named[] {
  const picked = terms.people.filter(({ key }) => key === staffPerson).map(({ key }) => ({ person: key }));
  const typed = hasText(staffTyped) ? [{ typed: staffTyped.trim() }] : [];
  return [...picked, ...typed];
}

/** When it happened, where a day was given. */
export const happenedAt = ({ happenedDay, happenedTime }: Inputs, zone: string): Instant | undefined =>
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
    consent: isWithout(inputs.consent) ? 'without' : inputs.consent,
    staff: inputs.staff,
    ...present([
      ['withoutConsent', isWithout(inputs.consent) ? inputs.consent : undefined],
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
