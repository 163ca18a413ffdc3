import { type Agreement, peopleWho, primeOf, providerOf } from '../agreement/agreement.ts';
import { calendarOf } from '../agreement/calendar.ts';
import { besideOf, type RungTerms, rungAbove } from '../agreement/ladder.ts';
import { routeName } from '../core/change.ts';
import { type Instant, plusMs } from '../core/clock.ts';
import { answerDue, clockRuns } from '../core/working-time.ts';
import { causeWords } from './causes.ts';
import { DAY_MS, type Draft, type Ground, say, spanMs } from './draft.ts';
import {
  type Because,
  escalationId,
  live,
  promptSubject,
  type Raising,
  unansweredBefore,
  wakeOf,
} from './escalation.ts';

/** A rung asks at most so many people at once. */
export const MOST_ASKED = 30;
/** All that ask at the same time ask at most so many: what is raised, and later ended, must fit one commit. */
const MOST_TOGETHER = 60;
/** However many ask already, a rung that begins asks so many. */
const LEAST_ASKED = 5;

/** How many more can be asked, where `sharing` prompts are still to be raised beside each other. */
export function roomFor({ escalation }: Draft, sharing: number): number {
  const asked = live(escalation).reduce((sum, one) => sum + one.asked.length, 0);
  return Math.min(MOST_ASKED, Math.floor(Math.max(0, MOST_TOGETHER - asked) / sharing));
}

/** The next rung on the climb. */
export const above = ({ ladder }: Agreement, { id }: RungTerms): RungTerms | undefined =>
  rungAbove(ladder, id);

/** What follows a rung that nobody answered: the same again while the agreement says so, then the next; the last goes on asking. */
export function after(
  draft: Draft,
  ground: Ground,
  rung: RungTerms,
  passed: Raising,
  because: Because,
): void {
  const next = above(ground.agreed, rung);
  const again = because === 'unanswered' && unansweredBefore(draft.escalation, passed) < rung.repeats;
  if (next) {
    climb(draft, ground, again ? rung : next, because);
    return;
  }
  // That still nobody is on duty was said once already.
  const provider = draft.escalation.parties[rung.ask.of];
  const still = passed.stood === 'nobody' && standing(ground, rung, provider).stood === 'nobody';
  raise(draft, ground, rung, because, { quiet: still });
}

/** Goes to a rung: raised, or skipped at once where nobody is on duty, with those that run beside it. */
export function climb(draft: Draft, ground: Ground, first: RungTerms, because: Because): void {
  let why = because;
  for (let rung: RungTerms | undefined = first; rung; ) {
    const others = besideOf(ground.agreed.ladder, rung.id).filter(
      ({ id }) => !live(draft.escalation).some((one) => one.rung === id),
    );
    // One that runs beside begins once, and goes on by itself. The other's line speaks for all.
    for (const [at, other] of others.entries()) {
      raise(draft, ground, other, why, { quiet: true, sharing: others.length - at + 1 });
    }
    const next: RungTerms | undefined = above(ground.agreed, rung);
    const provider = draft.escalation.parties[rung.ask.of];
    if (!next || standing(ground, rung, provider).asked.length > 0) {
      raise(draft, ground, rung, why);
      return;
    }
    skip(draft, ground, rung, provider, why);
    why = 'nobody-on-duty';
    rung = next;
  }
}

function skip(draft: Draft, ground: Ground, rung: RungTerms, provider: string, because: Because): void {
  const n = draft.escalation.raisings.length + 1;
  const { now } = ground;
  const skipped: Raising = {
    n,
    rung: rung.id,
    cycle: 0,
    because,
    beganAt: now,
    due: now,
    provider,
    asked: [],
    stood: 'nobody',
    remind: [],
    state: 'skipped',
  };
  draft.escalation = { ...draft.escalation, raisings: [...draft.escalation.raisings, skipped] };
  say(draft, ground, 'escalation.skipped', { n, rung: rung.id, provider, because: 'nobody-on-duty' });
}

