import { rungOf } from '../agreement/ladder.ts';
import type { Change } from '../core/change.ts';
import { plusMs } from '../core/clock.ts';
import { Invalid, Refused } from '../core/errors.ts';
import { textProblem } from '../core/text.ts';
import { causeWords } from './causes.ts';
import {
  changeOf,
  close,
  draftOf,
  dutyAt,
  finish,
  type Ground,
  isLive,
  say,
  spanMs,
  update,
} from './draft.ts';
import { type Escalation, live, type Raising } from './escalation.ts';
import { above, climb, tell } from './raise.ts';

/**
 * "I'm on it" by `person` on prompt `n`: nothing is accepted, the prompt comes back after the rung's hold, at the
 * latest when the need or the duty ends. `done`: the same person has said so already; `moved`: the prompt waits no
 * more. Errors: `Refused` `need-passed` when the need's time has passed, `off-duty` when they are on no duty there.
 */
export function acknowledge(
  ground: Ground,
  escalation: Escalation,
  n: number,
  person: string,
): Change | 'done' | 'moved' {
  const raising = escalation.raisings.find((one) => one.n === n);
  if (escalation.state !== 'running' || !raising) return 'moved';
  if (raising.state === 'acknowledged' && raising.acknowledged?.person === person) return 'done';
  if (raising.state !== 'waiting') return 'moved';
  const rung = rungOf(ground.agreed.ladder, raising.rung);
  const provider = dutyAt(ground, escalation, raising, person);
  const until = [
    plusMs(ground.now, spanMs(rung?.hold ?? '30m')),
    escalation.needBy,
    provider === undefined ? ground.now : ground.duty.ends(person, provider),
  ]
    .filter((at) => at !== undefined)
    .sort()[0];
  if (escalation.needBy <= ground.now) {
    throw new Refused(
      'need-passed',
      'The time by which the need had to be met has passed, so “I’m on it” is not enough any more. Use another button of the card, or ring.',
    );
  }
  if (until === undefined || until <= ground.now) {
    throw new Refused(
      'off-duty',
      'You are not on duty now, so you cannot take this on. Type /oncall to say that you are.',
    );
  }
  const draft = draftOf(escalation);
  update(draft, n, (one) => ({
    ...one,
    state: 'acknowledged',
    acknowledged: { by: ground.by, person, at: ground.now, until },
  }));
  say(draft, ground, 'escalation.acknowledged', { n, rung: raising.rung, until });
  tell(draft, ground, 'escalation.acknowledged', { n: String(n) });
  return changeOf(draft, escalation);
}

/**
 * The next rung now, with a reason, which stays in the record. `moved`: prompt `n` is not open any more.
 * Errors: `Invalid` for a reason that is empty or too long; `Refused` `last-rung` as `mayStepUp`.
 */
export function stepUp(ground: Ground, escalation: Escalation, n: number, reason: string): Change | 'moved' {
  const raising = escalation.raisings.find((one) => one.n === n);
  if (escalation.state !== 'running' || !raising || !isLive(raising)) return 'moved';
  const problem = textProblem(reason, 'Write why it cannot wait.');
  if (problem !== undefined)
    throw new Invalid('Not stepped up yet.', [{ field: 'reason', message: problem }]);
  mayStepUp(ground, raising);
  const rung = rungOf(ground.agreed.ladder, raising.rung);
  const next = rung && above(ground.agreed, rung);
  if (!next) return 'moved';
  const draft = draftOf(escalation);
  close(draft, raising, 'passed');
  update(draft, n, (one) => ({ ...one, steppedUp: { by: ground.by, at: ground.now } }));
  say(draft, ground, 'escalation.stepped-up', { n, rung: raising.rung, to: next.id, reason: reason.trim() });
  climb(draft, ground, next, 'stepped-up');
  return changeOf(draft, escalation);
}

/** Errors: `Refused` `last-rung`, with the last resort's number, where there is no rung above. */
export function mayStepUp({ agreed, today }: Ground, raising: Raising): void {
  const rung = rungOf(agreed.ladder, raising.rung);
  if (rung && rung.beside === undefined && above(agreed, rung)) return;
  const { name, phone } = today.ladder.lastResort;
  throw new Refused(
    'last-rung',
    `There is no rung above this one. If it cannot wait, ring ${name}: ${phone}.`,
  );
}

/** Errors: `Refused` `answer-it` where the subject is answered by its own buttons. */
export function mayResolve(escalation: Escalation): void {
  const { answeredBy } = causeWords(escalation.cause);
  if (answeredBy !== undefined) throw new Refused('answer-it', answeredBy);
}

/**
 * Somebody who prompt `n` asks says what was decided, where the subject has no answer of its own; it ends the
 * escalation. `moved`: the prompt is not open any more. Errors: `Invalid` for a decision that is empty or too long;
 * `Refused` `answer-it` as `mayResolve`.
 */
export function resolve(
  ground: Ground,
  escalation: Escalation,
  n: number,
  decision: string,
): Change | 'moved' {
  // A prompt that was passed on gives its people no say any more.
  if (escalation.state !== 'running' || !live(escalation).some((one) => one.n === n)) return 'moved';
  mayResolve(escalation);
  const problem = textProblem(decision, 'Write what was decided.');
  if (problem !== undefined)
    throw new Invalid('Not resolved yet.', [{ field: 'decision', message: problem }]);
  const draft = draftOf(escalation);
  say(draft, ground, 'escalation.decided', { decision: decision.trim() });
  tell(draft, ground, 'escalation.resolved', { n: String(n) });
  return finish(draft, ground, 'resolved', escalation);
}
