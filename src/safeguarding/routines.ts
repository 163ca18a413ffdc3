import type { Agreement } from '../agreement/agreement.ts';
import { actorRef, type PersonActor } from '../core/actors.ts';
import type { EventDraft, Head, Key } from '../core/change.ts';
import { Invalid } from '../core/errors.ts';
import type { Concerns } from './commands.ts';
import type { Concern } from './concern.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { positionOf } from './facts.ts';
import { seenOf } from './figures.ts';
import { isMonth } from './published.ts';
import { mayKnow } from './who.ts';

/** What belongs to all concerns and to no single one: who looked at figures and agendas. Its chain is kept apart. */
export interface Routines extends Head {
  readonly kind: 'concern-routines';
}
const ROUTINES_HEAD = 'routines';
export const routinesKey = (pathwayId: string): Key => ({ pathwayId, caseId: '_concerns:routines' });

const begun = (key: Key): Routines => ({
  id: ROUTINES_HEAD,
  kind: 'concern-routines',
  schema: 1,
  audit: { seq: 0, hash: '' },
  lists: { chains: key.caseId },
});

export interface RoutineDeps {
  readonly concerns: Concerns;
  readonly now: () => string;
}

/** What people who answer for concerns look at and do together: over those alone that the one who asks may know of. */
export function createRoutines({ concerns, now }: RoutineDeps) {
  /** Adds to the chain of what belongs to no single concern. */
  const record = (pathwayId: string, event: EventDraft): Promise<void> => {
    const key = routinesKey(pathwayId);
    return concerns.run<Routines, void>(key, ROUTINES_HEAD, ({ head }) => ({
      change: { documents: [head ?? begun(key)], events: [event] },
      answer: undefined,
    }));
  };
  const by = (
    type: string,
    actor: PersonActor,
    today: Agreement,
    data: EventDraft['data'] = {},
  ): EventDraft => ({
    type,
    by: actorRef(actor, positionOf(actor, today)),
    data,
  });

  /** The concerns on a list that this person answers for: those that they only raised are none of their figures. */
  async function answeredFor(
    pathwayId: string,
    list: string,
    actor: PersonActor,
  ): Promise<readonly Concern[]> {
    const { terms } = await concerns.inForce(pathwayId);
    const known = await concerns.known(pathwayId, list, actor.person);
    return known.filter((concern) => mayKnow(concern, actor.person, terms) === 'safeguarding');
  }

  return {
    record,
    by,
    answeredFor,
    inForce: concerns.inForce,
    now,

    /** A month's exact figures about the concerns that this person answers for. Errors: `Invalid` if it is no month. */
    async dashboard(pathwayId: string, actor: PersonActor, month: string): Promise<Dashboard> {
      if (!isMonth(month)) throw new Invalid('Write the month as in /triage dashboard 2026-11.', []);
      const { terms } = await concerns.inForce(pathwayId);
      const known = await answeredFor(pathwayId, 'concerns', actor);
      await record(pathwayId, by('concerns.dashboard-viewed', actor, terms, { month }));
      return dashboardOf(known.map(seenOf), month, terms.zone, now());
    },
  };
}

export type CreatedRoutines = ReturnType<typeof createRoutines>;
