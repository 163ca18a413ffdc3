import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSPICE } from './form.ts';
import { pictures } from './pictures.ts';
import { type Client, createDemo, type Demo, openClient } from './playground.ts';

// Cases that may be one person, compared lists and the digest, in the Playground. The steps build on each other.

const NORTHSIDE =
  'Case ID,First name,Surname,Date of birth,NHS number,Postcode,Holder,Status,Received,First contact,Discharged,Outcome,Next review';
const LIST = [
  NORTHSIDE,
  'N1,Agnes,Langdale,11/12/1929,,ZZ99 3VZ,northside,open,02/11/2026,,,,',
  'N2,Agnes,Langdale,11/12/1929,,ZZ99 3VZ,northside,open,03/11/2026,,,,',
  'N3,Owen,Marshfield,21/11/1951,,ZZ99 3WZ,northside,open,02/11/2026,,,,',
  'N4,Owen,Marshfield,21/11/1951,,ZZ99 3WZ,st-annes,open,02/11/2026,,,,',
];

let demo: Demo;
let client: Client;
const folder = mkdtempSync(join(tmpdir(), 'baton-duplicates-'));
const { step, taken } = pictures('duplicates', () => client.page);

beforeAll(async () => {
  demo = await createDemo();
  await demo.start();
  client = await openClient(demo.playgroundUrl, 1280);
});

afterAll(async () => {
  await client?.close();
  await demo?.end();
  rmSync(folder, { recursive: true, force: true });
  console.log(`steps walked with duplicates, lists and the digest: ${taken()}`);
  expect(taken()).toBeGreaterThan(9);
});

/** Northside's list, of so many lines, goes in; its pairs are found in a moment. */
async function imports(lines: number): Promise<Locator> {
  const file = join(folder, 'list.csv');
  writeFileSync(file, `${LIST.slice(0, lines + 1).join('\n')}\n`);
  await demo.baton('register', 'import', '--pathway', 'riverside', '--provider', 'northside', file);
  await client.goes('Personal Chat');
  let list: Locator | undefined;
  for (let asked = 0; asked < 10 && !list; asked++) {
    await client.page.waitForTimeout(2_000);
    await client.says('/duplicates');
    const shown = await client.card('Cases that may be one person');
    if ((await shown.innerText()).includes('Waiting for a decision')) list = shown;
  }
  if (!list) throw new Error('no pair is found');
  return list;
}

describe('cases that may be one person', () => {
  it('are found in a list, opened side by side, and made one at once where one provider has both', async () => {
    const list = await imports(2);
    await step('list');
    await client.presses(list, 'Open');
    const pair = await client.card('Is this one person?', 'N2');
    await step('pair');
    await client.presses(pair, 'Same person');
    const form = await client.card('What are these two cases?');
    await step('same');
    await form.getByText('One referral, entered twice.').first().click();
    await client.presses(form, 'Same person');
    await client.card('It is one referral.');
    await step('merged');
    await client.says('/duplicates');
    await client.card('Cases that may be one person', 'Nothing waits for you');
  });

  it('are asked of the other provider, in its channel, and not answered by whoever asked', async () => {
    await client.presses(await imports(4), 'Open');
    await client.presses(await client.card('Is this one person?', 'N4'), 'Same person');
    const form = await client.card('What are these two cases?', HOSPICE);
    await form.getByText('Northside Community Trust holds it.').first().click();
    await client.presses(form, 'Same person');
    await client.card(`${HOSPICE} is asked to agree`);
    await step('asked');
    await client.goes(HOSPICE);
    const card = await client.card('Is this one referral? Please answer');
    expect(await card.innerText()).not.toContain('Marshfield');
    await step('ask');
    await client.presses(card, 'Agree');
    await client.sees(/somebody else who coordinates there must answer/);
    await step('not-by-the-asker');
  });
});

describe('the lists and what is open', () => {
  it('are compared, with what waits to be settled', async () => {
    await client.goes('Personal Chat');
    await client.says('/reconcile');
    await client.card('Reconciliation, 2', 'may be one person twice 1');
    await step('compared');
    await client.says('/mismatches');
    await client.card('Mismatches of Northside Community Trust');
    await step('mismatches');
  });

  it('are on one card with five numbers, more behind it, and a page to take along', async () => {
    await client.says('/digest');
    const digest = await client.card('pair of cases that may be one person', 'First to look at');
    await step('digest');
    await client.presses(digest, 'More');
    const more = await client.card('By partner', 'Caseload lists');
    await step('more');
    await client.presses(more, 'Send me this');
    await client.card('Riverside urgent community response: digest');
    await step('page');
  });
});
