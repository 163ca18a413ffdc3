import { type Agreement, primeOf } from '../agreement/agreement.ts';
import { takingRoles } from '../agreement/register.ts';
import { type Change, type Head, type Key, type Route, routeName } from '../core/change.ts';
import type { Presented, Presenter, Settled } from '../jobs/presenter.ts';
import type { Loaded } from '../store/turn.ts';
import { togetherCard, unownedCard } from './cards.ts';
import { CASE_HEAD, type CaseDoc, caseListed, UNOWNED_SUBJECT } from './case.ts';
import type { Register } from './commands.ts';
import { LIST_HEAD, listIn, providerIn, type Together, togetherId } from './list.ts';

type Deps = Pick<Register, 'inForce' | 'present' | 'presentTogether'>;

/** Where the cards stand, and whose list it was: what both sorts have in common. */
interface Alerted {
  readonly provider: string;
  readonly shownTo: readonly Route[];
}

/**
 * Instead of a channel the people there who may take a case; instead of one of them, and where there are none, the
 * prime's channel, which has no further fallback.
 */
function instead({ provider, shownTo }: Alerted, route: Route, today: Agreement): Route[] {
  const prime: Route = { to: 'channel', provider: primeOf(today).id };
  const told = new Set([...shownTo, route].map(routeName));
  const roles = takingRoles(today);
  const people = today.people
    .filter(({ positions }) => positions.some((at) => at.provider === provider && roles.includes(at.role)))
    .map(({ key }): Route => ({ to: 'person', person: key }));
  const channel = route.to === 'channel';
  if (channel && route.provider !== provider) return [];
  return (channel && people.length > 0 ? people : [prime]).filter((one) => !told.has(routeName(one)));
}

/** The routes with one that was reached instead; undefined where it is among them. */
const reached = ({ shownTo }: Alerted, what: Settled): readonly Route[] | undefined =>
  what.form === 'show' &&
  what.outcome === 'sent' &&
  !shownTo.some((one) => routeName(one) === routeName(what.route))
    ? [...shownTo, what.route]
    : undefined;

/** How the card of a case reads that nobody holds. */
export function unownedPresenter(register: Deps): Presenter {
  return {
    head: () => CASE_HEAD,

    async show({ pathwayId, caseId }, _subject, _route, now): Promise<Presented | undefined> {
      const found = await register.present(pathwayId, caseId);
      if (!found?.caseDoc.unowned) return undefined;
      const { caseDoc, today } = found;
      return {
        view: unownedCard(caseDoc, today, now),
        revision: caseDoc.unowned?.revision ?? 1,
        // What somebody holds asks for nothing, and is not posted anew.
        ...(caseDoc.holder && { editOnly: true }),
      };
    },

    tell: async () => undefined,

    async fallbacks({ pathwayId, caseId }, _, route) {
      const found = await register.present(pathwayId, caseId);
      return found?.caseDoc.unowned ? instead(found.caseDoc.unowned, route, found.today) : [];
    },

    async settled(loaded: Loaded<Head>, what): Promise<Change> {
      const caseDoc = loaded.head as CaseDoc | undefined;
      const shownTo = caseDoc?.unowned && reached(caseDoc.unowned, what);
      if (!caseDoc?.unowned || !shownTo) return {};
      return {
        documents: [caseListed({ ...caseDoc, unowned: { ...caseDoc.unowned, shownTo } })],
        // Once more for what changed while it was on its way.
        notices: [{ form: 'show', subject: UNOWNED_SUBJECT, route: what.route as Route }],
      };
    },
  };
}

/** How the card reads of the cases of one list that nobody holds. */
export function listPresenter(register: Deps): Presenter {
  const find = ({ pathwayId, caseId }: Key, subject: string) =>
    register.presentTogether(pathwayId, providerIn(caseId), listIn(subject));
  return {
    head: () => LIST_HEAD,

    async show(key, subject, _, now): Promise<Presented | undefined> {
      const found = await find(key, subject);
      if (!found) return undefined;
      const { together, left, today } = found;
      return {
        view: togetherCard(together, left, today, now),
        revision: together.revision,
        ...(together.ended && { editOnly: true }),
      };
    },

    tell: async () => undefined,

    async fallbacks(key, subject, route) {
      const found = await find(key, subject);
      return found ? instead(found.together, route, found.today) : [];
    },

    async settled(loaded: Loaded<Head>, what): Promise<Change> {
      const together = await loaded.get<Together>(togetherId(listIn(what.subject)));
      const shownTo = together && reached(together, what);
      if (!together || !loaded.head || !shownTo) return {};
      return {
        documents: [loaded.head, { ...together, shownTo } as Together],
        notices: [{ form: 'show', subject: what.subject, route: what.route as Route }],
      };
    },
  };
}
