import { type Route, routeName } from '../core/change.ts';
import { type KeptCopy, outOfSight } from '../jobs/presenter.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { showAt } from './facts.ts';
import { type Handover, handoverDocId, handoverSubject, waitsFor } from './handover.ts';
import { isOpen } from './lists.ts';

/** So many handovers are shown again at once; the rest are on /handovers. */
const MOST = 20;

/**
 * Posts the cards of what is open at `providers` anew at one of their routes, after a channel was bound or
 * Baton was installed there again: the copies that stood before are out of its members' sight.
 */
export async function showAgain(
  { store, run }: { readonly store: Store; readonly run: RunTurn },
  pathwayId: string,
  at: Route,
  providers: readonly string[],
): Promise<void> {
  const lists = providers.flatMap((provider) => [`waiting@${provider}`, `handovers.open@${provider}`]);
  const pages = await Promise.all(
    lists.map((list) => store.page<Handover>(pathwayId, list, { limit: MOST })),
  );
  const name = routeName(at);
  const shown = pages.flat().filter(({ doc }) => doc.shownTo.some(({ route }) => routeName(route) === name));
  const all = new Map(shown.map((one) => [one.place, one]));
  for (const { key, doc } of [...all.values()].slice(0, MOST)) {
    await run<CaseDoc, void>(key, CASE_HEAD, async ({ head, get }, now) => {
      const handover = await get<Handover>(handoverDocId(doc.handoverId));
      if (!head || !handover) return { answer: undefined };
      if (!isOpen(handover) && !providers.includes(waitsFor(handover) ?? '')) return { answer: undefined };
      const routes = handover.shownTo.map(({ route }) => route).filter((route) => routeName(route) === name);
      const lost: KeptCopy[] = [];
      for (const route of routes) {
        lost.push(...(await outOfSight(get, handoverSubject(handover.handoverId), route, now)));
      }
      // Shown in any case: a card on its way to where the channel was bound before must come here too.
      return {
        change: { documents: [head, ...lost], notices: showAt(handover, routes) },
        answer: undefined,
      };
    });
  }
}
