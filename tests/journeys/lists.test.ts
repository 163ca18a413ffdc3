import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VERBS as ACTIONS } from '../../src/actions/cards-verbs.ts';
import { systemChance } from '../../src/core/chance.ts';
import { VERBS as DIGESTS } from '../../src/digests/cards-verbs.ts';
import { VERBS as DUPLICATES } from '../../src/duplicates/cards-verbs.ts';
import { VERBS as ESCALATIONS } from '../../src/escalations/cards-verbs.ts';
import { VERBS as HANDOVERS } from '../../src/handovers/cards-verbs.ts';
import { VERBS as RECONCILIATION } from '../../src/reconciliation/cards-verbs.ts';
import { VERBS as REGISTER } from '../../src/register/cards-verbs.ts';
import { VERBS as ROTA } from '../../src/rota/cards-verbs.ts';
import { VERBS as SAFEGUARDING } from '../../src/safeguarding/cards-verbs.ts';
import { VERBS as TRAINING } from '../../src/training/cards-verbs.ts';
import { wire } from '../../src/wire.ts';
import { type Answer, actionsOf, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { bodyFor, named, PARTNERS, type Partners, RIVERSIDE } from '../support/partners.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const scenes = new Map<Partners, Scene>();
for (const partners of PARTNERS) scenes.set(partners, await setScene(world, partners));

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

/** Every verb of a card; a feature lists its own. */
const VERBS = [
  ...HANDOVERS,
  ...ESCALATIONS,
  ...ACTIONS,
  ...REGISTER,
  ...RECONCILIATION,
  ...ROTA,
  ...SAFEGUARDING,
  ...TRAINING,
  ...DIGESTS,
  ...DUPLICATES,
];

const casesOn = (on: Post | Answer): string[] =>
  actionsOf(on.card)
    .filter(({ verb }) => verb === 'handover.view')
    .map(({ data }) => String(data.caseId));

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, receiver, sender, terms } = partners;
  const { accepter, lead, theirs, ours, offer } = scenes.get(partners) as Scene;
  const asks = async (text: string, words: string): Promise<Post> => {
    await accepter.says(text);
    return connector.expect(accepter.chat, words);
  };

  it('lists what is open, what waits for one, and all; without a name in a channel', async () => {
    const open = await offer();
    const asked = await offer();
    const taken = await offer();
    await accepter.presses(taken.card, 'Accept');
    const form = await accepter.presses(asked.card, 'Ask for information');
    clock.pass(5_000);
    await accepter.presses(form, 'Ask for information', { inputs: { question: 'Which door?' } });
    for (const words of ['Accepted by', 'asks for information']) await connector.expect(ours, words);
    await connector.expectEdit(taken.card, 'Accepted by');
    await connector.expectEdit(asked.card, 'Information requested');
    const opens = casesOn(await asks('/handovers', 'Open handovers'));
    expect(opens).toEqual(expect.arrayContaining([open.caseId, asked.caseId]));
    expect(opens).not.toContain(taken.caseId);
    expect(casesOn(await asks('/handovers open', 'Open handovers'))).toEqual(opens);
    for (const text of ['/mine', '/handovers mine']) {
      const mine = casesOn(await asks(text, 'Waiting for you'));
      expect(mine).toContain(open.caseId);
      expect(mine).not.toContain(asked.caseId);
    }
    expect(casesOn(await asks('/handovers all', 'All handovers'))).toContain(taken.caseId);
    await accepter.says('/handovers sometimes');
    await connector.expect(accepter.chat, 'Type /handovers open, /handovers mine or /handovers all.');
    await accepter.mentions('handovers all', theirs);
    const shared = await connector.expect(theirs, 'All handovers');
    expect(casesOn(shared)).toContain(taken.caseId);
    expect(JSON.stringify(shared.activity)).not.toMatch(/Margaret|Example|Which door/);
  });

  it('pages without losing or repeating any', async () => {
    const made: string[] = [];
    for (let at = 0; at < 20; at++) {
      const { body } = await world.offers(pathway, bodyFor(partners));
      made.push(body.caseId);
      clock.pass(5_000);
      await connector.expect(theirs, body.caseId);
      await connector.expect(ours, body.caseId);
    }
    clock.pass(31_000);
    let page: Post | Answer = await asks('/handovers all', 'All handovers');
    const seen = casesOn(page);
    expect(seen).toHaveLength(8);
    let pages = 1;
    while (titlesOf(page.card).includes('Show more')) {
      page = await accepter.presses(page, 'Show more');
      expect(casesOn(page).length).toBeGreaterThan(0);
      seen.push(...casesOn(page));
      pages++;
    }
    expect(pages).toBeGreaterThan(2);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(made));
    const forged = await accepter.presses(await asks('/handovers all', 'All handovers'), 'Show more', {
      forged: { after: "x' OR 1=1", list: 'secrets' },
    });
    expect(forged.text).toContain('Nothing was stored');
  });

  it('opens a handover from a list for somebody entitled', async () => {
    const { caseId } = await offer();
    const list = await asks('/mine', 'Waiting for you');
    let page: Post | Answer = list;
    const whole = 'All handovers that wait';
    if (titlesOf(list.card).includes(whole)) page = await accepter.presses(list, whole);
    while (!casesOn(page).includes(caseId)) page = await accepter.presses(page, 'Show more');
    const details = await accepter.presses(page, 'View', { carrying: { caseId } });
    expect(wordsOn(details.card)).toContain('Margaret Example');
    expect(titlesOf(details.card)).toContain('Accept');
  });

  it('says who holds a case: without a name in a channel, with it in person to the entitled alone', async () => {
    const { caseId } = await offer();
    await accepter.says(`/case ${caseId}`, theirs);
    const shared = await connector.expect(theirs, `Case ${caseId}`);
    expect(wordsOn(shared.card)).toContain(`Held by ${named(partners, sender)}`);
    expect(JSON.stringify(shared.activity)).not.toMatch(/Margaret|1942|999 ?000/);
    const own = await asks(`/case ${caseId.toLowerCase().replace('-', '')}`, `Case ${caseId}`);
    expect(wordsOn(own.card)).toContain('Margaret Example');
    expect(wordsOn(own.card)).toContain('7 Mar 1942');
    await lead.says(`/case ${caseId}`);
    expect(wordsOn((await connector.expect(lead.chat, `Case ${caseId}`)).card)).toContain('Margaret Example');
    expect((await world.events(pathway, caseId)).filter((type) => type === 'case.viewed')).toHaveLength(2);
    const uninvolved = world.person(pathway, pathway === 'riverside' ? 'patti' : 'gwen');
    await uninvolved.says(`/case ${caseId}`);
    const little = await connector.expect(uninvolved.chat, `Case ${caseId}`);
    expect(wordsOn(little.card)).not.toContain('Margaret');
    await accepter.says('/case 7K2-M4Z');
    await connector.expect(accepter.chat, 'There is no such case on this pathway');
    await accepter.says('/case nonsense');
    await connector.expect(accepter.chat, 'Type /case and the case number');
  });

  it('names the people by provider with whom to ring', async () => {
    const card = await asks('/people', 'People of');
    const words = wordsOn(card.card);
    expect(terms.people.length).toBeGreaterThan(3);
    for (const { name } of terms.people) expect(words).toContain(name);
    for (const { phone, name } of terms.providers) {
      expect(words).toContain(name);
      expect(words).toContain(phone);
    }
    expect(receiver).not.toBe('');
  });
});

