import type { CaseDoc } from '../register/case.ts';
import type { Store } from '../store/store.ts';

const PAGE = 1_000;
/** Places on the list of all chains: those of cases, whose ids begin with no underscore, come first. */
const UP_TO_CASES = '_';

/** Some of the earlier cases, and from where to read on; nowhere when that was all. */
export interface Earlier {
  readonly cases: readonly CaseDoc[];
  readonly next?: string;
}

/**
 * Reads the cases that were stored before the list `identity` was kept, and were not touched since, a page at a time;
 * nothing where there are no more cases than places on it. `from`: '' at first.
 */
export function createEarlier(store: Pick<Store, 'page' | 'count'>) {
  return async function earlier(pathwayId: string, from: string): Promise<Earlier> {
    if (from === '') {
      const [cases, told] = await Promise.all([
        store.count(pathwayId, 'chains', UP_TO_CASES),
        store.count(pathwayId, 'identity'),
      ]);
      if (cases <= told) return { cases: [] };
    }
    const which = { after: from, upTo: UP_TO_CASES, limit: PAGE };
    const page = await store.page<CaseDoc>(pathwayId, 'chains', which);
    const cases = page
      .map(({ doc }) => doc)
      .filter(({ kind, lists }) => kind === 'case' && lists?.identity === undefined);
    const last = page.at(-1);
    return { cases, ...(last && page.length === PAGE && { next: last.place }) };
  };
}
