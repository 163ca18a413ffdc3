import type { Agreement } from '../agreement/agreement.ts';
import { DATASET, type DatasetField } from '../agreement/dataset.ts';
import type { Mark } from '../core/marks.ts';
import { CONSENT_WORDS, RISK_WORDS, SAFEGUARDING_WORDS } from './cards-content.ts';
import { type FormStep, type Inputs, NOT_MARKED, NOTHING, stepOf, WRITTEN } from './form.ts';

export type FieldKind = 'text' | 'long' | 'tel' | 'date' | 'time' | 'choice' | 'pick';
export interface Choice {
  readonly title: string;
  readonly value: string;
}

/** One input of a form. `pick` is a drop-down list, `choice` shows all its answers; neither is preselected. */
export interface Field {
  readonly id: string;
  readonly kind: FieldKind;
  readonly label: string;
  readonly placeholder: string;
  readonly required: boolean;
  readonly error: string;
  readonly choices: readonly Choice[];
}
/** Inputs side by side. On a phone half a row shows ten characters: no number, date or role goes there. */
export type FieldRow = readonly Field[];
export interface FieldGroup {
  readonly title: string;
  readonly rows: readonly FieldRow[];
}

/** Field and what is typed in it, as the form's template reads them. */
export const filled = (field: Field, inputs: Inputs): Field & { readonly value: string } => ({
  ...field,
  value: inputs[field.id] ?? '',
});

/** The inputs of one step, in groups; which of them are required is the agreement's minimum dataset. */
export function groupsOf(step: FormStep, terms: Agreement, from: string, inputs: Inputs): FieldGroup[] {
  const ask = (id: string, kind: FieldKind, more: Partial<Field> = {}): Field => field(id, kind, terms, more);
  switch (step) {
    case 'person':
      return [
        {
          title: 'Who is it about?',
          rows: [
            [ask('person.given', 'text'), ask('person.surname', 'text')],
            // Typed: from a calendar a birth date is eighty years of pages away.
            [ask('person.dob', 'text', { placeholder: 'day/month/year: 07/03/1942' })],
            [ask('person.nhsNumber', 'text', { placeholder: '943 476 5919' })],
            [ask('person.address', 'text')],
            [ask('person.postcode', 'text', { label: 'Postcode' })],
            [ask('person.phone', 'tel', { label: 'Telephone' })],
            [ask('person.marked', 'pick', { label: 'Is the record protected?', choices: MARKED })],
          ],
        },
        {
          title: 'How to reach them',
          rows: [
            [
              ask('person.safeContact', 'long', {
                placeholder: 'Who may answer, when to ring, what not to say',
              }),
            ],
            [ask('person.language', 'text')],
            [ask('person.communication', 'long', { placeholder: 'Hearing, sight, interpreter, easy read' })],
          ],
        },
      ];
    case 'ask':
      return [
        {
          title: 'What is asked, of whom and by when?',
          rows: [
            [ask('to', 'pick', { label: 'Offer to', required: true, choices: receivers(terms, from) })],
            [ask('ask.urgency', 'choice', { required: true, choices: urgencies(terms) })],
            [ask('ask.what', 'long', { placeholder: 'What they should do' })],
            [ask('ask.neededBy.date', 'date', { label: 'Needed by: day' })],
            [ask('ask.neededBy.time', 'time', { label: 'Needed by: time' })],
            [ask('ask.service', 'text')],
          ],
        },
        {
          title: 'The story',
          rows: [
            [ask('sbar.situation', 'long', { placeholder: 'What is happening now' })],
            [ask('sbar.background', 'long', { placeholder: 'What led to it, history, medicines' })],
            [ask('sbar.assessment', 'long', { placeholder: 'What you found and what you think' })],
            [
              ask('sbar.recommendation', 'long', {
                label: 'Recommendation',
                placeholder: 'What you suggest',
              }),
            ],
          ],
        },
      ];
    case 'risk':
      return [
        {
          title: 'Safeguarding and risk',
          rows: [
            [ask('safeguarding.status', 'choice', { choices: choices(SAFEGUARDING_WORDS) })],
            [ask('safeguarding.detail', 'long', { label: 'Safeguarding: what is known' })],
            [ask('risk.status', 'choice', { choices: choices(RISK_WORDS) })],
            [ask('risk.detail', 'long', { required: false })],
            ...orNothing('sceneSafety', 'Dogs, access, lone working', terms),
            ...orNothing('allergies', 'To what, and what happens', terms),
          ],
        },
        {
          title: 'Consent to share',
          rows: [
            [ask('consent.status', 'choice', { choices: choices(CONSENT_WORDS) })],
            [ask('consent.reason', 'long', { label: 'The reason, if consent was not given' })],
          ],
        },
      ];
    case 'plan':
      return [
        {
          title: 'Until it is answered',
          rows: [
            [ask('plan.interim', 'long', { placeholder: 'Who does what until then' })],
            [ask('plan.nextReview', 'date')],
            ...orNothing('adjustments', 'What makes it possible for them', terms),
          ],
        },
        { title: 'Contacts, in order', rows: contactRows(terms, inputs) },
        {
          title: 'Who wrote it?',
          rows: [
            [ask('author.name', 'text', { label: 'Name' })],
            [ask('author.role', 'text', { label: 'Role' })],
            [ask('author.phone', 'tel')],
          ],
        },
      ];
  }
}

