import type { Instant } from '../core/clock.ts';
import type { Person } from './mark.ts';

/**
 * What somebody is to do about a concern. It stands in the concern and nowhere else: the pathway's actions are read by
 * everybody, and would tell that there is a concern. Nothing of it is edited; what became of it is an entry beside.
 */
export interface Todo {
  readonly n: number;
  /** Free text. */
  readonly what: string;
  /** Key of one of those who answer for the concern. */
  readonly owner: string;
  /** The local day by whose end it is to be done, `2026-11-27`. */
  readonly due: string;
  /** The end of that day. */
  readonly dueAt: Instant;
  readonly by: Person;
  readonly at: Instant;
}

/** What became of one. */
export const OUTCOMES = { done: 'Done', 'not-needed': 'Not needed any more' } as const;
export interface TodoOver {
  /** Of which. */
  readonly n: number;
  readonly outcome: keyof typeof OUTCOMES;
  /** What was done, or why it is not needed. */
  readonly text: string;
  readonly by: Person;
  readonly at: Instant;
}

/** A concern's actions; `next`: when their owners are reminded. */
export interface Todos {
  readonly all: readonly Todo[];
  readonly over: readonly TodoOver[];
  readonly next?: Instant;
}

/** Those still to be done, the soonest due first. */
export const openTodos = ({ todos }: { readonly todos?: Todos }): readonly Todo[] =>
  (todos?.all ?? [])
    .filter(({ n }) => !todos?.over.some((one) => one.n === n))
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : a.n - b.n));
