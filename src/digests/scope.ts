import type { Agreement } from '../agreement/agreement.ts';
import { digestChannel } from '../agreement/check-digest.ts';
import { type Scope, scopeAt } from '../agreement/scope.ts';
import type { PersonActor } from '../core/actors.ts';
import { Refused } from '../core/errors.ts';
import type { Place } from '../core/routes.ts';

/** Whose digest is shown where somebody asks. Errors: `Refused` `provider` where it is none that they could see. */
export function shownAt(actor: PersonActor, place: Pick<Place, 'provider'>, terms: Agreement): Scope {
  const scope = scopeAt(actor, place, terms);
  if (scope !== undefined) return scope;
  throw new Refused(
    'provider',
    'This channel belongs to another provider. Type /digest in your own channel, or in our personal chat.',
  );
}

/** What a channel gets every week. */
export const scopeOfChannel = (provider: string, terms: Agreement): Scope =>
  provider === digestChannel(terms) ? 'all' : [provider];
