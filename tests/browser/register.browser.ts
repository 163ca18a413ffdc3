import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSPICE, picksDay, standsStill } from './form.ts';
import { pictures } from './pictures.ts';
import { type Client, createDemo, type Demo, openClient } from './playground.ts';

// A coordinator's actions and the cases that nobody holds, in the Playground. The steps build on each other.

let demo: Demo;
let client: Client;
const { step, taken } = pictures('register', () => client.page);

beforeAll(async () => {
  demo = await createDemo();
  await demo.start();
  client = await openClient(demo.playgroundUrl, 1280);
});

afterAll(async () => {
  await client?.close();
  await demo?.end();
  console.log(`steps walked with actions and the register: ${taken()}`);
  expect(taken()).toBeGreaterThan(7);
});

describe('an action', () => {
  it('is set in person, says what is missing, and stands in the owner’s channel without its words', async () => {
    await client.goes('Personal Chat');
    await client.says('/action');
    const form = await client.card('A new action');
    await client.chooses(form, 'For which provider', 'Northside Community Trust');
    await client.chooses(form, 'Whose is it?', `${HOSPICE} (as a whole)`);
    await client.chooses(form, 'What did it come out of?', 'A handover');
    await picksDay(client, form.getByRole('combobox', { name: 'By the end of which day' }));
    await client.types(form, 'What is to be done?', 'Agree who rings the family');
    await client.presses(form, 'Set the action');
    const again = await client.card('Write the case number that is on its card.', 'A new action');
    await step('wrong');
    await client.chooses(again, 'What did it come out of?', 'A meeting');
    await client.presses(again, 'Set the action');
    await client.card('is set: ');
    await step('set');
    await client.goes(HOSPICE);
    const card = await client.card('To be done', 'Action ');
    expect(await card.innerText()).not.toContain('family');
    await step('in-channel');
  });

  it('is done with proof, and Undo gives it back', async () => {
    await client.presses(await client.card('To be done', 'Action '), 'Done');
    const form = await client.card('What shows that it is done?');
    await client.types(form, 'What shows that it is done?', 'The night team answered that they will.');
    await client.presses(form, 'Done');
    // The answer to the press and the card as all see it come in either order; the later one stands.
    const shared = await client.card(/View details has the proof, and Undo until|Proof: The night team/);
    await standsStill(shared);
    await step('done');
    if ((await shared.getByRole('button', { name: 'View details', exact: true }).count()) > 0)
      await client.presses(shared, 'View details');
    await client.presses(await client.card('Proof: The night team', 'You can undo this until'), 'Undo');
    await client.card('To be done', 'Action ');
    await step('undone');
  });
});

describe('a case that a list brings without a holder', () => {
  it('is taken by a role that may, for their own provider, and by nobody else', async () => {
    const list = ['--pathway', 'riverside', '--provider', 'st-annes', 'infra/demo/caseload.csv'];
    expect(await demo.baton('register', 'import', ...list)).toContain('New cases that nobody holds');
    const card = await client.card('Nobody holds this case');
    const [id = ''] = /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(await card.innerText()) ?? [];
    await step('unowned');
    await client.presses(card, 'Take ownership');
    await client.sees(/You can take it for Northside Community Trust/);
    await step('for-whom');
    await client.goes('Personal Chat');
    await demo.as('megan', `/take ${id}`);
    await client.sees(/Taking a case that nobody holds is for these roles/);
    await client.says(`/case ${id}`);
    await client.presses(await client.card(id, 'Somebody is to take it by'), 'Take ownership');
    await client.sees(/It is yours for Northside Community Trust/);
    await step('taken');
    await client.goes(HOSPICE);
    await client.card(id, 'Held by Northside Community Trust');
    await step('held');
  });
});
