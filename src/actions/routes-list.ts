import type { Agreement } from '../agreement/agreement.ts';
import { scopeAt, scopeText, totalIn } from '../agreement/scope.ts';
import { withTotal } from '../core/cards.ts';
import type { Asking, Reply } from '../core/routes.ts';
import type { Waits } from '../core/waiting.ts';
import type { Listed, Store } from '../store/store.ts';
import { type Action, listOf, overdueUpTo } from './action.ts';
import { actionList, ROWS_A_PAGE, waitingRow } from './cards.ts';
import type { Verb } from './cards-verbs.ts';
import type { Actions } from './commands.ts';
import { positionsFor } from './facts.ts';

export interface ActionRouteDeps {
  readonly store: Store;
  readonly actions: Actions;
  readonly now: () => string;
}

export const WHICH = ['open', 'mine', 'overdue'] as const;
export type WhichList = (typeof WHICH)[number];
const TITLES: Record<WhichList, string> = {
  open: 'Open actions',
  mine: 'Your actions',
  overdue: 'Overdue actions',
};

/** The lists of a question: in a channel those of its provider, in person all partners'. Yours: by name, by role, by provider. */
function listsOf(which: WhichList, { actor, place }: Asking): string[] {
  if (which !== 'mine')
    return [place.provider === undefined ? 'actions.open' : `actions.open@${place.provider}`];
  const yours = actor.positions.flatMap(({ provider, role }) => [
    listOf({ provider, role }),
    listOf({ provider }),
  ]);
  return [...new Set([`actions.mine@${actor.person}`, ...yours])];
}

/** The rows of a list after a place, at most so many of each of its parts, by when they are due. */
async function rowsOf(
  { store, now }: Pick<ActionRouteDeps, 'store' | 'now'>,
  asking: Asking,
  which: WhichList,
  after: string,
  limit: number,
): Promise<Listed<Action>[]> {
  const page = { after, limit, ...(which === 'overdue' && { upTo: overdueUpTo(now()) }) };
  const found = await Promise.all(
    listsOf(which, asking).map((list) => store.page<Action>(asking.pathwayId, list, page)),
  );
  const merged = new Map<string, Listed<Action>>();
  for (const row of found.flat()) merged.set(row.place, row);
  return [...merged.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/**
 * The ids of those whose words the reader sees: the entitled, alone with Baton. That they saw them is recorded.
 */
async function seenBy(
  { actions }: Pick<ActionRouteDeps, 'actions'>,
  { pathwayId, actor, place }: Asking,
  shown: readonly Action[],
  today: Agreement,
): Promise<ReadonlySet<string>> {
  if (place.scope !== 'personal') return new Set();
  const seen = shown
    .filter((action) => positionsFor('action.view', { action, actor, today }) !== undefined)
    .map(({ actionId }) => actionId);
  await Promise.all(seen.map((actionId) => actions.view({ pathwayId, actionId }, actor)));
  return new Set(seen);
}

/** Actions on /mine; the rest are on /actions mine. */
const MOST_WAITING = 5;

/** The reader's open actions, for /mine: overdue ones come first. */
export const actionsWait =
  (deps: ActionRouteDeps): Waits =>
  async (asking) => {
    const { pathwayId } = asking;
    const rows = await rowsOf(deps, asking, 'mine', '', MOST_WAITING);
    if (rows.length === 0) return undefined;
    const { terms } = await deps.actions.inForce(pathwayId);
    const counts = listsOf('mine', asking).map((list) => deps.store.count(pathwayId, list));
    const count = (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
    const shown = rows.slice(0, MOST_WAITING).map(({ doc }) => doc);
    const seen = await seenBy(deps, asking, shown, terms);
    const data = { pathway: pathwayId, list: 'mine' satisfies WhichList, after: '' };
    return {
      title: 'Actions',
      count,
      rows: shown.map((action) => waitingRow(action, seen.has(action.actionId), terms, deps.now())),
      ...(count > shown.length && {
        more: { title: 'All your actions', verb: 'action.page' satisfies Verb, data },
      }),
    };
  };

/** `St Anne's Hospice: 3 open, 1 of them overdue.`: as the digest counts them. */
async function totals(
  { store, now }: Pick<ActionRouteDeps, 'store' | 'now'>,
  { pathwayId, actor, place }: Asking,
  terms: Agreement,
): Promise<string | undefined> {
  const scope = scopeAt(actor, place, terms);
  if (scope === undefined) return undefined;
  const [open, overdue] = await Promise.all([
    totalIn(store, pathwayId, scope, 'actions.open'),
    totalIn(store, pathwayId, scope, 'actions.open', { upTo: overdueUpTo(now()) }),
  ]);
  return `${scopeText(scope, terms)}: ${open} open, ${overdue} of them overdue.`;
}

/** One page of actions by when they are due, after a place. */
export async function pageOf(
  deps: ActionRouteDeps,
  asking: Asking,
  which: WhichList,
  after: string,
): Promise<Reply> {
  const { terms } = await deps.actions.inForce(asking.pathwayId);
  const rows = await rowsOf(deps, asking, which, after, ROWS_A_PAGE + 1);
  const shown = rows.slice(0, ROWS_A_PAGE);
  const last = shown.at(-1);
  const more = rows.length > ROWS_A_PAGE && last ? { list: which, after: last.place } : undefined;
  const docs = shown.map(({ doc }) => doc);
  const seen = await seenBy(deps, asking, docs, terms);
  const view = actionList(TITLES[which], docs, seen, terms, deps.now(), more);
  return {
    kind: 'card',
    view: withTotal(view, which === 'mine' ? undefined : await totals(deps, asking, terms)),
  };
}
