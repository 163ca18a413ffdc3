import type { Agreement } from '../agreement/agreement.ts';
import type { Change, EventDraft, NoticeDraft } from '../core/change.ts';
import { type Instant, msBetween, plusMs } from '../core/clock.ts';
import { askNext, type Followed, type Ground, remindAt, ringAt, timerOf, wasInTime } from './ask.ts';
import { type Concern, listed, outsideTold, stillAsked } from './concern.ts';
import { changed, tellAt } from './facts.ts';
import { LOOK_MS } from './outside.ts';
import { somebodyWaits } from './turned.ts';
import { stepsFor } from './who.ts';

/** Its time has come: who did not answer is passed over, the raiser is told to ring, and a missed day is recorded. */
export function tick(concern: Concern, ground: Ground): Change | undefined {
  const { today, now } = ground;
  if (concern.acknowledged || concern.closed) return undefined;
  const events: EventDraft[] = [];
  const notices: NoticeDraft[] = [];
  let after = concern;
  if (!after.opened && !after.toldToRing && !after.outside && ringAt(after, today) <= now) {
    after = { ...after, toldToRing: now };
    events.push(byItself(after, 'concern.ring'));
    notices.push(...tellAt(after, [after.raisedBy.person], 'concern.ring'));
  }
  if (!after.missed && !wasInTime(after) && after.acknowledgeBy <= now) {
    after = { ...after, missed: now };
    events.push(byItself(after, 'concern.missed'));
  }
  if (after.retryAt !== undefined && after.retryAt <= now) {
    const { retryAt: _, ...rest } = after;
    // Every copy is shown anew with the change, theirs among them.
    after = rest;
  }
  if (after.asked.some(({ state, due }) => state === 'waiting' && due <= now)) {
    return whole(askNext(after, ground, 'unanswered'), events, notices, today);
  }
  if (after.outside ? after.outside.remindAt <= now : !somebodyWaits(after)) {
    return whole(remind(askNext(after, ground, 'turned'), now), events, notices, today);
  }
  return after === concern
    ? undefined
    : whole({ concern: after, events: [], notices: [] }, events, notices, today);
}

/** Whoever raised it is reminded of the outside contact, until they say that they told them. */
function remind(followed: Followed, now: Instant): Followed {
  const { concern, events, notices } = followed;
  const { outside } = concern;
  if (!outside || outside.remindAt > now) return followed;
  const told = outsideTold(concern);
  const next = told ? plusMs(now, LOOK_MS) : remindAt(concern, now);
  const after: Concern = { ...concern, outside: { ...outside, remindAt: next } };
  if (told) return { concern: after, events, notices };
  return {
    concern: after,
    events: [...events, byItself(after, 'concern.outside-reminded')],
    notices: [...notices, ...tellAt(after, [after.raisedBy.person], 'concern.outside')],
  };
}

/** Later than this after somebody was asked, in milliseconds, what they are sent says that it comes late. */
const LATE_MS = 60_000;

/** Does what this person is sent now come late? Once Teams has taken it, as it was then. */
export function comesLate({ asked, delivered }: Concern, person: string, now: Instant): boolean {
  const known = delivered.find((one) => one.person === person);
  const first = asked.find(({ people }) => people.includes(person));
  return known ? known.late === true : first !== undefined && msBetween(first.at, now) > LATE_MS;
}

/** Teams took the card of somebody who was asked, for the first time. */
export function delivered(concern: Concern, person: string, now: Instant): Change {
  const asked = concern.asked.some((one) => stillAsked(one).includes(person));
  if (!asked || concern.delivered.some((one) => one.person === person)) return {};
  const late = comesLate(concern, person, now);
  const one = { person, at: now, ...(late && { late }) };
  const after: Concern = { ...concern, delivered: [...concern.delivered, one] };
  return changed(after, [byItself(after, 'concern.delivered', { person, late })]);
}

/** So long after it could not be brought to somebody it is tried again, in milliseconds. */
const RETRY_MS = 60_000;

/** Everybody who was asked and has no card of it yet. */
const withoutCard = ({ asked, delivered }: Concern): string[] => [
  ...new Set(asked.flatMap(stillAsked).filter((person) => !delivered.some((one) => one.person === person))),
];

/**
 * It could not be brought to somebody who was asked. Where none of those asked together has it, the next are asked at
 * once, each step once: when nobody at all can be reached, the others come in their time. It is tried again meanwhile.
 */
export function undelivered(concern: Concern, person: string, ground: Ground): Change {
  const { acknowledged, closed } = concern;
  if (acknowledged || closed || !withoutCard(concern).includes(person)) return {};
  const trying: Concern = { ...concern, retryAt: concern.retryAt ?? plusMs(ground.now, RETRY_MS) };
  const waiting = concern.asked.find(({ state, people }) => state === 'waiting' && people.includes(person));
  if (!waiting || waiting.undelivered?.includes(person)) return kept(still(trying), [], ground.today);
  const undelivered = [...(waiting.undelivered ?? []), person];
  const after: Concern = {
    ...trying,
    asked: trying.asked.map((one) => (one === waiting ? { ...one, undelivered } : one)),
  };
  const events = [byItself(after, 'concern.not-delivered', { n: waiting.n, person })];
  const nobody = stillAsked(waiting).every((one) => undelivered.includes(one));
  const first = concern.asked.length < stepsFor(concern, ground.today).length;
  const followed = nobody && first ? askNext(after, ground, 'not-delivered') : still(after);
  return kept(followed, events, ground.today);
}

/** Without showing its copies anew: one of them has just failed, and would at once again. */
const kept = ({ concern, ...more }: Followed, events: readonly EventDraft[], today: Agreement): Change => ({
  documents: [listed({ ...concern, revision: concern.revision + 1 })],
  events: [...events, ...more.events],
  notices: more.notices,
  timers: [timerOf(concern, today)],
});

/** Nothing follows but what was recorded. */
const still = (concern: Concern): Followed => ({ concern, events: [], notices: [] });

/** The paging service did not take a page. Those asked have their card; the next are asked in their time. */
export const unpaged = (concern: Concern, provider: string): Change => ({
  documents: [listed(concern)],
  events: [byItself(concern, 'concern.unpaged', { provider })],
});

/** Something that happened without anybody's doing. */
const byItself = ({ concernId }: Concern, type: string, data: EventDraft['data'] = {}): EventDraft => ({
  type,
  by: { system: 'safeguarding' },
  data: { concern: concernId, ...data },
});

/** A concern one step further, with what led there. */
const whole = (
  followed: Followed,
  events: readonly EventDraft[],
  notices: readonly NoticeDraft[],
  today: Agreement,
): Change =>
  changed(followed.concern, [...events, ...followed.events], {
    notices: [...followed.notices.filter(({ form }) => form === 'tell'), ...notices],
    timers: [timerOf(followed.concern, today)],
  });
