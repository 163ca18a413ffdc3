import { type Agreement, partnerName } from '../agreement/agreement.ts';
import type { Ask } from './cards-decision.ts';
import type { Concern } from './concern.ts';
import { BASES } from './decision.ts';
import { choicesOf, must } from './fields.ts';
import { receiversOf, unwritten } from './move.ts';

/** What is written for whoever looks after the person next. The safe way to contact them comes first. */
export function moveAsk(concern: Concern, today: Agreement): Ask {
  const to = unwritten(concern)?.to ?? '';
  return {
    title: 'What moves with the case',
    send: 'Send it',
    verb: 'concern.move.send',
    lines: [`The case is with ${partnerName(today, to)} now. Only whom you choose is told, in person.`],
    fields: [
      must('receiver', 'pick', 'For whom at the new provider?', {
        choices: receiversOf(concern, to, today).map(({ key, name }) => ({ value: key, title: name })),
      }),
      must('moveContact', 'text', 'Safe way to contact the person'),
      must('risks', 'long', 'Risks now'),
      must('actions', 'long', 'What was done'),
      must('outstanding', 'long', 'What is left to do'),
      must('moveBasis', 'pick', 'On what basis is it shared?', { choices: choicesOf(BASES) }),
    ],
  };
}
