import { Temporal } from 'temporal-polyfill';
import type { Agreement } from '../agreement/agreement.ts';
import { providerOf } from '../agreement/agreement.ts';
import type { AskedTerms } from '../agreement/safeguarding.ts';
import type { EventDraft, NoticeDraft, TimerDraft } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { localDateOf, nextDay, startOfDay } from '../core/wording.ts';
import { parseSpan } from '../core/working-time.ts';
import { type Asked, type AskedBecause, type Concern, concernSubject, shownPeople } from './concern.ts';
import { showAt, tellAt } from './facts.ts';
import { peopleFor, stepsFor } from './who.ts';

/** What the way of a concern is decided from. */
export interface Ground {
  readonly today: Agreement;
  readonly now: Instant;
  /** Keys of those of these people who are on duty in that role now. */
  readonly onDuty: (
    step: Pick<AskedTerms, 'provider' | 'role'>,
    people: readonly string[],
  ) => readonly string[];
  /** What led to it came later than a working system is late. */
  readonly late?: boolean;
}

/** What follows for a concern: itself, and what goes into the same commit. */
export interface Followed {
  readonly concern: Concern;
  readonly events: readonly EventDraft[];
  readonly notices: readonly NoticeDraft[];
}

const MINUTE_MS = 60_000;

/** A length of time of the agreement in milliseconds, elapsed: a day is 24 hours. */
export function elapsedMs(span: string): number {
  const read = parseSpan(span);
  if (!read) throw new Error('an agreement in force has lengths of time that can be read');
  return (read.days * 24 * 60 + read.minutes) * MINUTE_MS;
}

/** From this hour, in the pathway's zone, midnight is too near to answer by. */
const LATE_HOUR = 20;
const LATE_MS = 4 * 60 * MINUTE_MS;

/**
 * By when a concern is to be acknowledged: before midnight in the pathway's zone, or within four hours if it was
 * raised after 20:00; sooner, as agreed, where the person is in danger.
 */
export function acknowledgeBy(
  raisedAt: Instant,
  urgent: boolean,
  { zone, safeguarding }: Agreement,
): Instant {
  const { hour } = Temporal.Instant.from(raisedAt).toZonedDateTimeISO(zone);
  const sameDay =
    hour >= LATE_HOUR ? plusMs(raisedAt, LATE_MS) : startOfDay(nextDay(localDateOf(raisedAt, zone)), zone);
  if (!urgent || !safeguarding) return sameDay;
  const sooner = plusMs(raisedAt, elapsedMs(safeguarding.urgent));
  return sooner < sameDay ? sooner : sameDay;
}

/** When whoever raised it is told to ring, if nobody has opened it by then: the time agreed for urgent ones. */
export const ringAt = ({ raisedAt }: Pick<Concern, 'raisedAt'>, { safeguarding }: Agreement): Instant =>
  plusMs(raisedAt, elapsedMs(safeguarding?.urgent ?? '1h'));

/** Whoever raised a concern that only the outside contact can answer is reminded so often, elapsed, in milliseconds. */
const REMIND_MS = { urgent: 15 * MINUTE_MS, otherwise: 60 * MINUTE_MS } as const;
export const remindAt = ({ urgent }: Pick<Concern, 'urgent'>, from: Instant): Instant =>
  plusMs(from, urgent ? REMIND_MS.urgent : REMIND_MS.otherwise);

/** Was it acknowledged in its time, and handed on since? */
export function wasInTime({ lapsed = [], acknowledgeBy: by }: Concern): boolean {
  const last = lapsed.findLast(({ what }) => what === 'acknowledged');
  return last?.because === 'handed-on' && last.at <= by;
}

/** The next thing that happens by itself; nothing once it is acknowledged. */
export function timerOf(concern: Concern, today: Agreement): TimerDraft {
  const { concernId, acknowledged, closed, asked, opened, toldToRing, missed, retryAt, outside } = concern;
  const waiting = asked.filter(({ state }) => state === 'waiting').map(({ due }) => due);
  const times = [
    ...waiting,
    // Nobody is asked: at once.
    ...(outside ? [outside.remindAt] : waiting.length > 0 ? [] : [concern.raisedAt]),
    ...(opened || toldToRing || outside ? [] : [ringAt(concern, today)]),
    ...(missed || wasInTime(concern) ? [] : [concern.acknowledgeBy]),
    ...(retryAt === undefined ? [] : [retryAt]),
  ].sort();
  return {
    subject: concernSubject(concernId),
    fires: 'concern.due',
    due: acknowledged || closed ? null : (times[0] ?? null),
  };
}

