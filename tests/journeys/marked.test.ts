import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import { PERMISSIONS } from '../../src/core/permissions.ts';
import { importListFile } from '../../src/register-file.ts';
import { wire } from '../../src/wire.ts';
import { type Answer, type Person, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { contentFor, RIVERSIDE } from '../support/partners.ts';
import { actionsOf } from '../support/posts.ts';
import { setScene } from '../support/scene.ts';
import { startWorld, type World } from '../support/world.ts';

const HEADER =
  'Hospice number,Forename,Family name,DOB,NHS No,Post code,Lead provider,State,Referred on,Discharged on,Review on';
/** Nothing else in the system is called so. */
const EARLIER = { given: 'Qxgiven', surname: 'Qxsurname' };
const PRESENT = { given: 'Robin', surname: 'Present' };
const NAMED = /Qx(?:given|surname)/i;
/** Everybody of the pathway but its clinical lead, who is asked about marked records. */
const OTHERS = ['alex', 'adele', 'isaiah', 'patti', 'lynne'];
/** These decide without asking more. All other buttons are pressed. */
const DECIDES = [
  'Accept',
  'Withdraw',
  'Undo',
  'Acknowledge',
  'Take ownership',
  'Take',
  "I'm on duty",
  "I'm off duty",
];

const started: World[] = [];
afterEach(async () => {
  for (const world of started.splice(0)) await world.close();
});

it('shows nobody the earlier name of somebody whose identity was changed, and asks one role alone who they are', async () => {
  const world = await startWorld();
  started.push(world);
  const { connector, clock, store } = world;
  const scene = await setScene(world, RIVERSIDE);
  const { accepter, coordinator, lead } = scene;
  const whole = contentFor(RIVERSIDE);
  const person = { ...whole.person, ...EARLIER };
  const content = {
    ...whole,
    person,
    sbar: { ...whole.sbar, situation: `${EARLIER.given} fell` },
    plan: { ...whole.plan, interim: `Ring Mrs ${EARLIER.surname}` },
  };
  const body = { from: RIVERSIDE.outside, to: RIVERSIDE.receiver, content };

  // Somebody else's record that agrees in all but the name, so that both are suggested.
  const other = { given: 'Quentin', surname: 'Other' };
  const file = join(world.folder, 'list.csv');
  const { dob = '', nhsNumber = '', postcode = '' } = person;
  writeFileSync(
    file,
    `${HEADER}\nSA1,${other.given},${other.surname},${dob},${nhsNumber},${postcode},St Anne's Hospice,On caseload,,,\n`,
  );
  const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
  const list = { pathway: 'riverside', provider: 'st-annes', file, asOf: '2026-11-20T18:00' };
  expect((await importListFile(wired, clock, list)).problems).toEqual([]);
  const { caseId, card, sent } = await scene.offer(body);
  await world.kept();
  /** The coordinator works on two pathways, and says which. */
  const asks = async (who: Person, typed: string): Promise<Post | Answer> => {
    clock.pass(31_000);
    await who.says(typed);
    const post = await connector.expect(who.chat, () => true);
    return titlesOf(post.card).includes(RIVERSIDE.terms.name)
      ? who.presses(post, RIVERSIDE.terms.name)
      : post;
  };

  // Under the earlier name: asked about, rejected, offered to another in a form that stays open.
  const question = await accepter.presses(card, 'Ask for information');
  await accepter.presses(question, 'Ask for information', {
    inputs: { question: `Is ${EARLIER.given} alone?` },
  });
  await connector.expectEdit(sent, 'Give information');
  clock.pass(31_000);
  const giving = await coordinator.presses(sent, 'Give information');
  await coordinator.presses(giving, 'Give information', { inputs: { answer: `${EARLIER.given} is` } });
  await connector.expectEdit(card, 'Reject');
  clock.pass(31_000);
  const rejecting = await accepter.presses(card, 'Reject');
  await accepter.presses(rejecting, 'Reject', {
    inputs: { reason: RIVERSIDE.reasons.open, next: `Ring ${EARLIER.surname}` },
  });
  await connector.expectEdit(sent, 'Rejected');
  clock.pass(31_000);
  const pairs = await asks(accepter, `/duplicates ${caseId}`);
  const opened = await accepter.presses(pairs, 'Open');
  expect(wordsOn(opened.card)).toMatch(NAMED);
  const form = await coordinator.presses(sent, 'Offer to another', { where: coordinator.chat });
  expect(JSON.stringify(form.card)).toMatch(NAMED);
  await world.kept();

  // Then their identity was changed.
  const changed = { ...content, person: { ...person, ...PRESENT, marked: 'changed-identity' } };
  const again = await world.offers('riverside', { ...body, caseId, content: changed });
  expect(again.text).toContain(caseId);
  expect(again.status).toBe(201);
  const before = connector.requests.length;
  const answers: { who: string; what: string; text: string }[] = [];
  const heard = (who: Person, what: string, answer: Answer): Answer => {
    answers.push({ who: who.who.name, what, text: JSON.stringify(answer.body ?? '') });
    return answer;
  };
  // Old cards first, before anything has been looked at again.
  for (const title of ['Open']) heard(accepter, title, await accepter.presses(pairs, title));
  heard(accepter, 'Not a duplicate', await accepter.presses(opened, 'Not a duplicate'));
  const next = heard(coordinator, 'Next', await coordinator.presses(form, 'Next'));
  const back = heard(coordinator, 'Back', await coordinator.presses(next, 'Back'));
  expect(JSON.stringify(back.card)).toContain(PRESENT.surname);
  await world.kept();

  /** Presses everything on a card that does not decide, and everything on what comes of it. */
  const seen = new Set<string>();
  async function walk(who: Person, on: Post | Answer, depth = 0): Promise<void> {
    for (const { title, data } of actionsOf(on.card)) {
      const once = JSON.stringify([who.who.name, title, data]);
      if (DECIDES.includes(title) || seen.has(once)) continue;
      seen.add(once);
      clock.pass(2_000);
      const answer = heard(who, title, await who.presses(on, title, { carrying: data, where: who.chat }));
      if (depth < 3 && answer.card) await walk(who, answer, depth + 1);
    }
  }
  const commands = Object.keys(PERMISSIONS).filter((act) => act.startsWith('/') && act !== '/bind');
  expect(commands.length).toBeGreaterThan(15);
  const others = OTHERS.map((key) => world.person('riverside', key));
  for (const who of [...others, lead]) {
    for (const command of commands) {
      for (const args of ['', caseId, 'all']) {
        const known = new Set(connector.posts(who.chat));
        clock.pass(31_000);
        heard(who, command, await who.says(`${command} ${args}`.trim()));
        for (const post of connector.posts(who.chat).filter((one) => !known.has(one))) await walk(who, post);
      }
    }
    for (const post of [card, sent]) await walk(who, post);
  }
  await world.kept();

  const leads = answers.filter(({ who }) => who === lead.who.name);
  const theirs = answers.filter(({ who }) => who !== lead.who.name);
  const sentSince = connector.requests
    .slice(before)
    .map(({ path, body: said }) => `${path} ${JSON.stringify(said)}`);
  console.log(
    `${theirs.length} answers to others, ${leads.length} to whoever is asked, ${sentSince.length} messages`,
  );
  expect(theirs.length).toBeGreaterThan(150);
  expect(sentSince.length).toBeGreaterThan(100);
  expect(theirs.filter(({ text }) => NAMED.test(text))).toEqual([]);
  expect(sentSince.filter((text) => NAMED.test(text))).toEqual([]);
  // The details of both handovers were among them, under the present name.
  expect(theirs.filter(({ text }) => text.includes(PRESENT.surname)).length).toBeGreaterThan(3);
  expect(theirs.filter(({ text }) => text.includes('[name] fell')).length).toBeGreaterThan(1);
  // The pair is the lead's alone.
  const isPair = ({ text }: { text: string }): boolean =>
    text.includes(PRESENT.surname) && text.includes(other.surname);
  expect(theirs.filter(isPair)).toEqual([]);
  expect(leads.filter(isPair).length).toBeGreaterThan(0);
}, 120_000);
