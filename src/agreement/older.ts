import { type Agreement, primeOf } from './agreement.ts';
import type { LadderTerms } from './ladder.ts';

/** Terms as stored: those put in force before ladders were agreed have none. */
export type StoredTerms = Omit<Agreement, 'ladder' | 'raci'> & Partial<Pick<Agreement, 'ladder' | 'raci'>>;

/** Stored terms as they are read today. */
export const readTerms = (terms: StoredTerms): Agreement => ({
  ...terms,
  ladder: terms.ladder ?? ladderBefore(terms),
  raci: terms.raci ?? [],
});

/** What stood in for a ladder until the partners agreed one: who holds cases, then the prime's clinical lead. */
function ladderBefore(stored: StoredTerms): LadderTerms {
  const terms = stored as Agreement;
  const prime = primeOf(terms);
  const holding = [...new Set(terms.providers.map(({ holdsAs }) => holdsAs))];
  const leading = terms.roles.filter(({ can }) => can.includes('clinical-lead')).map(({ id }) => id);
  const rung = { remind: [], repeats: 0, wake: false, hold: '30m' };
  const hour = { within: '1h', clock: 'elapsed' } as const;
  const says = 'Answer this handover, or agree with the sender who takes it.';
  return {
    lastResort: { name: prime.name, phone: prime.phone },
    rungs: [
      {
        ...rung,
        id: 'operational',
        name: 'Operational',
        kind: 'operational',
        ask: { of: 'receiver', roles: holding },
        answer: hour,
        says,
      },
      {
        ...rung,
        id: 'clinical',
        name: 'Clinical',
        kind: 'clinical',
        ask: { of: 'prime', roles: leading.length > 0 ? leading : [prime.holdsAs] },
        answer: hour,
        says,
      },
    ],
  };
}
