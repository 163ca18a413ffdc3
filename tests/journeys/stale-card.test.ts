import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { named, PARTNERS, type Partners } from '../support/partners.ts';
import { type OfferShown, type Scene, setScene } from '../support/scene.ts';
import { read, startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const scenes = new Map<Partners, Scene>();
for (const partners of PARTNERS) scenes.set(partners, await setScene(world, partners));

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, receiver, sender, terms } = partners;
  const { accepter, coordinator, theirs, ours, offer } = scenes.get(partners) as Scene;

  /** The card as a client still shows it that has not redrawn it. */
  const asItWas = (post: Post): Post => ({ ...post });
  const accept = async ({ card }: OfferShown): Promise<void> => {
    await accepter.presses(card, 'Accept');
    await connector.expectEdit(card, 'Accepted by');
    await connector.expect(ours, 'Accepted by');
  };

  it.each(['Reject', 'Ask for information'])(
    'answers %s on a card that was accepted with who acted and when, and nothing to do',
    async (title) => {
      const shown = await offer();
      const old = asItWas(shown.card);
      await accept(shown);
      const before = await world.kept();
      const answer = await accepter.presses(old, title);
      const words = wordsOn(answer.card);
      expect(words).toContain(`Accepted by ${accepter.who.name}, ${named(partners, receiver)}`);
      expect(words).toMatch(/On \w{3} \d+ Nov, \d\d:\d\d/);
      expect(words).toContain('Nothing for you to do.');
      expect(titlesOf(answer.card)).toEqual([]);
      expect(words).not.toContain('Margaret');
      expect(await world.kept()).toEqual(before);
    },
  );

  it('answers Accept on an offer that was withdrawn with who withdrew it', async () => {
    const shown = await offer();
    const old = asItWas(shown.card);
    await coordinator.presses(shown.sent, 'Withdraw');
    await connector.expect(theirs, 'Withdrawn by');
    const before = await world.kept();
    const answer = await accepter.presses(old, 'Accept');
    expect(wordsOn(answer.card)).toContain(`Withdrawn by ${coordinator.who.name}`);
    expect(wordsOn(answer.card)).toContain('Nothing for you to do.');
    expect(await world.kept()).toEqual(before);
    expect(await world.holder(pathway, shown.caseId)).toBe(sender);
  });

  it('answers Withdraw on an offer that was accepted with who accepted it', async () => {
    const shown = await offer();
    const old = asItWas(shown.sent);
    await accept(shown);
    const answer = await coordinator.presses(old, 'Withdraw');
    expect(wordsOn(answer.card)).toContain(`Accepted by ${accepter.who.name}`);
    expect(await world.holder(pathway, shown.caseId)).toBe(receiver);
  });

  it('shows an offer that moved on but is open with its buttons of now, which work', async () => {
    const { caseId, card, sent } = await offer();
    const old = asItWas(card);
    const form = await accepter.presses(card, 'Ask for information');
    await accepter.presses(form, 'Ask for information', { inputs: { question: 'Which door?' } });
    await connector.expectEdit(card, `Waiting for ${named(partners, sender)}`);
    await connector.expect(ours, 'asks for information');
    await connector.expectEdit(sent, 'Give information');
    const answer = await accepter.presses(old, 'Accept');
    expect(wordsOn(answer.card)).toContain('This is how it stands now.');
    expect(await world.holder(pathway, caseId)).toBe(sender);
    clock.pass(2_500);
    const accepted = await accepter.presses(answer, 'Accept');
    expect(wordsOn(accepted.card)).toContain('Margaret Example');
    await connector.expectEdit(card, 'Accepted by');
    await connector.expect(ours, 'Accepted by');
  });

  it('shows the sender its own buttons when its card is old and the offer open', async () => {
    const { card, sent } = await offer();
    const old = asItWas(sent);
    const form = await accepter.presses(card, 'Ask for information');
    await accepter.presses(form, 'Ask for information', { inputs: { question: 'Which door?' } });
    await connector.expectEdit(card, `Waiting for ${named(partners, sender)}`);
    await connector.expect(ours, 'asks for information');
    const answer = await coordinator.presses(old, 'Withdraw');
    expect(titlesOf(answer.card)).toEqual(['Give information', 'View details', 'Withdraw']);
  });

  it('does not believe a card from the future, nor one of another pathway', async () => {
    const { caseId, card } = await offer();
    const before = await world.kept();
    const ahead = await accepter.presses(card, 'Accept', { forged: { revision: 9 } });
    expect(wordsOn(ahead.card)).toContain('This is how it stands now.');
    const elsewhere = PARTNERS.find((one) => one !== partners)?.pathway;
    const other = await accepter.presses(card, 'Accept', { forged: { pathway: elsewhere } });
    expect(read(other)).toContain('another pathway');
    expect(await world.kept()).toEqual(before);
    expect(await world.holder(pathway, caseId)).toBe(sender);
    expect(terms.pathway).toBe(pathway);
  });
});
