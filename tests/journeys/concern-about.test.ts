import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { raisingIn } from '../support/concerns.ts';
import { titlesOf, wordsOn } from '../support/connector.ts';
import { startWorld } from '../support/world.ts';

const MINUTE = 60_000;
const pathway = 'riverside';
const world = await startWorld();
const { connector, clock } = world;
type Person = ReturnType<typeof world.person>;
const [alex, adele, patti, megan, isaiah] = ['alex', 'adele', 'patti', 'megan', 'isaiah'].map((key) =>
  world.person(pathway, key),
) as [Person, Person, Person, Person, Person];
await world.reaches([alex], [adele], [patti], [megan], [isaiah]);
const raises = raisingIn(world);
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

const refused = async (person: Person, id: string): Promise<string> => {
  clock.pass(5_000);
  const action = { type: 'Action.Execute', verb: 'concern.view', data: { pathway, concern: id } };
  return (await person.sends({ type: 'invoke', name: 'adaptiveCard/action', value: { action } })).text ?? '';
};

describe('who a concern is about', () => {
  it('is said by the deputy: the lead, in conflict, is out, and what he acknowledged does not stand', async () => {
    const id = await raises({ told: { staff: 'unknown' } });
    const atLead = await connector.expect(alex.chat, id);
    const receipt = await connector.expect(patti.chat, id);
    const opened = await alex.presses(atLead, 'Open');
    await alex.presses(opened, 'Acknowledge', { where: alex.chat });
    await connector.expectEdit(receipt, 'Seen, and answered for');
    clock.pass(5_000);
    await adele.says(`/concerns ${id}`);
    const hers = await connector.expect(adele.chat, id);
    expect(titlesOf(hers.card)).toEqual([
      'Record decision',
      'Who is it about?',
      'Add to this concern',
      'Add an action',
      'More',
    ]);
    const form = await adele.presses(hers, 'Who is it about?', { where: adele.chat });
    const wrong = await adele.presses(form, 'Record', { inputs: { staff: 'yes' }, where: adele.chat });
    expect(wordsOn(wrong.card)).toContain('Choose who it is about');
    clock.pass(5_000);
    // Megan manages Alex.
    const said = await adele.presses(wrong, 'Record', {
      inputs: { staff: 'yes', people: 'megan' },
      where: adele.chat,
    });
    expect(wordsOn(said.card)).toContain('Megan Bowen');
    expect(wordsOn(said.card)).toContain('they may not know of it');
    await connector.expect(adele.chat, id);
    await connector.expectEdit(atLead, 'This does not need you any more.');
    expect(wordsOn(atLead.card)).not.toMatch(/Margaret|Megan|Example|Financial|7[0-9A-Z]{2}-/);
    await connector.expectEdit(receipt, 'Nobody has seen it yet');
    const answer = await refused(alex, id);
    expect(answer).toContain('There is no concern with this number');
    expect(await refused(alex, '9Q8-ZZZ')).toBe(answer);
    const hersNow = await adele.presses(said, 'Acknowledge', { where: adele.chat });
    expect(wordsOn(hersNow.card)).toContain('Acknowledged by Adele Vance');
    await connector.expectEdit(receipt, 'Seen, and answered for');
  });

  it('ends what only the lead and the deputy may know: the others are asked in their turn', async () => {
    const id = await raises({ told: { staff: 'yes' }, named: [{ typed: 'Zebedee Quirk' }] });
    const atLead = await connector.expect(alex.chat, id);
    await connector.expect(patti.chat, id);
    clock.pass(11 * MINUTE);
    await connector.expect(adele.chat, id);
    await connector.expect(patti.chat, 'Do not wait: ring');
    expect(await refused(isaiah, id)).toContain('There is no concern with this number');
    const opened = await alex.presses(atLead, 'Open');
    const form = await alex.presses(opened, 'Who is it about?', { where: alex.chat });
    expect(wordsOn(form.card)).toContain('“Zebedee Quirk”');
    await alex.presses(form, 'Record', { inputs: { staff: 'yes', match0: '-nobody' }, where: alex.chat });
    clock.pass(11 * MINUTE);
    const atOnCall = await connector.expect(isaiah.chat, id);
    const his = await isaiah.presses(atOnCall, 'Open');
    await isaiah.presses(his, 'Acknowledge', { where: isaiah.chat });
  });
});
