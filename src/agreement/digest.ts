import { z } from 'zod/v4';
import { Slug } from './parts.ts';

/** The days of a week as the agreement writes them, Monday first as ISO 8601 counts. */
export const DIGEST_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** When the weekly digest is made, where the whole of it goes, and how old a list may be that it rests on. */
export const DigestTerms = z
  .object({
    day: z.enum(DIGEST_DAYS).default('mon'),
    /** A local time of the pathway's zone. */
    at: z
      .string()
      .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'write a time such as 08:00')
      .default('08:00'),
    /** The provider in whose channel the whole digest goes; the prime where it is not said. */
    channel: Slug.optional(),
    /** A partner's list counts as fresh for so many days after it was true: a week, and a day for being late. */
    listDays: z
      .int('write a whole number of days')
      .min(1, 'write at least 1 day')
      .max(92, 'write at most 92 days')
      .default(8),
  })
  .strict();
export type DigestTerms = z.infer<typeof DigestTerms>;

/** Stands where the partners agreed nothing about the digest. */
export const DIGEST: DigestTerms = DigestTerms.parse({});
