import { type Agreement, type ProviderTerms, peopleWho } from './agreement.ts';
import type { Party, SideName } from './ladder.ts';

/**
 * The providers that a side can mean, in the order of the agreement. `receiver`: all that can answer a handover.
 * `sender`: all that can offer one, or keep the cases of a sender outside. `prime`: the one that answers for the
 * pathway; none in terms that were not checked.
 */
export function meantBy(terms: Agreement, side: SideName): ProviderTerms[] {
  const means = (provider: ProviderTerms): boolean => {
    switch (side) {
      case 'receiver':
        return peopleWho(terms, provider.id, 'answer').length > 0;
      case 'sender':
        return (
          peopleWho(terms, provider.id, 'offer').length > 0 ||
          terms.outside.some(({ keptBy }) => keptBy.provider === provider.id)
        );
      case 'prime':
        return provider.kind === 'prime';
    }
  };
  return terms.providers.filter(means);
}

/** The role that a party of a step means at one provider. */
export const roleAt = (party: Party, provider: ProviderTerms): string => party.role ?? provider.holdsAs;
