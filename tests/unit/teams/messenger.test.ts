import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message, Reach } from '../../../src/core/messenger.ts';
import type { Fault } from '../../support/connector.ts';
import { CHANNEL, startWorld, TENANT, type World } from './world.ts';

let world: World;
let reach: Reach;
const hello: Message = { kind: 'text', text: 'hello' };

beforeEach(async () => {
  world = await startWorld();
  reach = {
    serviceUrl: world.connector.serviceUrl,
    conversationId: CHANNEL,
    tenant: TENANT,
    scope: 'channel',
    seenAt: '2026-11-24T14:30:00.000Z',
  };
});
afterEach(() => world.close());

const FAULTS: readonly [string, Fault, object, number][] = [
  ['500', { status: 500 }, { kind: 'unknown' }, 0],
  ['502', { status: 502 }, { kind: 'unknown' }, 0],
  ['504', { status: 504 }, { kind: 'unknown' }, 0],
  ['429 with a delay', { status: 429, retryAfter: '7' }, { kind: 'throttled', retryAfterMs: 7_000 }, 0],
  ['429 without one', { status: 429 }, { kind: 'throttled', retryAfterMs: 2_000 }, 0],
  ['412', { status: 412, retryAfter: '1' }, { kind: 'throttled', retryAfterMs: 1_000 }, 0],
  ['404', { status: 404 }, { kind: 'failed', reason: 'gone' }, 0],
  ['403', { status: 403 }, { kind: 'failed', reason: 'refused' }, 0],
  ['400', { status: 400 }, { kind: 'failed', reason: 'refused' }, 0],
  ['a redirection', { status: 307 }, { kind: 'failed', reason: 'refused' }, 0],
  ['a connection that ends', 'reset', { kind: 'unknown' }, 0],
  ['an answer that is lost', 'answer-lost', { kind: 'unknown' }, 1],
  ['silence', 'silence', { kind: 'unknown' }, 0],
];

describe('one attempt', () => {
  for (const [name, fault, outcome, arrived] of FAULTS) {
    it(`makes one request and says what became of it: ${name}`, async () => {
      world.connector.fail(fault, { times: 10 });
      expect(await world.teams.messenger.post(reach, hello)).toEqual(outcome);
      expect(world.connector.requests).toHaveLength(1);
      expect(world.connector.posts()).toHaveLength(arrived);
    });

    it(`makes one request for an edit: ${name}`, async () => {
      const sent = await world.teams.messenger.post(reach, hello);
      expect(sent.kind).toBe('sent');
      world.connector.fail(fault, { times: 10 });
      expect(await world.teams.messenger.edit(reach, '1', hello)).toEqual(outcome);
      expect(world.connector.requests).toHaveLength(2);
    });
  }

  it('says that nothing arrived where nobody listens', async () => {
    await world.connector.close();
    expect(await world.teams.messenger.post(reach, hello)).toMatchObject({ kind: 'throttled' });
  });

  it('sends nothing to another machine without a registration', async () => {
    const away = { ...reach, serviceUrl: 'https://smba.trafficmanager.net/uk/' };
    expect(await world.teams.messenger.post(away, hello)).toEqual({ kind: 'failed', reason: 'refused' });
  });
});

describe('what is sent', () => {
  it('posts into a thread by its root, and never as a reply', async () => {
    const sent = await world.teams.messenger.post(reach, hello, '77');
    expect(sent).toEqual({ kind: 'sent', conversationId: `${CHANNEL};messageid=77`, activityId: '1' });
    expect(world.connector.posts()[0]).toMatchObject({ thread: '77', text: 'hello' });
    expect(world.connector.posts()[0]?.activity).not.toHaveProperty('replyToId');
  });

  it('sends words as plain text, so that they show as typed', async () => {
    await world.teams.messenger.post(reach, { kind: 'text', text: '**bold** [link](http://x)' });
    expect(world.connector.posts()[0]?.activity).toMatchObject({ textFormat: 'plain' });
  });

  it('sends a card with its summary as the notification, and edits it in its place', async () => {
    const card = (words: string): Message => ({
      kind: 'card',
      view: { card: 'things/one', data: { words }, summary: 'A thing waits' },
    });
    await world.teams.messenger.post(reach, card('first'));
    expect(world.connector.posts()[0]).toMatchObject({ summary: 'A thing waits', text: '' });
    await world.teams.messenger.edit(reach, '1', card('second'));
    expect(world.connector.posts()).toHaveLength(1);
    expect(JSON.stringify(world.connector.posts()[0]?.card)).toContain('second');
  });

  it('says that a message that was deleted is gone', async () => {
    await world.teams.messenger.post(reach, hello);
    const [post] = world.connector.posts();
    if (post) world.connector.remove(post);
    expect(await world.teams.messenger.edit(reach, '1', hello)).toEqual({ kind: 'failed', reason: 'gone' });
  });
});

it('lists the members of a conversation by account and name', async () => {
  world.connector.roster(world.connector.channel(CHANNEL, TENANT), [{ objectId: 'o1', name: 'Asha' }]);
  expect(await world.teams.members(reach)).toEqual([{ objectId: 'o1', name: 'Asha' }]);
});
