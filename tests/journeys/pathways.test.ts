import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { titlesOf, wordsOn } from '../support/connector.ts';
import { contentFor, MOORLAND, RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { read, startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const riverside = await setScene(world, RIVERSIDE);
const moorland = await setScene(world, MOORLAND);
/** Alex has one account, and coordinates a prime of one pathway and treats people on the other. */
const alex = riverside.coordinator;

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

it('asks somebody of two pathways in person which one is meant, once, with a button for each', async () => {
  const here = await riverside.offer();
  const there = await moorland.offer();
  for (const [pathway, own, other] of [
    [RIVERSIDE, here, there],
    [MOORLAND, there, here],
  ] as const) {
    await alex.says('/handovers all');
    const question = await connector.expect(alex.chat, 'Which pathway do you mean?');
    expect(titlesOf(question.card)).toEqual([MOORLAND.terms.name, RIVERSIDE.terms.name]);
    const list = await alex.presses(question, pathway.terms.name);
    expect(wordsOn(list.card)).toContain(own.caseId);
    expect(wordsOn(list.card)).not.toContain(other.caseId);
    expect(titlesOf(list.card)).toContain('View');
  }
});

it('does not ask in a channel, whose pathway it is', async () => {
  await alex.says('/handovers', riverside.theirs);
  const list = await connector.expect(riverside.theirs, 'Open handovers');
  expect(titlesOf(list.card)).not.toContain(MOORLAND.terms.name);
});

it('asks somebody of both ends of an offer for which provider they act, and lets nobody accept their own', async () => {
  const { caseId, card } = await riverside.offer();
  const choose = await alex.presses(card, 'Accept', { where: alex.chat });
  expect(titlesOf(choose.card)).toEqual([
    'Northside Community Trust (Coordinator)',
    "St Anne's Hospice (Clinician on call)",
  ]);
  const wrong = await alex.presses(choose, 'Northside Community Trust (Coordinator)');
  expect(read(wrong)).toContain("This was offered to St Anne's Hospice");
  expect(await world.holder('riverside', caseId)).toBe('northside');
  const right = await alex.presses(choose, "St Anne's Hospice (Clinician on call)");
  expect(wordsOn(right.card)).toContain('Margaret Example');
  await connector.expectEdit(card, "Accepted by Alex Wilber, St Anne's Hospice");
  await connector.expect(riverside.ours, "Accepted by Alex Wilber, St Anne's Hospice");

  clock.pass(31_000);
  const sent = await world.offers('riverside', {
    from: 'riverside-general',
    to: 'st-annes',
    content: contentFor(RIVERSIDE),
  });
  const again = await connector.expect(riverside.theirs, sent.body.caseId);
  const mine = await connector.expect(riverside.ours, sent.body.caseId);
  const form = await riverside.accepter.presses(again, 'Reject');
  await riverside.accepter.presses(form, 'Reject', { inputs: { reason: 'no-capacity', next: 'Try again' } });
  await connector.expectEdit(again, 'Rejected: ');
  await connector.expect(riverside.ours, 'Rejected: ');
  await connector.expectEdit(mine, 'Offer to another');
  await alex.presses(mine, 'Offer to another');
  let step = await alex.presses(await connector.expect(alex.chat, 'Step 1 of 4'), 'Next');
  step = await alex.presses(step, 'Next', { inputs: { to: 'st-annes' } });
  step = await alex.presses(step, 'Next');
  await alex.presses(step, 'Send the offer');
  const own = await connector.expect(riverside.theirs, sent.body.caseId);
  await connector.expect(alex.chat, sent.body.caseId);
  const refused = await alex.presses(own, 'Accept');
  expect(read(refused)).toContain('You sent this handover yourself. A colleague has to accept it.');
});

it('keeps each pathway’s people out of the other’s cases, in person too', async () => {
  const { card } = await moorland.offer();
  const { coordinator, accepter } = riverside;
  const asAdele = await accepter.presses(card, 'View details', { where: accepter.chat });
  expect(read(asAdele)).toContain('You are not on this pathway');
  const asTherapist = await coordinator.presses(card, 'View details', { where: coordinator.chat });
  expect(wordsOn(asTherapist.card)).toContain('Margaret Example');
});
