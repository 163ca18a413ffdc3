import { type Agreement, partnerName, roleOf } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';

/** Asked for every shift at every look at the rota: each agreement's people are found by key. */
const known = new WeakMap<Agreement, ReadonlyMap<string, readonly Position[]>>();

/** What the person is, at which providers; nothing for nobody of this agreement. */
export function positionsOf(terms: Agreement, person: string): readonly Position[] {
  const people = known.get(terms) ?? new Map(terms.people.map(({ key, positions }) => [key, positions]));
  known.set(terms, people);
  return people.get(person) ?? [];
}

/** Does the person hold this position today? */
export const holds = (terms: Agreement, person: string, at: Position): boolean =>
  positionsOf(terms, person).some((one) => one.provider === at.provider && one.role === at.role);

/** `Duty manager at St Anne's Hospice`. */
export const placeOf = (terms: Agreement, { provider, role }: Position): string =>
  `${roleOf(terms, role)?.name ?? role} at ${partnerName(terms, provider)}`;
