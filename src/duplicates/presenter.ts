import { type Agreement, peopleWho, primeOf } from '../agreement/agreement.ts';
import { type Change, type Head, type Key, type Route, routeName } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import type { Presenter } from '../jobs/presenter.ts';
import type { Loaded } from '../store/turn.ts';
import { askCard } from './cards.ts';
import type { Duplicates, Present } from './commands.ts';
import { keepersOf } from './facts.ts';
import { casesOf, listed, PAIR_HEAD, type Pair, pairSubject } from './pair.ts';
import { asksOf } from './same-person.ts';
import { lineText } from './words.ts';

/** The provider that a card at this route asks: of a person, one of theirs that is asked. */
function askedAt(route: Route, { pair, a, b, today }: Present): string | undefined {
  if (route.to === 'channel') return route.provider;
  const theirs = today.people.find(({ key }) => key === route.person)?.positions ?? [];
  const asks = asksOf(pair, { a, b });
  return (theirs.find(({ provider }) => asks.includes(provider)) ?? theirs[0])?.provider;
}

/** Whoever coordinates at an asked provider, instead of its channel; the prime's channel where nobody does. */
function instead(provider: string, today: Agreement): readonly Route[] {
  const people = peopleWho(today, provider, 'coordinate').map((person): Route => ({ to: 'person', person }));
  return people.length > 0 ? people : [{ to: 'channel', provider: primeOf(today).id }];
}

/** How what was decided of a pair reads: the card that asks a provider to agree, and the lines of what became of it. */
export function pairPresenter(duplicates: Pick<Duplicates, 'present'>): Presenter {
  const find = ({ pathwayId }: Key, subject: string, now: Instant): Promise<Present | undefined> => {
    const [a, b] = casesOf(subject);
    return duplicates.present({ pathwayId, a, b }, now);
  };
  return {
    head: () => PAIR_HEAD,

    async show(key, subject, route, now) {
      const found = await find(key, subject, now);
      const provider = found && askedAt(route, found);
      if (!found || provider === undefined) return undefined;
      const { pair, a, b } = found;
      const answered = keepersOf(a, b).includes(provider) && !asksOf(pair, { a, b }).includes(provider);
      // What asks for nothing any more is not posted anew.
      const over = pair.stands.state !== 'asked' || answered;
      return { view: askCard(found, provider), revision: pair.revision, ...(over && { editOnly: true }) };
    },

    async tell(key, { subject, line, refs = {} }, now) {
      const found = await find(key, subject, now);
      return found && lineText(line, refs, found);
    },

    async fallbacks(key, subject, route) {
      if (route.to !== 'channel') return [];
      const found = await find(key, subject, '');
      if (!found || !asksOf(found.pair, found).includes(route.provider)) return [];
      const told = new Set([...(found.pair.shownTo ?? []), route].map(routeName));
      return instead(route.provider, found.today).filter((one) => !told.has(routeName(one)));
    },

    /** Whoever was reached instead keeps a copy, which must change with the others. */
    settled({ head }: Loaded<Head>, { form, outcome, route }): Change {
      const pair = head as Pair | undefined;
      if (!pair || form !== 'show' || outcome !== 'sent') return {};
      const known = pair.shownTo ?? [];
      if (known.some((one) => routeName(one) === routeName(route))) return {};
      return {
        documents: [listed({ ...pair, shownTo: [...known, route] })],
        notices: [{ form: 'show', subject: pairSubject(pair), route }],
      };
    },
  };
}
