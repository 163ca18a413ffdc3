import type { Agreement } from '../agreement/agreement.ts';
import type { CardView } from '../core/routes.ts';
import { refOf } from './cards.ts';
import { type Again, askCard } from './cards-decision.ts';
import type { Verb } from './cards-verbs.ts';
import type { PresentConcern } from './commands.ts';
import { type Concern, concernLabel } from './concern.ts';
import { field, YES_NO } from './fields.ts';
import { ringOf } from './words.ts';

/** Adding to a concern, in person only: fact and opinion apart, and whether somebody is in danger now. */
export const addForm = (concern: Concern, today: Agreement, again: Again = {}): CardView =>
  askCard(
    {
      title: 'Add to this concern',
      send: 'Add',
      verb: 'concern.add.send',
      lines: [
        'If anybody is in danger now, ring 999 first.',
        'What stands is not changed: what you write is added to it, with your name and the time.',
      ],
      fields: [
        field('facts', 'long', 'What was seen and said? Facts, in whose words'),
        field('opinion', 'long', 'What you think of it, kept apart from the facts'),
        field('danger', 'choice', 'Is somebody in danger now? “Yes” asks the lead again at once', {
          choices: YES_NO,
        }),
      ],
    },
    concern,
    today,
    again,
  );

/** The answer to whoever added something. */
export function addedCard({ concern, today, knows }: PresentConcern, danger: boolean): CardView {
  const ring = ringOf(concern, today);
  const asks = danger && !concern.acknowledged;
  const lines = [
    ...(asks && knows === 'raiser'
      ? [`Do not wait for an answer: ring ${ring.name} now, ${ring.phone}.`]
      : []),
    ...(danger ? ['If anybody is in danger now, ring 999.'] : []),
  ];
  const label = concernLabel(concern.concernId);
  const open = {
    verb: 'concern.view' satisfies Verb,
    title: 'Open',
    style: 'default',
    data: refOf(concern, today),
  };
  return {
    card: 'safeguarding/notice',
    data: {
      kicker: 'Added',
      tone: asks ? 'attention' : 'emphasis',
      label,
      what: '',
      headline: asks
        ? 'It is urgent now, and those who answer for it are asked.'
        : 'It stands in the concern, with your name and the time.',
      lines: lines.map((text) => ({ text })),
      rows: [{ buttons: [open] }],
    },
    summary: `${label}. Added.`,
  };
}
