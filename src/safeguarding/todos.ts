import { Temporal } from 'temporal-polyfill';
import type { Agreement } from '../agreement/agreement.ts';
import type { Change, Verdict } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { localDateOf, nextDay, startOfDay } from '../core/wording.ts';
import { remindedOf } from './chase.ts';
import { type Concern, shownPeople } from './concern.ts';
import { answering, changed, type Facts, happened, personOf, positionOf, tellAt } from './facts.ts';
import type { Inputs } from './form.ts';
import { OUTCOMES, openTodos, type Todo, type TodoOver } from './todo.ts';
import { isOf, readText, type Say, sayInto } from './typed.ts';
import { entitled } from './who.ts';
import { morningOf, workingMorningAfter } from './workdays.ts';

/** Actions of a concern: who answers for it sets them to each other, and is reminded until they are done. */

/** Further ahead than this a day is a slip of the pen. */
const MOST_YEARS = 2;
/** More than these nobody would look through. */
const MOST_OPEN = 20;

/** Keys of those to whom an action may be given. */
export const ownersOf = (concern: Concern, today: Agreement): readonly string[] =>
  entitled(concern, today).filter((one) => one !== concern.raisedBy.person);

/** May this actor set an action now? Errors: `Refused` for its raiser, where nobody has it, or it is closed. */
export function maySet(facts: Facts): void {
  const { concern } = facts;
  answering(facts);
  if (concern.closed) throw new Refused('closed', 'This concern is closed. Open it again first.');
  if (!concern.acknowledged) throw new Refused('not-acknowledged', 'Acknowledge the concern first.');
  if (openTodos(concern).length >= MOST_OPEN) {
    throw new Refused('too-many', `${MOST_OPEN} actions are open. Record first what became of one of them.`);
  }
}

function readDay(typed: string | undefined, { zone }: Agreement, now: Instant, say: Say): string {
  const today = localDateOf(now, zone);
  try {
    const day = Temporal.PlainDate.from(typed ?? '').toString();
    const last = Temporal.PlainDate.from(today).add({ years: MOST_YEARS }).toString();
    if (Temporal.PlainDate.compare(day, today) < 0) say('due', 'Choose a day that is not over.');
    else if (Temporal.PlainDate.compare(day, last) > 0)
      say('due', `Choose a day within ${MOST_YEARS} years.`);
    return day;
  } catch {
    say('due', 'Choose the day by which it is to be done.');
    return today;
  }
}

/**
 * Sets an action to somebody who answers for the concern, who is told at once and reminded on the day. The same of the
 * same person, sent twice from one form, is one. Errors: `Invalid`, `Refused`.
 */
export function setTodo(facts: Facts, inputs: Inputs, revision: number): Verdict {
  maySet(facts);
  const { concern, actor, today, now } = facts;
  const problems: Problem[] = [];
  const say = sayInto(problems);
  const what = readText('what', inputs, 'Write what is to be done.', say);
  const owner = ownersOf(concern, today).find((one) => one === inputs.owner);
  if (owner === undefined) say('owner', 'Choose who does it, of those who answer for this concern.');
  const due = readDay(inputs.due, today, now, say);
  if (problems.length > 0 || owner === undefined) throw new Invalid('Not set yet.', problems);
  const { all = [], over = [] } = concern.todos ?? {};
  const again = all.some(
    (one) => one.by.person === actor.person && one.what === what && one.owner === owner && one.due === due,
  );
  if (revision < concern.revision && again) return { kind: 'done' };
  const todo: Todo = {
    n: all.length + 1,
    what,
    owner,
    due,
    dueAt: startOfDay(nextDay(due), today.zone),
    by: personOf(actor, positionOf(actor, today)),
    at: now,
  };
  const shown = shownPeople(concern).includes(owner);
  const set: Concern = {
    ...concern,
    todos: { ...concern.todos, all: [...all, todo], over },
    shownTo: shown ? concern.shownTo : [...concern.shownTo, { to: 'person', person: owner }],
  };
  const after = withNext(set, today, now);
  const event = happened(facts, 'concern.action-set', { n: todo.n, owner, due });
  return {
    kind: 'change',
    change: changed(after, [event], {
      notices: owner === actor.person ? [] : tellAt(after, [owner], 'concern.action', { n: String(todo.n) }),
      timers: [todoTimer(after)],
    }),
  };
}

