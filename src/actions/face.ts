import { partnerName, providerOf } from '../agreement/agreement.ts';
import type { Subject } from '../escalations/escalation.ts';
import { ACTION_HEAD, type Action, actionCase, actionIdOf, actionLabel } from './action.ts';
import { canOfKey, refOf } from './cards.ts';
import { matterOf } from './climb.ts';
import type { Actions } from './commands.ts';
import { fromText, ownerText, standingText } from './words.ts';

/** Actions as subjects of the ladder: where they stand, and how they look on a prompt. */
export function actionOnLadder(actions: Pick<Actions, 'inForce' | 'present'>): Subject {
  return {
    head: ACTION_HEAD,
    partition: actionCase,

    async matter({ key, get }) {
      const action = await get<Action>(ACTION_HEAD);
      if (action?.state !== 'open') return undefined;
      return matterOf(action, (await actions.inForce(key.pathwayId)).terms);
    },

    // It is answered by its own buttons alone.
    resolved: async () => ({}),

    async face({ pathwayId }, subject, person) {
      const found = await actions.present({ pathwayId, actionId: actionIdOf(subject) });
      if (!found) return undefined;
      const { action, today, now } = found;
      const setter = providerOf(today, action.setBy.provider);
      const can = canOfKey(action, person, today, now);
      const data = refOf(action, today);
      return {
        who: actionLabel(action.actionId),
        between: `${partnerName(today, action.setBy.provider)} → ${partnerName(today, action.owner.provider)}`,
        urgency: 'Overdue',
        standing: `${standingText(action, today, now)}. ${fromText(action)}.`,
        heldBy: `Owner: ${ownerText(action.owner, today)}. Set by ${action.setBy.name}.`,
        ring: setter ? `${setter.name}: ${setter.phone}` : 'your coordinator',
        buttons: [
          ...(can.done ? [{ title: 'Done', verb: 'action.done', data, style: 'positive' as const }] : []),
          ...(can.move ? [{ title: 'Change owner or day', verb: 'action.move', data }] : []),
          { title: 'View details', verb: 'action.view', data },
        ],
      };
    },
  };
}
