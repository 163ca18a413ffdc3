import { type Agreement, positionCan, primeOf } from '../agreement/agreement.ts';
import { digestChannel } from '../agreement/check-digest.ts';
import type { PersonActor } from '../core/actors.ts';
import { Refused } from '../core/errors.ts';
import { type Act, rule } from '../core/permissions.ts';
import type { Place } from '../core/routes.ts';
import type { Scope } from './digest.ts';

const may = (act: Act, actor: PersonActor, terms: Agreement, receiver?: string): boolean =>
  rule(
    act,
    actor,
    { prime: primeOf(terms).id, ...(receiver !== undefined && { receiver }) },
    (position, ability) => positionCan(terms, position, ability),
  ).allowed;

/** Whose digest a person may see, alone with Baton: everybody's, or that of each provider they work for. */
export function scopeOf(actor: PersonActor, terms: Agreement): Scope {
  if (may('digest.whole', actor, terms)) return 'all';
  const own = new Set(actor.positions.map(({ provider }) => provider));
  return [...own].filter((provider) => may('digest.part', actor, terms, provider));
}

/**
 * Whose digest is shown where somebody asks: in a provider's channel never more than that channel gets every week.
 * Errors: `Refused` `provider` for somebody who works for none that they could see there.
 */
export function scopeAt(
  actor: PersonActor,
  { provider: here }: Pick<Place, 'provider'>,
  terms: Agreement,
): Scope {
  const theirs = scopeOf(actor, terms);
  if (here === undefined) return theirs;
  if (here === digestChannel(terms)) return theirs;
  if (may('digest.part', actor, terms, here)) return [here];
  throw new Refused(
    'provider',
    'This channel belongs to another provider. Type /digest in your own channel, or in our personal chat.',
  );
}

/** What a channel gets every week. */
export const scopeOfChannel = (provider: string, terms: Agreement): Scope =>
  provider === digestChannel(terms) ? 'all' : [provider];
