import { type Agreement, primeOf } from '../agreement/agreement.ts';
import { routeName } from '../core/change.ts';
import { plusMs } from '../core/clock.ts';
import type { LadderStep, Matter } from '../escalations/escalation.ts';
import {
  type Action,
  actionCase,
  actionLabel,
  actionSubject,
  climbs,
  ownerRoute,
  setterRoute,
} from './action.ts';

/** So long after its day an overdue action is to be done at last, in milliseconds: by the next weekly meeting. */
const LAST_MS = 7 * 24 * 60 * 60_000;

/**
 * What a change of an action means for the ladder: not done in time it begins to climb; done, cancelled or given
 * a new day it ends; given to another provider it turns to that one.
 */
export function ladderSteps(before: Action | undefined, after: Action, today: Agreement): LadderStep[] {
  const climbed = before !== undefined && climbs(before);
  if (!climbs(after)) {
    const how = after.state === 'open' ? 'moved' : after.state;
    return climbed ? [{ do: 'end', how, subject: actionSubject(after.actionId) }] : [];
  }
  const matter = matterOf(after, today);
  if (!climbed) return [{ do: 'begin', cause: 'overdue', matter }];
  return before.owner.provider === after.owner.provider ? [] : [{ do: 'turn', matter }];
}

/** The action as the ladder sees it: its owner's provider is waited for by whoever set it. */
export function matterOf(action: Action, today: Agreement): Matter {
  const { actionId, owner, setBy, setAt, dueAt, agreementVersion } = action;
  return {
    subject: actionSubject(actionId),
    caseId: actionCase(actionId),
    about: actionLabel(actionId),
    agreementVersion,
    parties: { receiver: owner.provider, sender: setBy.provider, prime: primeOf(today).id },
    since: setAt,
    needBy: plusMs(dueAt, LAST_MS),
    routes: {
      receiver: [ownerRoute(owner)],
      // Nobody reads the same twice in one place.
      holder: [setterRoute(setBy)].filter((one) => routeName(one) !== routeName(ownerRoute(owner))),
    },
  };
}
