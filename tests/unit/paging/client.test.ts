import { createServer } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { PagingKey } from '../../../src/config.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { isPagingAddress, type Page, type PageOutcome, pageReference } from '../../../src/core/page.ts';
import { createPaging } from '../../../src/paging/client.ts';
import { providersWithoutKey } from '../../../src/paging/keys.ts';
import { type PagerAnswer, startPager } from '../../support/pager.ts';

const SECRET = 'st-annes-and-baton-know-this-alone';
const NOW = '2026-11-24T19:30:00.000Z';
const clock: Clock = { now: () => NOW, sleep: async () => undefined };
const page: Page = { reference: 'K7Q29-MX43P', ring: '0300 123 4503', again: false };

async function service() {
  const pager = await startPager({ secrets: { 'st-annes': SECRET }, now: () => Date.parse(NOW) / 1000 });
  onTestFinished(() => pager.close());
  return pager;
}

function calling(keys: readonly PagingKey[] = [{ provider: 'st-annes', secret: SECRET }], attemptMs = 2_000) {
  const said: string[] = [];
  const log = { warn: (...args: unknown[]) => void said.push(JSON.stringify(args)) };
  const call = createPaging({ keys, clock, log: log as never, attemptMs });
  return { call, said };
}

test('a page arrives signed, with a reference, a number and whether it is a repeat, and nothing else', async () => {
  const pager = await service();
  const { call, said } = calling();
  expect(await call(pager.url, 'st-annes', page)).toEqual({ kind: 'sent', status: 202 });
  expect(pager.calls).toEqual([{ ...page, provider: 'st-annes', woke: true }]);
  expect(pager.wrong).toEqual([]);
  expect(said).toEqual([]);
});

test('what more a caller has in hand does not leave', async () => {
  const pager = await service();
  const more = { ...page, patient: 'Margaret Example' };
  expect(await calling().call(pager.url, 'st-annes', more)).toMatchObject({ kind: 'sent' });
  expect(pager.wrong).toEqual([]);
});

const again: Page = { ...page, again: true };
const ANSWERS: [what: string, answer: PagerAnswer, means: PageOutcome, page?: Page][] = [
  ['a success', { status: 200 }, { kind: 'sent', status: 200 }],
  ['a success without a body', { status: 204 }, { kind: 'sent', status: 204 }],
  ['a 409 to a repeat', { status: 409 }, { kind: 'sent', status: 409 }, again],
  ['a 409 to a first call', { status: 409 }, { kind: 'failed', reason: 'refused', status: 409 }],
  [
    'a 429 with seconds',
    { status: 429, retryAfter: '7' },
    { kind: 'throttled', retryAfterMs: 7_000, status: 429 },
  ],
  [
    'a 429 with a date',
    { status: 429, retryAfter: 'Tue, 24 Nov 2026 19:30:20 GMT' },
    { kind: 'throttled', retryAfterMs: 20_000, status: 429 },
  ],
  ['a 429 alone', { status: 429 }, { kind: 'throttled', retryAfterMs: 10_000, status: 429 }],
  [
    'a 503 that says when',
    { status: 503, retryAfter: '3' },
    { kind: 'throttled', retryAfterMs: 3_000, status: 503 },
  ],
  ['a 503 alone', { status: 503 }, { kind: 'unknown', status: 503 }],
  ['a 500', { status: 500 }, { kind: 'unknown', status: 500 }],
  ['a 502 of something between', { status: 502 }, { kind: 'unknown', status: 502 }],
  ['a 408', { status: 408 }, { kind: 'unknown', status: 408 }],
  ['a 400', { status: 400 }, { kind: 'failed', reason: 'refused', status: 400 }],
  ['a 401', { status: 401 }, { kind: 'failed', reason: 'refused', status: 401 }],
  ['a 404', { status: 404 }, { kind: 'failed', reason: 'refused', status: 404 }],
  ['a lost answer', 'answer-lost', { kind: 'unknown' }],
  ['silence', 'silence', { kind: 'unknown' }],
];

test.each(ANSWERS)('%s is understood', async (_, answer, means, sent = page) => {
  const pager = await service();
  pager.answers(answer);
  const { call, said } = calling(undefined, answer === 'silence' ? 50 : 2_000);
  expect(await call(pager.url, 'st-annes', sent)).toEqual(means);
  expect(pager.calls).toHaveLength(1);
  expect(said).toHaveLength(means.kind === 'sent' ? 0 : 1);
});

test('a redirect is not followed', async () => {
  const [pager, elsewhere] = [await service(), await service()];
  for (const status of [301, 302, 307, 308]) {
    pager.answers({ status, location: elsewhere.url });
    expect(await calling().call(pager.url, 'st-annes', page)).toEqual({
      kind: 'failed',
      reason: 'refused',
      status,
    });
  }
  expect(pager.calls).toHaveLength(4);
  expect(elsewhere.calls).toEqual([]);
});

