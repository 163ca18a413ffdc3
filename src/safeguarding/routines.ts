import { type Agreement, positionCan } from '../agreement/agreement.ts';
import { actorRef, type PersonActor } from '../core/actors.ts';
import type { EventDraft, Head, Key } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { type AgendaLine, agendaOf } from './agenda.ts';
import type { Concerns } from './commands.ts';
import type { Concern } from './concern.ts';
import { type Dashboard, dashboardOf } from './dashboard.ts';
import { positionOf } from './facts.ts';
import { seenOf } from './figures.ts';
import type { Inputs } from './form.ts';
import { type Meeting, type MeetingDoc, readMeeting, sameMeeting } from './meeting.ts';
import { isMonth } from './published.ts';
import { openOf } from './triage.ts';
import { mayKnow } from './who.ts';

/** What belongs to all concerns and to no single one: who looked at figures and agendas. Its chain is kept apart. */
export interface Routines extends Head {
  readonly kind: 'concern-routines';
  /** The weekly meeting that was recorded last. */
  readonly lastMeeting?: Meeting;
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

/** What the meeting looks at, for one reader. */
export interface Agenda {
  readonly rows: readonly (AgendaLine & { readonly concern: Concern })[];
  readonly lastMeeting?: Meeting;
  readonly today: Agreement;
  readonly now: Instant;
}

/** Errors: `Refused` for whoever may not. */
function may(act: '/triage' | 'triage.held', actor: PersonActor, today: Agreement): void {
  const ruling = rule(act, actor, {}, (position, ability) => positionCan(today, position, ability));
  if (ruling.allowed) return;
  throw new Refused('role', 'This is for those who answer for safeguarding concerns. Ask your lead.');
}

/** What people who answer for concerns look at and do together: over those alone that the one who asks may know of. */
export function createRoutines({ concerns, now }: RoutineDeps) {
  /** Adds to the chain of what belongs to no single concern. */
  const record = (pathwayId: string, event: EventDraft): Promise<Routines> => {
    const key = routinesKey(pathwayId);
    return concerns.run<Routines, Routines>(key, ROUTINES_HEAD, ({ head = begun(key) }) => ({
      change: { documents: [head], events: [event] },
      answer: head,
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
    inForce: concerns.inForce,
    run: concerns.run,
    record,
    now,

    /**
     * The agenda of the weekly meeting for this person, of the open concerns that they answer for, and the meeting that
     * was recorded last. Errors: `Refused` for whoever answers for none.
     */
    async agenda(pathwayId: string, actor: PersonActor): Promise<Agenda> {
      const { terms } = await concerns.inForce(pathwayId);
      may('/triage', actor, terms);
      const open = await answeredFor(pathwayId, 'concerns.open', actor);
      const { lastMeeting } = await record(pathwayId, by('concerns.agenda-viewed', actor, terms));
      const at = now();
      const byId = new Map(open.map((concern) => [concern.concernId, concern]));
      const lines = agendaOf(
        open.map((concern) => openOf(concern, terms)),
        at,
      );
      const rows = lines.flatMap((line) => {
        const concern = byId.get(line.concernId);
        return concern ? [{ ...line, concern }] : [];
      });
      return { rows, today: terms, now: at, ...(lastMeeting && { lastMeeting }) };
    },

    /** May this person say that a meeting was held? Errors: `Refused`. */
    async mayHold(pathwayId: string, actor: PersonActor): Promise<Agreement> {
      const { terms } = await concerns.inForce(pathwayId);
      may('triage.held', actor, terms);
      return terms;
    },

    /** Records a meeting beside those before; sent twice it is one. Errors: `Refused`; `Invalid` by field. */
    async held(pathwayId: string, actor: PersonActor, inputs: Inputs): Promise<void> {
      const { terms } = await concerns.inForce(pathwayId);
      may('triage.held', actor, terms);
      const key = routinesKey(pathwayId);
      await concerns.run<Routines, void>(key, ROUTINES_HEAD, ({ head = begun(key) }, at) => {
        const said = readMeeting(inputs, actor, terms, at);
        if (sameMeeting(head.lastMeeting, said)) return { answer: undefined };
        const meeting: Meeting = { ...said, n: (head.lastMeeting?.n ?? 0) + 1 };
        const doc: MeetingDoc = {
          ...meeting,
          id: `meeting:${meeting.n}`,
          kind: 'concern-meeting',
          schema: 1,
        };
        const event = {
          ...by('concerns.meeting-held', actor, terms, { n: meeting.n, people: [...meeting.people] }),
          happenedAt: meeting.heldAt,
        };
        const change = { documents: [{ ...head, lastMeeting: meeting }, doc], events: [event] };
        return { change, answer: undefined };
      });
    },

    /** A month's exact figures about the concerns that this person answers for. Errors: `Invalid` if it is no month. */
    async dashboard(pathwayId: string, actor: PersonActor, month: string): Promise<Dashboard> {
      if (!isMonth(month)) throw new Invalid('Write the month as in /triage dashboard 2026-11.', []);
      const { terms } = await concerns.inForce(pathwayId);
      may('/triage', actor, terms);
      const known = await answeredFor(pathwayId, 'concerns', actor);
      await record(pathwayId, by('concerns.dashboard-viewed', actor, terms, { month }));
      return dashboardOf(known.map(seenOf), month, terms.zone, now());
    },
  };
}

export type CreatedRoutines = ReturnType<typeof createRoutines>;
