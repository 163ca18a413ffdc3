import type { AgreementInForce } from '../agreement/agreement.ts';
import { actorRef, type PersonActor, type Position } from '../core/actors.ts';
import type { Change, Verdict } from '../core/change.ts';
import { acknowledgeBy, askNext, type Ground, timerOf } from './ask.ts';
import { CONCERN_HEAD, type Concern, listed, type Named } from './concern.ts';
import { answering, changed, type Facts, happened, personOf, positionOf, showAt } from './facts.ts';
import type { Told } from './told.ts';

/** What somebody raises: the form as it was sent. */
export interface Wanted {
  readonly told: Told;
  /** Whom of a partner it is about. */
  readonly named: readonly Named[];
  readonly caseId?: string | undefined;
  /** For which of their providers they raise it. */
  readonly position: Position;
}

/** A new concern: the first who may know of it is asked at once, by day and by night. */
export function raise(
  concernId: string,
  { told, named, caseId, position }: Wanted,
  actor: PersonActor,
  agreement: AgreementInForce,
  ground: Ground,
): { readonly concern: Concern; readonly change: Change } {
  const { now } = ground;
  const urgent = told.danger === 'yes';
  const sent: Concern = {
    id: CONCERN_HEAD,
    kind: 'concern',
    schema: 1,
    audit: { seq: 0, hash: '' },
    concernId,
    revision: 1,
    agreementVersion: agreement.version,
    raisedBy: personOf(actor, position),
    raisedAt: now,
    ...(caseId !== undefined && { caseId }),
    told,
    added: [],
    urgent,
    staff: told.staff,
    named,
    acknowledgeBy: acknowledgeBy(now, urgent, agreement.terms),
    asked: [],
    delivered: [],
    shownTo: [{ to: 'person', person: actor.person }],
  };
  const { concern, events, notices } = askNext(sent, ground, 'raised');
  const raised = {
    type: 'concern.raised',
    by: actorRef(actor, position),
    ...(told.happenedAt !== undefined && { happenedAt: told.happenedAt }),
    data: { concern: concernId, urgent, acknowledgeBy: sent.acknowledgeBy },
  };
  return {
    concern,
    change: {
      documents: [listed(concern)],
      events: [raised, ...events],
      notices: [...showAt(concern, [actor.person]), ...notices],
      timers: [timerOf(concern, agreement.terms)],
    },
  };
}

/**
 * Somebody who answers for concerns has it: nobody else is asked any more. The same again is done. Errors: `Refused`
 * for whoever raised it, whatever their role.
 */
export function acknowledge(facts: Facts): Verdict {
  const { concern, actor, today, now } = facts;
  answering(facts);
  if (concern.acknowledged)
    return { kind: concern.acknowledged.by.person === actor.person ? 'done' : 'moved' };
  const by = personOf(actor, positionOf(actor, today));
  const after: Concern = {
    ...concern,
    acknowledged: { by, at: now },
    opened: concern.opened ?? { by, at: now },
    asked: concern.asked.map((one) => (one.state === 'waiting' ? { ...one, state: 'ended' } : one)),
  };
  const change = changed(after, [happened(facts, 'concern.acknowledged')], {
    timers: [timerOf(after, today)],
  });
  return { kind: 'change', change };
}

/** Somebody opens its words. The first of those who answer for it who does has seen it, and the raiser learns when. */
export function view(facts: Facts): Change {
  const { concern, actor, knows, today, now } = facts;
  const viewed = happened(facts, 'concern.viewed');
  if (knows === 'raiser' || concern.opened) return { documents: [concern], events: [viewed] };
  const by = personOf(actor, positionOf(actor, today));
  const after: Concern = { ...concern, opened: { by, at: now } };
  const opened = happened(facts, 'concern.opened');
  return changed(after, [viewed, opened], { timers: [timerOf(after, today)] });
}
