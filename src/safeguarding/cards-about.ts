import type { Agreement } from '../agreement/agreement.ts';
import { NOBODY, typedOf } from './about.ts';
import type { Ask } from './cards-decision.ts';
import { CHOICES_BYTES, staffChoices } from './cards-form.ts';
import type { Concern } from './concern.ts';
import { choicesOf, field, must } from './fields.ts';
import type { Inputs } from './form.ts';
import { mayMean } from './who.ts';

/** "Who is it about?": each typed name to match, and whom besides; for those who answer for the concern. */
export function aboutAsk(concern: Concern, today: Agreement): Ask {
  const typed = typedOf(concern);
  const bytes = CHOICES_BYTES / (typed.length + 1);
  return {
    title: 'Who is it about?',
    send: 'Record',
    verb: 'concern.about.send',
    lines: [
      'They are not told, nor is whoever manages them or is managed by them, and from now on none of them can open it. What was recorded before is kept.',
      ...typed.map(({ typed: name }) => `Whoever raised it wrote: “${name}”.`),
    ],
    fields: [
      must('staff', 'choice', 'Is it about somebody who works or volunteers for a partner?', {
        choices: choicesOf({ yes: 'Yes', no: 'No' }),
      }),
      ...typed.map(({ input, typed: name }) =>
        field(input, 'several', `Who is “${name}”? Several, if it may be any of them`, {
          choices: [
            { title: 'Nobody of this pathway', value: NOBODY },
            ...staffChoices(today, bytes, (one) => mayMean(name, one)),
          ],
        }),
      ),
      field('people', 'several', typed.length > 0 ? 'Who else?' : 'Who? One or more', {
        choices: staffChoices(today, bytes),
      }),
    ],
  };
}

/** The form as it was answered last; empty where it was not. */
export function aboutInputs(concern: Concern): Inputs {
  const people = concern.named.flatMap((one) => ('person' in one ? [one.person] : []));
  const matched = typedOf(concern).flatMap(({ input, matched: keys }) =>
    keys === undefined ? [] : [[input, keys.length > 0 ? keys.join(',') : NOBODY] as const],
  );
  return {
    ...(concern.staff !== 'unknown' && { staff: concern.staff }),
    ...(people.length > 0 && { people: people.join(',') }),
    ...Object.fromEntries(matched),
  };
}