/** The inputs that fill the missing fields of a handover, as on the step that asks them. */
export function fieldsForMissing(
  missing: readonly DatasetField[],
  terms: Agreement,
  from: string,
): FieldRow[] {
  const steps = [...new Set(missing.map(stepOf))];
  const wanted = (id: string): boolean =>
    missing.some((name) => id === name || id.startsWith(`${name}.`)) ||
    // Consent that was not given counts only with the reason to share without it.
    (id === 'consent.reason' && missing.includes('consent.status'));
  return steps.flatMap((step) =>
    groupsOf(step, terms, from, {})
      .flatMap((group) => group.rows)
      .map((row) => row.filter((one) => wanted(one.id)).map((one) => ({ ...one, required: false })))
      .filter((row) => row.length > 0),
  );
}

function field(id: string, kind: FieldKind, terms: Agreement, more: Partial<Field>): Field {
  const name = datasetField(id);
  const label = more.label ?? (name === undefined ? id : DATASET[name]);
  return {
    id,
    kind,
    label,
    placeholder: '',
    required: name !== undefined && terms.dataset.includes(name),
    error: ERRORS[kind](label),
    choices: [],
    ...more,
  };
}

/** `ask.neededBy.date` belongs to `ask.neededBy`, `allergies.choice` to `allergies`. */
const datasetField = (id: string): DatasetField | undefined => {
  const name = id.replace(/\.(date|time|choice)$/, '');
  return name in DATASET ? (name as DatasetField) : undefined;
};

const ERRORS: Record<FieldKind, (label: string) => string> = {
  text: (label) => `Write this: ${label}`,
  long: (label) => `Write this: ${label}`,
  tel: () => 'Write a telephone number, such as 0300 123 4567',
  date: () => 'Choose a date',
  time: () => 'Choose a time',
  choice: (label) => `Choose one: ${label}`,
  pick: (label) => `Choose one: ${label}`,
};

const choices = (words: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(words).map(([value, title]) => ({ title, value }));

const MARKED: readonly Choice[] = [
  { title: 'No', value: NOT_MARKED },
  ...choices({ restricted: 'Restricted', 'changed-identity': 'Changed identity' } satisfies Record<
    Mark,
    string
  >),
];

const receivers = (terms: Agreement, from: string): Choice[] =>
  terms.providers
    .filter((provider) => provider.id !== from)
    .map((provider) => ({ title: provider.name, value: provider.id }));

const urgencies = (terms: Agreement): Choice[] =>
  terms.urgencies.map((urgency) => ({ title: urgency.name, value: urgency.id }));

/** A text with the explicit answers that there is nothing to write. */
function orNothing(
  id: 'allergies' | 'sceneSafety' | 'adjustments',
  placeholder: string,
  terms: Agreement,
): FieldRow[] {
  const answers = NOTHING[id] ?? [];
  return [
    [
      field(`${id}.choice`, 'choice', terms, {
        choices: [
          ...answers.map((answer) => ({ title: answer, value: answer })),
          { title: 'Yes, as written below', value: WRITTEN },
        ],
      }),
    ],
    [field(id, 'long', terms, { label: `${DATASET[id]}: what is known`, placeholder, required: false })],
  ];
}

/** Two contacts to fill, and as many more as are filled already. */
function contactRows(terms: Agreement, inputs: Inputs): FieldRow[] {
  const last = [4, 3, 2].find((at) => Object.keys(inputs).some((id) => id.startsWith(`contacts.${at}.`)));
  const required = terms.dataset.includes('contacts');
  return Array.from({ length: (last ?? 1) + 1 }, (_, at) => at).flatMap((at): FieldRow[] => {
    const part = (name: string, kind: FieldKind, label: string, must: boolean): Field =>
      field(`contacts.${at}.${name}`, kind, terms, {
        label: `Contact ${at + 1}: ${label}`,
        required: must,
      });
    return [
      [part('name', 'text', 'name', false)],
      [part('relation', 'text', 'relation', false)],
      [part('phone', 'tel', 'phone', required && at === 0)],
    ];
  });
}
