import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { raisingIn } from '../support/concerns.ts';
import { titlesOf, wordsOn } from '../support/connector.ts';
import { RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const MINUTE = 60_000;
const pathway = 'riverside';
const world = await startWorld();
const { connector, clock, store } = world;
const { accepter: adele, coordinator: alex, offer, ours } = await setScene(world, RIVERSIDE);
type Person = ReturnType<typeof world.person>;
const [patti, isaiah] = ['patti', 'isaiah'].map((key) => world.person(pathway, key)) as [Person, Person];
await world.reaches([patti], [isaiah]);
const raises = raisingIn(world);
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

describe('a concern about all who would answer for it', () => {
  it('waits for the outside contact: its raiser is told whom to ring, and reminded until they have', async () => {
    const id = await raises({
      named: [{ person: 'alex' }, { person: 'adele' }, { person: 'isaiah' }],
      told: { staff: 'yes', danger: 'yes' },
    });
    const receipt = await connector.expect(patti.chat, id);
    for (const words of ['0300 123 4590', 'Day and night', 'Baton cannot tell them'])
      expect(wordsOn(receipt.card)).toContain(words);
    clock.pass(15 * MINUTE);
    await connector.expect(patti.chat, `Concern ${id} still waits for you`);
    clock.pass(15 * MINUTE);
    await connector.expect(patti.chat, `Concern ${id} still waits for you`);
    const form = await patti.presses(receipt, 'I have told them');
    const day = clock.now().slice(0, 10);
    const wrong = await patti.presses(form, 'Record', { inputs: { outsideDay: day }, where: patti.chat });
    expect(wordsOn(wrong.card)).toContain('Write whom you spoke to.');
    clock.pass(5_000);
    await patti.presses(wrong, 'Record', {
      inputs: { outsideDay: day, outsideWhom: 'Ms Okafor' },
      where: patti.chat,
    });
    await connector.expectEdit(receipt, 'You told Ms Okafor');
    clock.pass(3 * 60 * MINUTE);
    await connector.expectNothingElse(500);
  });
});

describe('a case that somebody in conflict accepts', () => {
  it('is theirs as if there were no concern, and whoever has it is told at once; they hand it to another', async () => {
    const { caseId, card } = await offer();
    const id = await raises({ named: [{ person: 'adele' }], told: { staff: 'yes' }, caseId });
    const notice = await connector.expect(alex.chat, id);
    const receipt = await connector.expect(patti.chat, id);
    const opened = await alex.presses(notice, 'Open');
    const his = await alex.presses(opened, 'Acknowledge', { where: alex.chat });
    await connector.expectEdit(receipt, 'Seen, and answered for');
    const accepted = await adele.presses(card, 'Accept');
    expect(wordsOn(accepted.card)).not.toMatch(/oncern/);
    await connector.expect(ours, 'Accepted by');
    const told = await connector.expect(alex.chat, 'now works on its case');
    await connector.expect(alex.chat, 'write what moves with it');
    expect(JSON.stringify(told.activity)).toContain(`Concern ${id}`);
    expect(JSON.stringify(told.activity)).not.toMatch(/Adele|Margaret|Example/);
    // Nor does the case itself: its chain is that of any other, and the errand that follows each acceptance is gone.
    const key = { pathwayId: pathway, caseId };
    await connector.expectNothingElse(300);
    expect(await store.get(key, 'timer:worked')).toBeUndefined();
    const types = (await store.history(key)).map(({ type }) => type);
    expect(types).toContain('handover.accepted');
    expect(types.filter((type) => type.startsWith('concern'))).toEqual([]);

    const more = await alex.presses(his, 'More', { where: alex.chat });
    expect(titlesOf(more.card)).toContain('Hand to another');
    const form = await alex.presses(more, 'Hand to another', { where: alex.chat });
    expect(JSON.stringify(form.card)).not.toContain('Adele');
    const wrong = await alex.presses(form, 'Hand on', { inputs: { to: 'isaiah' }, where: alex.chat });
    expect(wordsOn(wrong.card)).toContain('Write why you hand it on.');
    clock.pass(5_000);
    const handed = await alex.presses(wrong, 'Hand on', {
      inputs: { to: 'isaiah', handWhy: 'On leave from tonight' },
      where: alex.chat,
    });
    expect(wordsOn(handed.card)).toContain('On leave from tonight');
    const atIsaiah = await connector.expect(isaiah.chat, id);
    const hers = await isaiah.presses(atIsaiah, 'Open');
    await isaiah.presses(hers, 'Acknowledge', { where: isaiah.chat });
    await connector.expectEdit(notice, 'Acknowledged by Isaiah');
  });

  it('is told of to nobody where there is no concern about them', async () => {
    const { caseId, card } = await offer();
    const id = await raises({ named: [{ person: 'lynne' }], told: { staff: 'yes' }, caseId });
    const notice = await connector.expect(alex.chat, id);
    await connector.expect(patti.chat, id);
    const opened = await alex.presses(notice, 'Open');
    await alex.presses(opened, 'Acknowledge', { where: alex.chat });
    await adele.presses(card, 'Accept');
    await connector.expect(ours, 'Accepted by');
    // What comes of every acceptance, and nothing about who works on it.
    await connector.expect(alex.chat, 'write what moves with it');
    await connector.expectNothingElse(300);
  });
});
