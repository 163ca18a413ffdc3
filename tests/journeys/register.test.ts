import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import type { Escalation } from '../../src/escalations/escalation.ts';
import { escalationId, nextAt } from '../../src/escalations/escalation.ts';
import { CASE_HEAD, type CaseDoc, UNOWNED_SUBJECT } from '../../src/register/case.ts';
import { listSubject } from '../../src/register/list.ts';
import { importListFile } from '../../src/register-file.ts';
import { verifyPathway } from '../../src/store/verify.ts';
import { wire } from '../../src/wire.ts';
import { type Climb, climbIn, DUTIES } from '../support/climb.ts';
import { type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld, type World } from '../support/world.ts';

const pathway = 'riverside';
const HEADER =
  'Hospice number,Forename,Family name,DOB,NHS No,Post code,Lead provider,State,Referred on,Discharged on,Review on';
const NAMES = ['Margaret', 'Canaryson', '999 000 0018', 'RV1 2AB'];
const line = (id: string, holder = ''): string =>
  `${id},Margaret,Canaryson,07/03/1942,999 000 0018,RV1 2AB,${holder},On caseload,02/11/2026,,01/12/2026`;

const started: World[] = [];
afterEach(async () => {
  for (const world of started.splice(0)) await world.close();
});

/** St Anne's and Northside in their channels, and a list to be imported at the command line. */
async function begin() {
  const world = await startWorld();
  started.push(world);
  const scene = await setScene(world, RIVERSIDE);
  const climb: Climb = climbIn(world, RIVERSIDE, scene);
  const { clock, store } = world;
  const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
  const passTo = async (at: string | undefined): Promise<void> => {
    clock.pass(Math.max(0, Date.parse(at ?? '') - Date.parse(clock.now())) + 1_000);
    await new Promise((resolve) => setTimeout(resolve, 120));
    await world.kept();
  };
  return {
    ...climb,
    passTo,
    async imports(lines: readonly string[], provider = 'st-annes', header = HEADER) {
      const file = join(world.folder, 'list.csv');
      writeFileSync(file, `\uFEFF${[header, ...lines].join('\r\n')}\r\n`);
      const told = await importListFile(wired, clock, { pathway, provider, file, asOf: '2026-11-20T18:00' });
      // A first list is to be checked.
      if (provider === 'st-annes') await world.connector.expect(scene.theirs, 'From a caseload list');
      return told;
    },
    async cases(): Promise<CaseDoc[]> {
      const found = await store.page<CaseDoc>(pathway, 'unowned', { limit: 100 });
      return found.map(({ doc }) => doc);
    },
    async caseDoc(caseId: string): Promise<CaseDoc | undefined> {
      return (await store.get<CaseDoc>({ pathwayId: pathway, caseId }, CASE_HEAD))?.doc;
    },
    async climbs(caseId: string, subject = UNOWNED_SUBJECT): Promise<Escalation> {
      const found = await store.get<Escalation>({ pathwayId: pathway, caseId }, escalationId(subject));
      if (!found) throw new Error(`nothing of ${caseId} climbs`);
      return found.doc;
    },
  };
}

const namesNobody = (posts: readonly Post[]): void => {
  expect(posts.length).toBeGreaterThan(0);
  for (const post of posts)
    for (const name of NAMES) expect(JSON.stringify(post.activity)).not.toContain(name);
};

