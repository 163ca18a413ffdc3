import { type Route, routeName } from '../core/change.ts';
import { outOfSight } from '../jobs/presenter.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { CONCERN_HEAD, type Concern, concernCase, concernSubject } from './concern.ts';

/** So many open concerns are looked through; a pathway has few. */
const MOST = 1_000;

/**
 * Posts the cards of open concerns anew where somebody who has one put Baton back in their chat: the copy that stood
 * before is out of sight. What each card says, and whether it is still theirs, is asked when it is sent.
 */
export async function showConcernsAgain(
  { store, run }: { readonly store: Store; readonly run: RunTurn },
  pathwayId: string,
  at: Route,
): Promise<void> {
  if (at.to !== 'person') return;
  const open = await store.page<Concern>(pathwayId, 'concerns.open', { limit: MOST });
  for (const { doc } of open) {
    if (!doc.shownTo.some((one) => routeName(one) === routeName(at))) continue;
    const subject = concernSubject(doc.concernId);
    const key = { pathwayId, caseId: concernCase(doc.concernId) };
    await run<Concern, void>(key, CONCERN_HEAD, async ({ head, get }, now) => {
      if (!head || head.closed) return { answer: undefined };
      const lost = await outOfSight(get, subject, at, now);
      return {
        change: { documents: [head, ...lost], notices: [{ form: 'show', subject, route: at }] },
        answer: undefined,
      };
    });
  }
}
