import { type Head, type Key, type Route, routeName } from '../core/change.ts';
import { outOfSight } from '../jobs/presenter.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { CASE_HEAD, type CaseDoc, UNOWNED_SUBJECT } from './case.ts';
import { LIST_HEAD, listKey, listSubject, type Together, togetherId } from './list.ts';

/** So many cases are shown again at once; the rest are on /unowned. */
const MOST = 20;

/**
 * Posts the cards of what nobody holds of these providers' lists anew at one of their routes, after a channel was
 * bound or Baton was installed there again: the copies that stood before are out of sight.
 */
export async function showUnownedAgain(
  { store, run }: { readonly store: Store; readonly run: RunTurn },
  pathwayId: string,
  at: Route,
  providers: readonly string[],
): Promise<void> {
  async function again(key: Key, headId: string, subject: string, stands: (head: Head) => boolean) {
    await run<Head, void>(key, headId, async ({ head, get }, now) => {
      if (!head || !stands(head)) return { answer: undefined };
      const lost = await outOfSight(get, subject, at, now);
      return {
        change: { documents: [head, ...lost], notices: [{ form: 'show', subject, route: at }] },
        answer: undefined,
      };
    });
  }
  const isHere = (routes: readonly Route[]): boolean =>
    routes.some((one) => routeName(one) === routeName(at));

  for (const provider of providers) {
    const page = await store.page<CaseDoc>(pathwayId, `unowned@${provider}`, { limit: 1_000 });
    const alone = page.filter(({ doc }) => isHere(doc.unowned?.shownTo ?? []));
    for (const { key } of alone.slice(0, MOST)) {
      await again(key, CASE_HEAD, UNOWNED_SUBJECT, (head) => (head as CaseDoc).holder === undefined);
    }
    const lists = page.flatMap(({ doc }) =>
      doc.unowned?.climbs === 'with-its-list' ? [doc.unowned.list] : [],
    );
    for (const list of new Set(lists)) {
      const key = listKey(pathwayId, provider);
      const together = (await store.get<Together>(key, togetherId(list)))?.doc;
      if (together && !together.ended && isHere(together.shownTo)) {
        await again(key, LIST_HEAD, listSubject(list), () => true);
      }
    }
  }
}
