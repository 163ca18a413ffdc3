import type { OfferState } from '../register/case.ts';
import { CASE_HEAD, type CaseDoc } from '../register/case.ts';
import type { Store } from '../store/store.ts';
import { lostOf, type Pair } from './pair.ts';

/** One thing that came to a case: a handover that was offered of it, or a newer line of a partner's list. */
export type Came =
  | { readonly kind: 'handover'; readonly to: string; readonly state: OfferState }
  | { readonly kind: 'line'; readonly provider: string };

/** What came to the case that stayed since another was made one with it. */
export interface Since {
  readonly keep: string;
  readonly what: readonly Came[];
}

const OFFERS = ['handover.offered', 'handover.received-incomplete'];

/** What came to the case that stays of a merged pair since then; nothing for other pairs. */
export async function since(
  store: Pick<Store, 'get' | 'history'>,
  pathwayId: string,
  { a, b, stands }: Pick<Pair, 'a' | 'b' | 'stands'>,
): Promise<Since> {
  if (!('keep' in stands)) return { keep: a, what: [] };
  const { keep } = stands;
  const key = { pathwayId, caseId: keep };
  const events = await store.history(key);
  const merged = events.findLastIndex(
    ({ type, data }) => type === 'case.merged-from' && data.with === lostOf({ a, b }, keep),
  );
  const later = merged === -1 ? [] : events.slice(merged + 1);
  const handovers = (await store.get<CaseDoc>(key, CASE_HEAD))?.doc.handovers ?? [];
  const offered = later.filter(({ type }) => OFFERS.includes(type)).map(({ data }) => data.handover);
  const listed = later.filter(({ type }) => type === 'case.listed').map(({ data }) => String(data.provider));
  return {
    keep,
    what: [
      ...handovers
        .filter(({ id }) => offered.includes(id))
        .map(({ to, state }): Came => ({ kind: 'handover', to, state })),
      ...[...new Set(listed)].map((provider): Came => ({ kind: 'line', provider })),
    ],
  };
}
