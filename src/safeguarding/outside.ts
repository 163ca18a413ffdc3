import type { Verdict } from '../core/change.ts';
import { plusMs } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { textProblem } from '../core/text.ts';
import { timerOf } from './ask.ts';
import type { Concern } from './concern.ts';
import type { OutsideTold } from './entries.ts';
import { changed, type Facts, happened, personOf } from './facts.ts';
import { typedInstant } from './fields.ts';
import type { Inputs } from './form.ts';

/** After this long it is looked again whether somebody may be asked, once the outside contact is told. */
export const LOOK_MS = 24 * 60 * 60_000;

/** The longest name of whom they spoke to, in characters. */
const MAX_WHOM = 200;

/**
 * Whoever raised a concern that only the outside contact can answer says that they told them, whom and when: they are
 * reminded no more. Errors: `Invalid`, `Refused` for anybody else.
 */
export function toldOutside(facts: Facts, inputs: Inputs): Verdict {
  const { concern, actor, knows, today, now } = facts;
  if (knows !== 'raiser') {
    throw new Refused('not-the-raiser', 'Whoever raised the concern rings the outside contact, and says so.');
  }
  if (!concern.outside) return { kind: 'moved' };
  const { whom, at } = readTold(inputs, facts);
  const before = concern.outsideTold ?? [];
  if (before.some((one) => one.whom === whom && one.happenedAt === at)) return { kind: 'done' };
  const by = personOf(actor, positionIn(concern));
  const told: OutsideTold = { by, at: now, whom, happenedAt: at };
  const after: Concern = {
    ...concern,
    outside: { ...concern.outside, remindAt: plusMs(now, LOOK_MS) },
    outsideTold: [...before, told],
  };
  const event = { ...happened(facts, 'concern.outside-told'), happenedAt: at };
  return { kind: 'change', change: changed(after, [event], { timers: [timerOf(after, today)] }) };
}

/** The position in which it was raised. */
const positionIn = ({ raisedBy: { provider, role } }: Concern) =>
  provider === undefined || role === undefined ? undefined : { provider, role };

function readTold({ outsideWhom = '', outsideDay, outsideTime }: Inputs, { today, now }: Facts) {
  const problems: Problem[] = [];
  const say = (field: string, message: string): void => void problems.push({ field, message });
  const wrong = textProblem(outsideWhom, 'Write whom you spoke to.');
  if (wrong) say('outsideWhom', wrong);
  else if (outsideWhom.trim().length > MAX_WHOM)
    say('outsideWhom', `Write whom you spoke to in at most ${MAX_WHOM} characters.`);
  const at = typedInstant(outsideDay, outsideTime, today.zone);
  if (at === undefined) say('outsideDay', 'Give the day on which you told them.');
  else if (at > now) say('outsideDay', 'This day and time have not come yet.');
  if (problems.length > 0 || at === undefined) throw new Invalid('Not recorded yet.', problems);
  return { whom: outsideWhom.trim(), at };
}
