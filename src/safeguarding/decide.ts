import type { Agreement } from '../agreement/agreement.ts';
import type { Change, Verdict } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { hasText, textProblem } from '../core/text.ts';
import { answerDue, type Calendar } from '../core/working-time.ts';
import { timerOf } from './ask.ts';
import type { Concern } from './concern.ts';
import { ANSWERS, BASES, CLOSINGS, type Closing, Decided, type Decision, MET, RISK } from './decision.ts';
import { changed, type Facts, happened, personOf, positionOf, tellAt } from './facts.ts';
import { typedInstant } from './fields.ts';
import type { Inputs } from './form.ts';
import { entitled } from './who.ts';

const isOf = <T extends object>(words: T, code: string | undefined): code is keyof T & string =>
  code !== undefined && Object.hasOwn(words, code);

/** When a decision names an authority, it is to answer by then: working days of the pathway's zone, bank holidays left out. */
function chaseDue(
  { told }: Concern,
  from: Instant,
  { zone, extraHolidays, safeguarding }: Agreement,
): Instant {
  const calendar: Calendar = { zone, closedOnBankHolidays: true, extraHolidays };
  const terms = safeguarding?.chase;
  // Whose age is not known counts as a child: the sooner of the two.
  const { within, clock } = (told.age === 'adult' ? terms?.adults : terms?.children) ?? ONE_DAY;
  return answerDue(from, within, clock, calendar);
}
const ONE_DAY = { within: '1d', clock: 'working-days' } as const;

const NOT_YET = new Refused(
  'not-acknowledged',
  'Acknowledge the concern first: then everybody knows who decides.',
);
const CLOSED = new Refused('closed', 'This concern is closed. Reopen it first.');

/** What somebody typed about one service that was told or not. */
function readTold(
  name: 'police' | 'authority',
  who: string,
  inputs: Inputs,
  { zone }: Agreement,
  now: Instant,
  problems: Problem[],
) {
  const told = inputs[name];
  const why = inputs[`${name}Why`];
  const at = typedInstant(inputs[`${name}Day`], inputs[`${name}Time`], zone);
  const say = (field: string, message: string): void => void problems.push({ field, message });
  if (told !== 'yes' && told !== 'no') say(name, `Say whether ${who} were told.`);
  const wrong = textProblem(why ?? '', `Write why ${who} were told, or not.`);
  if (wrong) say(`${name}Why`, wrong);
  if (told === 'yes' && at === undefined) say(`${name}Day`, `Give the day on which ${who} were told.`);
  if (at !== undefined && at > now) say(`${name}Day`, `The day on which ${who} were told has not come yet.`);
  const reference = inputs[`${name}Reference`];
  return {
    told: told === 'yes' ? ('yes' as const) : ('no' as const),
    why: (why ?? '').trim(),
    ...(hasText(reference) && { reference: reference.trim().slice(0, 200) }),
    ...(told === 'yes' && at !== undefined && { at }),
  };
}

/** What the form of a decision says. Errors: `Invalid` with a problem for each field. */
export function readDecision(inputs: Inputs, { concern, today, now }: Facts): Decided {
  const problems: Problem[] = [];
  const say = (field: string, message: string): void => void problems.push({ field, message });
  const police = readTold('police', 'the police', inputs, today, now, problems);
  const authority = readTold('authority', 'the local authority', inputs, today, now, problems);
  const contact = today.safeguarding?.map.find(({ id }) => id === inputs.contact)?.id;
  const shared = police.told === 'yes' || authority.told === 'yes';
  if (shared && !isOf(BASES, inputs.basis)) say('basis', 'Choose on what basis it was shared.');
  if (!isOf(MET, inputs.met)) say('met', 'Say whether what the person wanted was met.');
  if (!isOf(RISK, inputs.risk)) say('risk', 'Say what has become of the risk.');
  if (concern.staff === 'yes' && !hasText(inputs.employer)) {
    say('employer', 'Write who told the employer’s nominated person and when, or why not yet.');
  }
  for (const field of ['employer', 'wanted'] as const) {
    const wrong = hasText(inputs[field]) && textProblem(inputs[field], '');
    if (wrong) say(field, wrong);
  }
  const wrong = textProblem(inputs.rationale ?? '', 'Write why you decided so.');
  if (wrong) say('rationale', wrong);
  if (problems.length > 0) throw new Invalid('Not recorded yet.', problems);
  return Decided.parse({
    police,
    authority: { ...authority, ...(contact !== undefined && authority.told === 'yes' && { contact }) },
    ...(shared && { basis: inputs.basis }),
    ...(hasText(inputs.wanted) && { wanted: inputs.wanted }),
    met: inputs.met,
    risk: inputs.risk,
    ...(hasText(inputs.employer) && { employer: inputs.employer }),
    rationale: inputs.rationale,
  });
}

/** May a decision be recorded now? Errors: `Refused` where nobody has it, or it is closed. */
export function mayDecide({ concern }: Facts): void {
  if (concern.closed) throw CLOSED;
  if (!concern.acknowledged) throw NOT_YET;
}

