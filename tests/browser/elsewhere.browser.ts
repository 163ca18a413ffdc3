import { randomUUID } from 'node:crypto';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillsStep, HOSPICE } from './form.ts';
import { pictures } from './pictures.ts';
import { type Client, createDemo, type Demo, openClient } from './playground.ts';

// Where a handover is offered and asked about besides a channel's cards and a chat of one's own: the message
// extension, a group chat, a text in a channel that mentions nobody, and all of it on a phone.

const STEPS = ['Step 1 of 4', 'Step 2 of 4', 'Step 3 of 4', 'Step 4 of 4'] as const;

/** The Playground's page is never narrower than 600 pixels: its cards get the width that Teams leaves them at 360. */
const PHONE_CARDS = '.ac-adaptiveCard { box-sizing: border-box; width: 328px !important; }';

let demo: Demo;
let client: Client;
const { step, taken } = pictures('elsewhere', () => client.page);

/** Nothing that a form asks for by name is to be read in what everybody sees. */
async function namesNobody(): Promise<void> {
  expect(await client.page.getByLabel('First name').count()).toBe(0);
}

const shows = (place: Locator, words: string): Promise<void> => place.filter({ hasText: words }).waitFor();

/** By how many pixels a form goes beyond its own right edge; fails on a card wider than a phone's. */
const overhang = (form: Locator): Promise<number> =>
  form.evaluate((node) => {
    const inner = [...node.querySelectorAll('input, textarea, button, label')];
    const { right, width } = node.getBoundingClientRect();
    if (width > 328 || inner.length === 0)
      throw new Error(`a card ${width} wide with ${inner.length} inputs`);
    return Math.max(0, ...inner.map((one) => one.getBoundingClientRect().right - right));
  });

/** A message as Teams passes it on where a team has consented to its channels being heard: it mentions nobody. */
const unmentioned = (text: string): object => ({
  type: 'message',
  id: randomUUID(),
  channelId: 'msteams',
  serviceUrl: `${demo.playgroundUrl}/_connector`,
  from: { id: 'user-alex', aadObjectId: '00000000-0000-0000-0000-000000000020' },
  recipient: { id: '00000000-0000-0000-0000-000000000011', name: 'Baton' },
  conversation: {
    id: 'channel-st-annes',
    isGroup: true,
    conversationType: 'channel',
    tenantId: '00000000-0000-0000-0000-000000000001',
  },
  channelData: { tenant: { id: '00000000-0000-0000-0000-000000000001' } },
  text,
});

beforeAll(async () => {
  demo = await createDemo();
  await demo.start();
  client = await openClient(demo.playgroundUrl, 1280);
});

afterAll(async () => {
  await client?.close();
  await demo?.end();
  console.log(`steps walked elsewhere in the Playground: ${taken()}`);
  expect(taken()).toBeGreaterThan(10);
});

describe('by the message extension, in a channel', () => {
  it('opens the form for the provider of the channel, says what is wrong, and sends it from there', async () => {
    await client.goes(HOSPICE);
    const dialog = await client.extension('offerHandover');
    await shows(dialog, "From St Anne's Hospice");
    await step('extension-opens');
    await dialog.getByLabel('First name').fill('Wilma');
    for (const at of STEPS) {
      await shows(dialog, at);
      if (at === 'Step 1 of 4') {
        await dialog.getByLabel('NHS number').fill('999 000 0019');
        await fillsStep(client, dialog);
        await client.presses(dialog, 'Next');
        await shows(dialog, 'not a valid NHS number');
        await step('extension-wrong');
        await dialog.getByLabel('NHS number').fill('');
      }
      await fillsStep(client, dialog);
      await step(`extension-${at.slice(0, 6).replace(' ', '-')}`);
      await client.presses(dialog, at === 'Step 4 of 4' ? 'Send the offer' : 'Next');
    }
    await shows(dialog, 'Sent to');
    await step('extension-sent');
    await dialog.getByRole('button', { name: 'Close' }).click();
    expect(await client.page.getByText('Wilma').count()).toBe(0);
  });

  it('opens the form in a chat of one’s own, after the question for which provider', async () => {
    await client.goes('Personal Chat');
    const dialog = await client.extension('offerHandover');
    await shows(dialog, 'For which provider are you acting?');
    await step('extension-which');
    await dialog.getByRole('button', { name: /^Northside/ }).click();
    await shows(dialog, 'From Northside Community Trust');
    await dialog.getByRole('button', { name: 'Close' }).click();
  });
});

