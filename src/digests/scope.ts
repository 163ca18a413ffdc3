import type { Agreement } from '../agreement/agreement.ts';
import { digestChannel } from '../agreement/check-digest.ts';
import { mayAt, type Scope, scopeOf } from '../agreement/scope.ts';
import type { PersonActor } from '../core/actors.ts';
import { Refused } from '../core/errors.ts';
import type { Place } from '../core/routes.ts';

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
  if (mayAt('digest.part', actor, terms, here)) return [here];
  throw new Refused(
    'provider',
    'This channel belongs to another provider. Type /digest in your own channel, or in our personal chat.',
  );
}

/** What a channel gets every week. */
export const scopeOfChannel = (provider: string, terms: Agreement): Scope =>
  provider === digestChannel(terms) ? 'all' : [provider];
