import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isLoopbackUrl } from '../../../src/teams/door.ts';
import { startWorld, TENANT, type World } from './world.ts';

let world: World;

const activity = (change: object = {}): object => ({
  type: 'invoke',
  name: 'adaptiveCard/action',
  id: 'a1',
  channelId: 'msteams',
  serviceUrl: world.connector.serviceUrl,
  from: { id: '29:alex', aadObjectId: 'alex' },
  recipient: { id: '28:baton' },
  conversation: { id: 'a:alex', conversationType: 'personal', tenantId: TENANT },
  value: { action: { type: 'Action.Execute', verb: 'thing.do', data: { ref: 'r1' } } },
  ...change,
});

async function send(body: object, headers: Record<string, string> = {}) {
  const response = await fetch(world.botUrl, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), text };
}

describe('without a registration', () => {
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  it('hears this machine', async () => {
    expect((await send(activity())).status).toBe(200);
    expect(world.ran).toHaveLength(1);
  });

  it.each([
    ['type', undefined],
    ['type', 7],
    ['from', undefined],
    ['from', {}],
    ['recipient', undefined],
    ['conversation', undefined],
    ['conversation', { id: '' }],
    ['channelId', undefined],
    ['serviceUrl', undefined],
    ['serviceUrl', 'file:///etc/passwd'],
    ['entities', 'x'],
  ])('answers 400 for %s %j, saying what is wrong, and runs nothing', async (field, value) => {
    const answer = await send(activity({ [field]: value }));
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json' });
    expect(JSON.parse(answer.text).errors[0].field).toContain(field);
    expect(world.ran).toEqual([]);
  });

  it.each([
    ['a proxy’s header', {}, { 'X-Forwarded-For': '127.0.0.1' }],
    ['another proxy’s header', {}, { Forwarded: 'for=127.0.0.1' }],
    ['a service elsewhere', { serviceUrl: 'https://smba.trafficmanager.net/uk/' }, {}],
    ['a service that only looks local', { serviceUrl: 'http://127.0.0.1.example.org/' }, {}],
  ])('answers 403 for %s and runs nothing', async (_, change, headers) => {
    expect(await send(activity(change), headers)).toMatchObject({
      status: 403,
      type: 'application/problem+json',
    });
    expect([world.ran, world.connector.requests]).toEqual([[], []]);
  });
});

it.each([
  ['http://localhost:3978', true],
  ['http://127.8.0.1/x', true],
  ['http://[::1]:1', true],
  ['http://localhost.example.org', false],
  ['http://10.0.0.1', false],
  ['http://user@example.org#localhost', false],
  ['nonsense', false],
])('takes %s for this machine: %s', (address, own) => {
  expect(isLoopbackUrl(address)).toBe(own);
});

describe('with a registration', () => {
  const APP = '7b2d4c1e-0000-4000-8000-000000000001';
  const ISSUER = 'https://api.botframework.com';
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let others: Awaited<ReturnType<typeof generateKeyPair>>;
  let published: Server;
  let metadata: string;

  beforeAll(async () => {
    // The Bot Framework tells the console about every token that it refuses.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    keys = await generateKeyPair('RS256', { extractable: true });
    others = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', use: 'sig', endorsements: ['msteams'] };
    published = createServer((request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(
        JSON.stringify(
          request.url === '/keys' ? { keys: [jwk] } : { issuer: ISSUER, jwks_uri: `${metadata}/keys` },
        ),
      );
    });
    await new Promise<void>((resolve) => published.listen(0, '127.0.0.1', resolve));
    metadata = `http://127.0.0.1:${(published.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    vi.restoreAllMocks();
    published.close();
  });
  beforeEach(async () => {
    world = await startWorld({
      appId: APP,
      appType: 'MultiTenant',
      password: 'x',
      openIdMetadataUrl: metadata,
    });
  });
  afterEach(() => world.close());

  interface Claims {
    readonly aud?: string;
    readonly iss?: string;
    readonly serviceurl?: string;
    readonly exp?: string;
    readonly kid?: string;
    readonly key?: typeof keys.privateKey;
  }
  const token = (claims: Claims = {}): Promise<string> =>
    new SignJWT({ serviceurl: claims.serviceurl ?? world.connector.serviceUrl })
      .setProtectedHeader({ alg: 'RS256', kid: claims.kid ?? 'k1' })
      .setIssuer(claims.iss ?? ISSUER)
      .setAudience(claims.aud ?? APP)
      .setIssuedAt()
      .setExpirationTime(claims.exp ?? '5m')
      .sign(claims.key ?? keys.privateKey);

  it('hears what the Bot Framework signed for this bot', async () => {
    const answer = await send(activity(), { Authorization: `Bearer ${await token()}` });
    expect(answer.status).toBe(200);
    expect(world.ran).toHaveLength(1);
  });

  const BAD: readonly [string, () => Promise<string>][] = [
    ['no token', async () => ''],
    ['no token in its header', async () => 'Bearer'],
    ['nonsense', async () => 'Bearer x.y.z'],
    ['another scheme', async () => `Basic ${await token()}`],
    ['a signature by somebody else', async () => `Bearer ${await token({ key: others.privateKey })}`],
    ['a key nobody published', async () => `Bearer ${await token({ kid: 'k2' })}`],
    ['a token for another bot', async () => `Bearer ${await token({ aud: 'another' })}`],
    ['another issuer', async () => `Bearer ${await token({ iss: 'https://example.org' })}`],
    [
      'a token for another service',
      async () => `Bearer ${await token({ serviceurl: 'http://example.org' })}`,
    ],
    ['a token that is past', async () => `Bearer ${await token({ exp: '-10m' })}`],
  ];
  it.each(BAD)('answers 401 for %s and runs nothing', async (_, authorization) => {
    const answer = await send(activity(), { Authorization: await authorization() });
    expect(answer).toMatchObject({ status: 401, type: 'application/problem+json' });
    expect(world.ran).toEqual([]);
  });

  it.each(['emulator', 'AseChannel', 'directline'])(
    'does not take the token for channel %s',
    async (channelId) => {
      const answer = await send(activity({ channelId }), { Authorization: `Bearer ${await token()}` });
      expect(answer.status).toBe(401);
      expect(world.ran).toEqual([]);
    },
  );

  it('does not take unsigned activities from this machine either', async () => {
    expect((await send(activity())).status).toBe(401);
  });
});
