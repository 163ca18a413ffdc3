import { Temporal } from 'temporal-polyfill';
import type { Agreement } from '../agreement/agreement.ts';
import { DATASET, type DatasetField } from '../agreement/dataset.ts';
import type { Problem } from '../core/errors.ts';
import { checkNhsNumber } from '../core/nhs-number.ts';
import { hasText } from '../core/text.ts';
import { readDate, typedDate } from '../core/wording.ts';
import type { Content } from './handover.ts';

/** What a card's inputs hold, by id: an input's id is the path of the field that it fills. */
export type Inputs = Readonly<Record<string, string>>;

/** The steps of the offer form, in order; each fits a phone. */
export const FORM_STEPS = ['person', 'ask', 'risk', 'plan'] as const;
export type FormStep = (typeof FORM_STEPS)[number];

/** A person's unfinished offer: what they typed, as they typed it. */
export interface Draft {
  /** Names this try at the form, on its buttons. */
  readonly id: string;
  /** The provider that offers. */
  readonly from: string;
  /** The case that the offer is about, when it is known already. */
  readonly caseId?: string;
  readonly inputs: Inputs;
}

/** Answers that say "there is nothing", so that silence never means it. */
export const NOTHING: Readonly<Record<string, readonly string[]>> = {
  allergies: ['None known', 'Not known'],
  sceneSafety: ['None known', 'Not known'],
  adjustments: ['None needed', 'Not known'],
};
/** The choice beside such a text that means "see what I wrote". */
export const WRITTEN = 'written';
/** The answer that a record is not marked. */
export const NOT_MARKED = 'no';
const choiceId = (field: string): string => `${field}.choice`;
const CONTACTS = [0, 1, 2, 3, 4] as const;

const STEP_OF: Readonly<Record<string, FormStep>> = {
  person: 'person',
  ask: 'ask',
  to: 'ask',
  sbar: 'ask',
  risk: 'risk',
  safeguarding: 'risk',
  consent: 'risk',
  allergies: 'risk',
  sceneSafety: 'risk',
  plan: 'plan',
  adjustments: 'plan',
  contacts: 'plan',
  author: 'plan',
};

/** The step on which a field (a dotted path) is asked; the first for a path that the form does not know. */
export const stepOf = (field: string): FormStep => STEP_OF[field.split('.')[0] ?? ''] ?? 'person';

/**
 * The content that the inputs of the form make. Blank inputs are left out, ids that the form does not know
 * are ignored. `zone` is the pathway's (IANA name); a clock time that the change to summer time skips moves
 * on by the hour, one that happens twice means the earlier. The result is not validated: parse it with `Content`.
 */
export function contentFromInputs(inputs: Inputs, zone: string): Content {
  const read = (id: string): string | undefined => {
    const value = inputs[id];
    return hasText(value) ? value.trim() : undefined;
  };
  const group = (prefix: string, ...fields: string[]): Record<string, string> =>
    present(fields.map((field) => [field, read(`${prefix}.${field}`)]));
  const orNothing = (field: string): string | undefined => {
    const choice = inputs[choiceId(field)];
    return read(field) ?? (choice !== undefined && NOTHING[field]?.includes(choice) ? choice : undefined);
  };
  return {
    person: personRead(
      group(
        'person',
        'given',
        'surname',
        'dob',
        'nhsNumber',
        'address',
        'postcode',
        'phone',
        'safeContact',
        'language',
        'communication',
        'marked',
      ),
    ),
    ask: {
      ...group('ask', 'what', 'urgency', 'service'),
      ...present([['neededBy', instantOf(read('ask.neededBy.date'), read('ask.neededBy.time'), zone)]]),
    },
    sbar: group('sbar', 'situation', 'background', 'assessment', 'recommendation'),
    risk: group('risk', 'status', 'detail'),
    safeguarding: group('safeguarding', 'status', 'detail'),
    consent: group('consent', 'status', 'reason'),
    contacts: CONTACTS.map((at) => group(`contacts.${at}`, 'name', 'relation', 'phone')).filter(
      (contact) => Object.keys(contact).length > 0,
    ),
    plan: group('plan', 'interim', 'nextReview'),
    ...present(['adjustments', 'sceneSafety', 'allergies'].map((field) => [field, orNothing(field)])),
    author: group('author', 'name', 'role', 'phone'),
  } as Content;
}

/** With the birth date as it is kept; what is none stays as it was typed, to be refused. Not marked is said by no field. */
function personRead({ marked, ...person }: Record<string, string>): Record<string, string> {
  const { dob } = person;
  return {
    ...person,
    ...(dob !== undefined && { dob: readDate(dob) ?? dob }),
    ...(marked !== undefined && marked !== NOT_MARKED && { marked }),
  };
}

