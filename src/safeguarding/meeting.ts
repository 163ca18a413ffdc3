import { type Agreement, positionCan } from '../agreement/agreement.ts';
import type { PersonActor } from '../core/actors.ts';
import type { Doc } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem } from '../core/errors.ts';
import { personOf, positionOf } from './facts.ts';
import { typedInstant } from './fields.ts';
import type { Inputs } from './form.ts';
import type { Person } from './mark.ts';

/** A weekly meeting that was held. What it said of each concern is in the concern. */
export interface Meeting {
  readonly n: number;
  readonly heldAt: Instant;
  /** Keys of those who were there. */
  readonly people: readonly string[];
  readonly by: Person;
  /** When it was recorded. */
  readonly at: Instant;
}
export interface MeetingDoc extends Doc, Meeting {
  readonly kind: 'concern-meeting';
}

/** Everybody who answers for concerns, whichever: they may have been there. */
export const mayHaveBeenThere = (today: Agreement): Agreement['people'] =>
  today.people.filter(({ positions }) =>
    positions.some((position) => positionCan(today, position, 'safeguard')),
  );

/** What the form of a meeting says. Errors: `Invalid` with a problem for each field. */
export function readMeeting(
  inputs: Inputs,
  actor: PersonActor,
  today: Agreement,
  now: Instant,
): Omit<Meeting, 'n'> {
  const problems: Problem[] = [];
  const heldAt = typedInstant(inputs.heldDay, inputs.heldTime, today.zone);
  const typed = new Set((inputs.people ?? '').split(',').map((one) => one.trim()));
  const people = mayHaveBeenThere(today)
    .map(({ key }) => key)
    .filter((key) => typed.has(key));
  if (heldAt === undefined) problems.push({ field: 'heldDay', message: 'Give the day of the meeting.' });
  else if (heldAt > now) problems.push({ field: 'heldDay', message: 'This day and time have not come yet.' });
  if (people.length === 0) problems.push({ field: 'people', message: 'Choose who was there.' });
  if (problems.length > 0 || heldAt === undefined) throw new Invalid('Not recorded yet.', problems);
  return { heldAt, people, by: personOf(actor, positionOf(actor, today)), at: now };
}

/** Was the same meeting recorded last, by the same person? Then the form came twice. */
export const sameMeeting = (last: Meeting | undefined, { heldAt, people, by }: Omit<Meeting, 'n'>): boolean =>
  last !== undefined &&
  last.heldAt === heldAt &&
  last.by.person === by.person &&
  last.people.join() === people.join();
