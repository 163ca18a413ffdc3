import type { Verdict } from '../core/change.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { hasText } from '../core/text.ts';
import { acknowledgeBy, askNext, type Followed, type Ground, timerOf } from './ask.ts';
import { type Added, type Concern, stillAsked } from './concern.ts';
import { changed, type Facts, happened, personOf, positionOf, tellAt } from './facts.ts';
import type { Inputs } from './form.ts';
import { textWrong } from './form-problems.ts';
import { YesNo } from './told.ts';
import { lapse } from './turned.ts';
import { entitled } from './who.ts';

type Said = Pick<Added, 'facts' | 'opinion' | 'danger'>;

/** What the form of an addition says. Errors: `Invalid` with a problem for each field. */
export function readAdded({ facts, opinion, danger }: Inputs): Said {
  const problems: Problem[] = [];
  for (const [field, value] of Object.entries({ facts, opinion })) {
    const wrong = hasText(value) ? textWrong(field, value) : undefined;
    if (wrong !== undefined) problems.push({ field, message: wrong });
  }
  const answer = YesNo.safeParse(danger).data;
  if (hasText(danger) && !answer) {
    problems.push({ field: 'danger', message: 'Say whether somebody is in danger now, or leave it open.' });
  }
  if (!hasText(facts) && !hasText(opinion)) {
    problems.push({
      field: 'facts',
      message: 'Write what was seen or said, or what you think; one of them.',
    });
  }
  if (problems.length > 0) throw new Invalid('Not added yet.', problems);
  return {
    ...(hasText(facts) && { facts: facts.trim() }),
    ...(hasText(opinion) && { opinion: opinion.trim() }),
    ...(answer && { danger: answer }),
  };
}

/** May something be added now? Errors: `Refused` where it is closed. */
export function mayAdd({ concern }: Pick<Facts, 'concern'>): void {
  if (!concern.closed) return;
  throw new Refused(
    'closed',
    'This concern is closed. Type /concern to raise a new one. If somebody is in danger now, ring 999.',
  );
}

const isSame = (one: Added, said: Said): boolean =>
  one.facts === said.facts && one.opinion === said.opinion && one.danger === said.danger;

/**
 * Adds to a concern, with who and when; nothing that stands is changed. Somebody in danger now makes it urgent, and
 * whoever was asked is asked anew, also where it had been acknowledged. `revision`: of the card whose form it is; the
 * same form sent twice adds once. Errors: `Invalid`, `Refused`.
 */
export function add(facts: Facts, inputs: Inputs, revision: number, ground: Ground): Verdict {
  mayAdd(facts);
  const said = readAdded(inputs);
  const { concern, actor, knows, today, now } = facts;
  const twice = concern.added.some((one) => one.by.person === actor.person && isSame(one, said));
  if (twice && revision < concern.revision) return { kind: 'done' };
  const by = knows === 'raiser' ? concern.raisedBy : personOf(actor, positionOf(actor, today));
  const n = concern.added.length + 1;
  const added: Concern = { ...concern, added: [...concern.added, { n, by, at: now, ...said }] };
  const event = happened(facts, 'concern.added', { n, danger: said.danger ?? null });
  const followed =
    said.danger === 'yes' ? inDanger(added, actor.person, ground) : told(added, actor.person, ground);
  const { concern: after, events, notices } = followed;
  const change = changed(after, [event, ...events], {
    // Every copy is shown anew with the change.
    notices: notices.filter(({ form }) => form === 'tell'),
    timers: [timerOf(after, today)],
  });
  return { kind: 'change', change };
}

/** Whoever has it learns that there is more. */
function told(concern: Concern, adder: string, { today }: Ground): Followed {
  const has = concern.acknowledged?.by.person;
  const those = entitled(concern, today);
  const people = has === undefined ? [] : those.includes(has) ? [has] : those;
  const others = people.filter((person) => person !== adder);
  return { concern, events: [], notices: tellAt(concern, others, 'concern.added') };
}

/** Somebody is in danger now: urgent from here on, and asked anew, unless whoever has it says so themselves. */
function inDanger(concern: Concern, adder: string, ground: Ground): Followed {
  const { acknowledged } = concern;
  const asked = [...new Set(concern.asked.flatMap(stillAsked))];
  if (acknowledged?.by.person === adder)
    return { concern: { ...concern, urgent: true }, events: [], notices: [] };
  if (!acknowledged && concern.urgent) {
    return { concern, events: [], notices: tellAt(concern, asked, 'concern.danger') };
  }
  const urgently = acknowledgeBy(ground.now, true, ground.today);
  const before: Concern = {
    ...lapse(concern, () => true, 'danger', ground.now, ['acknowledged']),
    urgent: true,
    acknowledgeBy: acknowledged || urgently < concern.acknowledgeBy ? urgently : concern.acknowledgeBy,
  };
  const followed = askNext(before, ground, 'danger');
  const now = followed.concern.asked.at(-1)?.people ?? [];
  const others = asked.filter((person) => person !== adder && !now.includes(person));
  return { ...followed, notices: [...followed.notices, ...tellAt(concern, others, 'concern.danger')] };
}
