import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { raisingIn } from '../support/concerns.ts';
import { titlesOf, wordsOn } from '../support/connector.ts';
import { RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock, store } = world;
const { pathway } = RIVERSIDE;
const { accepter, offer, ours } = await setScene(world, RIVERSIDE);
const alex = world.person(pathway, 'alex');
const patti = world.person(pathway, 'patti');
await world.reaches([alex], [patti]);
const raises = raisingIn(world);
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

it('a case that is accepted carries what is written of its open concern to one person, who says that they have read it', async () => {
  const { caseId, card } = await offer();
  const concernId = await raises({ caseId });
  await connector.expect(patti.chat, concernId);
  const notice = await connector.expect(alex.chat, concernId);
  const opened = await alex.presses(notice, 'Open');
  const his = await alex.presses(opened, 'Acknowledge', { where: alex.chat });
  expect(titlesOf(his.card)).not.toContain('Write what moves with the case');

  const accepted = await accepter.presses(card, 'Accept');
  await connector.expect(ours, 'Accepted by');
  await connector.expect(alex.chat, 'is with another provider now');
  // Whoever accepted sees nothing of it.
  expect(JSON.stringify(accepted.card)).not.toMatch(/concern/i);

  const again = await alex.presses(notice, 'Open');
  const form = await alex.presses(again, 'Write what moves with the case', { where: alex.chat });
  const wrong = await alex.presses(form, 'Send it', { inputs: { risks: 'No food in' }, where: alex.chat });
  expect(wordsOn(wrong.card)).toContain('Choose for whom it is.');
  clock.pass(5_000);
  const written = await alex.presses(wrong, 'Send it', {
    inputs: {
      receiver: 'adele',
      moveContact: 'Knock, never ring',
      risks: 'No food in the house',
      actions: 'A food parcel came',
      outstanding: 'A visit tomorrow',
      moveBasis: 'public-task',
    },
    where: alex.chat,
  });
  expect(wordsOn(written.card)).toContain('Not read yet');
  const theirs = await connector.expect(accepter.chat, concernId);
  const read = await accepter.presses(theirs, 'Open');
  const words = wordsOn(read.card);
  expect(words.indexOf('Knock, never ring')).toBeGreaterThan(-1);
  expect(words.indexOf('Knock, never ring')).toBeLessThan(words.indexOf('No food in the house'));
  const done = await accepter.presses(read, 'I have read it', { where: accepter.chat });
  expect(wordsOn(done.card)).not.toContain('Not read yet');
  // Nobody is reminded any more, and the case's own record holds nothing of it.
  clock.pass(24 * 3_600_000);
  await connector.expectNothingElse(500);
  expect(JSON.stringify(await store.history({ pathwayId: pathway, caseId }))).not.toContain(concernId);
});
