import type { PersonActor } from '../core/actors.ts';
import { type Act, rule } from '../core/permissions.ts';
import { type Agreement, positionCan, primeOf } from './agreement.ts';

/** Whose figures are shown: everybody's, or those of some providers. */
export type Scope = 'all' | readonly string[];

/** Is this provider's work in the scope? */
export const within = (scope: Scope, provider: string): boolean =>
  scope === 'all' || scope.includes(provider);

/** May a person do this with what is a provider's? */
export const mayAt = (act: Act, actor: PersonActor, terms: Agreement, receiver?: string): boolean =>
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
