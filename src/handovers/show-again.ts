import { type CopyDoc, copyId } from '../core/change.ts';
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
      const routes = handover.shownTo
        .map(({ route }) => route)
        .filter((route) => route.to === 'channel' && route.provider === provider);
      const removed: string[] = [];
      for (const route of routes) {
        const id = copyId(handoverSubject(handover.handoverId), route);
        const copy = await get<CopyDoc>(id);
        // A fresh one stays in sight: two activities speak of one installation.
        if (copy && msBetween(copy.sentAt, now) > FRESH_MS) removed.push(id);
      }
      // Shown in any case: a card on its way to where the channel was bound before must come here too.
      return {
        change: { documents: [head], removed, notices: showAt(handover, routes) },
        answer: undefined,
      };
    });
  }
  return waiting.length;
}
