import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { DATASET, type DatasetField } from '../../src/agreement/dataset.ts';
import { readReferral } from '../../src/fhir/referral.ts';
import { main } from '../../src/main.ts';
import { operations } from '../../src/operations.ts';
import { inputsOf, titlesOf, wordsOn } from '../support/connector.ts';
import { RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

/** Real messages of the standard, kept beside the project and not in it. */
const FOLDER = new URL('../../../shared/data/bars/', import.meta.url);

const world = await startWorld();
const { connector, clock } = world;
const { accepter, theirs, ours } = await setScene(world, RIVERSIDE);
afterAll(() => world.close());

/** `baton offer FILE` against the Baton that runs, as `npm run offer` calls it. */
async function offer(file: string): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main({
    words: [
      ...['offer', fileURLToPath(new URL(file, FOLDER)), '--url', world.url],
      ...['--pathway', 'riverside', '--from', RIVERSIDE.outside, '--to', RIVERSIDE.receiver],
      ...['--urgency', RIVERSIDE.urgency],
    ],
    env: {},
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    operations: async () => operations,
    compose: () => Promise.reject(new Error('offering starts nothing')),
    askedToEnd: () => Promise.reject(new Error('offering starts nothing')),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

it('offers the referral requests among real messages through the intake, and refuses the rest', async (ctx) => {
  if (!existsSync(FOLDER)) {
    const reason = 'no real messages beside the project (../shared/data/bars)';
    console.log(`Skipped: ${reason}`);
    ctx.skip(reason);
    return;
  }
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  expect(files.length).toBeGreaterThan(0);
  let offered = 0;
  let booking = 0;
  for (const file of files) {
    clock.pass(31_000);
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    const message = readReferral(JSON.parse(text));
    const before = await world.kept();
    const { code, out, err } = await offer(file);
    if (message.kind === 'refused') {
      expect([file, code]).toEqual([file, 65]);
      expect(err).toContain(`Not offered: ${message.message}`);
      if (message.code === 'booking') booking++;
      expect(await world.kept()).toEqual(before);
      continue;
    }
    offered++;
    expect([file, code, err]).toEqual([file, 0, '']);
    const [, status, caseId = ''] = /^([\w-]+): case (\S+),/.exec(out) ?? [];
    expect(status).toBe('information-requested');
    const lacks = /still asked of the sender: (.+)/.exec(out)?.[1]?.split(', ') ?? [];
    expect(lacks.length).toBeGreaterThan(0);

    const card = await connector.expect(theirs, caseId);
    const sent = await connector.expect(ours, caseId);
    const { given, surname, nhsNumber } = message.content.person;
    const identifying = [given, surname, nhsNumber].filter((value) => value !== undefined);
    for (const shown of [card, sent]) {
      for (const field of lacks) expect(wordsOn(shown.card)).toContain(DATASET[field as DatasetField]);
      for (const value of identifying) expect(JSON.stringify(shown.activity)).not.toContain(value);
    }
    if (/"value": "9{10}"/.test(text)) expect(wordsOn(card.card)).toContain('does not pass its check');

    const carried = carriedBy(message.content);
    console.log(`${file}: ${carried.length} values carried, ${lacks.length} fields asked for`);
    expect(carried.length).toBeGreaterThan(10);
    let page = await accepter.presses(card, 'View details');
    let pages = wordsOn(page.card);
    while (titlesOf(page.card).includes('Next page')) {
      page = await accepter.presses(page, 'Next page');
      pages += wordsOn(page.card);
    }
    const plain = squeezed(pages);
    for (const value of carried) expect(plain, value).toContain(squeezed(value));

    const again = await offer(file);
    expect([again.code, again.out]).toEqual([0, out]);
    const gap = await accepter.presses(card, 'Accept');
    const accepted = await accepter.presses(gap, 'Accept', { inputs: { reason: RIVERSIDE.gap } });
    for (const name of [given, surname].filter((value) => value !== undefined)) {
      expect(inputsOf(accepted.card).note).toContain(name);
    }
    await connector.expectEdit(card, 'Accepted with a gap');
    await connector.expect(ours, 'With a gap');
    // One that came with a safeguarding flag asks whether the lead knows.
    if (/concern/.test(message.content.safeguarding.status ?? ''))
      await connector.expect(accepter.chat, 'does your safeguarding lead know?');
    await connector.expectNothingElse();
  }
  console.log(`${files.length} real messages: ${offered} offered, ${files.length - offered} refused`);
  expect(offered).toBeGreaterThan(1);
  expect(booking).toBe(1);
});

/** Everything that a person wrote in the message, as texts; codes and dates are shown in other words. */
function carriedBy(content: object): string[] {
  const found: string[] = [];
  JSON.stringify(content, (key, value) => {
    const coded = ['status', 'urgency', 'neededBy', 'dob', 'nextReview', 'nhsNumber'].includes(key);
    if (typeof value === 'string' && !coded) found.push(value);
    return value;
  });
  return found;
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ');
