import type { Actor, PersonActor } from '../core/actors.ts';
import { type Act, rule } from '../core/permissions.ts';
import type { Place } from '../core/routes.ts';
import type { Store } from '../store/store.ts';
import { type Agreement, partnerName, positionCan, primeOf, providerOf } from './agreement.ts';
import { digestChannel } from './check-digest.ts';

/** Whose figures are shown: everybody's, or those of some providers. */
export type Scope = 'all' | readonly string[];

/** Is this provider's work in the scope? */
export const within = (scope: Scope, provider: string): boolean =>
  scope === 'all' || scope.includes(provider);

/** May somebody do this with what is a provider's? */
export const mayAt = (act: Act, actor: Actor, terms: Agreement, receiver?: string): boolean =>
  rule(
    act,
    actor,
    { prime: primeOf(terms).id, ...(receiver !== undefined && { receiver }) },
    (position, ability) => positionCan(terms, position, ability),
  ).allowed;

/** Whose figures a person may see, alone with Baton: everybody's, or those of each provider they work for. */
export function scopeOf(actor: PersonActor, terms: Agreement): Scope {
  if (mayAt('digest.whole', actor, terms)) return 'all';
  const own = new Set(actor.positions.map(({ provider }) => provider));
  return [...own].filter((provider) => mayAt('digest.part', actor, terms, provider));
}

/**
 * Whose figures are shown where somebody asks: in a provider's channel never more than that channel gets every week.
 * Undefined for somebody who works for none that they could see there.
 */
export function scopeAt(
  actor: PersonActor,
  { provider: here }: Pick<Place, 'provider'>,
  terms: Agreement,
): Scope | undefined {
  const theirs = scopeOf(actor, terms);
  if (here === undefined || here === digestChannel(terms)) return theirs;
  return mayAt('digest.part', actor, terms, here) ? [here] : undefined;
}

/** What belongs to a provider by its name, and to those who are no partners any more by what is known of them. */
export function partText(provider: string, terms: Agreement): string {
  if (provider === '') return 'Former partners';
  const name = partnerName(terms, provider);
  return providerOf(terms, provider) ? name : `${name} (no partner any more)`;
}

/** `All partners`, or the providers by name. */
export const scopeText = (scope: Scope, terms: Agreement): string =>
  scope === 'all' ? 'All partners' : scope.map((one) => partText(one, terms)).join(' and ');

/** How many stand on a list in a scope; `of`: the list by provider, where it has another name than the whole. */
export async function totalIn(
  store: Pick<Store, 'count'>,
  pathwayId: string,
  scope: Scope,
  list: string,
  { of = list, upTo }: { readonly of?: string; readonly upTo?: string } = {},
): Promise<number> {
  if (scope === 'all') return store.count(pathwayId, list, upTo);
  const counts = await Promise.all(scope.map((one) => store.count(pathwayId, `${of}@${one}`, upTo)));
  return counts.reduce((sum, one) => sum + one, 0);
}
