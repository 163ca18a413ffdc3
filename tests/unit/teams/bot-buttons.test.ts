import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, Person, Post } from '../../support/connector.ts';
import { titlesOf } from '../../support/connector.ts';
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

/** A card of the tests, standing in the channel or in somebody's chat. */
async function cardIn(where: Placed): Promise<Post> {
  const { conversationId, tenant, scope } = where;
  await world.teams.messenger.post(
    { serviceUrl: connector.serviceUrl, conversationId, tenant, scope, seenAt: '2026-11-24T14:30:00.000Z' },
    { kind: 'card', view: { card: 'things/one', data: { words: 'a thing' }, summary: 'A thing waits' } },
  );
  return connector.expect(where, 'A thing waits');
}
const whatRan = () => world.ran.map(({ what, input }) => [what, input]);

describe('somebody on two pathways', () => {
  it('is asked which is meant, and the button does what was typed', async () => {
    const rosa = world.person('rosa');
    await rosa.says('/handovers open');
    const question = await connector.expect(rosa.chat, 'Which pathway');
    expect(titlesOf(question.card)).toEqual(['palliative', 'wounds']);
    expect((await rosa.presses(question, 'wounds')).text).toBe('answer to handovers');
    expect(world.ran[0]).toMatchObject({ input: 'open', asking: { pathwayId: 'wounds' } });
    await rosa.presses(question, 'palliative', { oldClient: true });
    await connector.expect(rosa.chat, 'answer to handovers');
  });

  it('is asked for a button too, and what was filled in is kept', async () => {
    const rosa = world.person('rosa');
    const question = await rosa.presses(await cardIn(rosa.chat), 'Do', { inputs: { reason: 'full' } });
    expect((await rosa.presses(question, 'wounds')).card).toBeDefined();
    expect(world.ran[0]).toMatchObject({
      input: { ref: 'r1', reason: 'full' },
      asking: { pathwayId: 'wounds' },
    });
  });

  it('is asked where others read along without a word that is not to be repeated, and answered as if it were there', async () => {
    const rosa = world.person('rosa');
    const chat = connector.groupChat('19:chat', TENANT);
    await rosa.says('/handover she is hit', chat);
    const question = await connector.expect(chat, 'Which pathway');
    expect(JSON.stringify(question.activity)).not.toContain('hit');
    await rosa.presses(question, 'wounds', { where: chat });
    expect(whatRan()).toEqual([['/handover', '…']]);
  });

  it('is not asked in a channel, which has its pathway', async () => {
    await world.person('rosa').presses(await cardIn(channel), 'Do');
    expect(world.ran[0]?.asking.pathwayId).toBe('palliative');
  });

  it('cannot choose a pathway that is not theirs, nor another than the channel’s', async () => {
    const forged = { forged: { pathway: 'wounds' } };
    const own = await alex.presses(await cardIn(alex.chat), 'Do', forged);
    expect(own.text).toContain('You are not on this pathway');
    const there = await world.person('rosa').presses(await cardIn(channel), 'Do', forged);
    expect(there.text).toContain('another pathway');
    expect(world.ran).toEqual([]);
  });
});