export function raise(
  draft: Draft,
  ground: Ground,
  rung: RungTerms,
  because: Because,
  { quiet = false, sharing = 1 } = {},
): void {
  const { escalation } = draft;
  const { now, today } = ground;
  const n = escalation.raisings.length + 1;
  const provider = escalation.parties[rung.ask.of];
  const { asked, stood } = standing(ground, rung, provider, Math.max(LEAST_ASKED, roomFor(draft, sharing)));
  const at = stood === 'prime-clinicians' ? primeOf(today).id : provider;
  const wakes = rung.wake && asked.length > 0 && !causeWords(escalation.cause).wakesNobody;
  const paged = wakes && providerOf(today, at)?.paging ? at : undefined;
  const cycle = escalation.raisings.filter((one) => one.rung === rung.id && one.state !== 'skipped').length;
  const due = dueOf(
    ground,
    rung,
    provider,
    unansweredBefore(escalation, { n, rung: rung.id }, { asked: stood !== 'nobody' }),
    escalation.needBy,
  );
  const raising: Raising = {
    n,
    rung: rung.id,
    cycle,
    because,
    beganAt: now,
    due,
    ...(ground.late && { late: true }),
    provider,
    asked,
    stood,
    ...(paged !== undefined && { paged }),
    remind: rung.remind
      .map((before) => plusMs(due, -spanMs(before)))
      .filter((at) => at > now)
      .sort(),
    state: 'waiting',
  };
  draft.escalation = { ...escalation, raisings: [...escalation.raisings, raising] };
  say(draft, ground, 'escalation.raised', {
    n,
    rung: rung.id,
    cycle: raising.cycle,
    because,
    provider,
    asked,
    stood,
    due,
    clock: `${rung.answer.within} ${rung.answer.clock}`,
    ...(ground.late && { late: true }),
  });
  prompt(draft, n, asked);
  if (!quiet) tell(draft, ground, 'escalation.raised', { n: String(n) });
  if (paged !== undefined) draft.notices.push(wakeOf(escalation.subject, n, paged));
}

/**
 * When a prompt is due. Above the last rung there is nobody else: it is asked again, each time after twice as
 * long, up to a day.
 */
function dueOf(
  { agreed, today, now }: Ground,
  rung: RungTerms,
  provider: string,
  unanswered: number,
  needBy: Instant,
): Instant {
  const { within, clock } = rung.answer;
  const calendar = calendarOf(today, provider);
  // Opening hours that changed since, so that the clock of the ladder it began with never runs, count no more.
  const running = clockRuns(clock, calendar) ? calendar : { ...calendar, hours: undefined };
  const due = answerDue(now, within, clock, running);
  const over = unanswered - rung.repeats;
  if (over <= 0 || above(agreed, rung)) return due;
  const longer = plusMs(now, Math.min(DAY_MS, spanMs(within) * 2 ** Math.min(over, 20)));
  // While the need is still ahead, it is asked again by then.
  const longest = needBy > now && needBy < longer ? needBy : longer;
  return longest > due ? longest : due;
}

/**
 * Who stands for a rung now. One alone is not enough: all on shift there are told too, except of what is a
 * matter of contracts. An empty clinical rung goes to the prime's clinicians on call.
 */
export function standing(
  ground: Ground,
  rung: RungTerms,
  provider: string,
  most = MOST_ASKED,
): Pick<Raising, 'asked' | 'stood'> {
  const { asked, stood } = everybodyFor(ground, rung, provider);
  return { asked: asked.slice(0, most), stood };
}

function everybodyFor(
  { duty, today }: Ground,
  rung: RungTerms,
  provider: string,
): Pick<Raising, 'asked' | 'stood'> {
  const inRole = duty.on(provider, rung.ask.roles);
  if (inRole.length > 1) return { asked: inRole, stood: 'duty' };
  if (inRole.length === 1) {
    const onShift = rung.kind === 'contractual' ? [] : duty.on(provider);
    const all = [...new Set([...inRole, ...onShift])];
    return { asked: all, stood: all.length > 1 ? 'all-on-shift' : 'duty' };
  }
  if (rung.kind === 'clinical') {
    const prime = primeOf(today).id;
    const clinicians = [...peopleWho(today, prime, 'clinical'), ...peopleWho(today, prime, 'clinical-lead')];
    const asked = duty.on(prime).filter((person) => clinicians.includes(person));
    if (asked.length > 0) return { asked, stood: 'prime-clinicians' };
  }
  return { asked: [], stood: 'nobody' };
}

export function prompt(draft: Draft, n: number, people: readonly string[]): void {
  for (const person of people) {
    draft.notices.push({
      form: 'show',
      subject: promptSubject(draft.escalation.subject, n),
      route: { to: 'person', person },
    });
  }
}

/** A line in the thread of what it is about, and to whoever holds the case. */
export function tell(
  draft: Draft,
  ground: Ground,
  line: string,
  refs: Readonly<Record<string, string>>,
): void {
  const { subject } = draft.escalation;
  const said = new Set<string>();
  for (const to of ['holder', 'receiver'] as const) {
    for (const route of ground.routes[to]) {
      // Holder and receiver may share a channel: one line there.
      if (said.has(routeName(route))) continue;
      said.add(routeName(route));
      const about = { subject: escalationId(subject), under: subject };
      draft.notices.push({ form: 'tell', ...about, route, line, refs: { ...refs, to } });
    }
  }
}