describe('a case that a list brings without a holder', () => {
  it('is alerted in the channel of that list, and taken from the card by a role that may', async () => {
    const scene = await begin();
    const { accepter, coordinator, lead, ours, theirs, world } = scene;
    const { connector, clock } = world;
    const told = await scene.imports([line('SA1', 'St Anne’s Hospice'.replace('’', "'")), line('SA2')]);
    expect(told.problems).toEqual([]);
    expect(told.lines.join('\n')).toContain('Cases: 2 new');
    expect(told.lines.join('\n')).toContain('New cases that nobody holds: 1.');
    for (const name of NAMES) expect(told.lines.join('\n')).not.toContain(name);
    const [unowned, ...others] = await scene.cases();
    const caseId = unowned?.caseId ?? '';
    expect(others).toEqual([]);
    const card = await connector.expect(theirs, (post) => wordsOn(post.card).includes(caseId));
    expect(wordsOn(card.card)).toContain('Nobody holds this case');
    expect(wordsOn(card.card)).toContain("From the list of St Anne's Hospice, true Fri 20 Nov, 18:00.");
    expect(wordsOn(card.card)).toContain('Somebody is to take it by Wed 25 Nov');
    expect(titlesOf(card.card)).toEqual(['Take ownership']);
    await connector.expect(theirs, `Case ${caseId}: Nobody has taken ownership.`);

    await accepter.says(`/case ${caseId}`);
    const shown = await connector.expect(accepter.chat, caseId);
    for (const words of ['Nobody holds this case', 'Somebody is to take it by', `/why ${caseId}`])
      expect(wordsOn(shown.card)).toContain(words);
    expect(titlesOf(shown.card)).toContain('Take ownership');
    const before = await world.kept();
    clock.pass(5_000);
    const refused = await lead.presses(card, 'Take ownership');
    expect(refused.text ?? wordsOn(refused.card)).toContain(
      'for these roles: Coordinator, Duty manager, Visits coordinator',
    );
    expect(await world.kept()).toEqual(before);

    await lead.says('/mine');
    expect(wordsOn((await connector.expect(lead.chat, 'Waiting for you')).card)).not.toContain(caseId);
    await accepter.says('/mine');
    const mine = await connector.expect(accepter.chat, 'Waiting for you');
    expect(wordsOn(mine.card)).toContain('Cases that nobody holds: 1');
    const taken = await accepter.presses(mine, 'Take');
    expect(wordsOn(taken.card)).toContain("Held by St Anne's Hospice (Adele Vance, duty manager)");
    await connector.expectEdit(card, "Held by St Anne's Hospice");
    expect(titlesOf(card.card)).toEqual([]);
    expect(await world.holder(pathway, caseId)).toBe('st-annes');
    expect((await scene.climbs(caseId)).state).toBe('ended');
    clock.pass(31_000);
    const kept = await world.kept();
    const again = await accepter.presses(
      { ...card, card: { ...card.card, actions: [takes(caseId)] } } as Post,
      'Take ownership',
    );
    expect(wordsOn(again.card)).toContain('Done');
    clock.pass(5_000);
    await coordinator.mentions(`/take ${caseId}`, ours);
    const late = await connector.expect(ours, 'was faster');
    expect(wordsOn(late.card)).toContain('Adele Vance was faster.');
    expect(await world.kept()).toEqual(kept);
    await accepter.says('/unowned');
    expect(wordsOn((await connector.expect(accepter.chat, 'Every case is held')).card)).toContain(
      'Every case is held.',
    );
    expect(await scene.cases()).toEqual([]);
    await accepter.says(`/why ${caseId}`);
    const why = wordsOn((await connector.expect(accepter.chat, `Why case ${caseId} climbed`)).card);
    for (const words of ['held by nobody', 'It began to climb', 'Adele Vance took it.'])
      expect(why).toContain(words);
    await connector.expectNothingElse();
    namesNobody([...connector.posts(theirs), ...connector.posts(ours)]);
    for (const name of NAMES) expect(world.logged()).not.toContain(name);
    expect((await verifyPathway(world.store, pathway)).broken).toEqual([]);
  });

  it('climbs until somebody takes it on the prompt, which ends it everywhere', async () => {
    const scene = await begin();
    const { accepter, lead, theirs, world } = scene;
    const { connector } = world;
    await scene.onDuty(accepter, DUTIES[pathway].first);
    await scene.onDuty(lead, DUTIES[pathway].clinical);
    await scene.imports([line('SA2')]);
    const [unowned] = await scene.cases();
    const caseId = unowned?.caseId ?? '';
    const card = await connector.expect(theirs, (post) => wordsOn(post.card).includes(caseId));
    await connector.expect(theirs, `Case ${caseId}: Nobody has taken ownership.`);
    const prompt = await scene.prompt(accepter, caseId);
    expect(wordsOn(prompt.card)).toContain('Take ownership, or agree who does.');
    expect(titlesOf(prompt.card)).toEqual(['Take ownership', 'Acknowledge', 'Step up now']);
    for (let at = 0; at < 2; at++) await scene.passTo(nextAt(await scene.climbs(caseId)));
    const clinical = await scene.prompt(lead, caseId);
    expect(wordsOn(clinical.card)).toContain('Decide who takes ownership, and see that they do.');
    expect(titlesOf(clinical.card)).not.toContain('Take ownership');
    await lead.says('/mine');
    const mine = await connector.expect(lead.chat, 'Waiting for you');
    expect(wordsOn(mine.card)).toMatch(/You are asked about: 1.*Decide who takes ownership/s);
    expect(titlesOf((await lead.presses(mine, 'Answer')).card)).toEqual(titlesOf(clinical.card));
    await lead.presses(clinical, 'Acknowledge');
    world.clock.pass(5_000);
    await lead.says('/mine');
    expect(wordsOn((await connector.expect(lead.chat, 'Waiting for you')).card)).not.toContain(
      'You are asked about',
    );
    scene.since();
    const answer = await accepter.presses(
      { ...prompt, card: { ...prompt.card, actions: [takes(caseId)] } } as Post,
      'Take ownership',
    );
    expect(wordsOn(answer.card)).toContain('Adele Vance');
    await connector.expectEdit(clinical, 'Taken by Adele Vance. Nothing for you to do.');
    await connector.expectEdit(card, "Held by St Anne's Hospice");
    await scene.passTo('2026-11-30T12:00:00.000Z');
    expect(scene.since().filter(({ conversationId }) => conversationId === lead.chat.conversationId)).toEqual(
      [],
    );
  });

  it('is shown again where Baton is installed anew, while nobody holds it', async () => {
    const scene = await begin();
    const { accepter, theirs, world } = scene;
    await scene.imports([line('SA2')]);
    const [unowned] = await scene.cases();
    const caseId = unowned?.caseId ?? '';
    const isCard = (post: Post): boolean => wordsOn(post.card).includes(caseId);
    const card = await world.connector.expect(theirs, isCard);
    await world.connector.expect(theirs, `Case ${caseId}: Nobody has taken ownership.`);
    world.clock.pass(60_000);
    await world.reaches([accepter, theirs]);
    const anew = await world.connector.expect(theirs, isCard);
    expect(titlesOf(anew.card)).toEqual(['Take ownership']);
    await world.connector.expect(theirs, 'From a caseload list');
    await accepter.presses(anew, 'Take ownership');
    await world.connector.expectEdit(anew, "Held by St Anne's Hospice");
    expect(card.activityId).not.toBe(anew.activityId);
    world.clock.pass(60_000);
    await world.kept();
    await world.reaches([accepter, theirs]);
    await world.connector.expect(theirs, 'From a caseload list');
    await world.connector.expectNothingElse();
  });

  it('comes to those who may take it in person, where the provider has no channel', async () => {
    const scene = await begin();
    const { world } = scene;
    const { connector } = world;
    const isaiah = world.person(pathway, 'isaiah');
    const lynne = world.person(pathway, 'lynne');
    await world.reaches([isaiah], [lynne]);
    await scene.imports(['H7,Canaryson,,,,open'], 'harbour', 'Ref,Name,Born,NHS,Held by,Status');
    const [unowned] = await scene.cases();
    const caseId = unowned?.caseId ?? '';
    // A channel that cannot be reached yet is given two minutes.
    world.clock.pass(121_000);
    const card = await connector.expect(isaiah.chat, (post) => wordsOn(post.card).includes(caseId));
    await isaiah.presses(card, 'Take ownership');
    await connector.expectEdit(card, 'Held by Harbour Rapid Response (Isaiah Langer, duty manager)');
    expect(
      connector.posts(lynne.chat).filter((post) => JSON.stringify(post.activity).includes(caseId)),
    ).toEqual([]);
  });
});