describe('buttons', () => {
  it('answers with the card for the person alone, and nobody in the data says who presses', async () => {
    const post = await cardIn(channel);
    const answer = await alex.presses(post, 'Do', {
      inputs: { reason: 'full' },
      where: channel,
    });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.card)).toContain('done');
    expect(whatRan()).toEqual([['thing.do', { ref: 'r1', reason: 'full' }]]);
    const forged = await alex.presses(post, 'Do', { forged: { person: 'sam', tenant: 'other' } });
    expect(forged.text).toContain('Nothing was stored');
    expect(world.ran).toHaveLength(1);
  });

  it.each([
    ['Refuse', 'This has moved on. Nothing for you to do.'],
    ['Unsure', 'Not stored. Try again in a minute.'],
    ['Spell', 'Not stored.\nreason: write a reason'],
  ])('answers %s with the words of what to do, and leaves the card', async (title, words) => {
    const answer = await alex.presses(await cardIn(channel), title);
    expect([answer.status, answer.card, answer.text]).toEqual([200, undefined, words]);
  });

  it('gives a reference that the log has, and no name goes into either', async () => {
    const answer = await alex.presses(await cardIn(channel), 'Break');
    const [, reference = 'none'] = /reference (\w+)/.exec(answer.text ?? '') ?? [];
    const line = world.logged.find((each) => each.includes(reference));
    expect(line).toContain('a turn failed');
    expect(`${answer.text}${world.logged.join()}`).not.toContain('Margaret');
  });

  it('answers a button nobody knows, and inputs that cannot be', async () => {
    const post = await cardIn(channel);
    const unknown = await alex.sends(
      { type: 'invoke', name: 'adaptiveCard/action', value: { action: { verb: 'thing.x', data: {} } } },
      channel,
    );
    expect([unknown.status, unknown.text]).toEqual([
      200,
      expect.stringContaining('does not know this button'),
    ]);
    const long = await alex.presses(post, 'Do', { inputs: { reason: 'x'.repeat(10_000) } });
    expect(long.text).toContain('reason:');
    expect(long.text?.length).toBeLessThan(300);
    for (const value of [
      undefined,
      null,
      'x',
      [],
      { action: 7 },
      { action: { verb: 'thing.do', data: [] } },
    ]) {
      const odd = await alex.sends({ type: 'invoke', name: 'adaptiveCard/action', value }, channel);
      expect([odd.status, typeof odd.text]).toEqual([200, 'string']);
    }
    expect(world.ran).toEqual([]);
  });

  it('sends what is private to the person’s own chat; somebody without one sees it in the answer to the press', async () => {
    const post = await cardIn(channel);
    const unreached = await alex.presses(post, 'Secret');
    expect(JSON.stringify(unreached.card)).toContain('Margaret Example');
    await alex.says('/help');
    await connector.expect(alex.chat, 'answer to help');
    const answer = await alex.presses(post, 'Secret');
    expect([answer.card, answer.text]).toEqual([undefined, expect.stringContaining('personal chat')]);
    await connector.expect(alex.chat, 'Margaret Example');
    expect(JSON.stringify(connector.posts(channel))).not.toContain('Margaret');
  });

  it('never shows the answer to an old client’s button to the whole channel', async () => {
    const post = await cardIn(channel);
    await alex.presses(post, 'Do', { oldClient: true });
    await connector.expect(channel, 'Open a chat with Baton');
    await alex.says('/help');
    await connector.expect(alex.chat, 'answer to help');
    await alex.presses(post, 'Do', { oldClient: true });
    await connector.expect(alex.chat, 'done');
    await connector.expect(channel, 'in our personal chat');
    await alex.presses(post, 'Refuse', { oldClient: true });
    await connector.expect(channel, 'This has moved on');
  });

  it('answers an old client’s button in the person’s own chat there', async () => {
    await alex.presses(await cardIn(alex.chat), 'Do', { oldClient: true });
    await connector.expect(alex.chat, 'done');
  });
});

describe('dialogs', () => {
  it('opens a form from the message extension and walks its buttons', async () => {
    const dialog = await alex.opensDialog('offer', channel);
    expect(dialog.body).toMatchObject({ task: { type: 'continue', value: { title: 'Offer a thing' } } });
    const next = await alex.submits(dialog, 'Do', { reason: 'full' });
    expect(whatRan()).toEqual([
      ['thing.form', {}],
      ['thing.do', { ref: 'r1', reason: 'full' }],
    ]);
    expect(JSON.stringify((await alex.submits(next, 'Secret')).card)).toContain('Margaret');
    expect((await alex.submits(next, 'Refuse')).text).toContain('moved on');
  });

  it('asks which pathway is meant with buttons that a dialog knows', async () => {
    const rosa = world.person('rosa');
    const question = await rosa.opensDialog('offer');
    await rosa.submits(question, 'wounds');
    expect(world.ran[0]).toMatchObject({ what: 'thing.form', asking: { pathwayId: 'wounds' } });
  });

  it('answers a command of a message extension that nobody knows', async () => {
    const answer = await alex.opensDialog('other');
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('does not know')]);
  });
});
