import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { titlesOf, wordsOn } from '../support/connector.ts';
import { bodyFor, contentFor, RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const { accepter, coordinator, ours, offer } = await setScene(world, RIVERSIDE);
const { reasons, outside } = RIVERSIDE;

beforeEach(() => clock.pass(31_000));
afterAll(() => world.close());

describe('a need that somebody rejected', () => {
  it('is still the sender’s to place after the next offer of it was withdrawn', async () => {
    const { caseId, card, sent } = await offer();
    const form = await accepter.presses(card, 'Reject');
    await accepter.presses(form, 'Reject', { inputs: { reason: reasons.open, next: 'Ask Harbour' } });
    await connector.expectEdit(sent, 'Rejected');
    await world.offers('riverside', { ...bodyFor(RIVERSIDE), caseId });
    const again = await connector.expect(ours, caseId);
    const second = titlesOf(again.card).includes('Withdraw') ? again : await connector.expect(ours, caseId);
    await coordinator.presses(second, 'Withdraw');
    const withdrawn = await connector.expectEdit(second, 'Withdrawn');
    expect(titlesOf(withdrawn.card)).toContain('Offer to another');
    await coordinator.says('/handovers mine', ours);
    const mine = await connector.expect(ours, 'Waiting for you');
    expect(wordsOn(mine.card)).toContain(caseId);
  });
});

describe('a sender outside', () => {
  it('can refer to the provider that keeps its cases, which answers like any other', async () => {
    const body = { from: outside, to: 'northside', content: contentFor(RIVERSIDE) };
    const intake = await world.offers('riverside', body);
    expect(intake.status).toBe(201);
    const { caseId } = intake.body;
    const card = await connector.expect(ours, caseId);
    expect(titlesOf(card.card)).toContain('Accept');
    const answer = await coordinator.presses(card, 'Accept');
    expect(wordsOn(answer.card)).toContain('Margaret');
    expect(await world.holder('riverside', caseId)).toBe('northside');
  });
});

describe('a channel bound anew', () => {
  it('gets the open offers of its provider, sent and received, and the old cards ask for nothing any more', async () => {
    const { caseId, sent } = await offer();
    clock.pass(31_000);
    const place = connector.channel('19:moved-northside@thread.tacv2', coordinator.who.tenant);
    connector.roster(place, [coordinator.who]);
    await coordinator.mentions('/bind northside', place);
    // She is on two pathways, and the new channel does not say yet which is meant.
    const which = await connector.expect(place, 'Which pathway');
    const bound = await coordinator.presses(which, RIVERSIDE.terms.name);
    expect(wordsOn(bound.card)).toContain('This channel is bound');
    await connector.expect(place, 'offer a handover.');
    const moved = await connector.expectEdit(sent, 'has moved');
    expect(titlesOf(moved.card)).toEqual([]);
    const anew = await connector.expect(place, caseId);
    expect(titlesOf(anew.card)).toContain('Withdraw');
  });
});
