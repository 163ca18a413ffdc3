import type { Asking, Reply } from '../core/routes.ts';
import type { Listed, Store } from '../store/store.ts';
import { type Action, listOf, overdueUpTo } from './action.ts';
import { actionList, ROWS_A_PAGE } from './cards.ts';
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

/**
 * One page of actions by when they are due, after a place. What is to be done stands there for those entitled,
 * alone with Baton, and that they saw it is recorded.
 */
export async function pageOf(
  { store, actions, now: clock }: ActionRouteDeps,
  asking: Asking,
  which: WhichList,
  after: string,
): Promise<Reply> {
  const { pathwayId, actor, place } = asking;
  const { terms } = await actions.inForce(pathwayId);
  const now = clock();
  const page = {
    after,
    limit: ROWS_A_PAGE + 1,
    ...(which === 'overdue' && { upTo: overdueUpTo(now) }),
  };
  const found = await Promise.all(
    listsOf(which, asking).map((list) => store.page<Action>(pathwayId, list, page)),
  );
  const merged = new Map<string, Listed<Action>>();
  for (const row of found.flat()) merged.set(row.place, row);
  const rows = [...merged.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
  const shown = rows.slice(0, ROWS_A_PAGE);
  const last = shown.at(-1);
  const more = rows.length > ROWS_A_PAGE && last ? { list: which, after: last.place } : undefined;
  const entitled = shown
    .map(({ doc }) => doc)
    .filter((action) => positionsFor('action.view', { action, actor, today: terms }) !== undefined)
    .map(({ actionId }) => actionId);
  const seen = place.scope === 'personal' ? entitled : [];
  await Promise.all(seen.map((actionId) => actions.view({ pathwayId, actionId }, actor)));
  const docs = shown.map(({ doc }) => doc);
  return { kind: 'card', view: actionList(TITLES[which], docs, new Set(seen), terms, now, more) };
}
