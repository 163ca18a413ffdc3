import { type ActorRef, actorRef, type Position } from '../core/actors.ts';
import type { Change } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { Invalid } from '../core/errors.ts';
import { told } from '../register/person.ts';
import { missingFields, warningsOf } from './completeness.ts';
import { asToday } from './earlier-names.ts';
import {
  answerTimer,
  changed,
  type Facts,
  mayAct,
  moved,
  type Press,
  positionsFor,
  requiredText,
  routesOf,
  showAt,
  tellAt,
  type Verdict,
} from './facts.ts';
import type { Content, Handover, Rejected, Withdrawn } from './handover.ts';
import { isOpen, listed } from './lists.ts';

/** The sender answers what the receiver asked; the offer stands again, its time to answer where it was. */
export function answer(facts: Facts, press: Press & { answer: string }): Verdict<Change> {
  const { handover, now } = facts;
  const turn = mayAct('handover.answer', facts, press);
  if ('kind' in turn) return turn;
  if (handover.state !== 'information-requested' || handover.askedBy !== 'receiver') return { kind: 'moved' };
  const problems = requiredText('answer', press.answer, 'Write your answer.');
  if (problems.length > 0) throw new Invalid('Not sent yet.', problems);
  const base = moved(facts, 'handover.answer', press, turn.position);
  const text = press.answer.trim();
  const questions = handover.questions.map((question, index) =>
    index === handover.questions.length - 1 ? { ...question, answer: text, answeredAt: now } : question,
  );
  const offered: Handover = { ...base, state: 'offered', questions };
  return changed(facts, offered, { type: 'handover.information-given', data: { answer: text } }, [
    ...tellAt(offered, routesOf(offered, 'receiver'), 'handover.information-given'),
  ]);
}

/**
 * The sender adds what the minimum dataset lacked. Complete, it is offered and the receiver's clock begins;
 * otherwise what was given is kept and the rest is still asked for. The time of the need, once given, does not move.
 */
export function complete(
  facts: Facts,
  press: Press & { content: Content; urgency: string; answerBy: Instant },
): Verdict<Change> {
  const { handover, agreed, caseDoc } = facts;
  const turn = mayAct('handover.answer', facts, press);
  if ('kind' in turn) return turn;
  if (handover.state !== 'information-requested' || handover.askedBy !== 'dataset') return { kind: 'moved' };
  const known = told(caseDoc, press.content.person);
  const content = asToday(press.content, { ...caseDoc, ...known });
  const missing = missingFields(content, agreed.dataset);
  const given = content.ask.neededBy && plusMs(content.ask.neededBy, 0);
  const base = {
    ...moved(facts, 'handover.answer', press, turn.position),
    content,
    urgency: press.urgency,
    missing,
    warnings: warningsOf(content),
    neededBy: handover.content.ask.neededBy === undefined ? (given ?? handover.neededBy) : handover.neededBy,
  };
  // A new clock begins with the offer, and has not run out.
  const { overdueAt: _, ...fresh } = base;
  const next: Handover =
    missing.length > 0
      ? { ...base, state: 'information-requested', askedBy: 'dataset' }
      : { ...fresh, state: 'offered', answerBy: press.answerBy };
  return changed(
    facts,
    next,
    { type: missing.length > 0 ? 'handover.information-added' : 'handover.offered', data: { missing } },
    tellAt(
      next,
      routesOf(next, 'receiver'),
      missing.length > 0 ? 'handover.information-added' : 'handover.completed',
    ),
    { ...caseDoc, ...known },
    missing.length > 0 ? [] : answerTimer(handover.handoverId, press.answerBy),
  );
}

/**
 * The time to answer has passed with no answer, or the time to find somebody after a rejection: once, and the
 * timer ends with it. Undefined when it was answered, or given more time, after the timer was found due.
 */
export function overdue(facts: Facts): Change | undefined {
  const { handover, now, caseDoc } = facts;
  positionsFor('handover.overdue', facts);
  if (handover.state === 'rejected' || handover.state === 'withdrawn') return stillOpen(facts, handover);
  if (!isOpen(handover) || now < handover.answerBy) return undefined;
  const timers = answerTimer(handover.handoverId, null);
  if (handover.overdueAt !== undefined) return { timers };
  const told: Handover = { ...handover, overdueAt: now };
  return {
    documents: [caseDoc, told],
    events: [
      {
        type: 'handover.overdue',
        by: actorRef(facts.actor),
        data: { handover: handover.handoverId, answerBy: handover.answerBy },
      },
    ],
    timers,
  };
}

/** The need of a rejected offer was settled in another way: nobody has to be found any more. */
export function closeNeed(handover: Handover, by: ActorRef): Change {
  if (handover.state !== 'rejected' && handover.state !== 'withdrawn') return {};
  const { reofferBy: _, ...rest } = handover;
  const closed: Handover = listed({ ...rest, revision: handover.revision + 1, needOpen: false });
  return {
    documents: [closed],
    events: [{ type: 'handover.need-closed', by, data: { handover: handover.handoverId } }],
    notices: showAt(
      closed,
      closed.shownTo.map(({ route }) => route),
    ),
    timers: answerTimer(handover.handoverId, null),
  };
}

/** Nobody was found in time after a rejection: the need begins to climb. */
function stillOpen({ caseDoc, actor, now }: Facts, handover: Rejected | Withdrawn): Change | undefined {
  const { reofferBy, ...rest } = handover;
  if (reofferBy === undefined || now < reofferBy) return undefined;
  return {
    documents: [caseDoc, rest],
    events: [
      { type: 'handover.need-open', by: actorRef(actor), data: { handover: handover.handoverId, reofferBy } },
    ],
    timers: answerTimer(handover.handoverId, null),
  };
}

/** Someone opened the details: an event, and the first time at the receiver the sender's card says so. */
export function viewed(facts: Facts, position: Position): Change {
  const { handover, now, actor, caseDoc } = facts;
  // Somebody who works at the sender too says nothing about whether the receiver has seen it.
  const atSender =
    handover.sender !== handover.to &&
    actor.kind === 'person' &&
    actor.positions.some((at) => at.provider === handover.sender);
  const first = position.provider === handover.to && !atSender && handover.delivery.openedAt === undefined;
  const opened: Handover = { ...handover, delivery: { ...handover.delivery, openedAt: now } };
  return {
    documents: first ? [caseDoc, opened] : [caseDoc],
    events: [
      { type: 'handover.viewed', by: actorRef(actor, position), data: { handover: handover.handoverId } },
    ],
    notices: first ? showAt(handover, routesOf(handover, 'sender')) : [],
  };
}
