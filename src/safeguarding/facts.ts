import type { Agreement } from '../agreement/agreement.ts';
import { positionCan } from '../agreement/agreement.ts';
import { actorRef, type PersonActor, type Position } from '../core/actors.ts';
import type { Change, EventDraft, NoticeDraft } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Refused } from '../core/errors.ts';
import { type Act, rule } from '../core/permissions.ts';
import { type Concern, concernSubject, listed, type Person, shownPeople } from './concern.ts';
import { type Knows, mayKnow } from './who.ts';

/** The verbs about a concern that stands. */
export type ConcernAct = Extract<Act, `concern.${string}`>;

/** What a rule about one concern decides from; `knows`: as what the actor may know of it, `today`: the agreement in force. */
export interface Facts {
  readonly concern: Concern;
  readonly actor: PersonActor;
  readonly knows: Knows;
  readonly today: Agreement;
  readonly now: Instant;
}

/** The same for a concern that is hidden from somebody and for an id that is none. */
export const unknownConcern = (): Refused =>
  new Refused(
    'unknown-concern',
    'There is no concern with this number that you answer for or raised. Check the number, or type /concern to raise one.',
  );

/** Asked about in the place of a concern that is none: about somebody whom nobody has matched. */
const NOBODYS = { raisedBy: { person: '', name: '' }, staff: 'yes', named: [{ typed: 'None' }] } as const;

/** May this actor do it with this concern? Errors: `Refused` as for an unknown id. */
export function mayAct(
  act: ConcernAct,
  concern: Concern | undefined,
  actor: PersonActor,
  today: Agreement,
): { readonly concern: Concern; readonly knows: Knows } {
  // As much is decided for an id that is none.
  const knows = mayKnow(concern ?? NOBODYS, actor.person, today);
  const ruling = rule(act, actor, {}, (position, ability) => positionCan(today, position, ability));
  if (!concern || !knows || !ruling.allowed) throw unknownConcern();
  return { concern, knows };
}

/** The position in which somebody answers for concerns; their first otherwise. */
export const positionOf = (actor: PersonActor, today: Agreement): Position | undefined =>
  actor.positions.find((position) => positionCan(today, position, 'safeguard')) ?? actor.positions[0];

/** An actor as the concern keeps them. */
export const personOf = (actor: PersonActor, position: Position | undefined): Person => ({
  person: actor.person,
  name: actor.name,
  ...position,
});

/** Something that happened to a concern, by this actor. Its data never holds a name or free text. */
export const happened = (
  { actor, today, concern }: Pick<Facts, 'actor' | 'today' | 'concern'>,
  type: string,
  data: EventDraft['data'] = {},
): EventDraft => ({
  type,
  by: actorRef(actor, positionOf(actor, today)),
  data: { concern: concern.concernId, ...data },
});

/** Its cards at all these people, anew. */
export const showAt = (concern: Concern, people: readonly string[]): NoticeDraft[] =>
  people.map((person) => ({
    form: 'show',
    subject: concernSubject(concern.concernId),
    route: { to: 'person', person },
  }));

/** A line of it to each of these people. */
export const tellAt = (
  { concernId }: Pick<Concern, 'concernId'>,
  people: readonly string[],
  line: string,
  refs: Readonly<Record<string, string>> = {},
): NoticeDraft[] =>
  people.map((person) => ({
    form: 'tell',
    subject: concernSubject(concernId),
    route: { to: 'person', person },
    line,
    refs,
  }));

/** The change of a concern one revision on: the concern on its lists, its events, every copy of its card shown anew. */
export function changed(
  concern: Concern,
  events: readonly EventDraft[],
  { notices = [], timers = [] }: Pick<Change, 'notices' | 'timers'> = {},
): Change {
  const next = listed({ ...concern, revision: concern.revision + 1 });
  return { documents: [next], events, notices: [...showAt(next, shownPeople(next)), ...notices], timers };
}

/** Errors: `Refused` for whoever raised it, whatever their role: somebody else answers for it. */
export function answering({ knows }: Pick<Facts, 'knows'>): void {
  if (knows !== 'raiser') return;
  throw new Refused(
    'your-own',
    'You raised this concern, so somebody else answers for it. They are asked now.',
  );
}
