import { z } from 'zod/v4';

/** The kinds of abuse and neglect of the Care Act 2014 guidance (ten), and what else a concern can be about. */
export const CATEGORIES = {
  physical: 'Physical abuse',
  domestic: 'Domestic abuse',
  sexual: 'Sexual abuse',
  psychological: 'Psychological abuse',
  financial: 'Financial or material abuse',
  'modern-slavery': 'Modern slavery',
  discriminatory: 'Discriminatory abuse',
  organisational: 'Organisational abuse',
  neglect: 'Neglect and acts of omission',
  'self-neglect': 'Self-neglect',
  exploitation: 'Exploitation',
  fgm: 'Female genital mutilation',
  'forced-marriage': 'Forced marriage',
  radicalisation: 'Radicalisation',
  'hate-crime': 'Hate or mate crime',
  other: 'Something else',
  unknown: "Don't know",
} as const;
export type Category = keyof typeof CATEGORIES;
const CATEGORY_IDS = Object.keys(CATEGORIES) as [Category, ...Category[]];

/** Why a concern goes on without the person's consent. */
export const WITHOUT_CONSENT = {
  emergency: 'It is an emergency',
  crime: 'Serious crime, or the public interest',
  'best-interests': 'They lack capacity, and it is in their best interests',
  'more-risk': 'Asking would raise the risk',
  'cannot-ask': 'They cannot be asked',
  coercion: 'They are being coerced',
} as const;
export type WithoutConsent = keyof typeof WITHOUT_CONSENT;
const WITHOUT_IDS = Object.keys(WITHOUT_CONSENT) as [WithoutConsent, ...WithoutConsent[]];

/** "Don't know" is always an answer. */
export const YesNo = z.enum(['yes', 'no', 'unknown']);
export type YesNo = z.infer<typeof YesNo>;

/** The longest free text of a field, in characters. */
export const MAX_TOLD = 4_000;
const text = z.string().trim().min(1).max(MAX_TOLD);
const short = z.string().trim().min(1).max(200);

/**
 * What a concern says, as its raiser sent it. Facts stand apart from opinion. Only what the raiser must answer is
 * required, each with "don't know"; nothing optional delays sending (Care Act 2014, section 42, and its guidance).
 */
export const Told = z
  .object({
    /** About whom; all may be unknown. */
    person: z
      .object({
        given: short.optional(),
        surname: short.optional(),
        dob: z.iso.date().optional(),
        nhsNumber: short.optional(),
        /** Where they can be found now. */
        whereNow: short.optional(),
      })
      .strict(),
    age: z.enum(['adult', 'child', 'unknown']),
    categories: z.array(z.enum(CATEGORY_IDS)).min(1),
    /** Fact: what was seen, and what was said, in whose words. */
    facts: text,
    /** What the raiser thinks of it. */
    opinion: text.optional(),
    /** When, in words. */
    when: short,
    /** When, where it is known to the day or better. */
    happenedAt: z.iso.datetime().optional(),
    where: short.optional(),
    danger: YesNo,
    dangerDone: text.optional(),
    harm: text.optional(),
    othersAtRisk: YesNo.optional(),
    othersWho: text.optional(),
    children: YesNo.optional(),
    ongoing: YesNo.optional(),
    discussed: YesNo.optional(),
    consent: z.enum(['given', 'without', 'unknown']),
    /** Required where it goes on without consent. */
    withoutConsent: z.enum(WITHOUT_IDS).optional(),
    capacity: YesNo.optional(),
    views: text.optional(),
    wanted: text.optional(),
    communication: text.optional(),
    /** The person alleged responsible, and what they are to the person. */
    alleged: short.optional(),
    relation: short.optional(),
    /** Is it about somebody who works or volunteers for a partner? Who: see `Named`. */
    staff: YesNo,
    evidence: text.optional(),
    safeContact: text.optional(),
    policeReference: short.optional(),
  })
  .strict();
export type Told = z.infer<typeof Told>;
