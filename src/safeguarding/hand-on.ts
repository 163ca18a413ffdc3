import type { Agreement } from '../agreement/agreement.ts';
import type { Change, Verdict } from '../core/change.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { textProblem } from '../core/text.ts';
import { askStep, type Ground, timerOf } from './ask.ts';
import { type Concern, stillAsked } from './concern.ts';
import type { Works } from './entries.ts';
import { answering, changed, type Facts, happened, personOf, positionOf, tellAt } from './facts.ts';
import type { Inputs } from './form.ts';
import { lapse } from './turned.ts';
import { entitled, inConflict, peopleFor, stepsFor } from './who.ts';

/** Keys of the people to whom it may be handed: all of its way but whoever has it, raised it, or hands it. */
export const mayReceive = (concern: Concern, today: Agreement, from: string): string[] =>
  [...new Set(stepsFor(concern, today).flatMap((step) => peopleFor(concern, step, today)))].filter(
    (one) => one !== from && one !== concern.raisedBy.person && one !== concern.acknowledged?.by.person,
  );

/**
 * Hands it to another who answers for concerns: they are asked now, and it is acknowledged anew. Errors: `Invalid`,
 * `Refused` where it is closed or for whoever raised it.
 */
export function handOn(facts: Facts, inputs: Inputs, ground: Ground): Verdict {
  answering(facts);
  const { concern, actor, today, now } = facts;
  if (concern.closed) throw new Refused('closed', 'This concern is closed. Open it again first.');
  const { to, why } = readHanding(facts, inputs);
  const before = concern.handedOn ?? [];
  const last = before.at(-1);
  // The same press again: it is theirs to acknowledge already.
  if (last && !concern.acknowledged && last.to.person === to && last.reason === why) return { kind: 'done' };
  const step = stepsFor(concern, today).find((one) => peopleFor(concern, one, today).includes(to));
  if (!step) throw new Error('whoever may receive a concern is of a step of its way');
  const receiver = {
    person: to,
    name: today.people.find(({ key }) => key === to)?.name ?? to,
    provider: step.provider,
    role: step.role,
  };
  const handed = {
    n: before.length + 1,
    by: personOf(actor, positionOf(actor, today)),
    at: now,
    to: receiver,
    reason: why,
  };
  const open: Concern = {
    ...lapse(concern, () => true, 'handed-on', now, ['acknowledged']),
    handedOn: [...before, handed],
  };
  const followed = askStep(open, step, [to], { ...ground, today, now }, 'handed-on');
  const change = changed(
    followed.concern,
    [happened(facts, 'concern.handed-on', { n: handed.n }), ...followed.events],
    { notices: followed.notices, timers: [timerOf(followed.concern, today)] },
  );
  return { kind: 'change', change };
}

function readHanding(
  { concern, actor, today }: Facts,
  { to = '', handWhy = '' }: Inputs,
): { readonly to: string; readonly why: string } {
  const problems: Problem[] = [];
  if (!mayReceive(concern, today, actor.person).includes(to))
    problems.push({ field: 'to', message: 'Choose to whom you hand it.' });
  const wrong = textProblem(handWhy, 'Write why you hand it on.');
  if (wrong) problems.push({ field: 'handWhy', message: wrong });
  if (problems.length > 0) throw new Invalid('Not handed on yet.', problems);
  return { to, why: handWhy.trim() };
}

/**
 * Somebody in conflict works on the case of a concern: whoever has it is told at once, in person, to arrange for
 * somebody else; each acceptance once. Nobody else learns of it. Undefined where there is nothing to tell.
 */
export function worksOnIt(concern: Concern, working: readonly Works[], today: Agreement): Change | undefined {
  const { acknowledged, asked, closed, works = [] } = concern;
  if (closed) return undefined;
  const conflict = inConflict(concern, today);
  const fresh = working.filter(
    (one) =>
      conflict.has(one.person) &&
      !works.some(({ person, since }) => person === one.person && since === one.since),
  );
  if (fresh.length === 0) return undefined;
  const may = entitled(concern, today);
  const has = acknowledged && may.includes(acknowledged.by.person) ? [acknowledged.by.person] : [];
  const waiting = asked.filter(({ state }) => state === 'waiting').flatMap(stillAsked);
  const people = has.length > 0 ? has : waiting.length > 0 ? waiting : may;
  const after: Concern = { ...concern, works: [...works, ...fresh] };
  const found = {
    type: 'concern.works-on-case',
    by: { system: 'safeguarding' },
    data: { concern: concern.concernId, told: [...people] },
  };
  return { documents: [after], events: [found], notices: tellAt(after, people, 'concern.works-on-case') };
}
