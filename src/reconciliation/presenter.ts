import { primeOf } from '../agreement/agreement.ts';
import type { Change, Head, Route } from '../core/change.ts';
import { routeName } from '../core/change.ts';
import type { Presented, Presenter } from '../jobs/presenter.ts';
import type { Loaded } from '../store/turn.ts';
import { batchCard } from './cards.ts';
import { batchListed } from './climb.ts';
import type { Reconciliation } from './commands.ts';
import { type Batch, batchId, MISMATCHES_HEAD, providerOfCase, runIn } from './mismatch.ts';

/** How the card reads of what a run found for a provider. */
export function mismatchesPresenter({ presentBatch }: Pick<Reconciliation, 'presentBatch'>): Presenter {
  return {
    head: () => MISMATCHES_HEAD,

    async show({ pathwayId, caseId }, subject, _, now): Promise<Presented | undefined> {
      const found = await presentBatch(pathwayId, providerOfCase(caseId), runIn(subject));
      if (!found) return undefined;
      const { revision, ended } = found.batch;
      return { view: batchCard(found, now), revision, ...(ended !== undefined && { editOnly: true }) };
    },

    tell: async () => undefined,

    /** Instead of a channel that cannot be reached, the prime's. */
    async fallbacks({ pathwayId, caseId }, subject, route) {
      const found = await presentBatch(pathwayId, providerOfCase(caseId), runIn(subject));
      if (!found) return [];
      const prime: Route = { to: 'channel', provider: primeOf(found.today).id };
      const told = [...found.batch.shownTo, route].map(routeName);
      return told.includes(routeName(prime)) ? [] : [prime];
    },

    async settled(loaded: Loaded<Head>, { form, outcome, route, subject }): Promise<Change> {
      const batch = await loaded.get<Batch>(batchId(runIn(subject)));
      if (!batch || !loaded.head || form !== 'show' || outcome !== 'sent') return {};
      if (batch.shownTo.some((one) => routeName(one) === routeName(route))) return {};
      const at = route as Route;
      return {
        documents: [loaded.head, batchListed({ ...batch, shownTo: [...batch.shownTo, at] })],
        notices: [{ form: 'show', subject, route: at }],
      };
    },
  };
}
