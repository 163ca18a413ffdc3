import { z } from 'zod/v4';
import { Invalid, type Problem } from '../core/errors.ts';
import { isStorable } from '../core/text.ts';
import { Content } from '../handovers/handover.ts';

const PartnerId = z
  .string('write the id of the partner, as in the agreement')
  .trim()
  .min(1, 'write the id of the partner, as in the agreement')
  .max(40, 'use at most 40 characters');

/** A handover as a partner's system offers it. What is missing of the minimum dataset is asked for, not refused. */
export const OfferBody = z
  .object({
    from: PartnerId.describe('Who offers: the partner that the key belongs to.'),
    to: PartnerId.describe('The provider that is asked to take it.'),
    caseId: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/, 'use the case id that an earlier answer gave')
      .optional()
      .describe('The case this belongs to, where an earlier answer gave its id. Absent: a new case.'),
    alias: z
      .string()
      .trim()
      .min(1, 'write your own id, or leave the field out')
      .max(100, 'use at most 100 characters')
      .optional()
      .describe('The id that the sender itself knows this case by.'),
    content: Content.describe('What the handover says: who, what is asked, SBAR, risks, contacts, plan.'),
  })
  .strict();
export type OfferBody = z.infer<typeof OfferBody>;

/** An offer that is whole, for people who write the other side. The person is made up; 999… is a test range. */
export const EXAMPLE: z.input<typeof OfferBody> = {
  from: 'acute-trust',
  to: 'hospice',
  alias: 'DIS-20418',
  content: {
    person: {
      given: 'Margaret',
      surname: 'Example',
      dob: '1942-03-07',
      nhsNumber: '9990000018',
      address: '4 Test Lane, Exampleton',
      postcode: 'ZZ99 3VZ',
      phone: '01632 960001',
      safeContact: 'Ring her daughter first; Margaret does not hear the telephone',
      language: 'English',
      communication: 'Wears two hearing aids',
    },
    ask: {
      what: 'Overnight comfort visits for two weeks',
      urgency: 'routine',
      neededBy: '2026-12-01T18:00:00Z',
      service: 'Hospice at home',
    },
    sbar: {
      situation: 'Going home today after five days in hospital',
      background: 'Heart failure, known to the community nurses',
      assessment: 'Stable, breathless on the stairs',
      recommendation: 'First visit tonight, then review with the family',
    },
    risk: { status: 'medium', detail: 'Falls: two in the last month' },
    safeguarding: { status: 'none-identified' },
    consent: { status: 'given' },
    contacts: [{ name: 'Anna Example', relation: 'Daughter', phone: '01632 960002' }],
    plan: { interim: 'Community nurses visit each morning', nextReview: '2026-12-08' },
    adjustments: 'Time to answer; written information in large print',
    sceneSafety: 'One dog, shut away before visits',
    allergies: 'Penicillin',
    author: { name: 'Sam Example', role: 'Discharge coordinator', phone: '01632 960003' },
  },
};

/** The JSON Schema (draft 2020-12) of the body, with the example. */
export function offerSchema(): object {
  return {
    ...z.toJSONSchema(OfferBody, { io: 'input' }),
    title: 'A handover offered by a partner',
    examples: [EXAMPLE],
  };
}

/** One answer names at most so many problems; the sender mends those and sees the rest. */
const MOST_PROBLEMS = 50;

/**
 * The body as an offer. Errors: `Invalid`, one entry for each field that is wrong, in the words of what
 * to do; a value that was sent is never repeated.
 */
export function readOffer(body: unknown): OfferBody {
  const parsed = OfferBody.safeParse(body);
  const problems = [...(parsed.success ? [] : parsed.error.issues.flatMap(problemsOf)), ...badText(body)];
  if (!parsed.success || problems.length > 0) {
    throw new Invalid(
      'This cannot be read as a handover. Mend the fields listed; the schema is at /schemas/handover.json.',
      problems.slice(0, MOST_PROBLEMS),
    );
  }
  return parsed.data;
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const field = issue.path.map(String).join('.') || 'body';
  if (issue.code === 'unrecognized_keys') {
    return [
      { field, message: `take out what the schema does not know (${issue.keys.length} in this object)` },
    ];
  }
  if (issue.code === 'invalid_type') {
    const article = /^[aeiou]/.test(issue.expected) ? 'an' : 'a';
    return [{ field, message: `give ${article} ${issue.expected}` }];
  }
  if (issue.code === 'invalid_value') {
    return [{ field, message: `use one of ${issue.values.map(String).join(', ')}` }];
  }
  if (issue.code === 'invalid_format' && issue.format === 'datetime') {
    return [{ field, message: 'write a time with its offset, such as 2026-12-01T18:00:00Z' }];
  }
  return [{ field, message: issue.message }];
}

/**
 * Text that no screen shows and some databases change: the NUL character, and half of a surrogate pair.
 * Walks without recursion, since a body may be nested as deep as it is long.
 */
function badText(body: unknown): Problem[] {
  const problems: Problem[] = [];
  const waiting: { at: string; value: unknown }[] = [{ at: '', value: body }];
  for (let next = waiting.pop(); next && problems.length < MOST_PROBLEMS; next = waiting.pop()) {
    const { at, value } = next;
    if (typeof value === 'string') {
      if (!isStorable(value)) {
        problems.push({ field: at || 'body', message: 'take out NUL characters and characters cut in half' });
      }
    } else if (typeof value === 'object' && value !== null) {
      const known = Array.isArray(value) ? value.entries() : Object.entries(value);
      for (const [name, inner] of known) {
        // Deeper than any offer is: the schema has refused it already, and a path this long helps nobody.
        if (at.length < 200) waiting.push({ at: at ? `${at}.${name}` : String(name), value: inner });
      }
    }
  }
  return problems;
}
