import { type Agreement, primeOf } from './agreement.ts';
import { DIGEST } from './digest.ts';
import type { LadderTerms } from './ladder.ts';
import { REGISTER } from './lists.ts';
import { TRAINING } from './training.ts';

type Since = 'ladder' | 'raci' | 'lists' | 'register' | 'digest' | 'training';

/** Terms as stored: those put in force before ladders, lists or digests were agreed have none. */
export type StoredTerms = Omit<Agreement, Since> & Partial<Pick<Agreement, Since>>;

/** Stored terms as they are read today. */
export const readTerms = (terms: StoredTerms): Agreement => ({
  ...terms,
  ladder: terms.ladder ?? ladderBefore(terms),
  raci: terms.raci ?? [],
  lists: terms.lists ?? [],
  register: { ...REGISTER, ...terms.register },
  digest: terms.digest ?? DIGEST,
  training: terms.training ?? TRAINING,
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
