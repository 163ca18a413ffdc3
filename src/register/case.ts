import { z } from 'zod/v4';
import { type Agreement, partnerName, roleOf, staffName } from '../agreement/agreement.ts';
import type { Head } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { initials, optionalText } from '../core/text.ts';

/** Whom a case is about, as far as it is known. */
export const Person = z
  .object({
    given: optionalText(100),
    surname: optionalText(100),
    dob: z.iso.date('write a date such as 1948-03-07').optional(),
    nhsNumber: optionalText(20),
    address: optionalText(300),
    postcode: optionalText(10),
    phone: optionalText(40),
    safeContact: optionalText(500),
    language: optionalText(100),
    communication: optionalText(500),
  })
  .strict();
export type Person = z.infer<typeof Person>;

/** Who holds a case: a provider and a role, and a person if one took it by name. */
export interface Holder {
  readonly provider: string;
  readonly role: string;
  readonly person?: string;
}

/** Where an offer of a case to a provider stands. */
export type OfferState = 'offered' | 'information-requested' | 'accepted' | 'rejected' | 'withdrawn';

/** The head of a case: who holds it, whom it is about, and what is open. Every commit replaces it. */
export interface CaseDoc extends Head {
  readonly kind: 'case';
  readonly caseId: string;
  readonly state: 'open' | 'closed';
  readonly holder: Holder;
  readonly person: Person;
  /** The partner's own id for this case, by partner. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  /** Handovers of the case, oldest first: id, who to whom, where it stands. */
  readonly handovers: readonly {
    readonly id: string;
    readonly from: string;
    readonly to: string;
    readonly state: OfferState;
    readonly need: string;
    /** Which claim made it, so that the same request again finds it. */
    readonly claim: string;
  }[];
}

/** The id of a case's head document. */
export const CASE_HEAD = 'case';

/** The case with its places: every chain of events, and whose case it is. */
export function caseListed(caseDoc: CaseDoc): CaseDoc {
  return {
    ...caseDoc,
    lists: { chains: caseDoc.caseId, [`cases@${caseDoc.holder.provider}`]: caseDoc.caseId },
  };
}

/** `7K2-04 · J.S.`; the register id alone where the partners turned initials off, or there is no name. */
export function caseLabel(caseId: string, person: Person, terms: Agreement): string {
  const letters = terms.initialsOnCards ? initials(named(person.given), named(person.surname)) : '';
  return letters ? `${caseId} · ${letters}` : caseId;
}

/** A name from its first letter on: what comes before could turn the line around it. */
const named = (name: string | undefined): string | undefined => name?.replace(/^[^\p{L}\p{N}]+/u, '');

/** `Held by Northside (coordinator)`, with the person if one took it by name. */
export function heldBy(holder: Holder, terms: Agreement): string {
  const role = roleOf(terms, holder.role)?.name.toLocaleLowerCase('en-GB');
  const person = holder.person && staffName(holder.person, terms);
  const who = [person, role].filter((word) => word !== undefined).join(', ');
  return `Held by ${partnerName(terms, holder.provider)}${who ? ` (${who})` : ''}`;
}
