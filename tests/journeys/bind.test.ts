import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { titlesOf, wordsOn } from '../support/connector.ts';
import { bodyFor, MOORLAND, named, PARTNERS, type Partners, RIVERSIDE } from '../support/partners.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const scenes = new Map<Partners, Scene>();
for (const partners of PARTNERS) scenes.set(partners, await setScene(world, partners));
const isaiah = world.person('riverside', 'isaiah');
await world.reaches([isaiah]);

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

/** The provider of each that has no channel yet, and somebody there who may bind one. */
const UNBOUND: readonly (readonly [string, Partners, string, readonly [string, number]])[] = [
  ['riverside', RIVERSIDE, 'harbour', ['isaiah', 0]],
  ['moorland', MOORLAND, 'home-again', ['gwen', 0]],
];

describe.each(UNBOUND)('on %s', (pathway, partners, provider, [key, account]) => {
  const binder = world.person(partners.pathway, key, account);
  const { accepter, ours, coordinator } = scenes.get(partners) as Scene;
  const place = connector.channel(`19:new-${provider}@thread.tacv2`, binder.who.tenant);
  const other = connector.channel(`19:other-${provider}@thread.tacv2`, binder.who.tenant);
  const bound = `Handovers to ${named(partners, provider)} are shown`;

  it('binds a channel for somebody with the right, names members not in the agreement, shows what is open', async () => {
    const { body } = await world.offers(pathway, { ...bodyFor(partners), to: provider });
    const sent = await connector.expect(ours, body.caseId);
    expect(wordsOn(sent.card)).toContain('Not delivered yet');
    connector.roster(place, [binder.who, { objectId: 'object-of-new', name: 'Newly Joined' }]);
    await binder.mentions(`/bind ${provider}`, place);
    const card = await connector.expect(place, bound);
    expect(wordsOn(card.card)).toContain('Newly Joined');
    expect(wordsOn(card.card)).not.toContain(binder.who.name);
    const standing = await connector.expect(place, 'offer a handover.');
    const concerns = partners.terms.safeguarding ? ['Raise a concern'] : [];
    expect(titlesOf(standing.card)).toEqual(['Offer a handover', ...concerns]);
    const open = await connector.expect(place, body.caseId);
    expect(titlesOf(open.card)).toContain('Accept');
    await connector.expectEdit(sent, 'Delivered');
    clock.pass(5_000);
    await binder.presses(open, 'Accept');
    await connector.expectEdit(open, 'Accepted by');
    await connector.expect(ours, 'Accepted by');
    expect(await world.holder(partners.pathway, body.caseId)).toBe(provider);
  });

  it('moves to another channel when it is bound there, and shows there what is open', async () => {
    clock.pass(31_000);
    const { body } = await world.offers(pathway, { ...bodyFor(partners), to: provider });
    await connector.expect(ours, body.caseId);
    // Just posted, or still being recorded: it is to come to the other channel all the same.
    await connector.expect(place, body.caseId);
    connector.roster(other, [binder.who]);
    await binder.mentions(`bind ${named(partners, provider)}`, other);
    const card = await connector.expect(other, bound);
    expect(wordsOn(card.card)).not.toContain('not in the agreement');
    await connector.expect(other, 'offer a handover.');
    const open = await connector.expect(other, body.caseId);
    const accepted = await binder.presses(open, 'Accept');
    await connector.expect(ours, 'Accepted by');
    await connector.expectEdit(open, 'Accepted by');
    clock.pass(5_000);
    await binder.presses(accepted, 'Undo');
    expect((await connector.expect(other, 'undone')).thread).toBe(open.activityId);
    await connector.expect(ours, 'undone');
  });

  it('refuses without the right, in person, for an unknown provider, and for somebody else’s', async () => {
    const before = await world.kept();
    await binder.mentions('/bind elsewhere', other);
    await connector.expect(other, 'Type /bind and one of:');
    await binder.says(`/bind ${provider}`);
    await connector.expect(binder.chat, 'in the channel');
    await binder.mentions(`/bind ${partners.sender}`, other);
    await connector.expect(other, `can bind a channel for ${named(partners, partners.sender)}`);
    const without = pathway === 'riverside' ? world.person('riverside', 'lynne') : null;
    if (without) {
      await without.mentions(`/bind ${provider}`, other);
      await connector.expect(other, /coordinator/);
    }
    expect(await world.kept()).toEqual(before);
    expect([accepter.who.name, coordinator.who.name]).not.toContain('');
  });
});
