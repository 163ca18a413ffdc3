import type { Position } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';

/** A member of staff as the concern keeps them: named, so that the record reads by itself after they leave. */
export type Person = Partial<Position> & { readonly person: string; readonly name: string };

/** A fact of the timeline: who, and when. */
export interface Mark {
  readonly by: Person;
  readonly at: Instant;
}
