import type { Agreement } from '../agreement/agreement.ts';
import type { Problem } from '../core/errors.ts';
import type { CardView } from '../core/routes.ts';
import { refOf } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import { type Concern, concernLabel } from './concern.ts';
import { ANSWERS, BASES, CLOSINGS, MET, RISK } from './decision.ts';
import { choicesOf, type Field, field, filledIn, must } from './fields.ts';
import type { Inputs } from './form.ts';

/** What a form is shown with the second time: what was typed, and what is wrong with it. */
export interface Again {
  readonly typed?: Inputs;
  readonly problems?: readonly Problem[];
}

/** One form about a concern: its title, what its button says and sends, and its inputs. */
export interface Ask {
  readonly title: string;
  readonly send: string;
  readonly verb: Verb;
  readonly lines?: readonly string[];
  readonly fields: readonly Field[];
}

/** A form about a concern, in person only. Nothing is preselected, what is typed is kept. */
export function askCard(
  { title, send, verb, lines = [], fields }: Ask,
  concern: Concern,
  today: Agreement,
  { typed = {}, problems = [] }: Again = {},
): CardView {
  return {
    card: 'safeguarding/ask',
    data: {
      label: concernLabel(concern.concernId),
      title,
      lines: lines.map((text) => ({ text })),
      wrong: problems.length > 0,
      problems: problems.map(({ message }) => ({ text: message })),
      fields: filledIn(fields, typed),
      send,
      verb,
      ref: refOf(concern, today),
    },
    summary: `${concernLabel(concern.concernId)}: ${title}.`,
  };
}

const TOLD = choicesOf({ yes: 'Told', no: 'Not told' });
const toldFields = (name: string, who: string, more: readonly Field[] = []): Field[] => [
  must(name, 'choice', `${who}: told or not?`, { choices: TOLD }),
  ...more,
  must(`${name}Why`, 'text', `${who}: why, or why not?`),
  field(`${name}Day`, 'date', `${who}: told on which day?`),
  field(`${name}Time`, 'time', `${who}: at what time?`),
  field(`${name}Reference`, 'text', `${who}: their reference`),
];

/** The forms of deciding, by the verb that opens each. */
export const DECISION_FORMS = {
  'concern.decide': ({ staff }: Concern, { safeguarding }: Agreement): Ask => ({
    title: 'Record decision',
    send: 'Record',
    verb: 'concern.decide.send',
    lines: ['Kept as it is recorded. A later decision is added to it.'],
    fields: [
      ...toldFields('police', 'Police'),
      ...toldFields('authority', 'Local authority', [
        field('contact', 'pick', 'Local authority: which?', {
          choices: (safeguarding?.map ?? [])
            .filter(({ kind }) => kind === 'local-authority')
            .map(({ id, name }) => ({ value: id, title: name })),
        }),
      ]),
      field('basis', 'pick', 'If it was shared: on what basis?', { choices: choicesOf(BASES) }),
      field('wanted', 'text', 'What did the person want to happen?'),
      must('met', 'pick', 'Was that met?', { choices: choicesOf(MET) }),
      must('risk', 'choice', 'The risk', { choices: choicesOf(RISK) }),
      ...(staff === 'yes'
        ? [must('employer', 'text', 'Who told the employer’s nominated person, and when? Or why not yet?')]
        : []),
      must('rationale', 'long', 'Why did you decide so?'),
    ],
  }),
  'concern.answered': (): Ask => ({
    title: 'They have answered',
    send: 'Record',
    verb: 'concern.answered.send',
    fields: [
      must('answer', 'choice', 'What did the local authority answer?', { choices: choicesOf(ANSWERS) }),
      must('answeredDay', 'date', 'On which day?'),
      field('answeredTime', 'time', 'At what time?'),
      field('answerReference', 'text', 'Their reference'),
    ],
  }),
  'concern.close': (): Ask => ({
    title: 'Close the concern',
    send: 'Close',
    verb: 'concern.close.send',
    lines: ['Whoever raised it sees that it is closed, and not why. It can be opened again.'],
    fields: [must('reason', 'choice', 'Why is it closed?', { choices: choicesOf(CLOSINGS) })],
  }),
  'concern.reopen': (): Ask => ({
    title: 'Open it again',
    send: 'Open it again',
    verb: 'concern.reopen.send',
    fields: [must('reopening', 'text', 'Why is it opened again?')],
  }),
} as const satisfies Partial<Record<Verb, (concern: Concern, today: Agreement) => Ask>>;
export type DecisionForm = keyof typeof DECISION_FORMS;
