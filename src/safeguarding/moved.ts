import type { Instant } from '../core/clock.ts';
import type { BASES } from './decision.ts';
import type { Mark, Person } from './mark.ts';

/**
 * A case that an open concern is about went to another provider. Those who answer for the concern write what moves with
 * it, for one person there who may know of it, and that person says that they have read it.
 */
export interface Move {
  readonly n: number;
  /** Who holds the case since. */
  readonly to: string;
  readonly at: Instant;
  readonly written?: Written;
  /** By its receiver. */
  readonly read?: Mark;
  /** Whoever is to write it, or to read it, is reminded next at. */
  readonly remindAt: Instant;
}

/** A safeguarding handover (NHS England, transfer of care: current risks, what was done, what is left). */
export interface Written {
  readonly by: Person;
  readonly at: Instant;
  /** Key of the person at the receiver for whom it is. */
  readonly receiver: string;
  readonly risks: string;
  readonly actions: string;
  readonly outstanding: string;
  readonly safeContact: string;
  /** On what basis it is shared. */
  readonly basis: keyof typeof BASES;
}
