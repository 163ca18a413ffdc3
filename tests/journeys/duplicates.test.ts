import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import { EXAMPLE } from '../../src/http/handover-body.ts';
import { importListFile } from '../../src/register-file.ts';
import { wire } from '../../src/wire.ts';
import { titlesOf, wordsOn } from '../support/connector.ts';
import { RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld, type World } from '../support/world.ts';

const pathway = 'riverside';
const HEADER =
  'Hospice number,Forename,Family name,DOB,NHS No,Post code,Lead provider,State,Referred on,Discharged on,Review on';

const started: World[] = [];
afterEach(async () => {
  for (const world of started.splice(0)) await world.close();
});

const SURNAME = EXAMPLE.content.person?.surname ?? '';

/** Somebody who is on a list of St Anne's is offered to them: two cases that may be one person. */
async function twice() {
  const world = await startWorld();
  started.push(world);
  const { connector, clock, store } = world;
  const scene = await setScene(world, RIVERSIDE);
  const { given = '', surname = '', dob = '', postcode = '' } = EXAMPLE.content.person ?? {};
  const file = join(world.folder, 'list.csv');
  writeFileSync(
    file,
    `${HEADER}\nSA1,${given},${surname},${dob},,${postcode},St Anne's Hospice,On caseload,,,\n`,
  );
  const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
  const told = await importListFile(wired, clock, {
    pathway,
    provider: 'st-annes',
    file,
    asOf: '2026-11-20T18:00',
  });
  expect(told.problems).toEqual([]);
  const { caseId, card: offered } = await scene.offer();
  await world.kept();
  /** The coordinator works on two pathways, and says which. */
  const asks = async (typed: string) => {
    await scene.coordinator.says(typed);
    return scene.coordinator.presses(
      await connector.expect(scene.coordinator.chat, 'Which pathway'),
      RIVERSIDE.terms.name,
    );
  };
  return { world, scene, caseId, offered, asks };
}

/** The case beside this one, by the choices of the form. */
const otherCase = (card: unknown, caseId: string): string =>
  [...JSON.stringify(card).matchAll(/keep:([0-9A-Z-]+)/g)]
    .map(([, id]) => id ?? '')
    .find((id) => id !== caseId) ?? '';

it('a handover for somebody on a list already is suggested at once, opened and decided in person', async () => {
  const { world, scene, caseId, offered, asks } = await twice();
  const { connector, clock } = world;
  const { accepter, coordinator, lead } = scene;
  const { given = '', surname = '', postcode = '' } = EXAMPLE.content.person ?? {};
  const double = `May be the same person as another case. Type /duplicates ${caseId}`;
  expect(wordsOn((await accepter.presses(offered, 'View details')).card)).toContain(double);
  // Whoever may not decide it reads the details without.
  const lines = await lead.presses(offered, 'View details', { where: lead.chat });
  expect(wordsOn(lines.card)).toContain(surname);
  expect(wordsOn(lines.card)).not.toContain('/duplicates');

  const list = await asks('/duplicates');
  expect(wordsOn(list.card)).toContain(caseId);
  expect(wordsOn(list.card)).toContain('Waiting for a decision');
  expect(wordsOn(list.card)).not.toContain(surname);
  const pair = await coordinator.presses(list, 'Open');
  const words = wordsOn(pair.card);
  for (const said of [given, surname, postcode, "St Anne's Hospice SA1", 'NHS number missing in one list']) {
    expect(words).toContain(said);
  }
  expect(words).not.toMatch(/0\.\d|%/);

  // Who is asked about marked records alone gets nothing of it.
  await lead.says('/duplicates');
  await connector.expect(lead.chat, 'No pairs of cases wait for you.');
  clock.pass(31_000);

  await accepter.says('/duplicates');
  const theirs = await connector.expect(accepter.chat, caseId);
  const form = await accepter.presses(await accepter.presses(theirs, 'Open'), 'Not a duplicate');
  expect(titlesOf(form.card)).toContain('Not a duplicate');
  const empty = await accepter.presses(form, 'Not a duplicate', { inputs: { reason: ' ' } });
  expect(wordsOn(empty.card)).toContain('Write why these are two people.');
  const done = await accepter.presses(empty, 'Not a duplicate', {
    inputs: { reason: 'Twin sisters, seen together.' },
  });
  expect(wordsOn(done.card)).toContain('are not duplicates');
  clock.pass(31_000);
  expect(wordsOn((await asks('/duplicates')).card)).toContain('Nothing waits for you.');
  const decided = await asks(`/duplicates ${caseId}`);
  expect(wordsOn(decided.card)).toContain('Not a duplicate: Adele Vance');
  const again = await coordinator.presses(decided, 'Open');
  expect(wordsOn(again.card)).toContain('Twin sisters, seen together.');
  expect(titlesOf(again.card)).toEqual(['Undo']);
  const undone = await coordinator.presses(again, 'Undo');
  expect(wordsOn(undone.card)).toContain('wait for a decision again');
  clock.pass(31_000);
  expect(wordsOn((await asks('/duplicates')).card)).toContain(caseId);
});

