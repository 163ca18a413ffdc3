import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { contentFor, MOORLAND } from '../support/partners.ts';
import { standsStill } from './form.ts';
import { pictures } from './pictures.ts';
import { type Client, createDemo, type Demo, openClient } from './playground.ts';

// Two pathways in one process, their partners, roles, reasons, dataset and hours not the same, and the person
// who is signed in on both.

const FELL = 'Fell Therapy Partners';
const TENANT = '00000000-0000-0000-0000-000000000001';
const HOUR = 3_600_000;

interface Agreed {
  people: { key: string; positions: { provider: string; role: string }[] }[];
  channels: { provider: string; tenant: string; conversation: string }[];
}

let folder: string;
let demo: Demo;
let client: Client;
const { step, taken } = pictures('two', () => client.page);

const read = (file: string) => parse(readFileSync(new URL(file, import.meta.url), 'utf8'));

/**
 * Both agreements as they are, but for where they meet the Playground: its two channels are of the second
 * pathway, its group chat of the first.
 */
function twoPathways(): { agreements: string; playground: string } {
  const agreements = join(folder, 'agreements');
  const playground = join(folder, 'playground.yml');
  mkdirSync(agreements);
  const world = read('../../infra/demo/.m365agentsplayground.yml');
  const [channel] = world.team.channels;
  channel.name = FELL;
  world.team.name = 'Moorland reablement';
  writeFileSync(playground, stringify(world));
  const riverside: Agreed = read('../../infra/demo/agreements/riverside.yaml');
  riverside.channels = [{ provider: 'northside', tenant: TENANT, conversation: world.groupChat.id }];
  writeFileSync(join(agreements, 'riverside.yaml'), stringify(riverside));
  const moorland: Agreed = read('../support/agreements/moorland.yaml');
  moorland.channels = [
    { provider: 'moorland-council', tenant: TENANT, conversation: world.team.id },
    { provider: 'fell-therapy', tenant: TENANT, conversation: channel.id },
  ];
  // The sender's question is answered by the only person whom the Playground lets press.
  const alex = moorland.people.find((person) => person.key === 'alex-wilber');
  alex?.positions.push({ provider: 'moorland-council', role: 'reablement-desk' });
  writeFileSync(join(agreements, 'moorland.yaml'), stringify(moorland));
  return { agreements, playground };
}

/** A handover comes in from the surgery, through the intake; says its case. */
async function comesIn(given: string): Promise<string> {
  const content = contentFor(MOORLAND, given);
  const neededBy = new Date(Date.now() + 48 * HOUR).toISOString();
  const nextReview = new Date(Date.now() + 96 * HOUR).toISOString().slice(0, 10);
  const body = {
    from: MOORLAND.outside,
    to: MOORLAND.receiver,
    content: { ...content, ask: { ...content.ask, neededBy }, plan: { ...content.plan, nextReview } },
  };
  const response = await fetch(`${demo.botUrl}/api/pathways/moorland/handovers`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `two-${given}` },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { caseId: string }).caseId;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-two-'));
  demo = await createDemo(twoPathways());
  await demo.start();
  client = await openClient(demo.playgroundUrl, 1280);
});

afterAll(async () => {
  await client?.close();
  await demo?.end();
  rmSync(folder, { recursive: true, force: true });
  console.log(`steps walked on two pathways: ${taken()}`);
  expect(taken()).toBeGreaterThan(8);
});

describe('on the second pathway, in its channel', () => {
  it('shows what comes in without initials, and rejects it for one of its own reasons', async () => {
    await client.goes(FELL);
    const caseId = await comesIn('Ottilie');
    const card = await client.card('Handover offered', caseId);
    expect(await card.innerText()).not.toMatch(/O\.E\.|Ottilie/);
    expect(await card.innerText()).toContain('High Street Surgery');
    await step('offered');
    await client.presses(card, 'Reject');
    const form = await client.card('What should the sender do next?', 'Our list is full');
    expect(await form.innerText()).not.toContain('No capacity');
    await step('reject');
    await form.getByRole('radio', { name: 'Our list is full' }).check();
    await client.types(form, 'What should the sender do next?', 'Ask Home Again');
    await client.presses(form, 'Reject');
    await client.card('Handover rejected', caseId, 'Our list is full');
    await step('rejected');
  });

  it('asks the sender, who answers in their channel, accepts, and undoes it', async () => {
    const caseId = await comesIn('Quentin');
    await client.presses(await client.card('Handover offered', caseId), 'Ask for information');
    const ask = await client.card('What do you need to know?');
    await client.types(ask, 'What do you need to know?', 'Are there stairs?');
    await client.presses(ask, 'Ask for information');
    await client.card('Information requested', caseId);
    await step('asked');
    await client.goes('General');
    const sent = await client.card('asks for information', caseId);
    await client.presses(sent, 'Give information');
    const answer = await client.card('Are there stairs?');
    await client.types(answer, 'Answer', 'Twelve, with a rail');
    await client.presses(answer, 'Give information');
    await step('answered');
    await client.goes(FELL);
    await client.presses(await client.card('Handover offered', caseId), 'Accept');
    const accepted = await client.card('Accepted by Alex Wilber', caseId);
    await standsStill(accepted);
    await client.presses(accepted, 'View details');
    const own = await client.card('Quentin', 'Undo');
    await step('accepted');
    await client.presses(own, 'Undo');
    await client.card('Handover offered', caseId);
    await step('undone');
  });
});

describe('on both', () => {
  it('asks in person which pathway is meant, by buttons, and answers for that one alone', async () => {
    await client.goes('Personal Chat');
    await client.says('/handovers');
    const which = await client.card('Which pathway do you mean?');
    await step('which');
    await client.presses(which, 'Moorland reablement');
    const list = await client.card('Open handovers', 'High Street Surgery');
    expect(await list.innerText()).not.toContain('Riverside');
    await step('of-moorland');
    await client.says('/handovers');
    await client.presses(
      await client.card('Which pathway do you mean?'),
      'Riverside urgent community response',
    );
    const other = await client.card('Open handovers', 'Riverside General Hospital');
    expect(await other.innerText()).not.toContain('High Street Surgery');
    await step('of-riverside');
  });

  it('asks it in the dialog of the message extension too', async () => {
    await client.goes('Personal Chat');
    const dialog = await client.extension('offerHandover');
    await client.presses(dialog, 'Moorland reablement');
    await dialog.filter({ hasText: 'From Moorland Council' }).waitFor();
    await step('dialog');
    await dialog.getByRole('button', { name: 'Close' }).click();
  });

  it('knows which by the channel, or by the group chat that is a provider’s', async () => {
    await client.goes('Riverside partners');
    await client.mentions('/handovers');
    const list = await client.card('Open handovers', 'Riverside General Hospital');
    expect(await list.innerText()).not.toContain('High Street Surgery');
    await client.goes(FELL);
    await client.mentions('/handovers');
    const other = await client.card('Open handovers', 'High Street Surgery');
    expect(await other.innerText()).not.toContain('Riverside');
    await step('by-channel');
  });
});
