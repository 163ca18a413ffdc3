import type { Verdict } from '../core/change.ts';
import { Invalid, Refused } from '../core/errors.ts';
import { textProblem } from '../core/text.ts';
import { timerOf } from './ask.ts';
import type { Concern } from './concern.ts';
import { CLOSINGS, type Closing } from './decision.ts';
import { answering, changed, type Facts, happened, personOf, positionOf } from './facts.ts';
import type { Inputs } from './form.ts';
import { openTodos } from './todo.ts';
import { isOf } from './typed.ts';

const before = (concern: Concern, state: Closing['state'], person: string, reason: string): boolean => {
  const last = concern.closings?.at(-1);
  return last?.state === state && last.by.person === person && last.reason === reason;
};

/** May this actor close it now? Errors: `Refused` for its raiser, and while something of it is open. */
export function mayClose(facts: Facts): void {
  const { concern } = facts;
  answering(facts);
  if (concern.closed) throw new Refused('closed', 'This concern is closed already. Open it to see why.');
  if (!concern.decided) throw new Refused('not-decided', 'Record a decision first, then close it.');
  if (concern.chase) {
    throw new Refused(
      'unanswered',
      'The local authority has not answered yet. Record their answer first, then close it.',
    );
  }
  if (openTodos(concern).length > 0) {
    throw new Refused(
      'actions-open',
      'An action is not done yet. Record each as done, or as not needed any more, then close it.',
    );
  }
}

/** Closes it, with a coded reason, once something was decided. Errors: `Invalid`, `Refused`. */
export function close(facts: Facts, inputs: Inputs): Verdict {
  const { concern, actor } = facts;
  const { reason } = inputs;
  answering(facts);
  if (concern.closed && before(concern, 'closed', actor.person, reason ?? '')) return { kind: 'done' };
  mayClose(facts);
  if (!isOf(CLOSINGS, reason)) {
    throw new Invalid('Not closed yet.', [{ field: 'reason', message: 'Choose why it is closed.' }]);
  }
  return turned(facts, 'closed', reason);
}

/** May this actor open it again? Errors: `Refused` for its raiser, and where it is open. */
export function mayReopen(facts: Facts): void {
  answering(facts);
  if (!facts.concern.closed) throw new Refused('open', 'This concern is open.');
}

/** Opens it again, with why. Errors: `Invalid`, `Refused`. */
export function reopen(facts: Facts, inputs: Inputs): Verdict {
  const { concern, actor } = facts;
  const reason = (inputs.reopening ?? '').trim();
  answering(facts);
  if (!concern.closed && before(concern, 'reopened', actor.person, reason)) return { kind: 'done' };
  mayReopen(facts);
  const wrong = textProblem(reason, 'Write why it is opened again.');
  if (wrong) throw new Invalid('Not opened again yet.', [{ field: 'reopening', message: wrong }]);
  return turned(facts, 'reopened', reason);
}

function turned(facts: Facts, state: Closing['state'], reason: string): Verdict {
  const { concern, actor, today, now } = facts;
  const by = personOf(actor, positionOf(actor, today));
  const { closed: _, ...rest } = concern;
  const after: Concern = {
    ...rest,
    ...(state === 'closed' && { closed: { by, at: now } }),
    closings: [...(concern.closings ?? []), { state, by, at: now, reason }],
  };
  const data = state === 'closed' ? { reason } : {};
  const change = changed(after, [happened(facts, `concern.${state}`, data)], {
    timers: [timerOf(after, today)],
  });
  return { kind: 'change', change };
}