test('a service that nobody can be connected to was told nothing, and is called again later', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  expect(await calling().call(`http://127.0.0.1:${port}`, 'st-annes', page)).toEqual({
    kind: 'throttled',
    retryAfterMs: 10_000,
  });
});

test('without the key of the provider nothing is sent, whoever else has one', async () => {
  const pager = await service();
  const { call } = calling([{ provider: 'moor', secret: SECRET }]);
  expect(await call(pager.url, 'st-annes', page)).toEqual({ kind: 'failed', reason: 'no-key' });
  expect([...pager.calls, ...pager.wrong]).toEqual([]);
});

test('another secret, an old signature and a changed body are found out by the service', async () => {
  const pager = await service();
  const other = calling([{ provider: 'st-annes', secret: 'x'.repeat(32) }]);
  expect(await other.call(pager.url, 'st-annes', page)).toMatchObject({ kind: 'failed', status: 401 });
  const old = await startPager({ secrets: { 'st-annes': SECRET }, now: () => Date.parse(NOW) / 1000 + 301 });
  onTestFinished(() => old.close());
  expect(await calling().call(old.url, 'st-annes', page)).toMatchObject({ kind: 'failed', status: 401 });
  expect([pager.wrong, old.wrong]).toEqual([
    ['the signature is of nobody here'],
    ['the timestamp is not of now'],
  ]);
  expect([...pager.calls, ...old.calls]).toEqual([]);
});

test('what is no telephone number is not sent, and neither is anything to an address in the open', async () => {
  const pager = await service();
  const { call } = calling();
  const refused = { kind: 'failed', reason: 'refused' };
  expect(await call(pager.url, 'st-annes', { ...page, ring: 'Margaret Example' })).toEqual(refused);
  expect(await call('http://paging.example/pages', 'st-annes', page)).toEqual(refused);
  expect([...pager.calls, ...pager.wrong]).toEqual([]);
});

test('the log names neither the secret, nor the number, nor the reference', async () => {
  const pager = await service();
  pager.answers({ status: 500 }, 'answer-lost', { status: 403 });
  const { call, said } = calling();
  for (let calls = 0; calls < 3; calls++) await call(pager.url, 'st-annes', page);
  expect(said).toHaveLength(3);
  for (const hidden of [SECRET, page.ring, page.reference]) expect(said.join()).not.toContain(hidden);
});

test.each([
  ['https://paging.example/pages', true],
  ['https://user:pass@paging.example/', false],
  ['http://paging.example/', false],
  ['http://localhost:3990/pages', true],
  ['http://127.0.0.1:3990', true],
  ['http://[::1]:3990', true],
  ['http://localhost.example/', false],
  ['http://127.0.0.1.example/', false],
  ['ftp://paging.example/', false],
  ['paging.example', false],
])('%s may be called: %s', (address, may) => expect(isPagingAddress(address)).toBe(may));

test('the providers that need a key and have none are named once', () => {
  const provider = (id: string, paged: boolean) =>
    ({ id, ...(paged && { paging: { url: 'https://paging.example' } }) }) as never;
  const agreements = [
    { providers: [provider('moor', true), provider('fen', false), provider('st-annes', true)] },
    { providers: [provider('moor', true)] },
  ];
  expect(providersWithoutKey(agreements, [])).toEqual(['moor', 'st-annes']);
  expect(providersWithoutKey(agreements, [{ provider: 'st-annes', secret: SECRET }])).toEqual(['moor']);
});

test('a reference can be read out, is the same for every attempt, and differs with whatever tells pages apart', () => {
  const key = { pathwayId: 'falls', caseId: '7K2-M4Z' };
  const about = {
    subject: 'prompt:escalation:handover:h1:2',
    route: { to: 'pager' as const, provider: 'st-annes' },
    line: 'escalation.wake',
    refs: { a: '1', b: '2' },
  };
  const first = pageReference(key, about);
  expect(first).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(pageReference(key, { ...about, refs: { b: '2', a: '1' } })).toBe(first);
  const others = [
    pageReference({ ...key, pathwayId: 'hospice' }, about),
    pageReference({ ...key, caseId: '7K2-M4Y' }, about),
    pageReference(key, { ...about, subject: 'prompt:escalation:handover:h1:3' }),
    pageReference(key, { ...about, route: { to: 'pager', provider: 'moor' } }),
    pageReference(key, { ...about, line: 'escalation.wake-again' }),
    pageReference(key, { ...about, refs: { a: '1' } }),
  ];
  expect(new Set([first, ...others]).size).toBe(7);
});

test('no two pages have one reference', () => {
  const word = fc.string({ maxLength: 12 });
  const about = fc.tuple(word, word, word, word);
  fc.assert(
    fc.property(about, about, (a, b) => {
      const of = ([caseId, subject, provider, line]: typeof a) =>
        pageReference({ pathwayId: 'falls', caseId }, { subject, route: { to: 'pager', provider }, line });
      expect(of(a) === of(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});
