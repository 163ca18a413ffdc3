import { isDeepStrictEqual } from 'node:util';
import type { Verdict } from '../core/change.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { hasText } from '../core/text.ts';
import { answerByOf, chased, chaseTimer } from './chase.ts';
import type { Concern } from './concern.ts';
import { BASES, Decided, type Decision, MET, RISK } from './decision.ts';
import { answering, changed, type Facts, happened, personOf, positionOf } from './facts.ts';
import type { Inputs } from './form.ts';
import { isOf, MOST_OF_SEVERAL, readMoment, readReference, readText, type Say, sayInto } from './typed.ts';

const NOT_YET = new Refused(
  'not-acknowledged',
  'Acknowledge the concern first: then everybody knows who decides.',
);
const CLOSED = new Refused('closed', 'This concern is closed. Open it again first.');

/** What somebody typed about one service that was told or not. */
function readTold(name: 'police' | 'authority', who: string, inputs: Inputs, facts: Facts, say: Say) {
  const told = inputs[name];
  if (told !== 'yes' && told !== 'no') say(name, `Say whether ${who} were told.`);
  const why = readText(`${name}Why`, inputs, `Write why ${who} were told, or not.`, say, MOST_OF_SEVERAL);
  const reference = readReference(`${name}Reference`, inputs, say);
  const day = `${name}Day`;
  if (told === 'no' && hasText(inputs[day])) {
    say(day, `You gave a day on which ${who} were told: choose Told, or empty the day.`);
  }
  const at =
    told === 'yes'
      ? readMoment(
          [day, `${name}Time`],
          inputs,
          facts,
          {
            missing: `Give the day on which ${who} were told.`,
            future: `The day on which ${who} were told has not come yet.`,
          },
          say,
        )
      : undefined;
  return {
    told: told === 'yes' ? ('yes' as const) : ('no' as const),
    why,
    ...(reference !== undefined && { reference }),
    ...(at !== undefined && { at }),
  };
}

/** What the form of a decision says. Errors: `Invalid` with a problem for each field. */
export function readDecision(inputs: Inputs, facts: Facts): Decided {
  const { concern, today } = facts;
  const problems: Problem[] = [];
  const say = sayInto(problems);
  const police = readTold('police', 'the police', inputs, facts, say);
  const authority = readTold('authority', 'the local authority', inputs, facts, say);
  const contact = today.safeguarding?.map.find(({ id }) => id === inputs.contact)?.id;
  if (hasText(inputs.contact) && contact === undefined) {
    say('contact', 'This contact is not on the map any more. Choose another, or none.');
  }
  const shared = police.told === 'yes' || authority.told === 'yes';
  if (shared && !isOf(BASES, inputs.basis)) say('basis', 'Choose on what basis it was shared.');
  if (!isOf(MET, inputs.met)) say('met', 'Say whether what the person wanted was met.');
  if (!isOf(RISK, inputs.risk)) say('risk', 'Say what has become of the risk.');
  const wanted = readText('wanted', inputs, undefined, say, MOST_OF_SEVERAL);
  const ifNoEmployer =
    concern.staff === 'yes'
      ? 'Write who told the employer’s nominated person and when, or why not yet.'
      : undefined;
  const employer = readText('employer', inputs, ifNoEmployer, say, MOST_OF_SEVERAL);
  const rationale = readText('rationale', inputs, 'Write why you decided so.', say);
  if (problems.length > 0) throw new Invalid('Not recorded yet.', problems);
  return Decided.parse({
    police,
    authority: { ...authority, ...(contact !== undefined && authority.told === 'yes' && { contact }) },
    ...(shared && { basis: inputs.basis }),
    ...(wanted !== '' && { wanted }),
    met: inputs.met,
    risk: inputs.risk,
    ...(employer !== '' && { employer }),
    rationale,
  });
}

/** May this actor record a decision now? Errors: `Refused` for its raiser, where nobody has it, or it is closed. */
export function mayDecide(facts: Facts): void {
  const { concern } = facts;
  answering(facts);
  if (concern.closed) throw CLOSED;
  if (!concern.acknowledged) throw NOT_YET;
}

/** What was decided, of an entry of the record. */
const decidedOf = ({ n: _n, by: _by, at: _at, answerBy: _answerBy, ...decided }: Decision): Decided =>
  decided;

/**
 * Records a decision beside those before. Whoever raised it learns that there is one, and when. The same of the same
 * person, sent twice from one form, is one.
 */
export function decide(facts: Facts, inputs: Inputs, revision: number): Verdict {
  mayDecide(facts);
  const { concern, actor, today, now } = facts;
  const made = readDecision(inputs, facts);
  const before = concern.decisions ?? [];
  const again = before.some(
    (one) => one.by.person === actor.person && isDeepStrictEqual(decidedOf(one), made),
  );
  if (revision < concern.revision && again) return { kind: 'done' };
  const by = personOf(actor, positionOf(actor, today));
  const answerBy = answerByOf(made, concern, today);
  const decision: Decision = {
    ...made,
    n: before.length + 1,
    by,
    at: now,
    ...(answerBy !== undefined && { answerBy }),
  };
  const after: Concern = chased(
    { ...concern, decisions: [...before, decision], decided: concern.decided ?? { by, at: now } },
    today,
    now,
  );
  const { police, authority, risk, met, basis } = made;
  const data = {
    n: decision.n,
    police: police.told,
    authority: authority.told,
    met,
    risk,
    ...(basis !== undefined && { basis }),
  };
  const change = changed(after, [happened(facts, 'concern.decided', data)], {
    timers: after.chase ? [chaseTimer(after)] : [],
  });
  return { kind: 'change', change };
}
