import { z } from 'zod/v4';
import { ClockName, Duration, Label, Phone, Slug } from './parts.ts';

/** As what somebody is asked about a concern, in the order in which an agreement usually asks them. */
export const ASKED_AS = ['lead', 'deputy', 'out-of-hours', 'prime-lead'] as const;
export type AskedAs = (typeof ASKED_AS)[number];

const Asked = z
  .object({
    as: z.enum(ASKED_AS),
    /** Whose people are asked: those in this role at this provider. */
    provider: Slug,
    role: Slug,
    /** So long they have before the next is asked, elapsed: a concern never waits for office hours. */
    within: Duration.default('2h'),
    /** The same where the person is in danger now. */
    urgentWithin: Duration.default('15m'),
    /** Teams is no pager: the provider's paging or SMS service is called as well. */
    wake: z.boolean().default(true),
  })
  .strict();
export type AskedTerms = z.infer<typeof Asked>;

/** For whom a contact of the map is there. */
export const MAP_FOR = ['adults', 'children', 'everybody'] as const;

const Text = z.string().trim().min(1, 'write it out').max(500, 'use at most 500 characters');

const Contact = z
  .object({
    id: Slug,
    name: Label,
    kind: z.enum(['local-authority', 'police', 'health', 'other']),
    for: z.enum(MAP_FOR).default('everybody'),
    /** Also the short numbers of public services: 101, 111, 999. */
    phone: Phone.or(z.enum(['101', '111', '999'])),
    /** When somebody answers there, in words: `Mon to Fri 09:00 to 17:00`. */
    hours: Text,
    /** When to ring them: what was agreed about the threshold. */
    threshold: Text,
  })
  .strict();
export type MapContact = z.infer<typeof Contact>;

const Within = z.object({ within: Duration, clock: ClockName }).strict();

/** What the partners agreed about safeguarding concerns. */
export const SafeguardingTerms = z
  .object({
    /** Who is asked, one after another, until somebody acknowledges. */
    ask: z.array(Asked).min(1, 'name at least the safeguarding lead').max(8, 'use at most eight steps'),
    /** A concern about somebody in danger is acknowledged within this, elapsed. */
    urgent: Duration.default('1h'),
    /** Answers where everybody above is in conflict or nobody answers: works for none of the partners. */
    outside: z.object({ name: Label, phone: Phone, hours: Text }).strict(),
    /** Whom to ring for what: thresholds, contacts, hours. */
    map: z.array(Contact).max(40, 'use at most forty contacts').default([]),
    /** Who manages whom, by the keys of people, where it is known. */
    manages: z
      .array(z.object({ manager: Slug, of: z.array(Slug).min(1, 'name at least one person') }).strict())
      .default([]),
    /** Closed concerns are reviewed after so long (NHS Records Management Code of Practice, 2023). */
    retention: z
      .object({
        /** Of adults: years after it was closed. */
        adultYears: z
          .number()
          .int()
          .min(1, 'use at least 1 year')
          .max(100, 'use at most 100 years')
          .default(8),
        /** Of children: at this birthday, or so many years after it was closed where no birth date is known. */
        childBirthday: z
          .number()
          .int()
          .min(18, 'use at least the 18th birthday')
          .max(100, 'use at most the 100th birthday')
          .default(25),
      })
      .strict()
      .prefault({}),
    /** An authority that was told answers within this, or whoever decided is reminded. */
    chase: z
      .object({
        adults: Within.default({ within: '3d', clock: 'working-days' }),
        children: Within.default({ within: '1d', clock: 'working-days' }),
      })
      .strict()
      .prefault({}),
  })
  .strict();
export type SafeguardingTerms = z.infer<typeof SafeguardingTerms>;
