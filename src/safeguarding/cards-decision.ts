import type { Agreement } from '../agreement/agreement.ts';
import type { Problem } from '../core/errors.ts';
import { bytesOf, splitAt } from '../core/pages.ts';
import type { CardView } from '../core/routes.ts';
import { dateTime } from '../core/wording.ts';
import { refOf } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import { unanswered } from './chase.ts';
import { type Concern, concernLabel } from './concern.ts';
import { ANSWERS, BASES, CLOSINGS, MET, RISK } from './decision.ts';
import { type Choice, choicesOf, type Field, field, filledIn, must } from './fields.ts';
import type { Inputs } from './form.ts';
import { contactName } from './words.ts';

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
  /** What its button carries besides the concern. */
  readonly with?: Readonly<Record<string, string>>;
}

/** A form about a concern, in person only. Nothing is preselected, what is typed is kept. */
export function askCard(
  { title, send, verb, lines = [], fields, with: more = {} }: Ask,
  concern: Concern,
  today: Agreement,
  { typed = {}, problems = [] }: Again = {},
): CardView {
  const shown = fitting(typed);
  const cut = shown === typed ? [] : [{ text: TOO_MUCH }];
  return {
    card: 'safeguarding/ask',
    data: {
      label: concernLabel(concern.concernId),
      title,
      lines: lines.map((text) => ({ text })),
      wrong: problems.length > 0,
      problems: [...problems.map(({ message }) => ({ text: message })), ...cut],
      fields: filledIn(fields, shown),
      send,
      verb,
      ref: { ...refOf(concern, today), ...more },
    },
    summary: `${concernLabel(concern.concernId)}: ${title}.`,
  };
}

/** What is typed takes at most so many bytes of a card, which is of 28 KB. */
const TYPED_BYTES = 14_000;
const TOO_MUCH = 'What you typed is too long to be shown again: only the beginning of each text is here now.';

/** What was typed as a card can show it again: where it is too much, the beginning of each text. */
function fitting(typed: Inputs): Inputs {
  const all = Object.entries(typed);
  if (all.reduce((sum, [, text]) => sum + bytesOf(text), 0) <= TYPED_BYTES) return typed;
  const each = Math.floor(TYPED_BYTES / all.length);
  return Object.fromEntries(all.map(([id, text]) => [id, splitAt(text, each)[0]]));
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

/** The authorities that have not answered, by the decision that says that they were told. */
const told = (concern: Concern, today: Agreement): Choice[] =>
  unanswered(concern).map(({ n, authority, answerBy }) => ({
    value: String(n),
    title: `${contactName(authority.contact, today) ?? 'Local authority'}, due ${dateTime(answerBy, today.zone)}`,
  }));

/** Where there is one to answer, its form says which, and its button carries it: another may wait by then. */
function whoseAnswer(concern: Concern, today: Agreement): Pick<Ask, 'lines' | 'with'> {
  const [only, ...others] = told(concern, today);
  return only && others.length === 0 ? { lines: [only.title], with: { which: only.value } } : {};
}

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
  'concern.answered': (concern: Concern, today: Agreement): Ask => ({
    title: 'They have answered',
    send: 'Record',
    verb: 'concern.answered.send',
    ...whoseAnswer(concern, today),
    fields: [
      ...(unanswered(concern).length > 1
        ? [must('which', 'pick', 'Whose answer is it?', { choices: told(concern, today) })]
        : []),
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
