import type { CardView } from '../core/routes.ts';
import { type Agreement, type ProviderTerms, roleOf } from './agreement.ts';

/** The people of the pathway by provider, with their roles, and each provider's telephone number. */
export function peopleCard(terms: Agreement): CardView {
  return {
    card: 'agreement/people',
    data: {
      title: terms.name,
      providers: terms.providers.map((provider) => ({
        name: provider.name,
        phone: provider.phone,
        people: terms.people.flatMap((person) => {
          const roles = person.positions
            .filter((position) => position.provider === provider.id)
            .map((position) => roleOf(terms, position.role)?.name ?? position.role);
          return roles.length > 0 ? [{ name: person.name, roles: roles.join(', ') }] : [];
        }),
      })),
    },
    summary: `People of ${terms.name}.`,
  };
}

/** After /bind: the channel is the provider's now; `strangers` are its members who are not in the agreement. */
export function boundCard(provider: ProviderTerms, strangers: readonly string[]): CardView {
  const shown = strangers.slice(0, 20);
  return {
    card: 'agreement/bound',
    data: {
      provider: provider.name,
      strange: strangers.length > 0,
      strangers: shown.map((name) => ({ name })),
      others: strangers.length > shown.length ? `and ${strangers.length - shown.length} more` : '',
      more: strangers.length > shown.length,
    },
    summary: `Handovers to ${provider.name} are shown in this channel from now on.`,
  };
}
