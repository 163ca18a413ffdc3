import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillsStep, HOSPICE, standsStill } from './form.ts';
import { type Client, createDemo, type Demo, openClient } from './playground.ts';

// What a newcomer does on the first day, in the client that `npm start` opens. The steps build on each other.

/** With BATON_PICTURES, a folder: what was on the screen at each step. */
const PICTURES = process.env.BATON_PICTURES;

let demo: Demo;
let client: Client;
let steps = 0;

async function step(name: string): Promise<void> {
  steps += 1;
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await client.page.screenshot({ path: join(PICTURES, `${String(steps).padStart(2, '0')}-${name}.png`) });
}

beforeAll(async () => {
  demo = await createDemo();
  await demo.start();
  client = await openClient(demo.playgroundUrl, 1280);
});

afterAll(async () => {
  await client?.close();
  await demo?.end();
  console.log(`steps walked in the Playground: ${steps}`);
  expect(steps).toBeGreaterThan(15);
});

describe('in the channel', () => {
  it('shows the handover that came in through the intake; its details, and a way back, to somebody entitled', async () => {
    await client.goes(HOSPICE);
    const card = await client.card('Handover offered', 'M.E.');
    expect(await card.innerText()).not.toContain('Margaret');
    await step('offered');
    await client.presses(card, 'View details');
    const details = await client.card('Margaret Ellery');
    await step('details');
    for (const button of ['Accept', 'Reject', 'Ask for information']) {
      expect(await details.getByRole('button', { name: button, exact: true }).count()).toBe(1);
    }
  });

  it('asks the sender, who answers in their channel, and the offer stands again', async () => {
    await client.presses(await client.card('Margaret Ellery'), 'Ask for information');
    const form = await client.card('What do you need to know?');
    await client.types(form, 'What do you need to know?', 'Is there a key safe?');
    await step('ask');
    await client.presses(form, 'Ask for information');
    await client.card('Information requested', 'M.E.', 'Waiting for');
    await step('asked');
    await client.goes('General');
    const sent = await client.card('asks for information', 'M.E.');
    await client.presses(sent, 'Give information');
    const answer = await client.card('Is there a key safe?');
    await client.types(answer, 'Answer', 'Yes, by the door');
    await step('answer');
    await client.presses(answer, 'Give information');
    await client.goes(HOSPICE);
    await client.card('Handover offered', 'M.E.');
  });

  it('refuses to reject without a reason and what to do next, and rejects with both', async () => {
    const card = await client.card('Handover offered', 'M.E.');
    await client.presses(card, 'Reject');
    const form = await client.card('What should the sender do next?');
    await client.presses(form, 'Reject');
    await client.sees('Choose the reason');
    await step('reject-empty');
    await form.getByRole('radio').first().check();
    await client.types(form, 'What should the sender do next?', 'Ring the evening team');
    await client.presses(form, 'Reject');
    await client.card('Handover rejected', 'M.E.');
    await step('rejected');
    await client.goes('General');
    await client.card('Your handover', 'M.E.', 'Rejected');
  });

  it('accepts what came in next, shows the person to the one who accepted, and undoes it', async () => {
    await client.goes('General');
    const card = await client.card('Handover offered', 'D.R.');
    await client.presses(card, 'Accept');
    const answered = await client.card('Accepted by Alex Wilber', 'D.R.');
    await standsStill(answered);
    await step('accepted-for-all');
    await client.presses(answered, 'View details');
    const accepted = await client.card('Dilip Raval', 'Undo');
    await step('accepted');
    await client.presses(accepted, 'Undo');
    const again = await client.card('Handover offered', 'D.R.');
    await step('undone');
    await client.presses(again, 'Accept');
    await client.card('Accepted by Alex Wilber', 'D.R.');
  });

  it('hears a command after a mention', async () => {
    await client.goes(HOSPICE);
    await client.mentions('handovers');
    await client.card('Open handovers', 'R.T.');
    await step('handovers-in-channel');
    await client.mentions('/help');
    await client.card('What you can type');
    await step('help-in-channel');
  });
});

describe('in person', () => {
  it('answers the commands, and a slip with the nearest', async () => {
    await client.goes('Personal Chat');
    for (const [typed, ...words] of [
      ['/help', '/mine'],
      ['/mine', 'Waiting for you'],
      ['/handovers all', 'All handovers'],
      ['/people', 'Northside Community Trust'],
    ] as const) {
      await client.says(typed);
      await client.card(...words);
      await step(typed.slice(1).replace(' ', '-'));
    }
    await client.says('/handovres');
    await client.sees('Did you mean /handovers?');
  });

  it('accepts with a gap, undoes and rejects what is found by its case number', async () => {
    await client.says('/handovers open');
    const list = await client.card('Open handovers', 'R.T.');
    const [, caseId = ''] = /([0-9A-Z]{3}-[0-9A-Z]{3}) · R\.T\./.exec(await list.innerText()) ?? [];
    await client.says(`/case ${caseId.toLowerCase().replace('-', ' ')}`);
    await client.presses(await client.card(caseId, 'NHS number'), 'View');
    await client.presses(await client.card('Rosemary Tull', 'Accept'), 'Accept');
    const gap = await client.card('Why accept without it?');
    await step('gap-in-person');
    await client.presses(gap, 'Accept');
    await client.sees('Choose the reason');
    await gap.getByRole('radio').first().check();
    await client.presses(gap, 'Accept');
    const accepted = await client.card('Rosemary Tull', 'Undo');
    await step('accepted-in-person');
    await client.presses(accepted, 'Undo');
    const open = await client.card('R.T.', 'This is how it stands now');
    await step('undone-in-person');
    await client.presses(open, 'Reject');
    const form = await client.card('What should the sender do next?');
    await form.getByRole('radio').first().check();
    await client.types(form, 'What should the sender do next?', 'Ask the bereavement service');
    await client.presses(form, 'Reject');
    await client.card('R.T.', 'Nothing for you to do');
    await step('rejected-in-person');
  });

  it('offers a handover by the form, step by step, and says when it is delivered', async () => {
    await client.goes('Personal Chat');
    await client.says('/handover');
    const which = await client.card('Northside Community Trust (', HOSPICE);
    await which.getByRole('button', { name: /^Northside/ }).click();
    for (const [at, button] of [
      ['Step 1 of 4', 'Next'],
      ['Step 2 of 4', 'Next'],
      ['Step 3 of 4', 'Next'],
      ['Step 4 of 4', 'Send the offer'],
    ] as const) {
      const form = await client.card(at);
      expect(await form.getByRole('radio', { checked: true }).count()).toBe(0);
      await fillsStep(client, form);
      await step(at.slice(0, 6).replace(' ', '-'));
      await client.presses(form, button);
    }
    await client.card('Done', 'Sent to');
    await client.card('Your handover', 'Delivered');
    await step('delivered');
    await client.goes(HOSPICE);
    await client.card('Handover offered', 'W.W.');
  });
});

describe('after the power went', () => {
  it('shows what is open again, and what was decided stays decided', async () => {
    await client.close();
    await demo.cutPower();
    await demo.start();
    client = await openClient(demo.playgroundUrl, 360);
    await client.goes(HOSPICE);
    await step('phone-channel');
    await client.mentions('/handovers all');
    await client.card('All handovers', 'M.E.', 'Rejected', 'W.W.');
    await step('phone-all');
  });
});
