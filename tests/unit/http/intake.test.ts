import { request as rawRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { Conflict, Invalid, Refused, Unavailable } from '../../../src/core/errors.ts';
import { EXAMPLE } from '../../../src/http/handover-body.ts';
import { KEY, PATH, problem, startServer } from './harness.ts';

describe('a partner offers a handover over HTTP', () => {
  test('is answered 201 with where it is kept and what it lacks, and the command knows the partner', async () => {
    const server = await startServer({
      offer: async () => ({
        caseId: 'C1',
        handoverId: 'h9',
        status: 'information-requested',
        missing: ['allergies'],
      }),
    });
    const response = await server.post(EXAMPLE);
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({
      caseId: 'C1',
      handoverId: 'h9',
      status: 'information-requested',
      missing: ['allergies'],
    });
    const [actor, pathway, body, idempotency] = server.offered[0] ?? [];
    expect(actor).toEqual({ kind: 'partner', partner: EXAMPLE.from });
    expect(pathway).toBe('complex-care');
    expect(body?.content.person.surname).toBe('Example');
    expect(idempotency?.idempotencyKey).toBe('k-1');
  });

  test('spaces and the order of fields do not make another body; a changed word does', async () => {
    const server = await startServer();
    const { from, ...rest } = EXAMPLE;
    await server.post(EXAMPLE);
    await server.post(JSON.stringify({ ...rest, from }, null, 2));
    await server.post({ ...EXAMPLE, alias: 'DIS-20419' });
    const [first, reordered, changed] = server.offered.map(([, , , { bodyHash }]) => bodyHash);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(reordered).toBe(first);
    expect(changed).not.toBe(first);
  });

  test.each([
    ['no key', { authorization: undefined }],
    ['another key', { authorization: 'Bearer wrong' }],
    ['the hash for the key', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${KEY}` }],
  ])('with %s it is 401 and the command is not asked', async (_name, headers) => {
    const server = await startServer();
    const response = await server.post(EXAMPLE, headers);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect((await problem(response)).code).toBe('unauthorised');
    expect(server.offered).toEqual([]);
  });

  test('a stranger is turned away before the body is read', async () => {
    const server = await startServer();
    expect((await server.post('{', { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  test('a key offers for its own partner only', async () => {
    const server = await startServer();
    const response = await server.post({ ...EXAMPLE, from: 'northside' });
    expect(response.status).toBe(403);
    expect((await problem(response)).code).toBe('not-yours');
    expect(server.offered).toEqual([]);
  });

  test.each([
    ['none', undefined],
    ['a blank one', '   '],
    ['one with spaces', 'a b'],
    ['one of 201 characters', 'x'.repeat(201)],
  ])('with %s as Idempotency-Key it is 400', async (_name, key) => {
    const server = await startServer();
    const response = await server.post(EXAMPLE, { 'idempotency-key': key });
    expect(response.status).toBe(400);
    expect((await problem(response)).code).toBe('idempotency-key-required');
    expect(server.offered).toEqual([]);
  });

  test.each([
    [new Refused('unknown-pathway', 'There is no such pathway.'), 404],
    [new Refused('unknown-provider', 'There is no such provider.'), 404],
    [new Refused('idempotency-mismatch', 'That key was used with another body.'), 409],
    [new Refused('not-yours', 'Not yours.'), 403],
    [new Refused('something-new', 'Not now.'), 409],
    [new Invalid('Mend it.', [{ field: 'content.ask.urgency', message: 'use one of urgent, routine' }]), 422],
    [new Unavailable('the store is away', 'unknown', { retryAfterMs: 3_200 }), 503],
    [new Conflict('others were faster'), 503],
  ])('what the command throws (%s) decides the status', async (error, status) => {
    const server = await startServer({
      offer: async () => {
        throw error;
      },
    });
    const response = await server.post(EXAMPLE);
    expect(response.status).toBe(status);
    const answer = await problem(response);
    expect(answer.status).toBe(status);
    if (error instanceof Refused) expect(answer.code).toBe(error.code);
    if (error instanceof Invalid) expect(answer.errors).toEqual(error.problems);
    if (error instanceof Unavailable) expect(response.headers.get('retry-after')).toBe('4');
  });

  test('a bug is answered with a reference that the log has too, and nothing of what was sent is in either', async () => {
    const server = await startServer({
      offer: async (_actor, _pathway, body) => {
        throw new TypeError(`cannot store ${body.content.person.surname}`, {
          cause: new Error('Margaret\n    at Margaret'),
        });
      },
    });
    const response = await server.post(EXAMPLE);
    expect(response.status).toBe(500);
    const answer = await problem(response);
    expect(answer.reference).toMatch(/^[0-9a-f]{8}$/);
    expect(server.log()).toContain(answer.reference);
    expect(server.log()).toContain('TypeError');
    for (const output of [server.log(), JSON.stringify(answer)]) {
      expect(output).not.toMatch(/Margaret|cannot store/);
    }
    expect(JSON.stringify(answer)).not.toContain('.ts');
  });
});

describe('with no partner keys set', () => {
  test('this machine offers without a key, for the partner it names', async () => {
    const server = await startServer({ intakeKeys: [] });
    expect((await server.post(EXAMPLE, { authorization: undefined })).status).toBe(201);
    expect(server.offered[0]?.[0].partner).toBe(EXAMPLE.from);
  });

  test.each([
    ['Forwarded', { forwarded: 'for=127.0.0.1' }],
    ['X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }],
    ['a Host of another name', { host: 'rebound.example' }],
  ])('a request with %s is 401', async (_name, headers) => {
    const server = await startServer({ intakeKeys: [] });
    // fetch does not let a caller choose Host.
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = rawRequest(`${server.url}${PATH}`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on('error', reject).end('{}');
    });
    expect(status).toBe(401);
  });
});
