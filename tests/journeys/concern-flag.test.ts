import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { titlesOf, wordsOn } from '../support/connector.ts';
import { bodyFor, RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const { accepter, offer, theirs, ours } = await setScene(world, RIVERSIDE);
const HOUR = 3_600_000;
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

/** A referral that says there is a concern. */
function flagged(): object {
  const body = bodyFor(RIVERSIDE) as { content: object };
  return { ...body, content: { ...body.content, safeguarding: { status: 'concern', detail: 'Bruises.' } } };
}

describe('a referral that says there is a safeguarding concern', () => {
  it('asks whoever accepts it, in person, and "Not sure" opens the form with what is known', async () => {
    const { caseId, card } = await offer(flagged());
    await accepter.presses(card, 'Accept');
    await connector.expect(ours, 'Accepted by');
    const question = await connector.expect(accepter.chat, 'Does your safeguarding lead know?');
    expect(titlesOf(question.card)).toEqual(['Yes', 'No', 'Not sure']);
    expect(JSON.stringify(question.activity)).not.toMatch(/Margaret|Bruises/);
    // Unanswered for an hour: reminded, once.
    clock.pass(HOUR);
    await connector.expect(accepter.chat, 'is not answered yet');
    clock.pass(HOUR);
    const form = await accepter.presses(question, 'Not sure');
    expect(wordsOn(form.card)).toContain(`about case ${caseId}`);
    await connector.expectEdit(question, 'This has been answered.');
    const inputs = { danger: 'no', age: 'adult', categories: 'physical' };
    const facts = await accepter.presses(form, 'Next', { inputs });
    const person = await accepter.presses(facts, 'Next', { inputs: { facts: 'Bruises.', when: 'Today' } });
    expect(JSON.stringify(person.card)).toContain('Margaret');
    // What was answered, and that a concern was begun, is nowhere in the case's own record.
    const kept = (await world.kept()).filter((doc) => doc.includes(caseId) && !doc.includes('concern-draft'));
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.join('\n')).not.toMatch(/not-sure/);
  });

  it('asks nobody who takes the acceptance back, nor where there is no such flag', async () => {
    const { card } = await offer(flagged());
    const accepted = await accepter.presses(card, 'Accept');
    await connector.expect(ours, 'Accepted by');
    const question = await connector.expect(accepter.chat, 'Does your safeguarding lead know?');
    await accepter.presses(accepted, 'Undo', { where: accepter.chat });
    await connector.expectEdit(question, 'This has been answered.');
    for (const channel of [ours, theirs]) await connector.expect(channel, 'was undone');
    clock.pass(5_000);
    const plain = await offer(bodyFor(RIVERSIDE));
    await accepter.presses(plain.card, 'Accept');
    await connector.expect(ours, 'Accepted by');
    await connector.expectNothingElse(300);
  });
});
