import { expect, test } from 'vitest';
import { createPaging } from '../../../src/paging/client.ts';
import { bareness } from '../../../src/simulation/page-bare.ts';
import { PAGING_KEYS, type PagerCall, pagingUrl } from '../../../src/simulation/pagers.ts';

const NOW = '2026-11-23T03:00:00.000Z';
const PAGE = { reference: 'K7Q29-MX43P', ring: '0300 000 0001', again: false };

/** A call as Baton makes it. */
async function called(): Promise<PagerCall> {
  const calls: PagerCall[] = [];
  const call = createPaging({
    keys: PAGING_KEYS,
    clock: { now: () => NOW, sleep: async () => undefined },
    log: { warn: () => undefined },
    async fetch(url, request) {
      const [headers, body] = [request.headers as Record<string, string>, String(request.body)];
      const at = Date.parse(NOW);
      const open = { answer: undefined, status: undefined, answeredAt: 0, waitMs: 0, effective: true };
      calls.push({ life: { alive: true, pausedUntil: 0 }, url, headers, body, at, ...open });
      return new Response(null, { status: 202 });
    },
  });
  expect(await call(pagingUrl('hospice'), 'hospice', PAGE)).toEqual({ kind: 'sent', status: 202 });
  const [first] = calls;
  if (!first) throw new Error('no call');
  return first;
}

test('a page as Baton sends it is read', async () => {
  expect(bareness(await called(), Date.parse(NOW))).toEqual(PAGE);
});

const more = (fields: object): string => JSON.stringify({ ...PAGE, ...fields });
const named = 'the-secret-of-nobody';

test.each<[what: string, change: (call: PagerCall) => Partial<PagerCall>, says: string]>([
  ['another field', () => ({ body: more({ case: 'ABC-123' }) }), 'holds'],
  ['a name', () => ({ body: more({ ring: 'CANARY1' }) }), 'names somebody'],
  ['a number with words', () => ({ body: more({ ring: '0300 Ann' }) }), 'holds'],
  ['the case for a reference', () => ({ body: more({ reference: 'ABC-123' }) }), 'holds'],
  ['another header', ({ headers }) => ({ headers: { ...headers, 'x-case': 'ABC-123' } }), 'headers'],
  ['another key', ({ headers }) => ({ headers: { ...headers, 'idempotency-key': 'ZZZZZ-ZZZZZ' } }), 'holds'],
  ['another body than was signed', () => ({ body: more({ again: true }) }), 'not signed'],
  [
    'another signature',
    ({ headers }) => ({ headers: { ...headers, 'baton-signature': named } }),
    'not signed',
  ],
  ['the signature for another provider', () => ({ url: pagingUrl('rapid') }), 'not signed'],
])('a page with %s is found', async (_, change, says) => {
  const call = await called();
  expect(bareness({ ...call, ...change(call) }, Date.parse(NOW))).toContain(says);
});

test('a page is signed as of now', async () => {
  expect(bareness(await called(), Date.parse(NOW) + 301_000)).toContain('as of now');
});
