import type { Action } from '../actions/action.ts';
import { type Agreement, positionCan, primeOf } from '../agreement/agreement.ts';
import type { Handover } from '../handovers/handover.ts';
import type { CaseDoc } from '../register/case.ts';

const SIDES = ['offer', 'answer', 'clinical', 'coordinate'] as const;

type Positions = Agreement['people'][number]['positions'];
const positionsOf = (terms: Agreement, person: string): Positions =>
  terms.people.find(({ key }) => key === person)?.positions ?? [];

/** May the person read what names whom a case is about, under these terms? Said in other words than the rules say it. */
export function mayReadCase(
  terms: Agreement,
  person: string,
  { holder, unowned }: CaseDoc,
  handover: Handover | undefined,
  justClosed: boolean,
): boolean {
  const over = (handover?.state === 'rejected' || handover?.state === 'withdrawn') && !justClosed;
  const at = new Set([holder?.provider ?? unowned?.provider, handover?.sender]);
  return positionsOf(terms, person).some((position) => {
    const works = SIDES.some((ability) => positionCan(terms, position, ability));
    const leads = position.provider === primeOf(terms).id && positionCan(terms, position, 'clinical-lead');
    return leads || (works && (at.has(position.provider) || (position.provider === handover?.to && !over)));
  });
}

/** May the person see both records of a pair? Those who coordinate at the provider of one of them, and at the prime. */
export function maySeePair(terms: Agreement, person: string, cases: readonly CaseDoc[]): boolean {
  const at = new Set(cases.map(({ holder, unowned }) => holder?.provider ?? unowned?.provider));
  at.add(primeOf(terms).id);
  return positionsOf(terms, person).some(
    (position) => at.has(position.provider) && positionCan(terms, position, 'coordinate'),
  );
}

/** May the person read what is to be done, under these terms? */
export function mayReadAction(terms: Agreement, person: string, { owner, setBy }: Action): boolean {
  const positions = positionsOf(terms, person);
  if (positions.length > 0 && (owner.person === person || setBy.person === person)) return true;
  return positions.some((position) => {
    const can = (...abilities: readonly Parameters<typeof positionCan>[2][]): boolean =>
      abilities.some((ability) => positionCan(terms, position, ability));
    if (position.provider === owner.provider && position.role === owner.role) return true;
    if (position.provider === primeOf(terms).id && can('coordinate', 'clinical-lead', 'assure')) return true;
    return (
      [owner.provider, setBy.provider].includes(position.provider) && can(...SIDES, 'clinical-lead', 'assure')
    );
  });
}
