import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Head, Key } from '../../src/core/change.ts';
import { systemClock } from '../../src/core/clock.ts';
import { BadConfiguration } from '../../src/core/errors.ts';
import { type CosmosOptions, ensureCosmos, openCosmos } from '../../src/store/cosmos.ts';
import { INDEXING, KEY_PATHS } from '../../src/store/cosmos-item.ts';
import { createTurns } from '../../src/store/turn.ts';
import { openOnStandin, settingsFor } from '../support/cosmos-standin/opened.ts';
import { RULES, type Rule } from '../support/cosmos-standin/rules.ts';
import { type SpawnedStandin, spawnStandin } from '../support/cosmos-standin/spawned.ts';
import { Standin, type StandinAnswer } from '../support/cosmos-standin/standin.ts';
import { note } from './store-contract.ts';

const key: Key = { pathwayId: 'north', caseId: 'C-1' };
const DOCS = '/dbs/baton/colls/records/docs';
const QUERY = { 'x-ms-documentdb-isquery': 'True' };
const BATCH = { 'x-ms-cosmos-is-batch-request': 'True', 'x-ms-cosmos-batch-atomic': 'True' };
const FULL_KEY = { 'x-ms-documentdb-partitionkey': '["north","C-1"]' };

/** A stand-in with a container, spoken to without the client. */
function standinWithContainer(): (
  method: string,
  path: string,
  headers?: Record<string, string>,
  body?: unknown,
) => { status: number; rule: string; message: string; body: string } {
  const standin = new Standin();
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body: unknown = '') => {
    const answer = standin.handle(
      {
        method,
        path,
        headers: { authorization: 'any', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
      'https://x.invalid/',
    ) as StandinAnswer;
    const said = answer.body ? JSON.parse(answer.body) : {};
    return {
      status: answer.status,
      rule: said.code ?? '',
      message: said.message ?? '',
      body: answer.body,
    };
  };
  ask('POST', '/dbs', {}, { id: 'baton' });
  const definition = { id: 'records', partitionKey: { paths: KEY_PATHS }, indexingPolicy: INDEXING };
  ask('POST', '/dbs/baton/colls', {}, definition);
  return ask;
}

describe('the stand-in for Cosmos DB', () => {
  const create = (id: string, more: object = {}) => ({
    operationType: 'Create',
    resourceBody: { id, pathwayId: 'north', caseId: 'C-1', ...more },
  });
  const many = (count: number) => Array.from({ length: count }, (_, i) => create(`n${i}`));
  const query = (text: string) => ({
    query: text,
    parameters: [
      { name: '@a', value: 'a' },
      { name: '@p', value: 'north' },
    ],
  });
  const ordered = query('SELECT TOP 5 * FROM c WHERE c.lists["due"] > @a ORDER BY c.lists["due"]');

  const refusals: [Rule, string, string, Record<string, string>, unknown?][] = [
    ['partialKey', 'GET', `${DOCS}/case`, { 'x-ms-documentdb-partitionkey': '["north"]' }],
    ['partialKey', 'GET', `${DOCS}/case`, {}],
    ['partialKey', 'POST', DOCS, { ...BATCH, 'x-ms-documentdb-partitionkey': '["north"]' }, many(1)],
    ['partialKey', 'POST', DOCS, { ...QUERY, 'x-ms-documentdb-partitionkey': '["north"]' }, ordered],
    ['noSuchResource', 'GET', `${DOCS}/case`, FULL_KEY],
    ['noSuchResource', 'GET', '/dbs/other/colls/records', {}],
    ['tooManyOperations', 'POST', DOCS, { ...BATCH, ...FULL_KEY }, many(101)],
    ['tooLarge', 'POST', DOCS, { ...BATCH, ...FULL_KEY }, [create('n', { text: 'é'.repeat(1024 * 1024) })]],
    [
      'orderByUnindexed',
      'POST',
      DOCS,
      { ...QUERY, ...FULL_KEY },
      query('SELECT * FROM c WHERE c.lists["due"] > @a ORDER BY c.pathwayId'),
    ],
    ['crossPartitionWithoutPlan', 'POST', DOCS, QUERY, ordered],
    [
      'crossPartitionWithoutPlan',
      'POST',
      DOCS,
      QUERY,
      query('SELECT VALUE COUNT(1) FROM c WHERE c.pathwayId = @p'),
    ],
    ['unknownShape', 'POST', DOCS, { ...QUERY, ...FULL_KEY }, query('SELECT c.id FROM c')],
    [
      'unknownShape',
      'POST',
      DOCS,
      { ...QUERY, ...FULL_KEY },
      query('SELECT * FROM c WHERE c.lists["x"] > @b'),
    ],
    ['unknownRoute', 'PUT', `${DOCS}/case`, FULL_KEY],
    ['unknownRoute', 'POST', DOCS, FULL_KEY, create('n')],
    ['unauthorised', 'GET', `${DOCS}/case`, { ...FULL_KEY, authorization: '' }],
    ['taken', 'POST', '/dbs', {}, { id: 'baton' }],
  ];
  it.each(refusals)('refuses with %s: %s %s', (rule, method, path, headers, body) => {
    const answer = standinWithContainer()(method, path, headers, body);
    expect(answer).toMatchObject({ status: RULES[rule].status, rule });
    expect(answer.message).toContain(RULES[rule].page);
  });

  const inBatch: [string, number[], unknown[]][] = [
    ['taken', [424, 409], [create('a'), create('a')]],
    ['etagMoved', [201, 412], [create('a'), { ...create('a'), operationType: 'Upsert', ifMatch: '"x"' }]],
    ['noSuchResource', [404, 424], [{ operationType: 'Delete', id: 'gone' }, create('a')]],
    ['badId', [400], [create('a/b')]],
    ['keyMismatch', [400], [create('a', { caseId: 'C-2' })]],
  ];
  it.each(inBatch)('fails a whole batch with %s and writes nothing of it', (_, codes, operations) => {
    const ask = standinWithContainer();
    const { status, body } = ask('POST', DOCS, { ...BATCH, ...FULL_KEY }, operations);
    expect(status).toBe(207);
    const expected = codes.map((code) => (code < 300 ? 424 : code));
    expect(JSON.parse(body).map((each: { statusCode: number }) => each.statusCode)).toEqual(expected);
    expect(ask('GET', `${DOCS}/a`, FULL_KEY).status).toBe(404);
  });

  it('hands out the plan with its refusal to answer over several partitions', () => {
    const { body } = standinWithContainer()('POST', DOCS, QUERY, ordered);
    const plan = JSON.parse(JSON.parse(body).additionalErrorInfo);
    expect(plan.queryInfo).toMatchObject({ orderBy: ['Ascending'], top: 5 });
  });

  it('spreads the cases of a pathway over both physical partitions', async () => {
    const { standin, store } = await openOnStandin();
    const cases = Array.from({ length: 20 }, (_, i) => ({ ...key, caseId: `C-${i}` }));
    for (const at of cases) await store.commit(at, [{ do: 'create', doc: note('case') }]);
    const spread = ['0', '1'].map((range) => standin.itemsIn('baton', 'records', range));
    expect(spread[0]).toBeGreaterThan(2);
    expect(spread[1]).toBeGreaterThan(2);
    expect((spread[0] ?? 0) + (spread[1] ?? 0)).toBe(20);
    await store.close();
  });

  it('counts request units', async () => {
    const { standin, store } = await openOnStandin({}, { pageSize: 100 });
    const run = createTurns(store, systemClock);
    const base = { ...note('case', 'x'.repeat(500)), audit: { seq: 0, hash: '' } } as Head;
    const commit = (i: number) =>
      run<Head, void>({ ...key, caseId: `C-${i}` }, 'case', () => ({
        change: {
          documents: [base, note('handover:h1', 'x'.repeat(1500), { open: `p${i}` })],
          events: [{ type: 'handover.offered', by: { system: 'test' }, data: {} }],
          timers: [{ subject: 'h1', fires: 'handover.overdue', due: '2026-11-24T14:30:00.000Z' }],
        },
        answer: undefined,
      }));
    for (let i = 0; i < 60; i++) await commit(i);
    const first = standin.units.last.get('batch') ?? 0;
    await commit(0);
    const again = standin.units.last.get('batch') ?? 0;
    await store.get(key, 'case');
    const read = standin.units.last.get('read') ?? 0;
    const before = standin.units.total;
    expect(await store.page('north', 'open', { limit: 50 })).toHaveLength(50);
    const page = standin.units.total - before;
    const figures = { read, first, again, page };
    console.log('request units: point read, first commit of 4, later commit of 4, page of 50', figures);
    expect(read).toBe(1);
    expect(first).toBeGreaterThan(4 * 5.5);
    expect(first).toBeLessThan(4 * 8);
    expect(again).toBeGreaterThan(first);
    expect(page).toBeGreaterThan(2 * 2.5);
    await store.close();
  });
});

describe('opening the Cosmos store', () => {
  const wrong: [string, Partial<CosmosOptions>, Record<string, unknown>, RegExp][] = [
    ['an address without encryption', { endpoint: 'http://cosmos.example/' }, {}, /https address/],
    ['no address', { endpoint: 'cosmos' }, {}, /https address/],
    ['a database that is not there', { database: 'other' }, {}, /deploy the infrastructure/],
    ['a container that is not there', { container: 'other' }, {}, /deploy the infrastructure/],
    ['an account that writes in several regions', {}, { enableMultipleWriteLocations: true }, /multi-region/],
    [
      'an account that is only eventually consistent',
      {},
      { userConsistencyPolicy: { defaultConsistencyLevel: 'Eventual' } },
      /Session or stronger/,
    ],
  ];
  it.each(wrong)('refuses %s and says what to do', async (_, chosen, account, remedy) => {
    const standin = new Standin({ account });
    await ensureCosmos(settingsFor(standin));
    const failed = await openCosmos({ ...settingsFor(standin), ...chosen }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(BadConfiguration);
    expect(String(failed)).toMatch(remedy);
  });

  it('refuses to start without a key or a credential', async () => {
    const { key: _, ...settings } = settingsFor(new Standin());
    await expect(openCosmos(settings)).rejects.toThrow(/COSMOS_KEY/);
  });

  it('refuses a container with another key', async () => {
    const ask = new Standin();
    await ensureCosmos(settingsFor(ask));
    ask.handle(
      {
        method: 'POST',
        path: '/dbs/baton/colls',
        headers: { authorization: 'any' },
        body: JSON.stringify({ id: 'flat', partitionKey: { paths: ['/pathwayId'] } }),
      },
      '',
    );
    await expect(openCosmos({ ...settingsFor(ask), container: 'flat' })).rejects.toThrow(/hierarchical key/);
  });

  it('says that an account which does not answer is unavailable', async () => {
    const standin = new Standin();
    standin.faults.add({ on: 'account', times: 5, moment: 'before', answer: 500 });
    await expect(openCosmos(settingsFor(standin))).rejects.toMatchObject({ name: 'Unavailable', took: 'no' });
  });

  it('may be asked twice to make what is missing', async () => {
    const { standin, store } = await openOnStandin();
    await store.commit(key, [{ do: 'create', doc: note('case') }]);
    await ensureCosmos(settingsFor(standin));
    expect(await store.get(key, 'case')).toBeDefined();
    await store.close();
  });
});

describe('the stand-in as a process of its own', () => {
  let spawned: SpawnedStandin;
  beforeAll(async () => {
    spawned = await spawnStandin();
  });
  afterAll(() => spawned.stop());
  const settings = (): CosmosOptions => ({
    endpoint: spawned.endpoint,
    key: 'any',
    database: 'baton',
    clock: systemClock,
    timeoutMs: 400,
  });

  it('keeps the data when who wrote it is gone', async () => {
    await ensureCosmos(settings());
    const writer = await openCosmos(settings());
    await writer.commit(key, [{ do: 'create', doc: note('case', 'kept', { open: 'p1' }) }]);
    await writer.close();
    const reader = await openCosmos(settings());
    expect((await reader.page('north', 'open', { limit: 5 })).map((each) => each.doc)).toEqual([
      note('case', 'kept', { open: 'p1' }),
    ]);
    await reader.close();
  });

  it('loses answers over the wire as it is told to', async () => {
    await ensureCosmos(settings());
    const store = await openCosmos(settings());
    await spawned.plan([
      { on: 'batch', nth: 1, moment: 'after', answer: 'reset' },
      { on: 'batch', nth: 2, moment: 'after', answer: 'hang' },
      { on: 'batch', nth: 3, moment: 'before', answer: 503 },
    ]);
    const ids = ['a', 'b', 'c'];
    for (const id of ids) await store.commit(key, [{ do: 'create', doc: note(id) }]);
    for (const id of ids) expect((await store.get(key, id))?.doc).toEqual(note(id));
    const { faults: met, requestUnits } = await spawned.tell();
    expect(met).toEqual({ 'batch after reset': 1, 'batch after hang': 1, 'batch before 503': 1 });
    expect(requestUnits).toBeGreaterThan(0);
    await spawned.clear();
    await store.close();
  });
});
