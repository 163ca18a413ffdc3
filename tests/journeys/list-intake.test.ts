import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIST_HEAD, type ListDoc, listKey } from '../../src/register/list.ts';
import { RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock, store } = world;
const { theirs } = await setScene(world, RIVERSIDE);
const pathway = 'riverside';

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

const HEADER =
  'Hospice number,Forename,Family name,DOB,NHS No,Post code,Lead provider,State,Referred on,Discharged on,Review on';
const line = (id: string, holder = 'st-annes', born = '07/03/1942'): string =>
  `${id},Margaret,Canaryson,${born},999 000 0018,RV1 2AB,${holder},On caseload,02/11/2026,,01/12/2026`;
const csv = (lines: readonly string[]): string => `${[HEADER, ...lines].join('\r\n')}\r\n`;
const lines = (count: number): string[] => Array.from({ length: count }, (_, at) => line(`SA${at}`));

interface Sent {
  readonly key?: string;
  readonly query?: string;
  readonly provider?: string;
  readonly headers?: Record<string, string>;
}
let keys = 0;
async function sends(body: string | Uint8Array<ArrayBuffer>, sent: Sent = {}) {
  const { key = `list-${++keys}`, query = '', provider = 'st-annes', headers = {} } = sent;
  const response = await fetch(`${world.url}/api/pathways/${pathway}/lists/${provider}${query}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'idempotency-key': key, ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) };
}
const waiting = (): string[] => readdirSync(join(world.folder, 'incoming'));
const headOf = async (provider: string): Promise<ListDoc | undefined> =>
  (await store.get<ListDoc>(listKey(pathway, provider), LIST_HEAD))?.doc;

describe('a partner’s system sends its caseload list', () => {
  it('which goes in and is answered with counts, and the same request again with the first answer', async () => {
    const list = csv(lines(10));
    const first = await sends(list, { key: 'week-47', query: '?as-of=2026-11-20T18:00' });
    expect(first).toMatchObject({
      status: 201,
      body: {
        list: { id: '000001', asOf: '2026-11-20T18:00:00.000Z' },
        baseline: true,
        lines: 10,
        cases: { new: 10, updated: 0, same: 0 },
        unowned: 0,
        wrong: { lines: 0, values: 0 },
        errors: [],
      },
    });
    await connector.expect(theirs, 'From a caseload list');
    const before = await world.kept();
    expect(await sends(list, { key: 'week-47', query: '?as-of=2026-11-20T18:00' })).toEqual(first);
    expect(await world.kept()).toEqual(before);
    const other = await sends(list, { query: '?as-of=2026-11-20T18:00' });
    expect(other).toMatchObject({ status: 200, body: { cases: { new: 0, updated: 0, same: 10 } } });
    const mismatch = await sends(csv(lines(9)), { key: 'week-47' });
    expect(mismatch).toMatchObject({ status: 409, body: { code: 'idempotency-mismatch' } });
    expect((await store.history(listKey(pathway, 'st-annes')))[0]?.by).toEqual({ partner: 'st-annes' });
    expect(waiting()).toEqual([]);
    expect(world.logged()).not.toContain('Canaryson');
  });

  it('packed with gzip, with what is wrong by line and column and the good lines in', async () => {
    const list = csv([...lines(10), line('SA10', 'st-annes', '31/02/1942')]);
    const answer = await sends(new Uint8Array(gzipSync(list)), { headers: { 'content-encoding': 'gzip' } });
    expect(answer).toMatchObject({ status: 201, body: { lines: 10, wrong: { lines: 1, values: 1 } } });
    expect(answer.body.errors).toEqual([
      { field: 'line 12, DOB', message: expect.stringContaining('no day of the calendar') },
    ]);
    expect(answer.text).not.toContain('Canaryson');
  });

  it('all or nothing: a wrong line leaves nothing, and its key is free for the list put right', async () => {
    const before = await world.kept();
    const wrong = csv([...lines(10), line('SA11', 'st-annes', '31/02/1942')]);
    const refused = await sends(wrong, { key: 'whole', query: '?all-or-nothing=true' });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'invalid', errors: [{ field: 'line 12, DOB' }] },
    });
    expect(await world.kept()).toEqual(before);
    const right = await sends(csv([...lines(10), line('SA11')]), {
      key: 'whole',
      query: '?all-or-nothing=true',
    });
    expect(right).toMatchObject({ status: 201, body: { cases: { new: 1, updated: 10 } } });
  });

  it('which looks like half of one is held, and goes in when it is confirmed', async () => {
    const half = csv(lines(5));
    const held = await sends(half, { key: 'half' });
    expect(held).toMatchObject({ status: 409, body: { code: 'list-held' } });
    expect(held.body.detail).toContain('it has 5 good lines, and the list before had 11');
    expect(held.body.detail).toContain('confirm=true');
    const before = await world.kept();
    expect(await sends(half, { key: 'half' })).toMatchObject({ status: 409, body: { code: 'list-held' } });
    expect(await world.kept()).toEqual(before);
    expect((await headOf('st-annes'))?.held?.by).toEqual({ partner: 'st-annes' });
    expect(await sends(half, { key: 'half', query: '?confirm=true' })).toMatchObject({
      status: 201,
      body: { cases: { new: 0, updated: 5 } },
    });
    expect((await headOf('st-annes'))?.held).toBeUndefined();
  });

  it('twice at the same moment, and it goes in once', async () => {
    const list = csv([...lines(5), line('SA20'), line('SA21')]);
    const [one, other] = await Promise.all([sends(list, { key: 'both' }), sends(list, { key: 'both' })]);
    expect(one).toMatchObject({ status: 201, body: { cases: { new: 2, updated: 5 } } });
    expect(other).toEqual(one);
  });
});

describe('a list that is refused leaves nothing', () => {
  const good = csv(lines(8));
  it.each<[string, string | Uint8Array<ArrayBuffer>, Sent, number, string, RegExp]>([
    [
      'without a key of the request',
      good,
      { key: ' ' },
      400,
      'idempotency-key-required',
      /new for each list/,
    ],
    ['as JSON', '{}', { headers: { 'content-type': 'application/json' } }, 415, 'not-csv', /text\/csv/],
    [
      'in a charset that is not ours',
      good,
      { headers: { 'content-type': 'text/csv; charset=windows-1252' } },
      415,
      'not-utf8',
      /UTF-8/,
    ],
    ['as gzip that is none', good, { headers: { 'content-encoding': 'gzip' } }, 400, 'not-gzip', /unpacked/],
    ['of nobody on the pathway', good, { provider: 'ghost' }, 404, 'unknown-provider', /no such provider/],
    [
      'of a provider without agreed columns',
      good,
      { provider: 'kindly' },
      409,
      'no-columns',
      /Name its columns/,
    ],
    [
      'with a word of ours misspelt',
      good,
      { query: '?all-or-none=true' },
      422,
      'invalid',
      /Nothing was loaded/,
    ],
    ['with a yes for true', good, { query: '?confirm=yes' }, 422, 'invalid', /Nothing was loaded/],
    ['that was true at no time', good, { query: '?as-of=Friday' }, 422, 'invalid', /Nothing was loaded/],
    ['that is still to come true', good, { query: '?as-of=2027-01-01T10:00' }, 422, 'invalid', /not read/],
    [
      'that is older than the newest',
      good,
      { query: '?as-of=2026-11-01T10:00' },
      409,
      'older-list',
      /A newer list/,
    ],
    ['of nothing', '', {}, 422, 'invalid', /empty/],
    ['of more than 64 MB', new Uint8Array(64 * 1024 * 1024 + 1).fill(65), {}, 413, 'too-large', /64 MB/],
    [
      'of more than 64 MB, unpacked',
      new Uint8Array(gzipSync(Buffer.alloc(70 * 1024 * 1024, 'a'))),
      { headers: { 'content-encoding': 'gzip' } },
      413,
      'too-large',
      /64 MB/,
    ],
  ])('%s', async (_, body, sent, status, code, says) => {
    const before = await world.kept();
    expect(before.length).toBeGreaterThan(10);
    const answer = await sends(body, sent);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.detail).toMatch(says);
    expect(await world.kept()).toEqual(before);
    expect(waiting()).toEqual([]);
  });

  it.each(['Friday', '2027-01-01T10:00'])(
    'that was true %s names its time as the address does',
    async (asOf) => {
      const answer = await sends(good, { query: `?as-of=${asOf}` });
      expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(['as-of']);
    },
  );
});
