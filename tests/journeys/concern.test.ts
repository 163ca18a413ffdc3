import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { raisingIn } from '../support/concerns.ts';
import { wordsOn } from '../support/connector.ts';
import { startWorld } from '../support/world.ts';

const MINUTE = 60_000;
const pathway = 'riverside';
const world = await startWorld();
const { connector, clock } = world;
type Person = ReturnType<typeof world.person>;
const [alex, adele, patti, lynne, megan, isaiah] = ['alex', 'adele', 'patti', 'lynne', 'megan', 'isaiah'].map(
  (key) => world.person(pathway, key),
) as [Person, Person, Person, Person, Person, Person];
await world.reaches([alex], [adele], [patti], [lynne], [megan], [isaiah]);
const raises = raisingIn(world);
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

describe('a concern', () => {
  it('reaches the lead with category, reference and a button, and is seen, acknowledged, and over', async () => {
    const id = await raises();
    const notice = await connector.expect(alex.chat, id);
    expect(wordsOn(notice.card)).toContain('Financial or material abuse');
    expect(JSON.stringify(notice)).not.toMatch(/Margaret|Example|neighbour|9990000018/);
    const receipt = await connector.expect(patti.chat, id);
    expect(wordsOn(receipt.card)).toContain('Nobody has seen it yet');
    expect(wordsOn(receipt.card)).toContain('0300 123 4501');

    const opened = await alex.presses(notice, 'Open');
    expect(wordsOn(opened.card)).toContain('Her card was with the neighbour.');
    await connector.expectEdit(receipt, 'Seen ');
    await connector.expectEdit(notice, 'Opened by Alex Wilber');
    const done = await alex.presses(opened, 'Acknowledge', { where: alex.chat });
    expect(wordsOn(done.card)).toContain('Acknowledged by Alex Wilber');
    await connector.expectEdit(receipt, 'Seen, and answered for');
    await connector.expectEdit(notice, 'Acknowledged by Alex Wilber');
    clock.pass(24 * 60 * MINUTE);
    await connector.expectNothingElse(1_500);
  });

  it('climbs step by step where nobody answers, and whoever raised it is told to ring', async () => {
    const id = await raises({ told: { danger: 'yes' } });
    const receipt = await connector.expect(patti.chat, id);
    await connector.expect(alex.chat, id);
    clock.pass(2 * MINUTE);
    const atDeputy = await connector.expect(adele.chat, id);
    clock.pass(2 * MINUTE);
    await connector.expect(isaiah.chat, id);
    clock.pass(2 * MINUTE);
    await connector.expect(megan.chat, id);
    // The first again: an edited card would interrupt nobody.
    clock.pass(2 * MINUTE);
    await connector.expect(alex.chat, 'is not acknowledged yet, and you are asked');
    clock.pass(2 * MINUTE);
    await connector.expect(adele.chat, 'is not acknowledged yet, and you are asked');
    await connector.expect(patti.chat, 'Do not wait: ring Northside Community Trust, 0300 123 4501');
    await lynne.says('/concerns');
    const hers = await connector.expect(lynne.chat);
    expect(wordsOn(hers.card)).not.toContain(id);
    // What waits is on /mine in person alone, and comes again where Baton was put back.
    await adele.says('/mine');
    expect(wordsOn((await connector.expect(adele.chat, 'Waiting for you')).card)).toContain(`Concern ${id}`);
    await world.kept();
    clock.pass(11_000);
    await isaiah.sends({ type: 'installationUpdate', action: 'add' });
    await connector.expect(isaiah.chat, 'this is Baton');
    await connector.expect(isaiah.chat, id);
    const opened = await adele.presses(atDeputy, 'Open');
    await adele.presses(opened, 'Acknowledge', { where: adele.chat });
    await connector.expectEdit(receipt, 'Seen, and answered for');
  });
});
