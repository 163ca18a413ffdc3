import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Invalid, type Problem } from '../../../src/core/errors.ts';
import { EXAMPLE, OfferBody, offerSchema, readOffer } from '../../../src/http/handover-body.ts';
import { startServer } from './harness.ts';

const ajv = new Ajv2020({ strict: false });
formats.default(ajv);
const fitsSchema = ajv.compile(offerSchema());

const with_ = (change: (body: typeof EXAMPLE & Record<string, unknown>) => void): unknown => {
  const body = structuredClone(EXAMPLE) as typeof EXAMPLE & Record<string, unknown>;
  change(body);
  return body;
};

function problemsOf(body: unknown): readonly Problem[] {
  try {
    readOffer(body);
  } catch (error) {
    if (error instanceof Invalid) return error.problems;
    throw error;
  }
  return [];
}

const GOOD: [string, unknown][] = [
  ['the example', EXAMPLE],
  ['an offer that says nothing yet', { from: 'acute-trust', to: 'hospice', content: {} }],
  ['an offer on a known case', { from: 'a', to: 'b', caseId: '7K2-04', content: { contacts: [] } }],
  ['emoji, right-to-left and zero-width text', with_((body) => (body.content.allergies = 'نعم 🥜\u200b'))],
];
const BAD: [string, unknown, string][] = [
  ['nothing', undefined, 'body'],
  ['null', null, 'body'],
  ['a list', [EXAMPLE], 'body'],
  ['a text', 'handover', 'body'],
  ['no content', { from: 'a', to: 'b' }, 'content'],
  ['an empty from', { ...EXAMPLE, from: '' }, 'from'],
  ['a number as to', { ...EXAMPLE, to: 7 }, 'to'],
  ['a field nobody knows', { ...EXAMPLE, priority: 1 }, 'body'],
  [
    'an unknown field inside',
    with_((body) => (body.content = { ...body.content, mood: 'x' } as never)),
    'content',
  ],
  [
    'a date that is none',
    with_((body) => (body.content.person = { dob: '1942-02-30' })),
    'content.person.dob',
  ],
  [
    'a time without offset',
    with_((body) => (body.content.ask = { neededBy: '2026-12-01T18:00:00' })),
    'content.ask.neededBy',
  ],
  [
    'an unknown risk status',
    with_((body) => (body.content.risk = { status: 'huge' as never })),
    'content.risk.status',
  ],
  [
    'six contacts',
    with_((body) => (body.content.contacts = Array.from({ length: 6 }, () => ({})))),
    'content.contacts',
  ],
  [
    '10,000 characters',
    with_((body) => (body.content.sbar = { situation: 'x'.repeat(10_000) })),
    'content.sbar.situation',
  ],
  ['a case id with a path in it', { ...EXAMPLE, caseId: '../x' }, 'caseId'],
];

describe('the body of an offer', () => {
  test.each(GOOD)('takes %s, and the published schema agrees', (_name, body) => {
    expect(problemsOf(body)).toEqual([]);
    expect(fitsSchema(body)).toBe(true);
  });

  test.each(BAD)('refuses %s at the field, and the published schema agrees', (_name, body, field) => {
    expect(problemsOf(body).map((one) => one.field)).toContain(field);
    expect(fitsSchema(body)).toBe(false);
  });

  test.each([
    ['a NUL character', 'a\u0000b'],
    ['half a character', 'a\ud800b'],
  ])('refuses %s in any text', (_name, text) => {
    const body = with_((one) => (one.content.plan = { interim: text }));
    expect(problemsOf(body).map((one) => one.field)).toEqual(['content.plan.interim']);
  });

  test('one entry a field, all at once', () => {
    const body = { from: 'a', content: { risk: { status: 'x' }, person: { dob: 'x' } } };
    expect(
      problemsOf(body)
        .map((one) => one.field)
        .sort(),
    ).toEqual(['content.person.dob', 'content.risk.status', 'to']);
  });

  test('a body nested as deep as it is long is an answer, not a crash', async () => {
    const server = await startServer();
    const response = await server.post(`{"content":${'['.repeat(60_000)}${']'.repeat(60_000)}}`);
    expect(response.status).toBe(422);
  });

  test('whatever is sent, a refusal repeats no value of it', () => {
    const marked = fc.string({ minLength: 4, maxLength: 12 }).map((text) => `canary${text}`);
    const anything = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        marked,
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(anything, marked, (content, text) => {
        const problems = problemsOf({ from: text, to: 7, alias: 3, content });
        expect(problems.length).toBeGreaterThan(0);
        expect(problems.map((one) => one.message).join()).not.toContain('canary');
      }),
      { numRuns: 200 },
    );
  });

  test('is published with an example that passes', async () => {
    const server = await startServer();
    const response = await fetch(`${server.url}/schemas/handover.json`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/schema+json');
    const schema = (await response.json()) as { examples: unknown[] };
    expect(schema.examples).toHaveLength(1);
    for (const example of schema.examples) {
      expect(OfferBody.safeParse(example).success).toBe(true);
      expect(fitsSchema(example)).toBe(true);
    }
  });
});
