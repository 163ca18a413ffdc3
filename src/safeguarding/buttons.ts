import type { Verb } from './cards-verbs.ts';
import type { PresentConcern } from './commands.ts';
import { type Concern, outsideTold, waitsOutside } from './concern.ts';
import { openMoves, unwritten } from './move.ts';
import { openTodos } from './todo.ts';
import { isNarrow } from './who.ts';

/** A button of an opened concern, and for whom and when it is there. */
export interface Button {
  readonly verb: Verb;
  readonly title: string;
  /** It is what the concern asks for first. */
  readonly first?: (concern: Concern) => boolean;
  when(present: Pick<PresentConcern, 'concern' | 'knows' | 'today'>): boolean;
}

/** In the order in which they stand. What a press does is decided anew when it comes. */
export const BUTTONS: readonly Button[] = [
  {
    verb: 'concern.acknowledge',
    title: 'Acknowledge',
    first: () => true,
    when: ({ concern, knows }) => knows === 'safeguarding' && !concern.acknowledged && !concern.closed,
  },
  {
    verb: 'concern.decide',
    title: 'Record decision',
    first: ({ decided }) => !decided,
    when: ({ concern, knows }) => knows === 'safeguarding' && !!concern.acknowledged && !concern.closed,
  },
  {
    verb: 'concern.add',
    title: 'Add to this concern',
    when: ({ concern }) => !concern.closed,
  },
  {
    verb: 'concern.answered',
    title: 'They have answered',
    when: ({ concern, knows }) => knows === 'safeguarding' && !!concern.chase,
  },
  {
    verb: 'concern.action',
    title: 'Add an action',
    when: ({ concern, knows }) => knows === 'safeguarding' && !!concern.acknowledged && !concern.closed,
  },
  {
    verb: 'concern.action-over',
    title: 'An action is done',
    when: ({ concern, knows }) => knows === 'safeguarding' && openTodos(concern).length > 0,
  },
  {
    verb: 'concern.close',
    title: 'Close',
    when: ({ concern, knows }) =>
      knows === 'safeguarding' &&
      !!concern.decided &&
      !concern.chase &&
      openTodos(concern).length === 0 &&
      !concern.closed,
  },
  {
    verb: 'concern.reopen',
    title: 'Open it again',
    when: ({ concern, knows }) => knows === 'safeguarding' && !!concern.closed,
  },
  {
    verb: 'concern.about',
    title: 'Who is it about?',
    first: () => true,
    when: ({ concern, knows }) => knows === 'safeguarding' && isNarrow(concern) && !concern.closed,
  },
  {
    verb: 'concern.read',
    title: 'I have read it',
    first: () => true,
    when: ({ concern, knows }) =>
      knows === 'safeguarding' && openMoves(concern).some(({ written }) => written !== undefined),
  },
  {
    verb: 'concern.move',
    title: 'Write what moves with the case',
    first: () => true,
    when: ({ concern, knows }) => knows === 'safeguarding' && unwritten(concern) !== undefined,
  },
  {
    verb: 'concern.outside',
    title: 'I have told them',
    first: () => true,
    when: ({ concern, knows }) => knows === 'raiser' && waitsOutside(concern) && !outsideTold(concern),
  },
  {
    verb: 'concern.more',
    title: 'More',
    when: ({ knows }) => knows === 'safeguarding',
  },
];

/** What is seldom needed, behind More; each is for those who answer for the concern. */
export const MORE: readonly Pick<Button, 'verb' | 'title'>[] = [
  { verb: 'concern.about', title: 'Who is it about?' },
  { verb: 'concern.hand-on', title: 'Hand to another' },
  { verb: 'concern.triage', title: 'Outcome of the meeting' },
  { verb: 'concern.correct-person', title: 'Correct the person' },
  { verb: 'concern.correct-case', title: 'Correct the case' },
  { verb: 'concern.hold', title: 'Legal hold' },
];
