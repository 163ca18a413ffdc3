import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { bodyFor, PARTNERS, type Partners } from '../support/partners.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const scenes = new Map<Partners, Scene>();
for (const partners of PARTNERS) scenes.set(partners, await setScene(world, partners));

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

const AGAIN = 'You may have had this already.';

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway } = partners;
  const { accepter, coordinator, theirs, ours, offer } = scenes.get(partners) as Scene;
  /** On both pathways, and by the same account: answers at both receivers. */
  const alex = world.person('riverside', 'alex');
  const to = { conversation: theirs.conversationId };
  const offers = async (): Promise<string> => (await world.offers(pathway, bodyFor(partners))).body.caseId;
  /** Somebody accepts, so that nothing stays open for the next journey. */
  const accepts = async (card: Post): Promise<void> => {
    clock.pass(5_000);
    await accepter.presses({ ...card }, 'Accept');
    await connector.expectEdit(card, 'Accepted by');
    await connector.expect(ours, (post) => post.text.includes('Accepted by'));
  };
  /** Time enough for what is to be sent once more. */
  const later = (): void => clock.pass(60_000);

  it('tells its sender "Not delivered yet", "Delivered" and "Opened"', async () => {
    const throttled = connector.fail({ status: 429, retryAfter: '20' }, to);
    const caseId = await offers();
    const sent = await connector.expect(ours, caseId);
    expect(wordsOn(sent.card)).toContain('Not delivered yet');
    await throttled;
    await connector.expectNothingElse();
    clock.pass(26_000);
    const card = await connector.expect(theirs, caseId);
    await connector.expectEdit(sent, 'Delivered');
    expect(wordsOn(sent.card)).not.toContain('Not delivered yet');
    await accepter.presses(card, 'View details');
    await connector.expectEdit(sent, 'Opened');
    await accepts(card);
  });

  it('waits as long as Teams asks and loses nothing', async () => {
    const throttled = connector.fail({ status: 429, retryAfter: '30' }, to);
    const caseId = await offers();
    await connector.expect(ours, caseId);
    await throttled;
    await connector.expectNothingElse();
    clock.pass(20_000);
    await connector.expectNothingElse();
    clock.pass(20_000);
    const card = await connector.expect(theirs, caseId);
    expect(wordsOn(card.card)).not.toContain(AGAIN);
    await accepts(card);
  });

  it('says a message again once, marked, when its answer was lost', async () => {
    connector.fail('answer-lost', to);
    const caseId = await offers();
    const sent = await connector.expect(ours, caseId);
    const first = await connector.expect(theirs, caseId);
    expect(JSON.stringify(first.activity)).not.toContain(AGAIN);
    expect(wordsOn(sent.card)).toContain('Not delivered yet');
    await connector.expectNothingElse();
    later();
    const second = await connector.expect(theirs, caseId);
    expect(second.summary).toContain(AGAIN);
    expect(wordsOn(second.card)).toContain(AGAIN);
    await connector.expectEdit(sent, 'Delivered');
    await accepts(second);
  });

  it('goes to people when the channel takes nothing, and their copies change with the others', async () => {
    connector.fail({ status: 403, body: { error: { code: 'BotNotInConversationRoster' } } }, to);
    const caseId = await offers();
    const sent = await connector.expect(ours, caseId);
    const card = await connector.expect(accepter.chat, caseId);
    expect(titlesOf(card.card)).toContain('Accept');
    expect(JSON.stringify(card.activity)).not.toContain('Margaret');
    const copy = await connector.expect(alex.chat, caseId);
    await connector.expectEdit(sent, 'Delivered');
    await accepter.presses(card, 'Accept');
    for (const one of [card, copy, sent]) await connector.expectEdit(one, 'Accepted by');
    await connector.expect(ours, 'Accepted by');
    // The channel hears us again: its card comes late, as it stands now.
    const late = await connector.expect(theirs, caseId);
    expect(wordsOn(late.card)).toContain('Accepted by');
  });

  it('says what the sender did to the people who have the card because the channel took nothing', async () => {
    connector.fail({ status: 403, body: { error: { code: 'BotNotInConversationRoster' } } }, to);
    const caseId = await offers();
    const sent = await connector.expect(ours, caseId);
    const copies = [await connector.expect(accepter.chat, caseId), await connector.expect(alex.chat, caseId)];
    await connector.expectEdit(sent, 'Delivered');
    await coordinator.presses(sent, 'Withdraw');
    for (const one of [...copies, sent]) await connector.expectEdit(one, 'Withdrawn by');
    for (const chat of [accepter.chat, alex.chat]) await connector.expect(chat, 'Withdrawn by');
    const late = await connector.expect(theirs, (post) => post.card !== undefined);
    expect(wordsOn(late.card)).toContain('Withdrawn by');
    expect((await connector.expect(theirs, 'Withdrawn by')).thread).toBe(late.activityId);
  });

  it('tells the sender whom to ring when nobody at all can be reached', async () => {
    const { body } = await world.offers(pathway, { ...bodyFor(partners), to: partners.another });
    const sent = await connector.expect(ours, body.caseId);
    const provider = partners.terms.providers.find(({ id }) => id === partners.another);
    let told: Post | undefined;
    for (let times = 0; !told && times < 6; times++) {
      clock.pass(125_000);
      told = await connector.expect(ours, 'could not be delivered', 1_000).catch(() => undefined);
    }
    expect(told?.text).toContain(`${provider?.name}`);
    await connector.expectEdit(sent, `Not delivered. Ring ${provider?.name} on ${provider?.phone}.`);
    expect(await world.holder(pathway, body.caseId)).toBe(partners.sender);
  });

  it('posts a card anew when the one that stood is gone', async () => {
    const { card, caseId } = await offer();
    connector.remove(card);
    await accepter.presses({ ...card }, 'Accept');
    const anew = await connector.expect(
      theirs,
      (post) => post.card !== undefined && post.summary.includes(caseId),
    );
    expect(wordsOn(anew.card)).toContain('Accepted by');
    await connector.expect(ours, 'Accepted by');
  });

  it.each([
    ['the sender’s', 'Accept', 'Accepted by', accepter, ours],
    ['the receiver’s', 'Withdraw', 'Withdrawn by', coordinator, theirs],
  ] as const)(
    'says more than five lines that are due in %s channel as one',
    async (_side, button, words, who, place) => {
      const shown = [];
      for (let at = 0; at < 7; at++) {
        clock.pass(5_000);
        const { card, sent } = await offer();
        shown.push(button === 'Accept' ? card : sent);
      }
      clock.pass(31_000);
      // Teams wants a moment's peace while seven offers are answered.
      const throttled = connector.fail({ status: 429, retryAfter: '30' }, { times: 2 });
      for (const card of shown) await who.presses({ ...card }, button);
      await throttled;
      await connector.expectNothingElse();
      clock.pass(45_000);
      const together = await connector.expect(place, /\d+ updates:/);
      const lines = together.text.split('\n').filter((line) => line.includes(words));
      expect(lines.length).toBeGreaterThan(5);
      expect(together.text).not.toContain('Margaret');
      for (let left = 7 - lines.length; left > 0; left--) await connector.expect(place, words);
      // What they did themselves is on their cards alone.
      for (const card of shown) await connector.expectEdit(card, words);
    },
  );

  it('shows what is open again where Baton is installed anew', async () => {
    const { card, caseId } = await offer();
    await world.kept();
    clock.pass(60_000);
    await accepter.installs(theirs);
    await connector.expect(theirs, 'offer a handover.');
    const again = await connector.expect(theirs, caseId);
    expect(again.activityId).not.toBe(card.activityId);
    await accepts(again);
    expect((await world.events(pathway, caseId)).filter((type) => type === 'handover.accepted')).toHaveLength(
      1,
    );
  });
});
