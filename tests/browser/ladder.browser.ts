import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, createDemo, type Demo, openClient } from './playground.ts';

// What a newcomer sees of the ladder: a handover that nobody answers for a minute.

const PICTURES = process.env.BATON_PICTURES;
const CLIMB = join(import.meta.dirname, '..', '..', 'infra', 'demo', 'climb.js');
/** The demo's offer is due in a minute, and the ticker looks once a second. */
const DUE_MS = 63_000;

let demo: Demo;
let client: Client;
let steps = 0;

async function step(name: string): Promise<void> {
  steps += 1;
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await client.page.screenshot({ path: join(PICTURES, `ladder-${steps}-${name}.png`) });
}

beforeAll(async () => {
  demo = await createDemo();
  await demo.start();
  client = await openClient(demo.playgroundUrl, 1400);
});

afterAll(async () => {
  await client?.close();
  await demo?.end();
  console.log(`steps of the ladder walked in the Playground: ${steps}`);
  expect(steps).toBe(6);
});

it('climbs by itself: somebody says that they are on it, steps it up, asks why, and ends it by accepting', async () => {
  await client.goes('Personal Chat');
  const ports = { PORT: new URL(demo.botUrl).port, PLAYGROUND_PORT: new URL(demo.playgroundUrl).port };
  const said = execFileSync(process.execPath, [CLIMB], { env: { ...process.env, ...ports } }).toString();
  const id = /^Case (\S+) is offered/.exec(said)?.[1] ?? '';
  expect(id).not.toBe('');
  await client.page.waitForTimeout(DUE_MS);

  const asked = await client.card(id, 'Operational');
  await step('asked');
  expect(await asked.innerText()).toMatch(/Nobody has answered in time[\s\S]*it goes to Clinical/);
  await client.presses(asked, 'Acknowledge');
  const held = await client.card(id, 'Alex Wilber is on it until');
  await step('acknowledged');
  await client.presses(held, 'Step up now');

  const form = await client.card('Why can it not wait?');
  await client.types(form, 'Why can it not wait?', 'He is alone');
  await step('step-up');
  await client.presses(form, 'Step up now');
  const clinical = await client.card(id, 'Clinical: handover unanswered');
  await step('stepped-up');

  await client.says(`/why ${id}`);
  const why = await client.card(`Why case ${id} climbed`);
  await step('why');
  expect(await why.innerText()).toMatch(
    /by agreement version 1[\s\S]*Teams took the prompt of Operational for Alex Wilber[\s\S]*stepped it up/,
  );

  await client.presses(clinical, 'Accept');
  await client.card(id, 'Accepted by Alex Wilber');
  await step('accepted');
});