it('above twenty of one list there is one card and one ladder, until the last is taken', async () => {
  const scene = await begin();
  const { accepter, coordinator, ours, theirs, world } = scene;
  const { connector, clock } = world;
  await scene.imports(Array.from({ length: 21 }, (_, at) => line(`SA${at}`)));
  const card = await connector.expect(theirs, 'Nobody holds 21 of 21 cases');
  await connector.expect(theirs, "Cases on the list of St Anne's Hospice: Nobody has taken ownership.");
  await connector.expectNothingElse();
  expect((await scene.climbs('_list:st-annes', listSubject('000001'))).state).toBe('running');
  const all = await scene.cases();
  expect(all).toHaveLength(21);
  clock.pass(5_000);
  const first = await accepter.presses(card, 'Show them');
  const second = await accepter.presses(first, 'Show more');
  const third = await accepter.presses(second, 'Show more');
  const shown = [first, second, third].map(({ card }) =>
    all.filter(({ caseId }) => wordsOn(card).includes(caseId)),
  );
  expect(shown.map(({ length }) => length)).toEqual([8, 8, 5]);
  expect(new Set(shown.flat()).size).toBe(21);
  expect(titlesOf(third.card)).not.toContain('Show more');
  for (const [at, { caseId }] of all.entries()) {
    clock.pass(5_000);
    if (at === 0) {
      await accepter.presses(first, 'Take', { carrying: { caseId } });
      await connector.expectEdit(card, 'Nobody holds 20 of 21 cases');
    } else {
      await accepter.says(`/take ${caseId} st-annes`);
      await connector.expect(accepter.chat, caseId);
    }
  }
  await connector.expectEdit(card, 'All of them are held now');
  expect(titlesOf(card.card)).toEqual([]);
  expect((await scene.climbs('_list:st-annes', listSubject('000001'))).state).toBe('ended');
  await coordinator.mentions('/unowned', ours);
  await connector.expect(ours, 'Every case is held');
  await connector.expectNothingElse();
  namesNobody(connector.posts());
  expect((await verifyPathway(world.store, pathway)).broken).toEqual([]);
});

/** The button as it stood on a card that somebody still has in sight. */
const takes = (caseId: string): object => ({
  type: 'Action.Execute',
  title: 'Take ownership',
  verb: 'case.take',
  data: { pathway, caseId },
});
