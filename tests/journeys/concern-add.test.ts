import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Concern } from '../../src/safeguarding/concern.ts';
import { type Answer, inputsOf, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { read, startWorld } from '../support/world.ts';

const pathway = 'riverside';
const world = await startWorld();
const { connector, clock } = world;
type Person = ReturnType<typeof world.person>;
const [alex, adele, patti, lynne] = ['alex', 'adele', 'patti', 'lynne'].map((key) =>
  world.person(pathway, key),
) as [Person, Person, Person, Person];
await world.reaches([alex], [adele], [patti], [lynne]);
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

/** A press later than the last: two within seconds are one, for Teams. */
const press = (who: Person, on: Post | Answer, title: string, inputs?: Record<string, string>) => {
  clock.pass(5_000);
  return who.presses(on, title, { where: who.chat, ...(inputs && { inputs }) });
};
const eventsOf = async (id: string) => world.store.history({ pathwayId: pathway, caseId: `concern:${id}` });
const concernOf = async (id: string): Promise<Concern | undefined> =>
  (await world.store.get<Concern>({ pathwayId: pathway, caseId: `concern:${id}` }, 'concern'))?.doc;

/** Patti raises one; her card of it, the lead's notice, and its number. */
async function raised(): Promise<{ readonly id: string; readonly own: Post; readonly notice: Post }> {
  await patti.says('/concern');
  const first = await connector.expect(patti.chat, 'Raise a safeguarding concern');
  const second = await press(patti, first, 'Next', { danger: 'no', age: 'adult', categories: 'neglect' });
  const third = await press(patti, second, 'Next', { facts: 'She was cold.', when: 'Today' });
  const receipt = await press(patti, third, 'Send now', { consent: 'given', staff: 'no' });
  const id = /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(wordsOn(receipt.card))?.[0] ?? '';
  const own = await connector.expect(patti.chat, id);
  return { id, own, notice: await connector.expect(alex.chat, id) };
}

describe('Add to this concern', () => {
  it('keeps fact and opinion apart with who and when, tells whoever has it, and is there until it is closed', async () => {
    const { id, own, notice } = await raised();
    const opened = await press(alex, notice, 'Open');
    const acknowledged = await press(alex, opened, 'Acknowledge');
    await connector.expectEdit(own, 'Seen, and answered for');

    const form = await press(patti, own, 'Add to this concern');
    expect(wordsOn(form.card)).toContain('If anybody is in danger now, ring 999 first.');
    expect(inputsOf(form.card)).toEqual({ facts: '', opinion: '', danger: '' });
    const empty = await press(patti, form, 'Add', { facts: ' ', danger: 'no' });
    expect(wordsOn(empty.card)).toContain('Write what was seen or said');
    expect(inputsOf(empty.card).danger).toBe('no');
    const inputs = { facts: 'The heating is off.', opinion: 'He turns it off.', danger: 'no' };
    for (const answer of [
      await press(patti, empty, 'Add', inputs),
      await press(patti, empty, 'Add', inputs),
    ]) {
      expect(wordsOn(answer.card)).toContain('with your name and the time');
    }
    const line = await connector.expect(alex.chat, `Something was added to Concern ${id}`);
    expect(line.text).not.toMatch(/heating/);
    expect((await concernOf(id))?.added).toHaveLength(1);

    const hers = await press(alex, acknowledged, 'Add to this concern');
    await press(alex, hers, 'Add', { facts: 'The landlord was rung.' });
    const read1 = await press(alex, notice, 'Open');
    for (const words of ['Fact. Patti Fernandez', 'The heating is off.', 'Opinion. Patti', 'The landlord'])
      expect(wordsOn(read1.card)).toContain(words);
    const read2 = await press(patti, own, 'Open');
    expect(wordsOn(read2.card)).toContain('The heating is off.');
    expect(wordsOn(read2.card)).not.toContain('The landlord');

    const events = await eventsOf(id);
    expect(events.filter(({ type }) => type === 'concern.added').map(({ by }) => by)).toEqual([
      expect.objectContaining({ person: 'patti' }),
      expect.objectContaining({ person: 'alex' }),
    ]);
    expect(JSON.stringify(events)).not.toMatch(/heating|landlord/);
  });

  it('that there is danger now makes it urgent and asks again, also where it had been acknowledged', async () => {
    const { id, own, notice } = await raised();
    const opened = await press(alex, notice, 'Open');
    await press(alex, opened, 'Acknowledge');
    await connector.expectEdit(own, 'Seen, and answered for');
    const form = await press(patti, own, 'Add to this concern');
    const answer = await press(patti, form, 'Add', { facts: 'He is at the door.', danger: 'yes' });
    expect(wordsOn(answer.card)).toContain('ring Northside Community Trust now, 0300 123 4501');
    expect(wordsOn(answer.card)).toContain('ring 999');
    await connector.expect(alex.chat, `Concern ${id}: somebody is in danger now`);
    await connector.expectEdit(notice, 'in danger now');
    await connector.expectEdit(own, 'Nobody has answered it yet');
    // Two minutes are the demo's urgent time: the deputy is next.
    clock.pass(2 * 60_000);
    const atDeputy = await connector.expect(adele.chat, id);
    expect(wordsOn(atDeputy.card)).toContain('in danger now');
    const seen = await press(adele, atDeputy, 'Open');
    await press(adele, seen, 'Acknowledge');
    await connector.expectEdit(own, 'Seen, and answered for');
    expect((await concernOf(id))?.lapsed).toHaveLength(1);
  });

  it('is as unknown to everybody else as a number that is none', async () => {
    const { id, own, notice } = await raised();
    const opened = await press(alex, notice, 'Open');
    await press(alex, opened, 'Acknowledge');
    await connector.expectEdit(own, 'Seen, and answered for');
    const answers: string[] = [];
    for (const concern of [id, '000-000', 'nonsense']) {
      for (const verb of ['concern.add', 'concern.add.send']) {
        const data = { pathway, concern, revision: 1, facts: 'Guessed.' };
        const value = { action: { type: 'Action.Execute', verb, data } };
        answers.push(read(await lynne.sends({ type: 'invoke', name: 'adaptiveCard/action', value })));
      }
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('There is no concern with this number');
    expect((await concernOf(id))?.added).toEqual([]);
    expect(titlesOf(own.card)).toEqual(['Open', 'Add to this concern']);
  });
});
