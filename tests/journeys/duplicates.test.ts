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

it('a handover for somebody on a list already is suggested at once, opened and decided in person', async () => {
  const world = await startWorld();
  started.push(world);
  const { connector, clock, store } = world;
  const scene = await setScene(world, RIVERSIDE);
  const { accepter, coordinator, lead } = scene;
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
  const double = `May be the same person as another case. Type /duplicates ${caseId}`;
  expect(wordsOn((await accepter.presses(offered, 'View details')).card)).toContain(double);
  // Whoever may not decide it reads the details without.
  const lines = await lead.presses(offered, 'View details', { where: lead.chat });
  expect(wordsOn(lines.card)).toContain(surname);
  expect(wordsOn(lines.card)).not.toContain('/duplicates');

  /** The coordinator works on two pathways, and says which. */
  const asks = async (typed: string) => {
    await coordinator.says(typed);
    return coordinator.presses(
      await connector.expect(coordinator.chat, 'Which pathway'),
      RIVERSIDE.terms.name,
    );
  };
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
  expect(titlesOf(again.card)).toEqual([]);
});
