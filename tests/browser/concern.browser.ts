import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { standsStill } from './form.ts';
import { pictures } from './pictures.ts';
import { type Client, createDemo, type Demo, openClient } from './playground.ts';

// A concern from a charity worker's phone to the lead's desk, in the Playground. The steps build on each other.

const DEMO = fileURLToPath(new URL('../../infra/demo/', import.meta.url));
let folder: string;
let demo: Demo;
let client: Client;
const { step, taken } = pictures('concern', () => client.page);
const ids: string[] = [];

/** The Playground as somebody else's client: they are signed in, and whoever was is one of the others. */
function signIn(name: string): void {
  const world = parse(readFileSync(join(DEMO, '.m365agentsplayground.yml'), 'utf8'));
  const who = world.users.find((one: { name: string }) => one.name === name);
  if (who) {
    world.users = [...world.users.filter((one: object) => one !== who), world.currentUser];
    world.currentUser = who;
  }
  writeFileSync(join(folder, 'playground.yml'), stringify(world));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-concern-'));
  signIn('Patti Fernandez');
  demo = await createDemo({
    agreements: join(DEMO, 'agreements'),
    playground: join(folder, 'playground.yml'),
  });
  await demo.start();
  client = await openClient(demo.playgroundUrl, 360);
});

afterAll(async () => {
  await client?.close();
  await demo?.end();
  rmSync(folder, { recursive: true, force: true });
  console.log(`steps walked with concerns: ${taken()}`);
  expect(taken()).toBeGreaterThan(8);
});

/** Chooses one in a list of several. */
async function ticks(
  card: Awaited<ReturnType<Client['card']>>,
  label: string,
  answer: string,
): Promise<void> {
  client.effort.presses += 1;
  await card.getByRole('combobox', { name: label }).click();
  await client.page.getByRole('menuitemcheckbox', { name: answer, exact: true }).click();
  await client.page.keyboard.press('Escape');
}

/** Raises a concern with what is required and no more; says how it is answered. */
async function raises(about?: string): Promise<string> {
  await client.says('/concern');
  const first = await client.card('Step 1 of 3');
  await client.chooses(first, 'Is somebody in danger now?', 'No');
  await client.chooses(first, 'Is it about an adult or a child?', 'An adult');
  await ticks(first, 'What is it about?', 'Financial or material abuse');
  if (about === undefined) await step('danger');
  await client.presses(first, 'Next');
  const second = await client.card('Step 2 of 3');
  await client.types(second, 'What was seen and said', 'Her card was with the neighbour.');
  await client.types(second, 'When was it?', 'This morning');
  if (about === undefined) await step('facts');
  await client.presses(second, 'Next');
  const third = await client.card('Step 3 of 3');
  await consents(third);
  await client.chooses(
    third,
    'Is it about somebody who works or volunteers for a partner?',
    about ? 'Yes' : 'No',
  );
  if (about !== undefined) await client.chooses(third, 'If so, who?', about);
  await step(about === undefined ? 'consent' : 'about-staff');
  await client.presses(third, 'Send now');
  const receipt = await client.card('Nobody has seen it yet');
  await standsStill(receipt);
  const [id = ''] = /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(await receipt.innerText()) ?? [];
  return id;
}
const consents = (card: Awaited<ReturnType<Client['card']>>): Promise<void> =>
  client.chooses(card, 'Do they agree to this being shared?', 'They agree');

describe('a charity worker, on a phone', () => {
  it('raises a concern in three short steps, with little to press and type', async () => {
    await client.goes('Personal Chat');
    const began = performance.now();
    const before = { ...client.effort };
    ids.push(await raises());
    const presses = client.effort.presses - before.presses;
    const characters = client.effort.characters - before.characters;
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    await step('receipt');
    console.log(
      `to send a concern at 360 pixels: 7 answers, ${presses} presses, ${characters} characters typed, ${seconds} s by a machine`,
    );
    expect(presses).toBeLessThanOrEqual(12);
  });

  it('raises one about the lead, who is not told', async () => {
    ids.push(await raises("Alex Wilber, Northside Community Trust and St Anne's Hospice"));
    await step('receipt-about-lead');
  });
});

describe('the safeguarding lead, at a desk', () => {
  beforeAll(async () => {
    await client.close();
    await demo.cutPower();
    signIn('Alex Wilber');
    await demo.start();
    client = await openClient(demo.playgroundUrl, 1280);
    await client.goes('Personal Chat');
  });

  it('opens what was raised, acknowledges it, and records what was decided', async () => {
    const [id = ''] = ids;
    await client.says('/concerns');
    const list = await client.card('Open concerns', `Concern ${id}`);
    await step('list');
    await client.presses(list, 'Open');
    const opened = await client.card('Her card was with the neighbour.');
    await step('opened');
    await client.presses(opened, 'Acknowledge');
    const has = await client.card('Acknowledged by Alex Wilber', 'Her card was with the neighbour.');
    await client.presses(has, 'Record decision');
    await client.card('Police: told or not?');
    await step('decision');
  });

  it('finds nothing of the one about himself, by whatever he types', async () => {
    const [, hidden = ''] = ids;
    expect(hidden).not.toBe('');
    for (const words of ['/concerns all', '/mine', '/help', '/people', '/map']) await client.says(words);
    await client.says(`/concerns ${hidden}`);
    await client.sees(/There is no concern with this number/);
    await step('hidden');
    const seen = await client.page.locator('.ac-adaptiveCard').allInnerTexts();
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.filter((text) => text.includes(hidden))).toEqual([]);
  });
});
