import type { Agreement } from '../agreement/agreement.ts';
import type { ActorRef } from '../core/actors.ts';
import type { Change, EventDraft, NoticeDraft } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { parseSpan } from '../core/working-time.ts';
import {
  type Escalation,
  escalationId,
  live,
  type Matter,
  nextAt,
  promptSubject,
  type Raising,
  type Running,
} from './escalation.ts';
import { listed } from './lists.ts';

/** Who is on duty at the moment of the decision, as the rota says. */
export interface Duty {
  /** Keys of those on duty there in one of the roles (in any, if none is named) whom Baton can reach. */
  on(provider: string, roles?: readonly string[]): readonly string[];
  /** When this person's duty there ends; undefined when no end is known. */
  ends(person: string, provider: string): Instant | undefined;
}

/** What a rule about an escalation decides from. `agreed`: the ladder that it began with; `today`: people and calendars. */
export interface Ground {
  readonly agreed: Agreement;
  readonly today: Agreement;
  readonly duty: Duty;
  readonly routes: Matter['routes'];
  readonly now: Instant;
  readonly by: ActorRef;
  /** The timer came later than a working system is late. */
  readonly late?: boolean;
}

/** A decision under way: the escalation as it becomes, and what is said of it. */
export interface Draft {
  escalation: Running;
  readonly events: EventDraft[];
  readonly notices: NoticeDraft[];
}

const MINUTE_MS = 60_000;

export const DAY_MS = 24 * 60 * MINUTE_MS;

export const spanMs = (text: string): number => {
  const span = parseSpan(text);
  return span ? (span.days * 1_440 + span.minutes) * MINUTE_MS : 0;
};

export const isLive = ({ state }: Raising): boolean => state === 'waiting' || state === 'acknowledged';

/**
 * Where somebody is on duty for a prompt: where it asks, or at the prime, where its clinicians stand in for an
 * empty clinical rung. Undefined where they are not on duty.
 */
export function dutyAt({ duty }: Ground, { parties }: Escalation, raising: Raising, person: string) {
  const standsIn = raising.stood === 'prime-clinicians' && raising.asked.includes(person);
  const places = standsIn ? [raising.provider, parties.prime] : [raising.provider];
  return places.find((provider) => duty.on(provider).includes(person));
}

export const draftOf = (escalation: Running): Draft => ({
  escalation: { ...escalation, revision: escalation.revision + 1 },
  events: [],
  notices: [],
});

export function update(draft: Draft, n: number, by: (raising: Raising) => Raising): void {
  const { escalation } = draft;
  draft.escalation = {
    ...escalation,
    raisings: escalation.raisings.map((one) => (one.n === n ? by(one) : one)),
  };
}

export const close = (draft: Draft, { n }: Raising, state: 'passed' | 'ended'): void =>
  update(draft, n, (one) => ({ ...one, state, remind: [] }));

export function say(draft: Draft, ground: Ground, type: string, data: EventDraft['data']): void {
  draft.events.push({ type, by: ground.by, data: { escalation: draft.escalation.subject, ...data } });
}

export function finish(draft: Draft, ground: Ground, how: string, before: Running): Change {
  for (const raising of live(draft.escalation)) close(draft, raising, 'ended');
  say(draft, ground, 'escalation.ended', { how });
  const ended: Escalation = {
    ...draft.escalation,
    state: 'ended',
    endedAt: ground.now,
    how,
    endedBy: ground.by,
  };
  return changeOf(draft, before, ended);
}

/** Reminders go out beside the card; it stays as it is. */
const readsDifferently = (before: Raising, after: Raising): boolean =>
  before.state !== after.state || before.acknowledged?.until !== after.acknowledged?.until;

/** One commit takes a hundred writes, and what it is about has its own among them. */
const MOST_NOTICES = 65;

/**
 * As many cards as there is room for: first those that still asked before this, then the newest. What was passed
 * on long ago asks for nothing, and a press on any old card is answered with how things stand.
 */
function mostShown(
  changed: readonly Raising[],
  before: Escalation | undefined,
  room: number,
): readonly Raising[] {
  const asked = ({ n }: Raising): boolean =>
    before?.raisings.some((one) => one.n === n && isLive(one)) === true;
  const first = changed.toSorted((a, b) => Number(asked(b)) - Number(asked(a)) || b.n - a.n);
  let cards = 0;
  const kept = first.filter((one) => {
    cards += one.asked.length;
    return cards <= room;
  });
  return changed.filter((one) => kept.includes(one));
}

/** The prompts of an escalation shown anew where they stand, as many as there is room for. Undefined where it has none. */
export function shownAnew(escalation: Escalation): Change | undefined {
  const notices = mostShown(escalation.raisings, escalation, MOST_NOTICES).flatMap((raising) =>
    raising.asked.map(
      (person): NoticeDraft => ({
        form: 'show',
        subject: promptSubject(escalation.subject, raising.n),
        route: { to: 'person', person },
        ...((escalation.state === 'ended' || !isLive(raising)) && { isOver: true }),
      }),
    ),
  );
  if (notices.length === 0) return undefined;
  return { documents: [listed({ ...escalation, revision: escalation.revision + 1 })], notices };
}

/** The change of a draft: the document on its lists, its timer, and every prompt that reads differently now. */
export function changeOf(
  draft: Draft,
  before: Escalation | undefined,
  as: Escalation = draft.escalation,
): Change {
  const raisedNow = new Set(draft.notices.flatMap((one) => (one.form === 'show' ? [one.subject] : [])));
  const changed = as.raisings.filter((raising) => {
    const stood = before?.raisings.find(({ n }) => n === raising.n);
    if (stood === undefined || raisedNow.has(promptSubject(as.subject, raising.n))) return false;
    return as.state === 'ended' || readsDifferently(stood, raising);
  });
  const shown = mostShown(changed, before, MOST_NOTICES - draft.notices.length).flatMap((raising) =>
    raising.asked.map(
      (person): NoticeDraft => ({
        form: 'show',
        subject: promptSubject(as.subject, raising.n),
        route: { to: 'person', person },
        ...((as.state === 'ended' || !isLive(raising)) && { isOver: true }),
      }),
    ),
  );
  const due = as.state === 'running' ? (nextAt(as) ?? null) : null;
  return {
    documents: [listed(as)],
    events: draft.events,
    notices: [...draft.notices, ...shown],
    timers: [{ subject: escalationId(as.subject), fires: 'escalation.step', due }],
  };
}
