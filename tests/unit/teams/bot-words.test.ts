import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, Person } from '../../support/connector.ts';
import type { Placed } from '../../support/posts.ts';
import { CHANNEL, startWorld, TENANT, type World } from './world.ts';

let world: World;
let connector: Connector;
let alex: Person;
let channel: Placed;

beforeEach(async () => {
  world = await startWorld();
  connector = world.connector;
  alex = world.person('alex');
  channel = connector.channel(CHANNEL, TENANT);
});
afterEach(async () => {
  await connector.expectNothingElse(10);
  await world.close();
});

const whatRan = () => world.ran.map(({ what, input }) => [what, input]);

describe('typed commands', () => {
  it.each(['/handovers', 'handovers', 'HANDOVERS'])('answers %s in person', async (text) => {
    await alex.says(text);
    await connector.expect(alex.chat, 'answer to handovers');
    expect(world.ran[0]?.asking).toMatchObject({
      pathwayId: 'palliative',
      actor: { person: 'alex' },
      place: { scope: 'personal', conversationId: alex.chat.conversationId },
    });
  });

  it('answers a mention in a channel with or without the slash, and in the thread it was said in', async () => {
    await alex.mentions('handovers open', { ...channel, thread: '55' });
    await alex.mentions('/handovers', channel);
    expect((await connector.expect(channel, 'answer to handovers')).thread).toBe('55');
    await connector.expect(channel, 'answer to handovers');
    expect(whatRan()).toEqual([
      ['/handovers', 'open'],
      ['/handovers', ''],
    ]);
    expect(world.ran[0]?.asking.place).toEqual({
      scope: 'channel',
      conversationId: CHANNEL,
      provider: 'hospice',
    });
  });

  it('hears in a channel only what is said to it: the rest is not stored, logged or answered', async () => {
    const before = world.logged.length;
    for (const text of ['handovers', 'Margaret Example 943 476 5919', 'see /handovers', '']) {
      expect((await alex.says(text, channel)).status).toBe(200);
      expect((await alex.says(text, connector.groupChat('19:chat', TENANT))).status).toBe(200);
    }
    await alex.says('/handovers', channel);
    await connector.expect(channel, 'answer to handovers');
    expect([world.ran.length, world.seen.length, world.logged.length - before]).toEqual([1, 1, 0]);
  });

  it('answers a slip with the nearest command and never repeats what was typed', async () => {
    await alex.says('/handvoers Margaret', channel);
    const post = await connector.expect(channel, 'Did you mean /handovers?');
    expect(post.text).not.toContain('Margaret');
    await alex.says('good morning');
    await connector.expect(alex.chat, 'Type /help');
    expect(world.ran).toEqual([]);
  });

  it('answers nothing at all with help', async () => {
    await alex.mentions('', channel);
    await connector.expect(channel, 'answer to help');
  });

  it('asks for an NHS number in a channel to be deleted, without repeating it', async () => {
    await alex.says('/case 943 476 5919', channel);
    await alex.mentions('9434765919', channel);
    for (const _ of [1, 2]) {
      const post = await connector.expect(channel, 'Delete your message');
      expect(post.text).not.toMatch(/\d/);
    }
    expect(world.ran).toEqual([]);
    expect(world.logged.join()).not.toContain('943');
  });

  it('takes an NHS number in person', async () => {
    await alex.says('/case 943 476 5919');
    await connector.expect(alex.chat, 'answer to case');
  });

  it('answers what is for one person in their own chat, and says so in the channel', async () => {
    await alex.says('/help');
    await connector.expect(alex.chat, 'answer to help');
    await alex.says('/case 7K2-04', channel);
    await connector.expect(alex.chat, 'answer to case');
    await connector.expect(channel, 'in our personal chat');
  });

  it('says what to do where the person’s own chat is not known', async () => {
    await alex.says('/case 7K2-04', channel);
    await connector.expect(channel, 'Open a chat with Baton');
  });

  it('refuses somebody on no pathway, in words that say whom to ask, and keeps nothing', async () => {
    await world.person('nobody').says('/handovers');
    await connector.expect(world.person('nobody').chat, 'Ask the coordinator');
    await world.person('walter').says('/handovers', channel);
    await connector.expect(channel, 'You are not on this pathway');
    expect([world.ran, world.seen]).toEqual([[], []]);
  });

  it('does not take a person of another tenant for one of its own', async () => {
    const other = connector.person({ name: 'Alex', tenant: 'tenant-2', objectId: 'alex' }, world.botUrl);
    await other.says('/handovers');
    await connector.expect(other.chat, 'Ask the coordinator');
  });

  it('says what to do when a message is throttled for a moment, once', async () => {
    connector.fail({ status: 429, retryAfter: '0' });
    await alex.says('/handovers');
    await connector.expect(alex.chat, 'answer to handovers');
  });
});

describe('being added', () => {
  it('greets in person, keeps the way there and has what is open shown again', async () => {
    await alex.installs();
    const hello = await connector.expect(alex.chat, '/help');
    expect(hello.text).toContain('ring 999');
    expect(world.seen).toMatchObject([
      { objectId: 'alex', reach: { scope: 'personal', serviceUrl: connector.serviceUrl, tenant: TENANT } },
    ]);
    expect(world.installed).toEqual(['palliative alex']);
  });

  it('greets somebody on no pathway and keeps nothing of them', async () => {
    const nobody = world.person('nobody');
    await nobody.installs();
    await connector.expect(nobody.chat, 'Hello');
    expect([world.seen, world.installed]).toEqual([[], []]);
  });

  it('says nothing in a channel, and has what is open there shown again', async () => {
    await alex.installs(channel);
    await alex.sends({ type: 'conversationUpdate', membersAdded: [{ id: '28:baton' }] }, channel);
    await alex.sends({ type: 'conversationUpdate', membersAdded: [{ id: '29:sam' }] }, channel);
    await alex.sends({ type: 'installationUpdate', action: 'remove' }, channel);
    await alex.installs(connector.channel('19:other@thread.tacv2', TENANT));
    expect(world.installed).toEqual(['palliative hospice', 'palliative hospice']);
    expect(world.seen).toMatchObject([{ reach: { conversationId: CHANNEL } }, {}]);
  });

  it('knows the way to a place that somebody asked from, though it is bound to nobody yet', async () => {
    const place = connector.channel('19:new@thread.tacv2', TENANT);
    await alex.mentions('help', { ...place, thread: '9' });
    await connector.expect(place, 'answer to help');
    expect(world.teams.reachOf({ scope: 'channel', conversationId: place.conversationId })).toMatchObject({
      conversationId: place.conversationId,
      serviceUrl: connector.serviceUrl,
    });
  });

  it.each(['typing', 'messageReaction', 'messageUpdate', 'event', 'somethingNew'])(
    'passes over %s',
    async (type) => {
      expect((await alex.sends({ type, text: '/handovers' })).status).toBe(200);
      expect(world.ran).toEqual([]);
    },
  );
});
