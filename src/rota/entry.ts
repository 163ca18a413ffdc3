import { type Agreement, positionCan, staffName } from '../agreement/agreement.ts';
import { type Actor, type ActorRef, actorRef, type Position } from '../core/actors.ts';
import type { EventDraft, Json } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { type Act, rule } from '../core/permissions.ts';
import { holds, placeOf, positionsOf } from './people.ts';
import type { Away, RotaDoc, Shift } from './rota.ts';

/** What a rule of the rota is asked with. */
export interface Facts {
  readonly rota: Pick<RotaDoc, 'shifts' | 'away' | 'imported'>;
  /** Today's agreement. */
  readonly terms: Agreement;
  readonly actor: Actor;
  readonly now: Instant;
}

export type Line = 'rota.on' | 'rota.off' | 'rota.given' | 'rota.away' | 'rota.back' | 'rota.imported';

/** A line for one person in their own chat: which, and what its words need. */
export interface Told {
  readonly person: string;
  readonly line: Line;
  readonly refs: Readonly<Record<string, string>>;
}

/** What a change of the rota wants to be true. */
export interface Changed {
  readonly shifts: readonly Shift[];
  readonly away: readonly Away[];
  readonly imported?: RotaDoc['imported'];
  readonly events: readonly EventDraft[];
  readonly told: readonly Told[];
}

/** A shift as it is entered. */
export type Entry = Omit<Shift, 'id'>;

/**
 * Everybody for themselves; coordinators for colleagues at one of their own `providers`. Gives the record's form of
 * the actor. Errors: `Refused` `role` for anybody else.
 */
export function mayEnter(
  { terms, actor }: Facts,
  act: Act,
  person: string,
  ...providers: string[]
): ActorRef {
  const own = actor.kind !== 'person' || actor.person === person;
  const ruling = rule(own ? act : 'rota.colleague', actor, {}, (position, ability) =>
    positionCan(terms, position, ability),
  );
  const positions = ruling.allowed
    ? ruling.positions.filter(({ provider }) => providers.includes(provider))
    : [];
  if (ruling.allowed && (own || positions.length > 0)) return actorRef(actor, positions[0]);
  throw new Refused(
    'role',
    'Only a coordinator of their service can enter this for a colleague. Ask them, or their coordinator.',
  );
}

/** Errors: `Refused` `role-not-held` where today's agreement does not have the person in this position. */
export function mustHold(terms: Agreement, person: string, at: Position): void {
  if (holds(terms, person, at)) return;
  if (positionsOf(terms, person).length === 0) {
    throw new Refused('not-on-pathway', 'This person is not on the pathway. Choose somebody of /people.');
  }
  throw new Refused(
    'role-not-held',
    `${staffName(person, terms)} is not ${placeOf(terms, at)}. Choose somebody in that role; /people says who is.`,
  );
}

/** Errors: `Refused` `ends-before` for an end that has passed, or comes before the start. */
export function mustEndLater(span: { readonly from: Instant; readonly to?: Instant }, now: Instant): void {
  if (span.to === undefined || (span.to > span.from && span.to > now)) return;
  throw new Refused('ends-before', 'That end has passed, or comes before the start. Choose a later end.');
}

/** A line for everybody concerned and whoever entered it; none where that is one person, who knows it already. */
export function toBoth(line: Line, by: ActorRef, people: readonly string[], refs: Told['refs']): Told[] {
  const all = new Set([...people, ...('person' in by ? [by.person] : [])]);
  return all.size < 2 ? [] : [...all].map((person) => ({ person, line, refs }));
}

const byOf = (by: ActorRef): string => ('person' in by ? by.person : '');

/** An entry as its event records it: keys and instants only. */
export const asData = (one: Entry | Away): Record<string, Json> => {
  const { person, from, to } = one;
  return {
    person,
    ...('role' in one ? { provider: one.provider, role: one.role } : {}),
    from,
    ...(to === undefined ? {} : { to }),
    ...('cover' in one && one.cover !== undefined ? { cover: one.cover } : {}),
  };
};

/** The same with who entered it, for the words of a line. */
export const refsOf = (one: Entry | Away, by: ActorRef): Record<string, string> => ({
  ...(asData(one) as Record<string, string>),
  by: byOf(by),
});

/** The shift with this end, or without one. */
export function withEnd(shift: Shift, to: Instant | undefined): Shift {
  const { to: _, ...open } = shift;
  return to === undefined ? open : { ...open, to };
}

/** The later of two ends; without an end is latest. */
export const later = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || b === undefined ? undefined : a > b ? a : b;
