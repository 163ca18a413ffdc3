import { type Action, overdueUpTo } from '../actions/action.ts';
import type { Agreement } from '../agreement/agreement.ts';
import { type Instant, msBetween } from '../core/clock.ts';
import type { Handover } from '../handovers/handover.ts';
import type { CaseDoc } from '../register/case.ts';
import { LIST_HEAD, type ListDoc, listKey } from '../register/list.ts';
import type { Store } from '../store/store.ts';
import { type Figures, type Findings, LINES, type Line, type ListStands, type Part } from './digest.ts';
import { firstOf, isNothing, rest, sum } from './figures.ts';

/** Lines are looked for among so many of all partners', where some belong to no partner any more. */
const FORMER = 100;

/**
 * Counts what is open at each provider, on the lists that the commands show, and reads the first page of each. The
 * work grows with the number of providers, not with that of cases.
 */
export async function gather(
  store: Store,
  pathwayId: string,
  terms: Agreement,
  now: Instant,
): Promise<Omit<Findings, 'before'>> {
  const parts: Part[] = [];
  for (const { id } of terms.providers) {
    parts.push({
      provider: id,
      figures: await figuresOf(store, pathwayId, now, id),
      lines: firstOf(await linesOf(store, pathwayId, LINES, id)),
    });
  }
  const totals = await figuresOf(store, pathwayId, now);
  const former = rest(totals, sum(parts.map(({ figures }) => figures)));
  if (!isNothing(former)) {
    const theirs = (await linesOf(store, pathwayId, FORMER)).filter(
      ({ provider }) => !terms.providers.some(({ id }) => id === provider),
    );
    parts.push({ provider: '', figures: former, lines: firstOf(theirs) });
  }
  const caseloads = await Promise.all(
    terms.lists.map(({ provider }) => listStands(store, pathwayId, terms, provider, now)),
  );
  return { at: now, parts, caseloads };
}

/** What is counted at one provider, or at all of them. */
async function figuresOf(store: Store, pathwayId: string, now: Instant, provider?: string): Promise<Figures> {
  const of = (list: string): string => (provider === undefined ? list : `${list}@${provider}`);
  const count = (list: string, upTo?: string): Promise<number> => store.count(pathwayId, list, upTo);
  const [unowned, actionsOpen, actionsOverdue, waiting, handoversRejected] = await Promise.all([
    count(of('unowned')),
    count(of('actions.open')),
    count(of('actions.open'), overdueUpTo(now)),
    count(provider === undefined ? 'handovers.waiting' : `waiting@${provider}`),
    count(of('handovers.rejected')),
  ]);
  const handoversUnanswered = Math.max(0, waiting - handoversRejected);
  return { unowned, actionsOpen, actionsOverdue, handoversUnanswered, handoversRejected };
}

/** The first of each list, of one provider or of all. */
async function linesOf(store: Store, pathwayId: string, limit: number, provider?: string): Promise<Line[]> {
  const of = (list: string): string => (provider === undefined ? list : `${list}@${provider}`);
  const [cases, actions, handovers] = await Promise.all([
    store.page<CaseDoc>(pathwayId, of('unowned'), { limit }),
    store.page<Action>(pathwayId, of('actions.open'), { limit }),
    store.page<Handover>(pathwayId, provider === undefined ? 'handovers.waiting' : `waiting@${provider}`, {
      limit,
    }),
  ]);
  return [
    ...cases.flatMap(({ doc }) => unownedLine(doc)),
    ...actions.map(({ doc }) => actionLine(doc)),
    ...handovers.map(({ doc }) => handoverLine(doc)),
  ];
}

const unownedLine = ({ caseId, unowned }: CaseDoc): Line[] =>
  unowned
    ? [
        {
          kind: 'unowned',
          id: caseId,
          provider: unowned.provider,
          since: unowned.since,
          needBy: unowned.needBy,
        },
      ]
    : [];

const actionLine = ({ actionId, owner, setAt, dueAt }: Action): Line => ({
  kind: 'action',
  id: actionId,
  provider: owner.provider,
  since: setAt,
  needBy: dueAt,
});

function handoverLine({ caseId, handoverId, state, sender, to, offeredAt, answerBy }: Handover): Line {
  const rejected = state === 'rejected' || state === 'withdrawn';
  return {
    kind: 'handover',
    id: caseId,
    handoverId,
    provider: state === 'offered' ? to : sender,
    since: offeredAt,
    needBy: answerBy,
    ...(rejected && { rejected }),
  };
}

const DAY_MS = 24 * 60 * 60_000;

/** Is the list of a provider in, and true not longer ago than agreed? */
async function listStands(
  store: Store,
  pathwayId: string,
  { digest }: Agreement,
  provider: string,
  now: Instant,
): Promise<ListStands> {
  const found = await store.get<ListDoc>(listKey(pathwayId, provider), LIST_HEAD);
  const newest = found?.doc.newest;
  if (!newest) return { provider, fresh: false };
  const { asOf, state } = newest;
  return { provider, asOf, fresh: state === 'in' && msBetween(asOf, now) <= digest.listDays * DAY_MS };
}