/** The inputs that show `content` in the form: `contentFromInputs` of them gives it back. */
export function inputsFromContent(content: Content, zone: string): Inputs {
  const { contacts, adjustments, sceneSafety, allergies, ask, ...groups } = content;
  const { neededBy, ...asked } = ask;
  const flat = Object.entries({ ...groups, ask: asked }).flatMap(([prefix, fields]) =>
    Object.entries(fields).map(
      ([field, value]): Pair => [`${prefix}.${field}`, field === 'dob' && value ? typedDate(value) : value],
    ),
  );
  const ranked = contacts.flatMap((contact, at) =>
    Object.entries(contact).map(([field, value]): Pair => [`contacts.${at}.${field}`, value]),
  );
  const nothings = Object.entries({ adjustments, sceneSafety, allergies }).flatMap(
    ([field, value]): Pair[] => {
      if (value === undefined) return [];
      return NOTHING[field]?.includes(value)
        ? [[choiceId(field), value]]
        : [
            [choiceId(field), WRITTEN],
            [field, value],
          ];
    },
  );
  return present([...flat, ...ranked, ...nothings, ...clockInputs(neededBy, zone)]);
}

/**
 * What is wrong with a step's inputs in themselves: a mistyped NHS number, halves of a time, "none known" beside a text, consent
 * not given without a reason. What the minimum dataset misses is another question: `missingProblems`.
 */
export function formProblems(step: FormStep, inputs: Inputs, terms: Agreement): Problem[] {
  const problems: Problem[] = [];
  const given = (id: string): boolean => hasText(inputs[id]);
  const say = (field: string, message: string): void => void problems.push({ field, message });
  if (step === 'person' && checkNhsNumber(inputs['person.nhsNumber']) === 'invalid') {
    say('person.nhsNumber', 'This is not a valid NHS number. Check the ten digits, or leave it empty.');
  }
  if (step === 'person' && given('person.dob') && readDate(inputs['person.dob'] ?? '') === undefined) {
    say('person.dob', 'Write the date of birth as day, month and year, such as 07/03/1942.');
  }
  if (step === 'ask') {
    if (!terms.providers.some((provider) => provider.id === inputs.to))
      say('to', 'Choose who to offer it to.');
    if (!terms.urgencies.some((urgency) => urgency.id === inputs['ask.urgency'])) {
      say('ask.urgency', 'Choose how urgent it is.');
    }
    if (given('ask.neededBy.date') !== given('ask.neededBy.time')) {
      say('ask.neededBy', 'Give both the day and the time by which it is needed, or neither.');
    } else if (
      given('ask.neededBy.date') &&
      instantOf(inputs['ask.neededBy.date'], inputs['ask.neededBy.time'], terms.zone) === undefined
    ) {
      say('ask.neededBy', 'Write the day as 2026-11-24 and the time as 14:30.');
    }
  }
  if (step === 'risk' && given('consent.status') && inputs['consent.status'] !== 'given') {
    if (!given('consent.reason')) say('consent.reason', 'Write the reason to share without consent.');
  }
  for (const [field, answers] of Object.entries(NOTHING)) {
    if (stepOf(field) !== step) continue;
    const choice = inputs[choiceId(field)];
    const label = DATASET[field as keyof typeof DATASET];
    if (choice === WRITTEN && !given(field)) say(field, `${label}: write what is known.`);
    if (choice !== undefined && answers.includes(choice) && given(field)) {
      say(field, `${label}: you chose “${choice}” and wrote something. Keep one of them.`);
    }
  }
  return problems;
}

/** One sentence for each field of the minimum dataset that is missing, on one step or on all. */
export const missingProblems = (missing: readonly DatasetField[], step?: FormStep): Problem[] =>
  missing
    .filter((field) => step === undefined || stepOf(field) === step)
    .map((field) => ({
      field,
      message: `${DATASET[field]}: the partners agreed that every handover gives this.`,
    }));

type Pair = readonly [id: string, value: string | undefined];
const present = (pairs: readonly Pair[] | readonly (string | undefined)[][]): Record<string, string> =>
  Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));

/** UTC instant of a local day and time; undefined unless both are written as the client's pickers do. */
function instantOf(date: string | undefined, time: string | undefined, zone: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(date ?? '') || !/^\d\d:\d\d$/.test(time ?? '')) return undefined;
  try {
    const local = Temporal.PlainDateTime.from(`${date}T${time}`);
    return new Date(local.toZonedDateTime(zone).epochMilliseconds).toISOString();
  } catch {
    return undefined;
  }
}

function clockInputs(instant: string | undefined, zone: string): Pair[] {
  if (instant === undefined) return [];
  const local = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return [
    ['ask.neededBy.date', local.toPlainDate().toString()],
    ['ask.neededBy.time', local.toPlainTime().toString({ smallestUnit: 'minute' })],
  ];
}
