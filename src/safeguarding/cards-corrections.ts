import type { Ask } from './cards-decision.ts';
import type { Concern } from './concern.ts';
import { choicesOf, field, must } from './fields.ts';
import { isHeld } from './retention.ts';

const KEPT = 'What was there before is kept, for those who answer for the concern.';
const why = must('correctWhy', 'long', 'How do you know?');

/** "Correct the person", filled with whom it is about now. */
export const personAsk = (): Ask => ({
  title: 'Correct the person',
  send: 'Correct',
  verb: 'concern.correct-person.send',
  lines: [KEPT],
  fields: [
    field('given', 'text', 'First name'),
    field('surname', 'text', 'Surname'),
    field('dob', 'text', 'Date of birth', { placeholder: 'day/month/year: 07/03/1942' }),
    field('nhsNumber', 'text', 'NHS number'),
    field('whereNow', 'text', 'Where are they now?'),
    why,
  ],
});

/** "Correct the case", filled with the one that it is about now. */
export const caseAsk = (): Ask => ({
  title: 'Correct the case',
  send: 'Correct',
  verb: 'concern.correct-case.send',
  lines: [KEPT, 'Leave the number empty where it is about no case.'],
  fields: [field('caseNumber', 'text', 'Number of the case', { placeholder: '7K2-M4Z' }), why],
});

/** "Legal hold": sets one, or lifts the one that is set. */
export const holdAsk = (concern: Concern): Ask => ({
  title: 'Legal hold',
  send: 'Record',
  verb: 'concern.hold.send',
  lines: [
    isHeld(concern)
      ? 'A legal hold is set: its record is not destroyed, whatever its day of review.'
      : 'No legal hold is set. Under one its record is not destroyed, whatever its day of review.',
  ],
  fields: [
    must('hold', 'choice', 'What is to be done?', {
      choices: choicesOf(isHeld(concern) ? { lifted: 'Lift the hold' } : { set: 'Set a hold' }),
    }),
    must('holdWhy', 'long', 'Why, and who asked for it?'),
  ],
});
