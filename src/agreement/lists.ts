import { z } from 'zod/v4';
import { ClockName, Duration, Slug } from './parts.ts';

/** What Baton reads of a partner's caseload list, and what each means. */
export const LIST_FIELDS = {
  id: 'the partner’s own id of the case',
  given: 'first name',
  surname: 'surname',
  dob: 'date of birth',
  nhsNumber: 'NHS number',
  postcode: 'postcode',
  holder: 'who holds the case; empty where nobody does',
  status: 'whether it waits, is open or is closed',
  received: 'when it was received',
  firstContact: 'when the person was first seen or spoken to',
  discharged: 'when it was closed',
  outcome: 'how it ended',
  nextReview: 'when it is looked at next',
  marked: 'whether the record is restricted or of changed identity; empty where it is neither',
} as const;
export type ListField = keyof typeof LIST_FIELDS;

/** Where a case stands by a partner's list. */
export const LIST_STATES = ['waiting', 'open', 'closed'] as const;
export type ListState = (typeof LIST_STATES)[number];

const Column = z
  .string()
  .trim()
  .min(1, 'write the name of the column, as the first line of the list has it')
  .max(100, 'use at most 100 characters');

const Columns = z
  .object({
    id: Column,
    given: Column.optional(),
    surname: Column.optional(),
    dob: Column.optional(),
    nhsNumber: Column.optional(),
    postcode: Column.optional(),
    holder: Column.optional(),
    status: Column.optional(),
    received: Column.optional(),
    firstContact: Column.optional(),
    discharged: Column.optional(),
    outcome: Column.optional(),
    nextReview: Column.optional(),
    marked: Column.optional(),
  } satisfies Record<ListField, z.ZodType>)
  .strict();

/** How one provider's weekly caseload list is read: the names of its columns, and its own words for a status. */
export const ListTerms = z
  .object({
    provider: Slug,
    columns: Columns,
    /** The provider's words for where a case stands, beside waiting, open and closed. */
    statuses: z.record(z.string().trim().min(1), z.enum(LIST_STATES)).default({}),
  })
  .strict();
export type ListTerms = z.infer<typeof ListTerms>;

const Meaning = z.string().trim().min(1, 'say what it means').max(200, 'use at most 200 characters');

/** What was agreed about the register as a whole. */
export const RegisterTerms = z
  .object({
    /** Roles that may take a case that nobody holds. */
    take: z.array(Slug).min(1, 'name at least one role that may take a case that nobody holds').optional(),
    /** The one role that is asked whether cases with a marked record are about one person; without it nobody is. */
    markedRecords: Slug.optional(),
    /** Somebody has taken it after so long, on this clock of the provider whose list it came from. */
    unowned: z
      .object({ within: Duration, clock: ClockName })
      .strict()
      .default({ within: '1d', clock: 'working-days' }),
    /** Somebody has settled a mismatch after so long, on this clock of the provider that it concerns. */
    mismatch: z
      .object({ within: Duration, clock: ClockName })
      .strict()
      .default({ within: '5d', clock: 'working-days' }),
    /** A case that waited longer for its first contact, when its list was true, is a long wait. In whole days. */
    longWait: Duration.default('28d'),
    /** What the partners agreed to mean by the days on their lists. */
    definitions: z
      .object({
        received: Meaning.default('the day on which the provider received the referral'),
        firstContact: Meaning.default('the day on which somebody first saw or spoke to the person'),
        discharged: Meaning.default('the day on which the provider closed the case'),
      } satisfies Partial<Record<ListField, z.ZodType>>)
      .strict()
      .prefault({}),
  })
  .strict();
export type RegisterTerms = z.infer<typeof RegisterTerms>;

/** Stands where the partners agreed nothing about the register. */
export const REGISTER: RegisterTerms = RegisterTerms.parse({});
