import { type Agreement, peopleInRole, peopleWho } from '../agreement/agreement.ts';
import { type Change, type Head, type Key, type Route, routeName } from '../core/change.ts';
import type { Presenter, Settled } from '../jobs/presenter.ts';
import type { Loaded } from '../store/turn.ts';
import {
  ACTION_HEAD,
  type Action,
  actionIdOf,
  listed,
  type Owner,
  ownerRoute,
  setterRoute,
} from './action.ts';
import { actionCard, canOfKey, sharedCard } from './cards.ts';
import type { Actions, Present } from './commands.ts';
import { showAt, tellAt } from './facts.ts';
import { line } from './lines.ts';

/** How actions read when they are sent: the owner's card, and the lines to the owner and to whoever set it. */
export function actionPresenter(actions: Pick<Actions, 'present'>): Presenter {
  const find = ({ pathwayId }: Key, subject: string): Promise<Present | undefined> =>
    actions.present({ pathwayId, actionId: actionIdOf(subject) });

  return {
    head: () => ACTION_HEAD,

    async show(key, subject, route, now) {
      const found = await find(key, subject);
      if (!found) return undefined;
      const { action, today } = found;
      const view =
        route.to === 'person'
          ? actionCard(action, canOfKey(action, route.person, today, now), today, now)
          : sharedCard(action, today, now);
      // What asks for nothing any more is not posted anew.
      return { view, revision: action.revision, ...(action.state !== 'open' && { editOnly: true }) };
    },

    async tell(key, notice, now) {
      const found = await find(key, notice.subject);
      return found && line(notice.line, notice.refs ?? {}, found.action, found.today, now);
    },

    /**
     * Instead of the owner and of whoever set it the channel of their provider; instead of the owner's channel
     * the people there. These have no further fallback, so that no two stand in for each other.
     */
    async fallbacks(key, subject, route) {
      const found = await find(key, subject);
      if (!found) return [];
      const { owner, setBy } = found.action;
      if (route.to === 'channel') {
        if (route.provider !== owner.provider) return [];
        return peopleFor(owner, found.today)
          .filter((person) => person !== owner.person && person !== setBy.person)
          .map((person) => ({ to: 'person', person }));
      }
      if (route.person === owner.person) return [{ to: 'channel', provider: owner.provider }];
      return route.person === setBy.person ? [{ to: 'channel', provider: setBy.provider }] : [];
    },

    settled,
  };
}

/** Who sees to it where a channel cannot be reached: the coordinators, with those in the owner's role or all who answer. */
function peopleFor({ provider, role, person }: Owner, today: Agreement): string[] {
  const inRole = role === undefined ? [] : peopleInRole(today, provider, role);
  const whole = role === undefined && person === undefined ? peopleWho(today, provider, 'answer') : [];
  return [...new Set([...inRole, ...peopleWho(today, provider, 'coordinate'), ...whole])];
}

/**
 * Whoever was reached instead keeps a copy, which must change with the others. Where nobody could be told, whoever
 * set it hears of that, once.
 */
async function settled({ head }: Loaded<Head>, what: Settled): Promise<Change> {
  const action = head as Action | undefined;
  if (!action || what.form !== 'show') return {};
  const route: Route = what.route;
  const known = action.shownTo.some((one) => routeName(one) === routeName(route));
  if (what.outcome === 'sent') {
    if (known) return {};
    return {
      documents: [listed({ ...action, shownTo: [...action.shownTo, route] })],
      notices: showAt(action, [route]),
    };
  }
  const stillTheirs =
    action.state === 'open' && (!known || routeName(ownerRoute(action.owner)) === routeName(route));
  if (!stillTheirs || action.unreached) return {};
  return {
    documents: [listed({ ...action, unreached: true })],
    notices: tellAt(action, [setterRoute(action.setBy)], 'action.not-delivered'),
  };
}
