import { isDeepStrictEqual } from 'node:util';
import type { Agreement } from '../agreement/agreement.ts';
import type { Change, Verdict } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { localDateOf } from '../core/wording.ts';
import { answerDue, type Calendar } from '../core/working-time.ts';
import type { Concern } from './concern.ts';
import { ANSWERS, type Answered, type Decided, type Decision } from './decision.ts';
import { answering, changed, type Facts, happened, personOf, positionOf, tellAt } from './facts.ts';
import type { Inputs } from './form.ts';
import { isOf, readMoment, readReference, sayInto } from './typed.ts';
import { entitled, peopleFor, stepsFor } from './who.ts';
import { workingMorningAfter } from './workdays.ts';

/** A local authority that was told is to answer: whoever decided is reminded until its answer is recorded. */

const ONE_DAY = { within: '1d', clock: 'working-days' } as const;

/** Whose age is not known counts as a child: the sooner of the two. */
const withinOf = ({ told }: Pick<Concern, 'told'>, { safeguarding }: Agreement) =>
  (told.age === 'adult' ? safeguarding?.chase.adults : safeguarding?.chase.children) ?? ONE_DAY;

/**
 * When the authority that a decision names is to answer by: in working days of the pathway's zone, bank holidays left
 * out. Undefined where none was told, or the same was told at the same time as an earlier decision says already.
 */
export function answerByOf(
  { authority }: Decided,
  concern: Pick<Concern, 'told' | 'decisions'>,
  today: Agreement,
): Instant | undefined {
  const { at, contact } = authority;
  const known = (concern.decisions ?? []).some(
    (one) => one.authority.told === 'yes' && one.authority.at === at && one.authority.contact === contact,
  );
  if (authority.told === 'no' || at === undefined || known) return undefined;
  const calendar: Calendar = {
    zone: today.zone,
    closedOnBankHolidays: true,
    extraHolidays: today.extraHolidays,
  };
  const { within, clock } = withinOf(concern, today);
  return answerDue(at, within, clock, calendar);
}

/** Decisions whose authority has not answered, the soonest due first. */
export function unanswered({
  decisions = [],
  answers = [],
}: Pick<Concern, 'decisions' | 'answers'>): readonly (Decision & { readonly answerBy: Instant })[] {
  return decisions
    .flatMap((one) => (one.answerBy === undefined ? [] : [{ ...one, answerBy: one.answerBy }]))
    .filter(({ n }) => !answers.some((one) => one.n === n))
    .sort((a, b) => (a.answerBy < b.answerBy ? -1 : a.answerBy > b.answerBy ? 1 : a.n - b.n));
}

/** The concern with whom it chases now; the reminders of one that is chased already go on. */
export function chased(concern: Concern, today: Agreement, now: Instant): Concern {
  const [first] = unanswered(concern);
  const { chase: open, ...rest } = concern;
  if (!first) return rest;
  if (open?.n === first.n) return concern;
  const { clock } = withinOf(concern, today);
  // A time in working days ends at midnight, when nobody is there to ring.
  const due = clock === 'working-days' ? workingMorningAfter(first.answerBy, today) : first.answerBy;
  const next = due <= now ? workingMorningAfter(now, today) : due;
  return { ...rest, chase: { n: first.n, due: first.answerBy, next, reminded: 0 } };
}

export const chaseTimer = ({ concernId, chase: open }: Concern) => ({
  subject: chaseSubject(concernId),
  fires: 'concern.chase',
  due: open?.next ?? null,
});

/** Who is reminded of what somebody is to do: they, or the lead and the deputy where they may not or have left. */
export function remindedOf(person: string, concern: Concern, today: Agreement): readonly string[] {
  const raiser = concern.raisedBy.person;
  const those = entitled(concern, today).filter((one) => one !== raiser);
  if (those.includes(person)) return [person];
  const leads = stepsFor(concern, today)
    .filter(({ as }) => as === 'lead' || as === 'deputy')
    .flatMap((step) => peopleFor(concern, step, today))
    .filter((one) => one !== raiser);
  return [...new Set(leads.length > 0 ? leads : those)];
}

