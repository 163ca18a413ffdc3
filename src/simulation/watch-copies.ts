import { type EventDoc, type Key, routeName } from '../core/change.ts';
import type { Escalation } from '../escalations/escalation.ts';
import type { Handover } from '../handovers/handover.ts';
import type { KeptCopy } from '../jobs/presenter.ts';
import { promptIn, refIn } from './card-ref.ts';
import type { MemoryStore } from './memory-store.ts';
import { standingIn } from './standing.ts';
import { cardOf, type Teams } from './teams.ts';

/** Whether each copy of a card shows what its handover is; the first that does not, in words. */
export function staleCopy(memory: MemoryStore, teams: Teams, key: Key): string | undefined {
  const docs = memory.inside(key);
  const gaveUp = gaveUpIn(docs);
  for (const { doc } of docs.values()) {
    if (doc.kind !== 'copy') continue;
    const { subject, activityId, route, sentAt } = doc as KeptCopy;
    const handover = docs.get(subject)?.doc as Handover | undefined;
    const view = cardOf(teams.message(activityId)?.versions.at(-1));
    const given = gaveUp.has(routeName(route));
    const prompt = promptIn(view);
    if (view && prompt && !given && !docs.has(`notice:${subject}:show:${routeName(route)}`)) {
      const escalation = docs.get(`escalation:${prompt.subject}`)?.doc as Escalation | undefined;
      const raising = escalation?.raisings.find(({ n }) => n === prompt.n);
      const asks = (view.data as { may: { acknowledge: boolean } }).may.acknowledge;
      // Shown after the need's time, it offers nobody to put it off any more.
      const so =
        escalation?.state === 'running' && raising?.state === 'waiting' && escalation.needBy > sentAt;
      const justThen = Math.abs(Date.parse(escalation?.needBy ?? '') - Date.parse(sentAt)) < 60_000;
      if (asks !== so && !justThen)
        return `${routeName(route)} is ${asks ? '' : 'not '}asked by prompt ${prompt.n}, which is ${raising?.state}`;
      continue;
    }
    const standing = standingIn(docs, subject);
    if (standing && view && !given && !docs.has(`notice:${subject}:show:${routeName(route)}`)) {
      const wrong = standing.wrong(view);
      if (wrong !== undefined) return `${routeName(route)} shows ${subject} with ${wrong} in ${activityId}`;
      continue;
    }
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

/** The routes at which a notice of the case was given up. */
function gaveUpIn(docs: ReturnType<MemoryStore['inside']>): ReadonlySet<string> {
  const routes = new Set<string>();
  for (const { doc } of docs.values()) {
    if (doc.kind !== 'event') continue;
    const { type, data } = doc as EventDoc;
    const ended = type === 'notice.failed' || type === 'notice.unknown';
    if (ended && data.reason !== undefined) routes.add(String(data.route));
  }
  return routes;
}
