import { type Agreement, partnerName } from '../agreement/agreement.ts';
import { Refused } from '../core/errors.ts';
import type { Ask } from './cards-decision.ts';
import type { Concern } from './concern.ts';
import { field, must } from './fields.ts';
import { mayReceive } from './hand-on.ts';
import { peopleFor, stepsFor } from './who.ts';

/** "Hand to another": all who may have it but whoever hands it. Errors: `Refused` where that is nobody. */
export function handOnAsk(concern: Concern, today: Agreement, from: string): Ask {
  const may = mayReceive(concern, today, from);
  if (may.length === 0) {
    throw new Refused(
      'nobody-else',
      'Nobody else may answer for this concern. Whoever keeps the agreement can name another safeguarding lead or deputy.',
    );
  }
  const choices = may.map((key) => {
    const step = stepsFor(concern, today).find((one) => peopleFor(concern, one, today).includes(key));
    const name = today.people.find((one) => one.key === key)?.name ?? key;
    return { value: key, title: step ? `${name}, ${partnerName(today, step.provider)}` : name };
  });
  return {
    title: 'Hand to another',
    send: 'Hand on',
    verb: 'concern.hand-on.send',
    lines: ['They are asked now, and acknowledge it anew.'],
    fields: [
      must('to', 'choice', 'To whom?', { choices }),
      must('handWhy', 'long', 'Why?', { placeholder: 'On leave from tonight; knows the family' }),
    ],
  };
}

/** "I have told them": whoever raised it, of the outside contact. */
export const outsideAsk = (_: Concern, { safeguarding }: Agreement): Ask => ({
  title: 'I have told them',
  send: 'Record',
  verb: 'concern.outside.send',
  lines: safeguarding
    ? [`${safeguarding.outside.name}, ${safeguarding.outside.phone}. ${safeguarding.outside.hours}.`]
    : [],
  fields: [
    must('outsideWhom', 'text', 'Whom did you speak to?'),
    must('outsideDay', 'date', 'On which day?'),
    field('outsideTime', 'time', 'At what time?'),
  ],
});
