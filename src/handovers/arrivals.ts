import type { Agreement } from '../agreement/agreement.ts';
import type { Instant } from '../core/clock.ts';
import type { Store } from '../store/store.ts';
import type { Handover } from './handover.ts';

/** How many handovers a sender offered in some time, and how many of them had all of the minimum dataset at once. */
export interface Arrivals {
  /** A provider, or a sender outside. */
  readonly from: string;
  readonly offered: number;
  readonly complete: number;
}

const OFFERED = 'offered';
const INCOMPLETE = 'offered.incomplete';

/** The places by which arrivals are counted: all, and those that came with something missing, by sender. */
export function arrivalPlaces({
  from,
  offeredAt,
  caseId,
  handoverId,
  first,
}: Handover): Record<string, string> {
  const place = `${offeredAt}|${caseId}|${handoverId}`;
  return {
    [`${OFFERED}@${from.partner}`]: place,
    ...(first.missing.length > 0 && { [`${INCOMPLETE}@${from.partner}`]: place }),
  };
}

/**
 * What each sender of the agreement offered after `after` and up to `upTo`, senders of nothing left out. The
 * completeness rate of a sender is `complete` of `offered`; what was added later on request does not count.
 */
export async function arrivalsOf(
  store: Pick<Store, 'count'>,
  pathwayId: string,
  { providers, outside }: Pick<Agreement, 'providers' | 'outside'>,
  { after, upTo }: { readonly after: Instant; readonly upTo: Instant },
): Promise<Arrivals[]> {
  const within = async (list: string): Promise<number> => {
    const [all, before] = await Promise.all([
      store.count(pathwayId, list, `${upTo}|~`),
      store.count(pathwayId, list, `${after}|~`),
    ]);
    return all - before;
  };
  const all = await Promise.all(
    [...providers, ...outside].map(async ({ id: from }) => {
      const [offered, incomplete] = await Promise.all([
        within(`${OFFERED}@${from}`),
        within(`${INCOMPLETE}@${from}`),
      ]);
      return { from, offered, complete: offered - incomplete };
    }),
  );
  return all.filter(({ offered }) => offered > 0);
}
