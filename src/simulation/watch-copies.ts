import { type EventDoc, type Key, routeName } from '../core/change.ts';
import type { Handover } from '../handovers/handover.ts';
import type { KeptCopy } from '../jobs/presenter.ts';
import { refIn } from './card-ref.ts';
import type { MemoryStore } from './memory-store.ts';
import { cardOf, type Teams } from './teams.ts';

/** Whether each copy of a card shows what its handover is; the first that does not, in words. */
export function staleCopy(memory: MemoryStore, teams: Teams, key: Key): string | undefined {
  const docs = memory.inside(key);
  for (const { doc } of docs.values()) {
    if (doc.kind !== 'copy') continue;
    const { subject, activityId, route } = doc as KeptCopy;
    const handover = docs.get(subject)?.doc as Handover | undefined;
    const view = cardOf(teams.message(activityId)?.versions.at(-1));
    const given = [...docs.values()].some(
      ({ doc: event }) =>
        /^notice[.](?:failed|unknown)$/.test(String((event as EventDoc).type)) &&
        (event as EventDoc).data.route === routeName(route) &&
        (event as EventDoc).data.reason !== undefined,
    );
    // A card that was deleted, or that Teams refused to change, shows what it can; one may be on its way.
    if (!handover || !view || given || docs.has(`notice:${subject}:show:${routeName(route)}`)) continue;
    const shown = refIn(view)?.revision;
    if (shown !== handover.revision)
      return `${routeName(route)} shows revision ${shown} of ${handover.revision} in ${activityId}`;
    const { delivery } = view.data as { delivery?: string };
    const stage = handover.delivery.openedAt
      ? 'Opened'
      : handover.delivery.deliveredAt
        ? 'Delivered'
        : 'Not delivered';
    if (delivery !== undefined && !delivery.startsWith(stage)) {
      return `${routeName(route)} shows “${delivery}”, and it is: ${stage}`;
    }
  }
  return undefined;
}
