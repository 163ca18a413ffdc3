import { type CopyDoc, copyId, type Route } from '../core/change.ts';
import { msBetween } from '../core/clock.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { showAt } from './facts.ts';
import { CASE_HEAD, type CaseDoc, type Handover, handoverDocId, handoverSubject } from './handover.ts';
import { isOpen } from './lists.ts';

/** So many open handovers are shown again at once; the rest are on /handovers. */
const MOST = 20;
/** A copy younger than this, in milliseconds, is in sight. */
const FRESH_MS = 10_000;

/**
 * Posts the cards of what waits for a provider anew, after its channel was bound or Baton was installed
 * there again: the copies that stood before are out of its members' sight.
 */
export async function showAgain(
  { store, run }: { readonly store: Store; readonly run: RunTurn },
  pathwayId: string,
  provider: string,
): Promise<number> {
  const waiting = await store.page<Handover>(pathwayId, `waiting@${provider}`, { limit: MOST });
  for (const { key, doc } of waiting) {
    await run<CaseDoc, void>(key, CASE_HEAD, async ({ head, get }, now) => {
      const handover = await get<Handover>(handoverDocId(doc.handoverId));
      if (!head || !handover || !isOpen(handover)) return { answer: undefined };
      const lost: { readonly id: string; readonly route: Route }[] = [];
      for (const { route } of handover.shownTo) {
        if (route.to !== 'channel' || route.provider !== provider) continue;
        const id = copyId(handoverSubject(handover.handoverId), route);
        const copy = await get<CopyDoc>(id);
        // No copy: it is on its way. A fresh one: two activities speak of one installation.
        if (copy && msBetween(copy.sentAt, now) > FRESH_MS) lost.push({ id, route });
      }
      if (lost.length === 0) return { answer: undefined };
      return {
        change: {
          documents: [head],
          removed: lost.map(({ id }) => id),
          notices: showAt(
            handover,
            lost.map(({ route }) => route),
          ),
        },
        answer: undefined,
      };
    });
  }
  return waiting.length;
}
