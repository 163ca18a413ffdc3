import { z } from 'zod/v4';
import type { Instant } from '../core/clock.ts';
import type { Lapsed } from './entries.ts';
import type { Mark, Person } from './mark.ts';

/** What was decided about a concern. Nothing of it is edited: a later decision is another entry. */

/** To what degree the person's wanted outcome was met (Making Safeguarding Personal). */
export const MET = {
  fully: 'Fully',
  partly: 'Partly',
  not: 'Not',
  'not-asked': 'They were not asked',
  unknown: "Don't know",
} as const;
/** What has become of the risk, as the Safeguarding Adults Collection counts it. */
export const RISK = {
  removed: 'Risk removed',
  reduced: 'Risk reduced',
  remaining: 'Risk remaining',
} as const;
/** On what basis it was shared (UK GDPR article 6, Data Protection Act 2018 schedule 1, Caldicott). */
export const BASES = {
  'public-task': 'Public task: safeguarding duty (Care Act 2014; Children Act 2004)',
  'legal-obligation': 'Legal obligation',
  'vital-interests': 'Vital interests: to protect somebody’s life',
  consent: 'The person’s consent',
  'public-interest': 'Serious crime, or the public interest',
} as const;
/** What the authority answered. */
export const ANSWERS = {
  enquiry: 'They open an enquiry (section 42 or 47)',
  'no-enquiry': 'They do not open an enquiry',
  advice: 'They gave advice',
  'not-needed': 'No answer is needed any more',
  other: 'Something else',
} as const;
/** Why a concern is closed. */
export const CLOSINGS = {
  protected: 'The person is protected, and nothing is outstanding',
  'with-authority': 'The local authority leads on it now',
  'not-safeguarding': 'It is no safeguarding matter; dealt with otherwise',
  'at-their-wish': 'At the person’s own wish, and they can decide it',
  died: 'The person has died',
} as const;

const text = z.string().trim().min(1).max(4_000);
const Told = z
  .object({
    told: z.enum(['yes', 'no']),
    why: text,
    reference: z.string().trim().max(200).optional(),
    /** When they were told, where they were. */
    at: z.iso.datetime().optional(),
  })
  .strict();

export const Decided = z
  .object({
    police: Told,
    /** `contact`: which of the map. */
    authority: Told.extend({ contact: z.string().max(40).optional() }),
    /** Of what was shared, if anything was. */
    basis: z.enum(Object.keys(BASES) as [keyof typeof BASES, ...(keyof typeof BASES)[]]).optional(),
    wanted: text.optional(),
    met: z.enum(Object.keys(MET) as [keyof typeof MET, ...(keyof typeof MET)[]]),
    risk: z.enum(Object.keys(RISK) as [keyof typeof RISK, ...(keyof typeof RISK)[]]),
    /** Who told the employer's nominated person, or why not yet, where it is about somebody of a partner. */
    employer: text.optional(),
    rationale: text,
  })
  .strict();
export type Decided = z.infer<typeof Decided>;

/** An entry of the record of decisions. */
export interface Decision extends Decided {
  readonly n: number;
  readonly by: Person;
  readonly at: Instant;
  /** The authority that it tells of, told for the first time, is to answer by then. */
  readonly answerBy?: Instant;
}

/** Does it stand: was whoever did it not found, afterwards, to be somebody who may not know of the concern? */
export const stands = (
  what: Lapsed['what'],
  { by, at }: Mark,
  { lapsed = [] }: { readonly lapsed?: readonly Lapsed[] },
): boolean => !lapsed.some((one) => one.what === what && one.by.person === by.person && one.until >= at);

/** The authority to answer soonest of those that were told; what it answered is added. */
export interface Chase {
  /** Of which decision. */
  readonly n: number;
  readonly due: Instant;
  /** Whoever decided was reminded so often. */
  readonly reminded: number;
  readonly next: Instant;
}

export interface Answered {
  /** Of which decision. */
  readonly n: number;
  readonly by: Person;
  readonly at: Instant;
  readonly answer: keyof typeof ANSWERS;
  readonly happenedAt: Instant;
  readonly reference?: string;
}
export interface Closing {
  readonly state: 'closed' | 'reopened';
  readonly by: Person;
  readonly at: Instant;
  readonly reason: string;
}
