import { type Route, routeName } from '../core/change.ts';
import { outOfSight } from '../jobs/presenter.ts';
import type { Store } from '../store/store.ts';
import type { RunTurn } from '../store/turn.ts';
import { type Batch, batchesList, batchSubject, MISMATCHES_HEAD, type MismatchesDoc } from './mismatch.ts';

/** The newest so many runs of a provider are shown again; older ones are on /mismatches. */
const MOST = 5;

/** Posts the cards of what runs found for these providers anew at one of their routes, where copies are out of sight. */
export async function showMismatchesAgain(
  { store, run }: { readonly store: Store; readonly run: RunTurn },
  pathwayId: string,
  at: Route,
  providers: readonly string[],
): Promise<void> {
  for (const provider of providers) {
    const page = await store.page<Batch>(pathwayId, batchesList(provider), { limit: 1_000 });
    const here = page.filter(({ doc }) => doc.shownTo.some((one) => routeName(one) === routeName(at)));
    for (const { key, doc } of here.slice(-MOST)) {
      const subject = batchSubject(doc.run);
      await run<MismatchesDoc, void>(key, MISMATCHES_HEAD, async ({ head, get }, now) => {
        if (!head) return { answer: undefined };
        const lost = await outOfSight(get, subject, at, now);
        return {
          change: { documents: [head, ...lost], notices: [{ form: 'show', subject, route: at }] },
          answer: undefined,
        };
      });
    }
  }
}
