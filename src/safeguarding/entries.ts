import type { Instant } from '../core/clock.ts';
import type { Mark, Person } from './mark.ts';
import type { Told, YesNo } from './told.ts';

/** What is added to a concern later, by meetings and where something of it turned out to be otherwise: all is kept. */

/** Somebody of a partner whom the concern is about. */
export type Named =
  /** Picked from the agreement. */
  | { readonly person: string }
  /** Typed. `matched`: who the lead says that is, nobody of the pathway where it is empty; absent until then. */
  | { readonly typed: string; readonly matched?: readonly string[] };

/** Somebody who answers for it said of whom it is; so it was before. */
export interface AboutWhom extends Mark {
  readonly n: number;
  readonly before: { readonly staff: YesNo; readonly named: readonly Named[] };
}

/** The facts of the timeline that somebody's being in conflict, or handing it on, takes back. */
export const LAPSING = ['opened', 'acknowledged', 'decided', 'closed'] as const;

/** A fact of the timeline that does not stand any more. */
export interface Lapsed extends Mark {
  readonly what: (typeof LAPSING)[number];
  readonly until: Instant;
  readonly because: 'may-not-know' | 'handed-on' | 'danger';
}

/** It was handed to somebody else who answers for concerns, with why. */
export interface HandedOn extends Mark {
  readonly n: number;
  readonly to: Person;
  readonly reason: string;
}

/** Somebody in conflict who worked on its case by name, and since when: whoever had it was told. */
export interface Works {
  readonly person: string;
  readonly since: Instant;
}

/** Nobody may be asked: the outside contact answers, whom only the raiser can tell. */
export interface Outside {
  readonly since: Instant;
  /** When the raiser is reminded next, and it is looked whether somebody may be asked by now. */
  readonly remindAt: Instant;
}

/** The raiser told the outside contact. */
export interface OutsideTold extends Mark {
  /** Whom they spoke to. */
  readonly whom: string;
  readonly happenedAt: Instant;
}

/** What its raiser sent was wrong: so it is, as whoever answers for it says. What was sent is kept. */
export type Correction = Mark & {
  readonly n: number;
  readonly reason: string;
} & (
    | { readonly what: 'person'; readonly person: Told['person']; readonly before: Told['person'] }
    | { readonly what: 'case'; readonly caseId?: string; readonly before?: string }
  );

/** A legal hold, set or lifted. */
export interface Hold extends Mark {
  readonly state: 'set' | 'lifted';
  readonly reason: string;
}

/** What the weekly meeting says of a concern, and when it looks at it again. */
export const TRIAGE_OUTCOMES = {
  continues: 'Goes on as planned',
  decide: 'A decision is to be recorded',
  chase: 'The local authority is to be rung',
  meeting: 'A meeting with other services is asked for',
  'prime-lead': 'The prime’s lead is to look at it',
  close: 'Can be closed',
} as const;
export type TriageOutcome = keyof typeof TRIAGE_OUTCOMES;

/** One outcome of one meeting. Nothing of it is edited: the next is another entry. */
export interface Triage {
  readonly n: number;
  readonly by: Person;
  readonly at: Instant;
  readonly outcome: TriageOutcome;
  readonly words: string;
  /** A local day, `2026-11-30`. */
  readonly reviewOn: string;
}