/** Which asking a page or a line is about. */
export const askedIn = (concern: Concern, n: string | undefined): Asked | undefined =>
  concern.asked.find((one) => String(one.n) === n);

/** The page that wakes whoever is asked; the paging service learns a reference and a number to ring. */
const wakeOf = ({ concernId }: Concern, n: number, provider: string): NoticeDraft => ({
  form: 'tell',
  subject: concernSubject(concernId),
  route: { to: 'pager', provider },
  line: 'concern.wake',
  refs: { n: String(n) },
});

/**
 * Asks the next step of the way that has somebody who may know of it, whoever raised it apart; after the last it
 * begins again with the first. Where nobody is left it waits for the outside contact, whom the raiser rings.
 */
export function askNext(concern: Concern, ground: Ground, because: AskedBecause): Followed {
  const steps = stepsFor(concern, ground.today);
  const last = concern.asked.at(-1);
  const found = last ? steps.findIndex((step) => isOf(last, step)) : -1;
  // Those who were asked last are asked again where there is danger now.
  const at = because === 'danger' ? Math.max(0, found) : found + 1;
  const inTurn = [...steps.slice(at), ...steps.slice(0, at)];
  const next = inTurn
    .map((step) => ({ step, people: askedOf(concern, step, ground) }))
    .find(({ people }) => people.length > 0);
  if (!next) return waitOutside({ ...concern, asked: passed(concern) }, ground.now);
  return askStep(concern, next.step, next.people, ground, because);
}

const passed = ({ asked }: Concern): Asked[] =>
  asked.map((one) => (one.state === 'waiting' ? { ...one, state: 'passed' } : one));

/** Asks these people of one step, and nobody besides them. */
export function askStep(
  concern: Concern,
  step: AskedTerms,
  people: readonly string[],
  ground: Ground,
  because: AskedBecause,
): Followed {
  const paged = step.wake && providerOf(ground.today, step.provider)?.paging ? step.provider : undefined;
  const asked: Asked = {
    n: concern.asked.length + 1,
    as: step.as,
    provider: step.provider,
    role: step.role,
    because,
    people,
    at: ground.now,
    due: [
      plusMs(ground.now, elapsedMs(concern.urgent ? step.urgentWithin : step.within)),
      // Asked again, the next do not come later for it.
      ...(because === 'danger' ? concern.asked.filter(({ state }) => state === 'waiting') : []).map(
        ({ due }) => due,
      ),
    ].reduce((one, other) => (one < other ? one : other)),
    ...(ground.late && { late: true }),
    ...(paged !== undefined && { paged }),
    state: 'waiting',
  };
  const shown = shownPeople(concern);
  const { outside: _, ...inside } = concern;
  const after: Concern = {
    ...inside,
    asked: [...passed(concern), asked],
    shownTo: [
      ...concern.shownTo,
      ...people.filter((one) => !shown.includes(one)).map((person) => ({ to: 'person' as const, person })),
    ],
  };
  return {
    concern: after,
    events: [
      {
        type: 'concern.asked',
        by: { system: 'safeguarding' },
        data: {
          concern: concern.concernId,
          n: asked.n,
          as: asked.as,
          because,
          people: [...people],
          due: asked.due,
        },
      },
    ],
    notices: [
      ...showAt(after, people),
      // An edited card interrupts nobody: who has one already is told besides.
      ...tellAt(
        after,
        people.filter((person) => concern.delivered.some((one) => one.person === person)),
        because === 'danger' ? 'concern.danger' : 'concern.asked',
        { n: String(asked.n) },
      ),
      ...(paged === undefined ? [] : [wakeOf(after, asked.n, paged)]),
    ],
  };
}

/** Nobody may be asked: it waits for the outside contact, whom only whoever raised it can tell. */
function waitOutside(concern: Concern, now: Instant): Followed {
  if (concern.outside) return { concern, events: [], notices: [] };
  return {
    concern: { ...concern, outside: { since: now, remindAt: remindAt(concern, now) } },
    events: [
      { type: 'concern.outside', by: { system: 'safeguarding' }, data: { concern: concern.concernId } },
    ],
    notices: [],
  };
}

const isOf = (asked: Asked, { as, provider, role }: AskedTerms): boolean =>
  asked.as === as && asked.provider === provider && asked.role === role;

/** Whoever is on duty of a step's people, or all of them: a concern does not wait for somebody's shift. */
function askedOf(concern: Concern, step: AskedTerms, { today, onDuty }: Ground): readonly string[] {
  const people = peopleFor(concern, step, today).filter((person) => person !== concern.raisedBy.person);
  const here = onDuty(step, people);
  return here.length > 0 ? here : people;
}
