import type { Agreement } from '../agreement/agreement.ts';
import { shortened } from '../core/pages.ts';
import type { Ask } from './cards-decision.ts';
import type { Concern } from './concern.ts';
import { choicesOf, must } from './fields.ts';
import { OUTCOMES, openTodos } from './todo.ts';
import { ownersOf } from './todos.ts';
import { ownerText } from './words.ts';

/** What a choice shows of an action's words, in bytes. */
const SHOWN_BYTES = 120;

/** The forms of a concern's actions, by the verb that opens each. */
export const TODO_FORMS = {
  'concern.action': (concern: Concern, today: Agreement): Ask => ({
    title: 'Add an action',
    send: 'Add',
    verb: 'concern.action.send',
    lines: ['It stands in this concern alone. Whoever does it is told, and reminded on the day.'],
    fields: [
      must('what', 'long', 'What is to be done?'),
      must('owner', 'pick', 'Who does it?', {
        choices: ownersOf(concern, today).map((key) => ({ value: key, title: ownerText(key, today) })),
      }),
      must('due', 'date', 'By which day?'),
    ],
  }),
  'concern.action-over': (concern: Concern): Ask => ({
    title: 'An action is done',
    send: 'Record',
    verb: 'concern.action-over.send',
    fields: [
      must('which', 'choice', 'Which action?', {
        choices: openTodos(concern).map(({ n, what }) => ({
          value: String(n),
          title: `${n}. ${shortened(what, SHOWN_BYTES, '…')}`,
        })),
      }),
      must('outcome', 'choice', 'What became of it?', { choices: choicesOf(OUTCOMES) }),
      must('text', 'long', 'What was done, or why is it not needed?'),
    ],
  }),
} as const;
