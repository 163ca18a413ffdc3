import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../src/core/errors.ts';
import { readFailure, verdictOfBatch, verdictOfThrown } from '../../../src/store/cosmos-answer.ts';

const coded = (code: number | string, more: object = {}) => Object.assign(new Error('x'), { code, ...more });
/** The client wraps what a batch threw. */
const wrapped = (cause: Error) => new Error(`Batch request error: ${cause.message}`, { cause });

describe('the answer to a batch', () => {
  it.each([
    [[201, 200, 204], 'done'],
    [[424, 409, 424], 'conflict'],
    [[412, 424], 'conflict'],
    [[404], 'conflict'],
    [[424, 429], 'refused'],
    [[424, 449], 'refused'],
    [[400, 424], 'refused'],
    [[413], 'refused'],
    [[500, 424], 'lost'],
    [[424, 424], 'lost'],
    [[], 'lost'],
  ])('with the codes %j is %s', (codes, kind) => {
    expect(verdictOfBatch(codes.map((statusCode) => ({ statusCode }))).kind).toBe(kind);
  });

  it('that is missing is lost', () => {
    expect(verdictOfBatch(undefined).kind).toBe('lost');
  });
});

describe('what a batch throws', () => {
  it.each([
    [coded('ECONNRESET'), 'lost'],
    [coded('TimeoutError'), 'lost'],
    [Object.assign(new Error('aborted'), { name: 'AbortError' }), 'lost'],
    [new SyntaxError('half an answer'), 'lost'],
    [coded(503), 'lost'],
    [coded(408), 'lost'],
    [coded(410), 'lost'],
    [coded(409), 'conflict'],
    [coded('ECONNREFUSED'), 'refused'],
    [coded('ENOTFOUND'), 'refused'],
    [coded(401), 'refused'],
    [coded(403), 'refused'],
    [coded(404), 'refused'],
    [coded(400), 'refused'],
  ])('%j is %s, wrapped or not', (error, kind) => {
    expect(verdictOfThrown(error).kind).toBe(kind);
    expect(verdictOfThrown(wrapped(error)).kind).toBe(kind);
  });

  it('says when to come back after throttling', () => {
    const verdict = verdictOfThrown(wrapped(coded(429, { retryAfterInMs: 250 })));
    expect(verdict).toMatchObject({ kind: 'refused', error: { took: 'no', retryAfterMs: 250 } });
  });

  it('says what to do about credentials', () => {
    const verdict = verdictOfThrown(coded(403));
    expect(verdict.kind === 'refused' && verdict.error.message).toMatch(/check the key, or the role/);
  });

  it('ends at something without a code and without a cause', () => {
    for (const thrown of [undefined, null, 'text', new Error('x', { cause: 'y' })]) {
      expect(verdictOfThrown(thrown).kind).toBe('lost');
    }
  });
});

describe('a failed read', () => {
  it.each([coded(500), coded(503), coded('ECONNRESET'), coded('ECONNREFUSED'), coded(409), new Error('x')])(
    '%j had no effect',
    (error) => {
      expect(readFailure(error)).toMatchObject({ name: 'Unavailable', took: 'no' });
    },
  );
  it.each([coded(400), coded(404)])('%j is a mistake, not an outage', (error) => {
    expect(readFailure(error)).not.toBeInstanceOf(Unavailable);
  });
  it('keeps the delay that the service asks for', () => {
    expect(readFailure(coded(429, { retryAfterInMs: 40 }))).toMatchObject({ took: 'no', retryAfterMs: 40 });
  });
});
