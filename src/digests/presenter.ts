import { type Agreement, peopleWho } from '../agreement/agreement.ts';
import { digestChannel } from '../agreement/check-digest.ts';
import { type Scope, scopeOf } from '../agreement/scope.ts';
import type { Route } from '../core/change.ts';
import type { Presenter } from '../jobs/presenter.ts';
import { digestCard } from './cards.ts';
import type { Digests } from './commands.ts';
import { DIGEST_HEAD, weekIn } from './digest.ts';
import { scopeOfChannel } from './scope.ts';

function scopeAtRoute(route: Route, terms: Agreement): Scope | undefined {
  if (route.to === 'channel') return scopeOfChannel(route.provider, terms);
  const member = terms.people.find(({ key }) => key === route.person);
  if (!member) return undefined;
  const { key, name, positions } = member;
  return scopeOf({ kind: 'person', person: key, name, positions }, terms);
}

/** How a week's digest reads where it goes: the whole of it in the leads' channel, each partner's part in theirs. */
export function digestPresenter(digests: Pick<Digests, 'made' | 'inForce'>): Presenter {
  return {
    head: () => DIGEST_HEAD,

    async show({ pathwayId }, subject, route, now) {
      const shown = await digests.made(pathwayId, weekIn(subject));
      const scope = shown && scopeAtRoute(route, shown.today);
      return shown && scope && { view: digestCard(shown, scope, now), revision: 1 };
    },

    tell: async () => undefined,

    /** Instead of a channel the coordinators there, and for the whole of it those who lead. They have no fallback. */
    async fallbacks({ pathwayId }, _, route) {
      if (route.to !== 'channel') return [];
      const terms = await digests.inForce(pathwayId);
      const leads = route.provider === digestChannel(terms);
      const who = (['coordinate', ...(leads ? (['clinical-lead', 'assure'] as const) : [])] as const).flatMap(
        (ability) => peopleWho(terms, route.provider, ability),
      );
      return [...new Set(who)].map((person) => ({ to: 'person', person }));
    },

    settled: () => ({}),
  };
}