/** The authority has not answered by its day: whoever decided is reminded, and again each working day. */
export function chase(concern: Concern, today: Agreement, now: Instant): Change | undefined {
  const { chase: open, decisions = [] } = concern;
  if (!open || open.next > now) return undefined;
  const people = remindedOf(decisions.find(({ n }) => n === open.n)?.by.person ?? '', concern, today);
  const next = workingMorningAfter(now, today);
  const after: Concern = { ...concern, chase: { ...open, next, reminded: open.reminded + 1 } };
  const reminded = {
    type: 'concern.chased',
    by: { system: 'safeguarding' },
    data: { concern: concern.concernId, n: open.n, people: [...people] },
  };
  return changed(after, [reminded], {
    notices: tellAt(after, people, 'concern.chase'),
    timers: [chaseTimer(after)],
  });
}

const NONE_OPEN = new Refused(
  'nothing-to-answer',
  'No answer of a local authority is missing now. Open the concern to see what is recorded.',
);

/** May this actor record an answer now? Errors: `Refused` for its raiser, or where no answer is missing. */
export function mayAnswer(facts: Facts): void {
  answering(facts);
  if (!facts.concern.chase) throw NONE_OPEN;
}

/**
 * The authority of a decision has answered: nobody is reminded of it any more. The same of the same person again is
 * done. Errors: `Invalid`, `Refused` where no answer is missing.
 */
export function answered(facts: Facts, inputs: Inputs): Verdict {
  answering(facts);
  const { concern, actor, today, now } = facts;
  const waiting = unanswered(concern);
  const problems: Problem[] = [];
  const say = sayInto(problems);
  const reference = readReference('answerReference', inputs, say);
  const { answer } = inputs;
  const which = inputs.which ?? (waiting.length === 1 ? String(waiting[0]?.n) : '');
  const decision = (concern.decisions ?? []).find(({ n, answerBy }) => String(n) === which && answerBy);
  if (!decision && waiting.length === 0) throw NONE_OPEN;
  if (!decision) say('which', 'Choose whose answer it is.');
  if (!isOf(ANSWERS, answer)) say('answer', 'Choose what they answered.');
  const at = readMoment(
    ['answeredDay', 'answeredTime'],
    inputs,
    facts,
    { missing: 'Give the day on which they answered.', future: 'This day and time have not come yet.' },
    say,
  );
  const toldAt = decision?.authority.at;
  if (
    at !== undefined &&
    toldAt !== undefined &&
    localDateOf(at, today.zone) < localDateOf(toldAt, today.zone)
  ) {
    say('answeredDay', 'They were told later than this day. Check it.');
  }
  if (problems.length > 0 || !isOf(ANSWERS, answer) || at === undefined || !decision)
    throw new Invalid('Not recorded yet.', problems);
  const said = { n: decision.n, answer, happenedAt: at, ...(reference !== undefined && { reference }) };
  const known = concern.answers?.find(({ n }) => n === decision.n);
  if (known) return sameAnswer(known, actor.person, said);
  const by = personOf(actor, positionOf(actor, today));
  const after = chased(
    { ...concern, answers: [...(concern.answers ?? []), { ...said, by, at: now }] },
    today,
    now,
  );
  const event = {
    ...happened(facts, 'concern.answered', { n: decision.n, answer }),
    happenedAt: at,
  };
  return { kind: 'change', change: changed(after, [event], { timers: [chaseTimer(after)] }) };
}

/** An answer to this is recorded already: the same once more, or somebody else's. Errors: `Refused` for another. */
function sameAnswer(
  { by, at: _at, ...known }: Answered,
  person: string,
  said: Omit<Answered, 'by' | 'at'>,
): Verdict {
  if (by.person === person && isDeepStrictEqual(known, said)) return { kind: 'done' };
  throw new Refused(
    'answered-already',
    'Their answer is recorded already, and yours is not. Open the concern to see it; what is new belongs in another decision.',
  );
}

/** The subject of the reminders of a concern's authority. */
export const chaseSubject = (concernId: string): string => `concern-chase:${concernId}`;
export const chaseConcern = (subject: string): string => subject.replace(/^concern-chase:/, '');
