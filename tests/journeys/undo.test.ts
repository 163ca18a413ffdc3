import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { named, PARTNERS, type Partners } from '../support/partners.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { read, startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const scenes = new Map<Partners, Scene>();
for (const partners of PARTNERS) scenes.set(partners, await setScene(world, partners));

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

const MINUTE = 60_000;

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, receiver, sender } = partners;
  const { accepter, coordinator, theirs, ours, offer } = scenes.get(partners) as Scene;
  const tellsOf = async (words: string): Promise<void> => {
    await connector.expect(theirs, words);
    await connector.expect(ours, words);
  };
  /** The receiver reads it on its card, the sender in a line. */
  const isAccepted = async (card: Post): Promise<void> => {
    await connector.expectEdit(card, 'Accepted by');
    await connector.expect(ours, 'Accepted by');
  };

  it('takes an acceptance back: the case is with the sender again, and its first clock runs on', async () => {
    const { caseId, card, sent } = await offer();
    const answerBy = /Answer by [^\n]+/.exec(wordsOn(card.card))?.[0] ?? 'no time';
    const accepted = await accepter.presses(card, 'Accept');
    await isAccepted(card);
    clock.pass(9 * MINUTE);
    const undone = await accepter.presses(accepted, 'Undo');
    expect(wordsOn(undone.card)).toContain(answerBy);
    await tellsOf('The acceptance was undone');
    await connector.expectEdit(card, answerBy);
    await connector.expectEdit(sent, `Waiting for ${named(partners, receiver)}`);
    expect(await world.holder(pathway, caseId)).toBe(sender);

    const again = await accepter.presses(card, 'Accept');
    expect(wordsOn(again.card)).toContain('Margaret Example');
    await isAccepted(card);
    expect(await world.holder(pathway, caseId)).toBe(receiver);
  });

  it('keeps the case where it is after ten minutes, and says how to give it back', async () => {
    const { caseId, card } = await offer();
    const accepted = await accepter.presses(card, 'Accept');
    await isAccepted(card);
    clock.pass(10 * MINUTE + 1_000);
    const late = await accepter.presses(accepted, 'Undo');
    expect(read(late)).toContain('The ten minutes to undo have passed');
    expect(await world.holder(pathway, caseId)).toBe(receiver);
    const details = await accepter.presses(accepted, 'View details');
    expect(titlesOf(details.card)).not.toContain('Undo');
  });

  it('is found again, with the note, behind View details of the shared card', async () => {
    const { card } = await offer();
    await accepter.presses(card, 'Accept');
    const shared = await connector.expectEdit(card, 'Undo until');
    await isAccepted(card);
    const again = await accepter.presses(shared, 'View details');
    expect(titlesOf(again.card)).toEqual(expect.arrayContaining(['Undo', 'View details']));
    const details = await accepter.presses(again, 'View details');
    expect(titlesOf(details.card)).toEqual(expect.arrayContaining(['Undo', 'Handover note']));
  });

  it('is for the person who accepted alone, and the same undo twice is one', async () => {
    const { caseId, card, sent } = await offer();
    const accepted = await accepter.presses(card, 'Accept');
    await isAccepted(card);
    const other = await coordinator.presses(accepted, 'Undo', { where: ours });
    expect(read(other)).toMatch(/This was offered to|Only the person who accepted it/);
    expect(await world.holder(pathway, caseId)).toBe(receiver);
    clock.pass(2_500);
    const first = await accepter.presses(accepted, 'Undo');
    const second = await accepter.presses(accepted, 'Undo');
    expect(wordsOn(second.card)).toBe(wordsOn(first.card));
    await tellsOf('undone');
    expect((await world.events(pathway, caseId)).filter((type) => type === 'handover.undone')).toHaveLength(
      1,
    );
    await connector.expectEdit(sent, 'Withdraw');
    await coordinator.presses(sent, 'Withdraw');
    await connector.expect(theirs, 'Withdrawn');
  });

  it('says once that the time to answer has passed, at the first time, after an undo', async () => {
    const { card } = await offer();
    const accepted = await accepter.presses(card, 'Accept');
    await isAccepted(card);
    clock.pass(2_500);
    await accepter.presses(accepted, 'Undo');
    await tellsOf('undone');
    clock.pass(5 * 24 * 60 * MINUTE);
    await tellsOf('Nobody has answered');
    clock.pass(5 * 24 * 60 * MINUTE);
  });
});
