import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VERBS } from '../../src/safeguarding/cards-verbs.ts';
import { type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { startWorld } from '../support/world.ts';

const HOUR = 3_600_000;
const pathway = 'riverside';
const world = await startWorld();
const { connector, clock } = world;
type Person = ReturnType<typeof world.person>;
const [alex, adele, patti, lynne] = ['alex', 'adele', 'patti', 'lynne'].map((key) =>
  world.person(pathway, key),
) as [Person, Person, Person, Person];
const hospice = world.channel(pathway, 'st-annes');
await world.reaches([alex], [adele], [patti], [lynne], [adele, hospice]);
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

const DECIDED = {
  police: 'no',
  policeWhy: 'No crime is known of yet.',
  authority: 'yes',
  authorityWhy: 'She cannot protect herself.',
  contact: 'adults',
  basis: 'public-task',
  wanted: 'To keep her card herself',
  met: 'fully',
  risk: 'reduced',
  rationale: 'The card is back with her.',
};

/** Patti raises a concern and Alex has it. */
async function acknowledged(): Promise<{ id: string; notice: Post; receipt: Post }> {
  await patti.says('/concern');
  const first = await connector.expect(patti.chat, 'Step 1 of 3');
  const second = await patti.presses(first, 'Next', {
    inputs: { danger: 'no', age: 'adult', categories: 'financial' },
  });
  const third = await patti.presses(second, 'Next', {
    inputs: { facts: 'Her card was with the neighbour.', when: 'Today' },
  });
  const sent = await patti.presses(third, 'Send now', {
    inputs: { surname: 'Example', consent: 'given', staff: 'no' },
  });
  const [id = ''] = /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(wordsOn(sent.card)) ?? [];
  const notice = await connector.expect(alex.chat, id);
  const receipt = await connector.expect(patti.chat, id);
  return { id, notice, receipt };
}

describe('a decision', () => {
  it('is recorded once it is acknowledged, chased until the authority answers, and closed', async () => {
    const { id, notice, receipt } = await acknowledged();
    const opened = await alex.presses(notice, 'Open');
    expect(titlesOf(opened.card)).toEqual(['Acknowledge', 'Add to this concern', 'More']);
    const his = await alex.presses(opened, 'Acknowledge', { where: alex.chat });
    const form = await alex.presses(his, 'Record decision', { where: alex.chat });
    const day = clock.now().slice(0, 10);
    const wrong = await alex.presses(form, 'Record', {
      inputs: { ...DECIDED, authorityDay: '2099-01-01', basis: '', rationale: '' },
      where: alex.chat,
    });
    const again = wordsOn(wrong.card);
    for (const words of ['has not come yet', 'on what basis', 'why you decided so'])
      expect(again).toContain(words);
    expect(JSON.stringify(wrong.card)).toContain('She cannot protect herself.');
    clock.pass(5_000);
    const decided = await alex.presses(wrong, 'Record', {
      inputs: { ...DECIDED, authorityDay: day },
      where: alex.chat,
    });
    expect(wordsOn(decided.card)).toContain('Risk reduced');
    expect(wordsOn(decided.card)).toContain('Riverside Council, adult social care');
    await connector.expectEdit(receipt, 'Decided');
    expect(wordsOn(receipt.card)).not.toContain('reduced');

    // Three working days later nobody has answered: whoever decided is reminded, and again the next working day.
    clock.pass(6 * 24 * HOUR);
    await connector.expect(alex.chat, 'no answer is recorded');
    clock.pass(4 * 24 * HOUR);
    await connector.expect(alex.chat, 'no answer is recorded');
    clock.pass(5_000);
    await alex.says(`/concerns ${id}`);
    const which = await connector.expect(alex.chat, 'Which pathway do you mean?');
    const card = await alex.presses(which, 'Riverside urgent community response', { where: alex.chat });
    expect(titlesOf(card.card)).toEqual([
      'Record decision',
      'Add to this concern',
      'They have answered',
      'Add an action',
      'More',
    ]);
    const asked = await alex.presses(card, 'They have answered', { where: alex.chat });
    const answered = await alex.presses(asked, 'Record', {
      inputs: { answer: 'enquiry', answeredDay: clock.now().slice(0, 10) },
      where: alex.chat,
    });
    expect(wordsOn(answered.card)).toContain('They open an enquiry');
    const closing = await alex.presses(answered, 'Close', { where: alex.chat });
    const closed = await alex.presses(closing, 'Close', {
      inputs: { reason: 'with-authority' },
      where: alex.chat,
    });
    expect(wordsOn(closed.card)).toContain('Closed by Alex Wilber');
    await connector.expectEdit(receipt, 'Closed');
    clock.pass(30 * 24 * HOUR);
    await connector.expectNothingElse(1_000);
    await patti.says('/concerns open');
    expect(wordsOn((await connector.expect(patti.chat, 'Open concerns')).card)).not.toContain(id);
    clock.pass(5_000);
    await patti.says('/concerns all');
    expect(wordsOn((await connector.expect(patti.chat, 'All concerns')).card)).toContain(id);
  });

  it('asks for actions, which stand in the concern alone, and reminds whoever is to do them', async () => {
    const { notice, receipt } = await acknowledged();
    const opened = await alex.presses(notice, 'Open');
    const his = await alex.presses(opened, 'Acknowledge', { where: alex.chat });
    await connector.expectEdit(receipt, 'Seen');
    const form = await alex.presses(his, 'Add an action', { where: alex.chat });
    const due = new Date(Date.parse(clock.now()) + 2 * 24 * HOUR).toISOString().slice(0, 10);
    const what = 'Visit her, with her daughter there';
    const wrong = await alex.presses(form, 'Add', { inputs: { what, owner: '', due }, where: alex.chat });
    expect(wordsOn(wrong.card)).toContain('Choose who does it');
    expect(JSON.stringify(wrong.card)).toContain(what);
    clock.pass(5_000);
    const set = await alex.presses(wrong, 'Add', { inputs: { what, owner: 'alex', due }, where: alex.chat });
    expect(wordsOn(set.card)).toContain('Action 1 for Alex Wilber');
    // Not among the pathway's actions, which everybody reads.
    clock.pass(5_000);
    await adele.says('/actions all', hospice);
    const list = await connector.expect(hospice, /action/i);
    for (const words of ['daughter', 'Concern', 'Alex Wilber'])
      expect(wordsOn(list.card)).not.toContain(words);

    clock.pass(7 * 24 * HOUR);
    const reminder = await connector.expect(alex.chat, 'The day of an action');
    expect(JSON.stringify(reminder)).not.toContain('daughter');
    clock.pass(5_000);
    const again = await alex.presses(notice, 'Open');
    expect(wordsOn(again.card)).toContain('overdue');
    const asks = await alex.presses(again, 'An action is done', { where: alex.chat });
    const over = await alex.presses(asks, 'Record', {
      inputs: { which: '1', outcome: 'done', text: 'She is well.' },
      where: alex.chat,
    });
    expect(wordsOn(over.card)).toContain('She is well.');
    expect(titlesOf(over.card)).not.toContain('An action is done');
    clock.pass(14 * 24 * HOUR);
    await connector.expectNothingElse(1_000);
  });

  it('is nobody’s who may not know of it, with the answer of an unknown number', async () => {
    const { id, notice } = await acknowledged();
    const press = (person: Person, verb: string, concern: string) => {
      clock.pass(5_000);
      const action = { type: 'Action.Execute', verb, data: { pathway, concern, ...DECIDED } };
      return person.sends({ type: 'invoke', name: 'adaptiveCard/action', value: { action } });
    };
    const verbs = VERBS.filter((verb) => /^concern[.](?!form|list|map|prompt)/.test(verb));
    expect(verbs.length).toBeGreaterThan(8);
    for (const verb of verbs) {
      const unknown = await press(lynne, verb, '7K2-M4X');
      expect(unknown.text).toContain('There is no concern with this number');
      expect([verb, (await press(lynne, verb, id)).body]).toEqual([verb, unknown.body]);
    }
    console.log(`${verbs.length} buttons pressed for a concern that is hidden, and one that is none`);
    const opened = await alex.presses(notice, 'Open');
    await alex.presses(opened, 'Acknowledge', { where: alex.chat });
  });
});

describe('/map', () => {
  it('says whom to ring for what, also where everybody reads it', async () => {
    await adele.says('/map', hospice);
    const map = wordsOn((await connector.expect(hospice, 'Safeguarding map')).card);
    for (const words of ['Ring 0300 123 4591', 'Care Act 2014', 'Safeguarding lead', '999 first'])
      expect(map).toContain(words);
  });
});
