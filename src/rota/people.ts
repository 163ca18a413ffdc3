import { type Agreement, partnerName, roleOf } from '../agreement/agreement.ts';
import type { Position } from '../core/actors.ts';

export const positionsOf = (terms: Agreement, person: string): readonly Position[] =>
  terms.people.find(({ key }) => key === person)?.positions ?? [];

/** Does the person hold this position today? */
export const holds = (terms: Agreement, person: string, at: Position): boolean =>
  positionsOf(terms, person).some((one) => one.provider === at.provider && one.role === at.role);

/** `Duty manager at St Anne's Hospice`. */
export const placeOf = (terms: Agreement, { provider, role }: Position): string =>
  `${roleOf(terms, role)?.name ?? role} at ${partnerName(terms, provider)}`;
