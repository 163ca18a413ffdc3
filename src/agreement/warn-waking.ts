import { type Agreement, peopleInRole, peopleWho, primeOf } from './agreement.ts';
import { type Finding, finding } from './finding.ts';
import { meantBy } from './sides.ts';

const STANDING_IN = ['clinical', 'clinical-lead'] as const;

/**
 * Rungs that are to wake people where a provider that they can ask has no paging service: nobody there is woken,
 * and the card says which number to ring instead. One finding a rung, naming the providers.
 */
export function warnWaking(terms: Agreement): Finding[] {
  return terms.ladder.rungs.flatMap((rung, at) => {
    if (!rung.wake) return [];
    const prime = primeOf(terms);
    // The prime's clinicians stand in for an empty clinical rung.
    const standIns =
      rung.kind === 'clinical' && STANDING_IN.some((can) => peopleWho(terms, prime.id, can).length > 0);
    const asleep = terms.providers.filter(
      ({ id, paging }) =>
        paging === undefined &&
        ((standIns && id === prime.id) ||
          (meantBy(terms, rung.ask.of).some((meant) => meant.id === id) &&
            rung.ask.roles.some((role) => peopleInRole(terms, id, role).length > 0))),
    );
    if (asleep.length === 0) return [];
    const names = asleep.map(({ name }) => name).join(' and ');
    return [
      finding(
        ['ladder', 'rungs', at, 'wake'],
        `the rung ${rung.id} wakes people, and ${names} ${asleep.length === 1 ? 'has' : 'have'} no paging service to wake them with`,
        'write paging: { url: https://… } at the provider, or agree who rings the number on the card',
      ),
    ];
  });
}
