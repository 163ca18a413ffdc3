import { z } from 'zod/v4';
import { primeOf } from '../agreement/agreement.ts';
import { withTotal } from '../core/cards.ts';
import { Refused } from '../core/errors.ts';
import { readRegisterId } from '../core/register-id.ts';
import type { Asking, CardView, Reply, TypedRoute, VerbRoute } from '../core/routes.ts';
import type { Timers } from '../jobs/due.ts';
import type { Presenters } from '../jobs/presenter.ts';
import type { Store } from '../store/store.ts';
import { pairList, ROWS_A_PAGE } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import type { Carry } from './carry.ts';
import type { Duplicates } from './commands.ts';
import type { Look } from './look.ts';
import { pairPresenter } from './presenter.ts';
import { decisionRoutes } from './routes-decide.ts';
import { askedWait } from './waits.ts';

/** A place on a list of pairs, as it travels on the button: an instant and two cases; empty for the first page. */
const More = z
  .object({
    caseId: z.string().regex(/^[0-9A-Z-]{0,20}$/),
    after: z.string().regex(/^(?:[\d:.TZ-]{24}\|[0-9A-Z-]{1,20}:[0-9A-Z-]{1,20})?$/),
  })
  .loose();

/** Everything here may show whom a case is about: it goes to whoever asked, and to nobody beside them. */
const card = (view: CardView): Reply => ({ kind: 'card', private: true, view });

export interface DuplicateRouteDeps {
  readonly store: Store;
  readonly duplicates: Duplicates;
  readonly look: Look;
  readonly carry: Carry;
  readonly now: () => string;
}

/** Everything that calls the pairs, as plain data: `/duplicates`, its buttons, the timers. */
export function duplicateRoutes({ store, duplicates, look, carry, now }: DuplicateRouteDeps) {
  async function page({ pathwayId, actor }: Asking, caseId: string, after: string): Promise<Reply> {
    const { terms } = await duplicates.inForce(pathwayId);
    const theirs = [...new Set(actor.positions.map(({ provider }) => provider))];
    // Whoever coordinates at the prime decides for all.
    const providers = theirs.includes(primeOf(terms).id) ? undefined : theirs;
    const rows = await duplicates.page(
      pathwayId,
      actor,
      { caseId: caseId || undefined, providers, after, limit: ROWS_A_PAGE + 1 },
      now(),
    );
    const last = rows.slice(0, ROWS_A_PAGE).at(-1);
    const more = rows.length > ROWS_A_PAGE && last ? { caseId, after: last.place } : undefined;
    const total = caseId === '' ? await duplicates.totals(pathwayId, actor) : undefined;
    return card(withTotal(pairList(rows, terms, actor, more), total));
  }

  const verbs: VerbRoute[] = [
    {
      verb: 'duplicate.page' satisfies Verb,
      input: More,
      run: (asking, input) => {
        const { caseId, after } = input as z.infer<typeof More>;
        return page(asking, caseId, after);
      },
    },
    ...decisionRoutes(duplicates),
  ];
  const typed: TypedRoute[] = [
    {
      command: '/duplicates',
      usage: '[ID]',
      help: 'Cases that may be one person, to be decided',
      personalOnly: true,
      run: (asking, args) => {
        const caseId = args.trim() === '' ? '' : readRegisterId(args);
        if (caseId === undefined) {
          throw new Refused(
            'usage',
            'Type /duplicates, or /duplicates and a case number, such as 7K2-M4Z, for all pairs of that case.',
          );
        }
        return page(asking, caseId, '');
      },
    },
  ];
  const timers: Timers = {
    'duplicates.look': ({ pathwayId, caseId }) => look.look({ pathwayId, caseId }),
    'duplicates.carry': ({ pathwayId, caseId }) => carry({ pathwayId, caseId }),
  };
  const presenters: Presenters = { pair: pairPresenter(duplicates) };
  return { verbs, typed, timers, presenters, waits: askedWait(store, duplicates, now) };
}