describe('what can be typed', () => {
  const { accepter, theirs } = scenes.get(RIVERSIDE) as Scene;
  const helped = async (): Promise<string[]> => {
    await accepter.says('/help');
    const card = await connector.expect(accepter.chat, 'What you can type');
    return [...wordsOn(card.card).matchAll(/^(\/[a-z]+)/gm)].map((match) => match[1] ?? '');
  };

  it('is what /help says, the most used first, and each of it works', async () => {
    const commands = await helped();
    expect(commands.slice(0, 2)).toEqual(['/mine', '/handovers']);
    expect(commands).toEqual(
      expect.arrayContaining(['/mine', '/handovers', '/handover', '/case', '/people', '/bind', '/help']),
    );
    for (const command of commands) {
      clock.pass(5_000);
      await accepter.says(command);
      const answer = await connector.expect(accepter.chat);
      const words = answer.text || wordsOn(answer.card);
      expect(words, command).not.toMatch(/do not know that command|Something went wrong/);
      expect(words.length, command).toBeGreaterThan(10);
    }
    console.log(`${commands.length} commands typed`);
  });

  it('is what the manifest offers, as far as its lists hold: none that is not there', async () => {
    const manifest = JSON.parse(
      readFileSync(new URL('../../appPackage/manifest.json', import.meta.url), 'utf8'),
    );
    const lists: { commands: { title: string }[]; scopes: string[] }[] = manifest.bots[0].commandLists;
    const offered = lists.flatMap(({ commands }) => commands.map(({ title }) => title));
    expect(offered.length).toBeGreaterThan(6);
    const typed = await helped();
    expect(offered.filter((command) => !typed.includes(command))).toEqual([]);
    const left = typed.filter((command) => !offered.includes(command));
    console.log(`${left.length} of ${typed.length} commands are in no list of the manifest`);
    // Teams takes twelve a list: a command is left out only where there is no room.
    if (left.length > 0) expect(lists.map(({ commands }) => commands.length)).toEqual([12, 12]);
  });

  it('opens with every button a verb that has a route, and no route is without a button', async () => {
    expect(VERBS.length).toBeGreaterThan(10);
    const { verbs } = wire({
      store: world.store,
      clock,
      chance: systemChance,
      channel: async () => undefined,
    });
    expect(verbs.map(({ verb }) => verb).sort()).toEqual([...VERBS].sort());
    for (const verb of VERBS) {
      const answer = await accepter.sends({
        type: 'invoke',
        name: 'adaptiveCard/action',
        value: { action: { type: 'Action.Execute', verb, data: { pathway: 'riverside', draft: 'none' } } },
      });
      expect(answer.text ?? '', verb).not.toContain('does not know this button');
    }
  });

  it.each([
    ['/handovres', '/handovers'],
    ['peple', '/people'],
    ['/hlep', '/help'],
    ['/mnie', '/mine'],
  ])('is answered with the nearest for %s', async (typed, nearest) => {
    await accepter.says(typed);
    await connector.expect(accepter.chat, `Did you mean ${nearest}?`);
    await accepter.mentions(typed, theirs);
    await connector.expect(theirs, `Did you mean ${nearest}?`);
  });

  it('says so where nothing is near', async () => {
    await accepter.says('good morning');
    const line = await connector.expect(accepter.chat, 'I do not know that command.');
    expect(line.text).not.toContain('Did you mean');
    expect(line.text).toContain('/help');
  });
});
