import { ACTION_HEAD, type Action, type Open } from '../../../src/actions/action.ts';
import type { Facts } from '../../../src/actions/facts.ts';
import { set } from '../../../src/actions/rules.ts';
import type { Wanted } from '../../../src/actions/wanted.ts';
import type { Change, Verdict } from '../../../src/core/change.ts';
import { Invalid } from '../../../src/core/errors.ts';
import { actor, inForce, terms } from '../../support/pathway.ts';

/** A Tuesday in winter, so that London's clock is UTC. */
export const NOW = '2026-11-24T10:00:00.000Z';
export const DAY_MS = 24 * 60 * 60_000;

export const wanted: Wanted = {
  what: 'Send the record to the night team',
  owner: { provider: 'hospice', person: 'nina' },
  due: '2026-11-27',
  from: { kind: 'meeting' },
  position: { provider: 'prime', role: 'coordinator' },
};

/** An open action that Cora of the prime has set for Nina of the hospice. */
export const opened = (more: Partial<Wanted> = {}, now = NOW): Open =>
  set('7K2-M4Z', { ...wanted, ...more }, actor('cora'), inForce, now).action;

export const factsOf = (action: Action, who: string, now = NOW): Facts => ({
  action,
  actor: actor(who),
  today: terms,
  now,
});
export const timerFacts = (action: Action, now: string): Facts => ({
  action,
  actor: { kind: 'system', job: 'timer' },
  today: terms,
  now,
});

/** The action in a change; it must be there. */
export function actionIn(change: Change | undefined): Action {
  const found = change?.documents?.find(({ id }) => id === ACTION_HEAD);
  if (!found) throw new Error('the change has no action');
  return found as Action;
}

/** The change of a verdict; it must be one. */
export function changeIn(verdict: Verdict): Change {
  if (verdict.kind !== 'change') throw new Error(`the rule answered ${verdict.kind}`);
  return verdict.change;
}

/** The fields that a rule finds wrong; none where it finds nothing. */
export const fields = (run: () => unknown): string[] => {
  try {
    run();
  } catch (error) {
    if (error instanceof Invalid) return error.problems.map(({ field }) => field);
    throw error;
  }
  return [];
};