it('one referral entered twice is one case once the other provider agrees, and two again when that is taken back', async () => {
  const { world, scene, caseId, asks } = await twice();
  const { connector, clock } = world;
  const { accepter, coordinator, theirs, ours } = scene;
  const pair = await coordinator.presses(await asks('/duplicates'), 'Open');
  const form = await coordinator.presses(pair, 'Same person');
  const empty = await coordinator.presses(form, 'Same person', { inputs: { how: '' } });
  expect(wordsOn(empty.card)).toContain('Please put this right');
  const other = otherCase(form.card, caseId);
  const wrong = await coordinator.presses(empty, 'Same person', { inputs: { how: `keep:${other}` } });
  expect(wordsOn(wrong.card)).toContain(`A handover of case ${caseId} waits for somebody.`);
  const asked = await coordinator.presses(wrong, 'Same person', { inputs: { how: `keep:${caseId}` } });
  expect(wordsOn(asked.card)).toContain('is asked to agree');

  // A channel reads ids and initials, and whoever may answer.
  const card = await connector.expect(theirs, 'Is this one referral?');
  expect(wordsOn(card.card)).toContain(`Case ${caseId} stays: Northside Community Trust holds it.`);
  expect(wordsOn(card.card)).not.toContain(SURNAME);
  await accepter.says('/mine');
  const mine = await connector.expect(accepter.chat, 'Waiting for you');
  expect(wordsOn(mine.card)).toContain('Cases that may be one referral: 1');
  expect(wordsOn(mine.card)).not.toContain(SURNAME);
  clock.pass(31_000);
  await accepter.says('/duplicates');
  expect(wordsOn((await connector.expect(accepter.chat, 'may be one person')).card)).toContain(
    'Waits for your answer.',
  );
  clock.pass(31_000);
  const none = await asks('/mine');
  expect(wordsOn(none.card)).not.toContain('may be one referral');
  await accepter.presses(card, 'View details');
  await connector.expect(accepter.chat, SURNAME);
  const no = await accepter.presses(await accepter.presses(card, 'Do not agree'), 'Do not agree', {
    inputs: { reason: 'Two services asked on the same day.' },
  });
  expect(wordsOn(no.card)).toContain('wait for a decision again');
  const told = await connector.expect(coordinator.chat, 'were not agreed to be one referral');
  expect(wordsOn(told.card) || told.text).not.toContain('same day');
  await connector.expect(ours, 'were not agreed to be one referral');
  await connector.expectEdit(card, 'Waiting for a decision');
  clock.pass(31_000);

  const open = await coordinator.presses(await asks('/duplicates'), 'Open');
  expect(wordsOn(open.card)).toContain('Two services asked on the same day.');
  const second = await coordinator.presses(open, 'Same person');
  await coordinator.presses(second, 'Same person', { inputs: { how: `keep:${caseId}` } });
  await world.kept();
  await connector.expect(theirs, 'you are asked again whether they are one referral');
  const twiceAsked = await connector.expectEdit(card, 'Is this one referral?');
  const yes = await accepter.presses(twiceAsked, 'Agree');
  expect(wordsOn(yes.card)).toContain('It is one referral.');
  for (const channel of [theirs, ours]) {
    await connector.expect(channel, `Case ${other} is the same referral as case ${caseId}`);
  }
  await connector.expectEdit(card, 'One referral. Case');
  await world.kept();
  clock.pass(31_000);
  const lost = await asks(`/case ${other}`);
  expect(wordsOn(lost.card)).toContain(`The same referral as case ${caseId}`);
  expect(wordsOn((await asks(`/case ${caseId}`)).card)).toContain(`Case ${other} is the same referral`);
  clock.pass(31_000);

  const merged = await coordinator.presses(await asks(`/duplicates ${caseId}`), 'Open');
  const back = await coordinator.presses(merged, 'Undo');
  expect(wordsOn(back.card)).toContain('wait for a decision again');
  for (const channel of [theirs, ours])
    await connector.expect(channel, `Case ${other} is a case of its own again`);
  await world.kept();
  clock.pass(31_000);
  expect(wordsOn((await asks(`/case ${other}`)).card)).toContain("Held by St Anne's Hospice");
});
