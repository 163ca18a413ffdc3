import type { Verb } from './cards-verbs.ts';
import type { PresentConcern } from './commands.ts';

/** A button of an opened concern, and for whom and when it is there. */
export interface Button {
  readonly verb: Verb;
  readonly title: string;
  readonly style?: 'positive';
  when(present: Pick<PresentConcern, 'concern' | 'knows' | 'today'>): boolean;
}

/** In the order in which they stand. What a press does is decided anew when it comes. */
export const BUTTONS: readonly Button[] = [
  {
    verb: 'concern.acknowledge',
    title: 'Acknowledge',
    style: 'positive',
    when: ({ concern, knows }) => knows === 'safeguarding' && !concern.acknowledged && !concern.closed,
  },
];
