import type { Instant } from '../core/clock.ts';

/** One open concern as the weekly meeting looks at it. */
export interface Open {
  readonly concernId: string;
  readonly raisedAt: Instant;
  readonly urgent: boolean;
  readonly decidedAt?: Instant;
  /** When each of its actions is due that is not done. */
  readonly actionsDue: readonly Instant[];
  /** Until when each authority that was told and has not answered has time. */
  readonly answersDue: readonly Instant[];
  /** When the day of its next review begins, where a meeting set one. */
  readonly reviewAt?: Instant;
}

/** Why it is on the agenda, in the order of the meeting. */
export const ITEMS = {
  undecided: 'Without a decision',
  overdue: 'With an action overdue',
  chase: 'To chase: no answer in time',
  review: 'Due for review',
  open: 'Open otherwise',
} as const;
export type Item = keyof typeof ITEMS;

export interface AgendaLine {
  readonly concernId: string;
  /** All that apply; it stands under the first. */
  readonly items: readonly [Item, ...Item[]];
}

const passed = (due: readonly Instant[], now: Instant): boolean => due.some((one) => one <= now);

/** All that applies to a concern, in the order of the meeting. */
function itemsOf({ decidedAt, actionsDue, answersDue, reviewAt }: Open, now: Instant): AgendaLine['items'] {
  const found: Item[] = [
    ...(decidedAt === undefined ? (['undecided'] as const) : []),
    ...(passed(actionsDue, now) ? (['overdue'] as const) : []),
    ...(passed(answersDue, now) ? (['chase'] as const) : []),
    ...(reviewAt !== undefined && reviewAt <= now ? (['review'] as const) : []),
  ];
  const [first = 'open', ...others] = found;
  return [first, ...others];
}

/**
 * The weekly meeting's agenda of the concerns that somebody may know of: each once, those without a decision first, then
 * overdue ones, chases, reviews, and the others; within an item those in danger first, then the oldest.
 */
export function agendaOf(open: readonly Open[], now: Instant): readonly AgendaLine[] {
  const order = Object.keys(ITEMS) as Item[];
  return open
    .map((one) => ({ one, items: itemsOf(one, now) }))
    .sort(
      (a, b) =>
        order.indexOf(a.items[0]) - order.indexOf(b.items[0]) ||
        Number(b.one.urgent) - Number(a.one.urgent) ||
        (a.one.raisedAt === b.one.raisedAt
          ? a.one.concernId < b.one.concernId
            ? -1
            : 1
          : a.one.raisedAt < b.one.raisedAt
            ? -1
            : 1),
    )
    .map(({ one: { concernId }, items }) => ({ concernId, items }));
}
