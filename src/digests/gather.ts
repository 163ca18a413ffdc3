import { overdueUpTo } from '../actions/action.ts';
import { type Agreement, providerOf } from '../agreement/agreement.ts';
import { type Instant, msBetween, plusMs } from '../core/clock.ts';
import { arrivalsOf } from '../handovers/arrivals.ts';
import { waitingByPartner } from '../handovers/waiting.ts';
import type { Counts, Reconciled } from '../reconciliation/reconciliation.ts';
import { LIST_HEAD, type ListDoc, listKey } from '../register/list.ts';
import type { Store } from '../store/store.ts';
import { type Figures, type Findings, KEPT, type LineKind, type ListStands, type Part } from './digest.ts';
import { firstOf, isNothing, rest, sum } from './figures.ts';
import { firstLines, othersLines } from './gather-lines.ts';

/**
 * Counts what is open at each provider, on the lists that the commands show, with what the register and the
 * partners' lists disagreed in when they were last compared, and reads the first lines. The work grows with the
 * number of providers, not with that of cases.
 */
export async function gather(
  store: Store,
  pathwayId: string,
  terms: Agreement,
  reconciled: Reconciled | undefined,
  now: Instant,
): Promise<Omit<Findings, 'before'>> {
  const ids = terms.providers.map(({ id }) => id);
  const waiting = await waitingByPartner(store, pathwayId, ids);
  const parts: Part[] = [];
  for (const [at, id] of ids.entries()) {
    const partner = reconciled?.partners.find(({ provider }) => provider === id);
    const { unanswered = 0, rejected = 0 } = waiting.partners[at] ?? {};
    parts.push({
      provider: id,
      figures: {
        ...(await countedAt(store, pathwayId, now, id)),
        handoversUnanswered: unanswered,
        handoversRejected: rejected,
        // A partner that has joined since has no case that was compared.
        ...(reconciled && compared(partner)),
      },
      lines: firstOf(await firstLines(store, pathwayId, id, KEPT)),
    });
  }
  const totals = { ...(await countedAt(store, pathwayId, now)), ...(reconciled && compared(reconciled.all)) };
  const former: Figures = {
    ...rest(totals, sum(parts.map(({ figures }) => figures))),
    handoversUnanswered: waiting.others.unanswered,
    handoversRejected: waiting.others.rejected,
  };
  if (!isNothing(former) || (former.cases ?? 0) > 0) {
    const isPartner = (id: string): boolean => providerOf(terms, id) !== undefined;
    const there = (kind: LineKind): number => linesOfKind(former, kind);
    const theirs = await othersLines(store, pathwayId, isPartner, there, KEPT);
    parts.push({ provider: '', figures: former, lines: firstOf(theirs) });
  }
  const caseloads = await Promise.all(
    terms.lists.map(({ provider }) => listStands(store, pathwayId, terms, provider, reconciled, now)),
  );
  const week = { after: plusMs(now, -WEEK_MS), upTo: now };
  return {
    at: now,
    parts,
    caseloads,
    arrivals: await arrivalsOf(store, pathwayId, terms, week),
    ...(reconciled && { reconciled: { run: reconciled.run, at: reconciled.finishedAt } }),
  };
}

const compared = (counts: Counts | undefined): Figures => ({
  longWaits: counts?.kinds['long-wait'] ?? 0,
  mismatched: counts?.mismatched ?? 0,
  cases: counts?.cases ?? 0,
});

/** How many lines of a kind there are. */
function linesOfKind(figures: Figures, kind: LineKind): number {
  const {
    duplicates,
    unowned,
    actionsOpen,
    handoversUnanswered = 0,
    handoversRejected,
    mismatches,
  } = figures;
  const counts: Record<LineKind, number | undefined> = {
    duplicate: duplicates,
    unowned,
    action: actionsOpen,
    handover: handoversUnanswered + (handoversRejected ?? 0),
    mismatch: mismatches,
  };
  return counts[kind] ?? 0;
}

/** What stands on the lists of one provider, or of all of them. */
async function countedAt(store: Store, pathwayId: string, now: Instant, provider?: string): Promise<Figures> {
  const count = (list: string, of = list, upTo?: string): Promise<number> =>
    store.count(pathwayId, provider === undefined ? list : `${of}@${provider}`, upTo);
  const [duplicates, unowned, actionsOpen, actionsOverdue, mismatches] = await Promise.all([
    count('duplicates', 'duplicates.of'),
    count('unowned'),
    count('actions.open'),
    count('actions.open', 'actions.open', overdueUpTo(now)),
    count('mismatches'),
  ]);
  return { duplicates, unowned, actionsOpen, actionsOverdue, mismatches };
}

const DAY_MS = 24 * 60 * 60_000;
const WEEK_MS = 7 * DAY_MS;

/** Is the list of a provider in, true not longer ago than agreed, and the one that the register was compared with? */
async function listStands(
  store: Store,
  pathwayId: string,
  { digest }: Agreement,
  provider: string,
  reconciled: Reconciled | undefined,
  now: Instant,
): Promise<ListStands> {
  const found = await store.get<ListDoc>(listKey(pathwayId, provider), LIST_HEAD);
  const newest = found?.doc.newest;
  if (!newest) return { provider, fresh: false };
  const { id, asOf, state } = newest;
  const with_ = reconciled?.compared.find((one) => one.provider === provider);
  return {
    provider,
    asOf,
    fresh: state === 'in' && msBetween(asOf, now) <= digest.listDays * DAY_MS,
    ...(state === 'importing' && { importing: true }),
    compared: with_?.list === id && with_.state !== 'importing',
  };
}