describe('in a group chat', () => {
  it('hears nothing that does not mention it', async () => {
    await client.goes('Riverside partners');
    await client.says('Is anyone free at three?');
    await client.mentions('/help');
    await client.card('What you can type');
    await step('group-help');
    expect(await client.page.locator('.ac-adaptiveCard').count()).toBe(1);
  });

  it('lists what is open, and what waits for the one who asks, by initials alone', async () => {
    await client.mentions('/handovers');
    const list = await client.card('Open handovers', 'M.E.');
    expect(await list.innerText()).not.toMatch(/Margaret|Ellery/);
    await step('group-handovers');
    await client.mentions('/mine');
    const mine = await client.card('Waiting for you', 'M.E.');
    expect(await mine.innerText()).not.toMatch(/Margaret|Ellery/);
    await step('group-mine');
  });

  it('asks for which provider, and takes the form to the personal chat', async () => {
    await client.goes('Riverside partners');
    await client.mentions('/handover');
    const which = await client.card('For which provider');
    await which.getByRole('button', { name: /^Northside/ }).click();
    await client.page.getByText('I have sent it to you in our personal chat').first().waitFor();
    await namesNobody();
    await step('group-handover');
    await client.goes('Personal Chat');
    await client.card('Step 1 of 4', 'From Northside Community Trust');
    await step('group-handover-in-person');
  });
});

describe('in a channel, mentioning nobody', () => {
  it('answers what begins with a slash, once Teams passes it on, and lets the rest go by', async () => {
    await client.goes(HOSPICE);
    await client.activity(unmentioned('Is anyone free at three?'));
    await client.activity(unmentioned('/handovers'));
    await client.card('Open handovers', 'M.E.');
    await step('unmentioned');
    expect(await client.page.getByText('I do not know that command').count()).toBe(0);
  });
});

describe('on a phone', () => {
  it('shows every step of the form, and the forms of a decision, within the width of a card there', async () => {
    await client.close();
    client = await openClient(demo.playgroundUrl, 360);
    await client.page.addStyleTag({ content: PHONE_CARDS });
    await client.goes('Personal Chat');
    await client.says('/handover');
    const which = await client.card('Northside Community Trust (', HOSPICE);
    await which.getByRole('button', { name: /^Northside/ }).click();
    const wide: Record<string, number> = {};
    for (const at of STEPS) {
      const form = await client.card(at);
      wide[at] = await overhang(form);
      await step(`phone-${at.slice(0, 6).replace(' ', '-')}`, form);
      await fillsStep(client, form);
      if (at !== 'Step 4 of 4') await client.presses(form, 'Next');
    }
    await client.goes(HOSPICE);
    let offer = await client.card('Handover offered', 'M.E.');
    for (const [button, words] of [
      ['Reject', 'What should the sender do next?'],
      ['Ask for information', 'What do you need to know?'],
    ] as const) {
      await client.presses(offer, button);
      const form = await client.card(words);
      wide[button] = await overhang(form);
      await step(`phone-${button.split(' ')[0]}`, form);
      await client.presses(form, 'View details');
      offer = await client.card('Margaret Ellery', 'Ask for information');
      wide[`${button}, back`] = await overhang(offer);
    }
    expect(Object.keys(wide).length).toBe(8);
    expect(Object.values(wide)).toEqual(Object.values(wide).map(() => 0));
  });
});
