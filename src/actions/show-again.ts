import { type Key, type Route, routeName } from '../core/change.ts';
import { outOfSight } from '../jobs/presenter.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { ACTION_HEAD, type Action, actionSubject } from './action.ts';
import { showAt } from './facts.ts';

/** So many actions are shown again at once; the rest are on /actions. */
const MOST = 20;

/**
 * Posts the cards of the open actions of `providers` anew at one of their routes, after a channel was bound or
 * Baton was installed there again: the copies that stood before are out of sight.
 */
export async function showActionsAgain(
  { store, run }: { readonly store: Store; readonly run: RunTurn },
  pathwayId: string,
  at: Route,
  providers: readonly string[],
): Promise<void> {
  const pages = await Promise.all(
    providers.map((one) => store.page<Action>(pathwayId, `actions.open@${one}`, { limit: MOST })),
  );
  const stands = ({ shownTo }: Action): boolean => shownTo.some((one) => routeName(one) === routeName(at));
  const keys: Key[] = pages.flat().flatMap(({ key, doc }) => (stands(doc) ? [key] : []));
  for (const key of keys.slice(0, MOST)) {
    await run<Action, void>(key, ACTION_HEAD, async ({ head, get }, now) => {
      if (head?.state !== 'open' || !stands(head)) return { answer: undefined };
      const lost = await outOfSight(get, actionSubject(head.actionId), at, now);
      return { change: { documents: [head, ...lost], notices: showAt(head, [at]) }, answer: undefined };
    });
  }
}
