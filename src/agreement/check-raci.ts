import { type Agreement, peopleInRole, roleOf } from './agreement.ts';
import { type Finding, finding, twice, unknownRole } from './finding.ts';
import type { Party } from './ladder.ts';
import { meantBy, roleAt } from './sides.ts';

/**
 * Who does what: whoever is accountable is somebody at every provider that can be meant; the others at one of them
 * at least, since a charity may have no clinician to consult.
 */
export function checkRaci(terms: Agreement): Finding[] {
  return [
    ...twice(
      terms.raci.map(({ step }) => step),
      (at) => ['raci', at, 'step'],
      'the step',
    ),
    ...terms.raci.flatMap((step, at) => [
      ...checkAccountable(terms, step.accountable, ['raci', at, 'accountable']),
      ...(['responsible', 'consulted', 'informed'] as const).flatMap((part) =>
        step[part].flatMap((party, which) => checkOther(terms, party, ['raci', at, part, which])),
      ),
    ]),
  ];
}

const held = (terms: Agreement, party: Party): boolean[] =>
  meantBy(terms, party.of).map(
    (provider) => peopleInRole(terms, provider.id, roleAt(party, provider)).length > 0,
  );

function checkAccountable(terms: Agreement, party: Party, path: Finding['path']): Finding[] {
  if (party.role !== undefined && !roleOf(terms, party.role)) {
    return [unknownRole([...path, 'role'], party.role)];
  }
  const meant = meantBy(terms, party.of);
  const without = meant.filter(
    (provider) => peopleInRole(terms, provider.id, roleAt(party, provider)).length === 0,
  );
  if (meant.length > 0 && without.length === 0) return [];
  const where = meant.length === 0 ? `any provider that is the ${party.of}` : names(without);
  return [
    finding(
      path,
      `nobody at ${where} has the role ${party.role ?? 'that holds its cases'}, so that nobody would be accountable there`,
      'name a role that each of them has, or leave the role out: then it is the one that holds the provider’s cases',
    ),
  ];
}

function checkOther(terms: Agreement, party: Party, path: Finding['path']): Finding[] {
  if (party.role !== undefined && !roleOf(terms, party.role)) {
    return [unknownRole([...path, 'role'], party.role)];
  }
  if (held(terms, party).includes(true)) return [];
  return [
    finding(
      path,
      `nobody at a provider that can be the ${party.of} has the role ${party.role ?? 'that holds its cases'}`,
      'name a role that somebody there has, or remove it',
    ),
  ];
}

const names = (providers: readonly { readonly name: string }[]): string =>
  providers.map(({ name }) => name).join(' and ');
