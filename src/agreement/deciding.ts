import {
  type Agreement,
  type ProviderTerms,
  peopleInRole,
  primeOf,
  providerOf,
  staffName,
} from './agreement.ts';
import type { Party, SideName } from './ladder.ts';
import { roleName } from './ladder-words.ts';
import { meantBy, roleAt } from './sides.ts';

/** Keys of the people on duty at this moment in one of the roles at the provider; only those whom Baton reaches. */
export type OnDuty = (where: {
  readonly provider: string;
  readonly roles: readonly string[];
}) => readonly string[];

/** A party of a step at one provider: its role there, and who of it is on duty. */
export interface PartyAt {
  readonly provider: ProviderTerms;
  /** The role's name; undefined where nobody at the provider has it. */
  readonly role?: string;
  readonly onDuty: readonly string[];
}

/** A party at every provider that it can mean, in the order of the agreement. */
export const partyEverywhere = (terms: Agreement, party: Party, onDuty: OnDuty): PartyAt[] =>
  meantBy(terms, party.of).map((provider) => partyAt(terms, party, provider, onDuty));

function partyAt(terms: Agreement, party: Party, provider: ProviderTerms, onDuty: OnDuty): PartyAt {
  const role = roleAt(party, provider);
  if (peopleInRole(terms, provider.id, role).length === 0) return { provider, onDuty: [] };
  const keys = onDuty({ provider: provider.id, roles: [role] });
  return { provider, role: roleName(terms, role), onDuty: keys.map((key) => staffName(key, terms)) };
}

/** Who decides at one step about one case. */
export interface Deciding {
  readonly step: string;
  /** Absent while nobody stands on that side, such as a receiver before the case is offered. */
  readonly at?: PartyAt;
  readonly accountable: Party;
}

/** For each step of the pathway whoever is accountable for a case with these providers on its sides. */
export function whoDecides(
  terms: Agreement,
  sides: Readonly<Partial<Record<Exclude<SideName, 'prime'>, string>>>,
  onDuty: OnDuty,
): Deciding[] {
  return terms.raci.map(({ name, accountable }) => {
    const id = accountable.of === 'prime' ? primeOf(terms).id : sides[accountable.of];
    const provider = id === undefined ? undefined : providerOf(terms, id);
    return {
      step: name,
      accountable,
      ...(provider && { at: partyAt(terms, accountable, provider, onDuty) }),
    };
  });
}