/** Records a decision beside those before. Whoever raised it learns that there is one, and when. Sent twice it is one. */
export function decide(facts: Facts, inputs: Inputs, revision: number): Verdict {
  mayDecide(facts);
  const { concern, actor, today, now } = facts;
  const made = readDecision(inputs, facts);
  const before = concern.decisions ?? [];
  if (revision < concern.revision && before.some((one) => one.rationale === made.rationale))
    return { kind: 'done' };
  const by = personOf(actor, positionOf(actor, today));
  const decision: Decision = { ...made, n: before.length + 1, by, at: now };
  const { police, authority, risk, met, basis } = made;
  const due = authority.told === 'yes' ? chaseDue(concern, authority.at ?? now, today) : undefined;
  const after: Concern = {
    ...concern,
    decisions: [...before, decision],
    decided: concern.decided ?? { by, at: now },
    ...(due !== undefined && { chase: { n: decision.n, due, next: due, reminded: 0 } }),
  };
  const data = {
    n: decision.n,
    police: police.told,
    authority: authority.told,
    met,
    risk,
    ...(basis !== undefined && { basis }),
  };
  const change = changed(after, [happened(facts, 'concern.decided', data)], {
    timers: due === undefined ? [] : [chaseTimer(after)],
  });
  return { kind: 'change', change };
}

const chaseTimer = ({ concernId, chase }: Concern) => ({
  subject: chaseSubject(concernId),
  fires: 'concern.chase',
  due: chase?.next ?? null,
});

/** The authority has not answered by its day: whoever decided is reminded, and again each working day. */
export function chase(concern: Concern, today: Agreement, now: Instant): Change | undefined {
  const { chase: open, decisions = [] } = concern;
  if (!open || open.next > now) return undefined;
  const those = entitled(concern, today);
  const decider = decisions.find(({ n }) => n === open.n)?.by.person ?? '';
  const people = those.includes(decider) ? [decider] : those;
  const calendar: Calendar = {
    zone: today.zone,
    closedOnBankHolidays: true,
    extraHolidays: today.extraHolidays,
  };
  const next = answerDue(now, ONE_DAY.within, ONE_DAY.clock, calendar);
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

/** The authority has answered: nobody is reminded any more. Errors: `Invalid`, `Refused` where nothing is chased. */
export function answered(facts: Facts, inputs: Inputs): Verdict {
  const { concern, actor, today, now } = facts;
  const { chase: open } = concern;
  if (!open) return { kind: 'moved' };
  const problems: Problem[] = [];
  const at = typedInstant(inputs.answeredDay, inputs.answeredTime, today.zone);
  const { answer, answerReference: reference } = inputs;
  if (!isOf(ANSWERS, answer)) problems.push({ field: 'answer', message: 'Choose what they answered.' });
  if (at === undefined)
    problems.push({ field: 'answeredDay', message: 'Give the day on which they answered.' });
  else if (at > now) problems.push({ field: 'answeredDay', message: 'This day and time have not come yet.' });
  if (problems.length > 0 || !isOf(ANSWERS, answer) || at === undefined)
    throw new Invalid('Not recorded yet.', problems);
  const { chase: _, ...rest } = concern;
  const after: Concern = {
    ...rest,
    answers: [
      ...(concern.answers ?? []),
      {
        n: open.n,
        by: personOf(actor, positionOf(actor, today)),
        at: now,
        answer,
        happenedAt: at,
        ...(hasText(reference) && { reference: reference.trim().slice(0, 200) }),
      },
    ],
  };
  const event = { ...happened(facts, 'concern.answered', { n: open.n, answer }), happenedAt: at };
  return { kind: 'change', change: changed(after, [event], { timers: [chaseTimer(after)] }) };
}

/** Closes it, with a coded reason, once something was decided. Errors: `Invalid`, `Refused`. */
export function close(facts: Facts, inputs: Inputs): Verdict {
  const { concern } = facts;
  if (concern.closed) return { kind: 'moved' };
  if (!concern.decided) throw new Refused('not-decided', 'Record a decision first, then close it.');
  if (concern.chase) {
    throw new Refused(
      'unanswered',
      'The local authority has not answered yet. Record their answer first, then close it.',
    );
  }
  const { reason } = inputs;
  if (!isOf(CLOSINGS, reason)) {
    throw new Invalid('Not closed yet.', [{ field: 'reason', message: 'Choose why it is closed.' }]);
  }
  return { kind: 'change', change: turned(facts, 'closed', reason) };
}

/** Opens it again, with why. Errors: `Invalid`. */
export function reopen(facts: Facts, inputs: Inputs): Verdict {
  const { concern } = facts;
  if (!concern.closed) return { kind: 'moved' };
  const wrong = textProblem(inputs.reopening ?? '', 'Write why it is opened again.');
  if (wrong) throw new Invalid('Not opened again yet.', [{ field: 'reopening', message: wrong }]);
  return { kind: 'change', change: turned(facts, 'reopened', (inputs.reopening ?? '').trim()) };
}

function turned(facts: Facts, state: Closing['state'], reason: string): Change {
  const { concern, actor, today, now } = facts;
  const by = personOf(actor, positionOf(actor, today));
  const { closed: _, ...rest } = concern;
  const after: Concern = {
    ...rest,
    ...(state === 'closed' && { closed: { by, at: now } }),
    closings: [...(concern.closings ?? []), { state, by, at: now, reason }],
  };
  const data = state === 'closed' ? { reason } : {};
  return changed(after, [happened(facts, `concern.${state}`, data)], { timers: [timerOf(after, today)] });
}

/** The subject of the reminders of a concern's authority. */
export const chaseSubject = (concernId: string): string => `concern-chase:${concernId}`;
export const chaseConcern = (subject: string): string => subject.replace(/^concern-chase:/, '');