/** May this actor say what became of one? Errors: `Refused` for its raiser, or where none is open. */
export function mayEnd(facts: Facts): void {
  answering(facts);
  if (openTodos(facts.concern).length === 0) {
    throw new Refused('no-action', 'No action of this concern is open. Open it to see what became of them.');
  }
}

/** What became of an action, said by anybody who answers for the concern. Errors: `Invalid`, `Refused`. */
export function endTodo(facts: Facts, inputs: Inputs): Verdict {
  answering(facts);
  const { concern, actor, today, now } = facts;
  const problems: Problem[] = [];
  const say = sayInto(problems);
  const todo = concern.todos?.all.find(({ n }) => String(n) === inputs.which);
  const { outcome } = inputs;
  if (!todo) mayEnd(facts);
  if (!todo) say('which', 'Choose which action it is.');
  if (!isOf(OUTCOMES, outcome)) say('outcome', 'Say what became of it.');
  const text = readText('text', inputs, 'Write what was done, or why it is not needed.', say);
  if (problems.length > 0 || !todo || !isOf(OUTCOMES, outcome))
    throw new Invalid('Not recorded yet.', problems);
  const { all = [], over = [] } = concern.todos ?? {};
  const known = over.find(({ n }) => n === todo.n);
  if (known) {
    if (known.by.person === actor.person && known.outcome === outcome && known.text === text) {
      return { kind: 'done' };
    }
    throw new Refused('over', 'What became of this action is recorded already. Open the concern to see it.');
  }
  const by = personOf(actor, positionOf(actor, today));
  const entry: TodoOver = { n: todo.n, outcome, text, by, at: now };
  const after = withNext(
    { ...concern, todos: { ...concern.todos, all, over: [...over, entry] } },
    today,
    now,
  );
  const event = happened(facts, 'concern.action-over', { n: todo.n, outcome });
  return { kind: 'change', change: changed(after, [event], { timers: [todoTimer(after)] }) };
}

/** When the owner of an action is reminded next: the morning of its day, and each working morning after it. */
function nextOf({ due }: Todo, today: Agreement, now: Instant): Instant {
  const first = morningOf(due, today.zone);
  return first > now ? first : workingMorningAfter(now, today);
}

function withNext(concern: Concern, today: Agreement, now: Instant): Concern {
  const { all = [], over = [] } = concern.todos ?? {};
  const [next] = openTodos(concern)
    .map((todo) => nextOf(todo, today, now))
    .sort();
  return { ...concern, todos: { all, over, ...(next !== undefined && { next }) } };
}

/** Actions whose day has come are not done: their owners are reminded, once each, and again each working morning. */
export function remindTodos(concern: Concern, today: Agreement, now: Instant): Change | undefined {
  const next = concern.todos?.next;
  if (next === undefined || next > now) return undefined;
  const due = openTodos(concern).filter((todo) => morningOf(todo.due, today.zone) <= now);
  const owners = new Map<string, number[]>();
  for (const { owner, n } of due) {
    for (const person of remindedOf(owner, concern, today)) {
      owners.set(person, [...(owners.get(person) ?? []), n]);
    }
  }
  const after = withNext(concern, today, now);
  const reminded = {
    type: 'concern.action-reminded',
    by: { system: 'safeguarding' },
    data: { concern: concern.concernId, actions: due.map(({ n }) => n), people: [...owners.keys()] },
  };
  return changed(after, due.length === 0 ? [] : [reminded], {
    notices: [...owners].flatMap(([person, numbers]) =>
      tellAt(after, [person], 'concern.action-due', { n: numbers.join(',') }),
    ),
    timers: [todoTimer(after)],
  });
}

export const todoTimer = ({ concernId, todos }: Concern) => ({
  subject: todoSubject(concernId),
  fires: 'concern.remind',
  due: todos?.next ?? null,
});

/** The subject of the reminders of a concern's actions. */
export const todoSubject = (concernId: string): string => `concern-action:${concernId}`;
export const todoConcern = (subject: string): string => subject.replace(/^concern-action:/, '');
