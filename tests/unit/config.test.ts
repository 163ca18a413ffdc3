import { describe, expect, test } from 'vitest';
import { type Environment, readConfig } from '../../src/config.ts';
import { BadConfiguration } from '../../src/core/errors.ts';

const GUID = '5f0c1a52-7a2e-4c55-9d37-0a4f6a0f3b11';
const HASH = 'ab'.repeat(32);

/** The settings that are named as bad, in order. */
function badOnes(env: Environment): string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof BadConfiguration) return error.problems.map((problem) => problem.field);
    throw error;
  }
  return [];
}

describe('the settings', () => {
  test('have a default each, and an empty value counts as not set', () => {
    const expected = {
      port: 3978,
      dataDir: './data',
      agreements: undefined,
      store: { kind: 'embedded', dataDir: './data' },
      teams: { kind: 'unsigned' },
      intakeKeys: [],
      pagingKeys: [],
      logLevel: 'info',
    };
    expect(readConfig({})).toEqual(expected);
    expect(readConfig({ PORT: ' ', BATON_STORE: '', MICROSOFT_APP_ID: '', LOG_LEVEL: '' })).toEqual(expected);
  });

  test('of a whole deployment are read', () => {
    expect(
      readConfig({
        PORT: '8080',
        BATON_AGREEMENTS: '/etc/baton',
        BATON_STORE: 'cosmos',
        COSMOS_ENDPOINT: 'https://one.documents.azure.com/',
        COSMOS_DATABASE: 'pathways',
        MICROSOFT_APP_ID: GUID,
        MICROSOFT_APP_TYPE: 'userassignedmsi',
        MICROSOFT_APP_TENANT_ID: GUID,
        BATON_INTAKE_KEYS: `acute-trust=${HASH}, northside=${'CD'.repeat(32)},`,
        BATON_PAGING_KEYS: ` st-annes=${'Pa=9'.repeat(8)} , moor=${'x'.repeat(256)},`,
        LOG_LEVEL: 'WARN',
      }),
    ).toMatchObject({
      port: 8080,
      agreements: '/etc/baton',
      store: {
        kind: 'cosmos',
        endpoint: 'https://one.documents.azure.com/',
        key: undefined,
        database: 'pathways',
      },
      teams: { kind: 'signed', appId: GUID, appType: 'UserAssignedMSI', tenantId: GUID, password: undefined },
      intakeKeys: [
        { partner: 'acute-trust', sha256: HASH },
        { partner: 'northside', sha256: 'cd'.repeat(32) },
      ],
      pagingKeys: [
        { provider: 'st-annes', secret: 'Pa=9'.repeat(8) },
        { provider: 'moor', secret: 'x'.repeat(256) },
      ],
      logLevel: 'warn',
    });
  });

  test.each<[string, Environment, string[]]>([
    ['a port that is a word', { PORT: 'http' }, ['PORT']],
    ['a port too high', { PORT: '65536' }, ['PORT']],
    ['a negative port', { PORT: '-1' }, ['PORT']],
    ['a store that does not exist', { BATON_STORE: 'postgres' }, ['BATON_STORE']],
    ['cosmos without an address', { BATON_STORE: 'cosmos' }, ['COSMOS_ENDPOINT']],
    [
      'cosmos over plain http',
      { BATON_STORE: 'cosmos', COSMOS_ENDPOINT: 'http://one.example' },
      ['COSMOS_ENDPOINT'],
    ],
    [
      'cosmos with half a key and a database with a slash',
      {
        BATON_STORE: 'cosmos',
        COSMOS_ENDPOINT: 'http://localhost:8081',
        COSMOS_KEY: 'x',
        COSMOS_DATABASE: 'a/b',
      },
      ['COSMOS_KEY', 'COSMOS_DATABASE'],
    ],
    [
      'an app id that is none',
      { MICROSOFT_APP_ID: 'baton', MICROSOFT_APP_PASSWORD: 's' },
      ['MICROSOFT_APP_ID'],
    ],
    ['an app without a secret', { MICROSOFT_APP_ID: GUID }, ['MICROSOFT_APP_PASSWORD']],
    [
      'one tenant without its id',
      { MICROSOFT_APP_ID: GUID, MICROSOFT_APP_TYPE: 'SingleTenant', MICROSOFT_APP_PASSWORD: 's' },
      ['MICROSOFT_APP_TENANT_ID'],
    ],
    ['a secret without an app', { MICROSOFT_APP_PASSWORD: 's' }, ['MICROSOFT_APP_PASSWORD']],
    ['a partner key that is not a hash', { BATON_INTAKE_KEYS: 'acute-trust=secret' }, ['BATON_INTAKE_KEYS']],
    [
      'two partners with one key',
      { BATON_INTAKE_KEYS: `a=${HASH},b=${HASH.toUpperCase()}` },
      ['BATON_INTAKE_KEYS'],
    ],
    ['a paging secret too short', { BATON_PAGING_KEYS: `a=${'s'.repeat(31)}` }, ['BATON_PAGING_KEYS']],
    ['a paging secret with a space', { BATON_PAGING_KEYS: `a=${'s '.repeat(20)}` }, ['BATON_PAGING_KEYS']],
    ['a paging secret of nobody', { BATON_PAGING_KEYS: 's'.repeat(40) }, ['BATON_PAGING_KEYS']],
    [
      'two providers with one paging secret',
      { BATON_PAGING_KEYS: `a=${'s'.repeat(32)},b=${'s'.repeat(32)}` },
      ['BATON_PAGING_KEYS'],
    ],
    [
      'one provider with two paging secrets',
      { BATON_PAGING_KEYS: `a=${'s'.repeat(32)},A=${'t'.repeat(32)}` },
      ['BATON_PAGING_KEYS'],
    ],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, ['LOG_LEVEL']],
    [
      'many at once',
      { PORT: 'x', BATON_STORE: 'x', BATON_INTAKE_KEYS: 'x,y', LOG_LEVEL: 'x' },
      ['PORT', 'LOG_LEVEL', 'BATON_STORE', 'BATON_INTAKE_KEYS', 'BATON_INTAKE_KEYS'],
    ],
  ])('that are bad are all named: %s', (_name, env, fields) => {
    expect(badOnes(env).sort()).toEqual(fields.sort());
  });

  test('that are bad are explained with a remedy, and a secret is not repeated', () => {
    const env = {
      MICROSOFT_APP_ID: 'x',
      MICROSOFT_APP_PASSWORD: 'hunter2',
      BATON_INTAKE_KEYS: 'a=hunter2',
      BATON_PAGING_KEYS: 'a=hunter2',
    };
    expect(() => readConfig(env)).toThrow(/BATON_INTAKE_KEYS: write entry 1 as partner=HASH/);
    expect(() => readConfig(env)).toThrow(/BATON_PAGING_KEYS: write entry 1 as provider=SECRET/);
    expect(() => readConfig(env)).not.toThrow(/hunter2/);
  });
});
