import type { Agreement } from '../agreement/agreement.ts';
import type { Scope } from '../agreement/scope.ts';
import type { Store } from '../store/store.ts';
import type { Handover } from './handover.ts';
import { isOpen } from './lists.ts';

/** How many handovers wait: for an answer or for information, and since nobody took them on after a rejection. */
export interface Waiting {
  readonly unanswered: number;
  readonly rejected: number;
}

/**
 * Up to so many are read and looked at one by one: what was rejected before Baton had a list of it then counts as
 * rejected too.
 */
const READ = 1_000;

/** How many wait for one provider. */
export async function waitingAt(
  store: Pick<Store, 'page' | 'count'>,
  pathwayId: string,
  provider: string,
): Promise<Waiting> {
  const list = `waiting@${provider}`;
  const page = await store.page<Handover>(pathwayId, list, { limit: READ });
  if (page.length < READ) {
    const unanswered = page.filter(({ doc }) => isOpen(doc)).length;
    return { unanswered, rejected: page.length - unanswered };
  }
  const [all, rejected] = await Promise.all([
    store.count(pathwayId, list),
    store.count(pathwayId, `handovers.rejected@${provider}`),
  ]);
  return { unanswered: Math.max(0, all - rejected), rejected };
}

/**
 * How many wait for each of these providers, in their order, and for others: those that are no partners any more.
 * What was rejected before there was a list of it counts with the partners alone.
 */
export async function waitingByPartner(
  store: Pick<Store, 'page' | 'count'>,
  pathwayId: string,
  providers: readonly string[],
): Promise<{ readonly partners: readonly Waiting[]; readonly others: Waiting }> {
  const [open, rejected, ...ofPartners] = await Promise.all([
    store.count(pathwayId, 'handovers.open'),
    store.count(pathwayId, 'handovers.rejected'),
    ...providers.map((one) => store.count(pathwayId, `handovers.rejected@${one}`)),
  ]);
  const partners: Waiting[] = [];
  for (const one of providers) partners.push(await waitingAt(store, pathwayId, one));
  const unanswered = partners.reduce((sum, one) => sum + one.unanswered, 0);
  const known = ofPartners.reduce((sum, one) => sum + one, 0);
  const others = {
    unanswered: Math.max(0, open - unanswered),
    rejected: Math.max(0, rejected - known),
  };
  return { partners, others };
}

/** How many wait in a scope. */
export async function waitingIn(
  store: Pick<Store, 'page' | 'count'>,
  pathwayId: string,
  scope: Scope,
  terms: Agreement,
): Promise<Waiting> {
  const ids = scope === 'all' ? terms.providers.map(({ id }) => id) : scope;
  const { partners, others } = await waitingByPartner(store, pathwayId, ids);
  const all = scope === 'all' ? [...partners, others] : partners;
  return {
    unanswered: all.reduce((sum, one) => sum + one.unanswered, 0),
    rejected: all.reduce((sum, one) => sum + one.rejected, 0),
  };
}
