import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import { type Escalation, escalationId } from '../../src/escalations/escalation.ts';
import { type Batch, batchesList, batchSubject, mismatchesKey } from '../../src/reconciliation/mismatch.ts';
import { importListFile } from '../../src/register-file.ts';
import { verifyPathway } from '../../src/store/verify.ts';
import { wire } from '../../src/wire.ts';
import { type Climb, climbIn } from '../support/climb.ts';
import { actionsOf, inputsOf, titlesOf, wordsOn } from '../support/connector.ts';
import { RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld, type World } from '../support/world.ts';

const pathway = 'riverside';
const HEADER =
  'Hospice number,Forename,Family name,DOB,NHS No,Post code,Lead provider,State,Referred on,Discharged on,Review on';
const line = (id: string, holder = 'st-annes', review = '01/12/2026'): string =>
  `${id},${PEOPLE[Number(id.slice(2))]},RV1 2AB,${holder},On caseload,02/11/2026,,${review}`;
/** Nobody of them is like another. */
const PEOPLE = [
  '',
  'Margaret,Canaryson,07/03/1942,999 000 0018',
  'Owen,Marshfield,21/11/1951,',
  'Priya,Thornhill,02/06/1938,',
  'Wendy,Oakden,30/01/1960,',
  'Tomasz,Garwick,15/08/1947,',
  'Agnes,Langdale,11/12/1929,',
];

const started: World[] = [];
afterEach(async () => {
  for (const world of started.splice(0)) await world.close();
});

describe('the partners’ lists are compared', () => {
  it('and what disagrees is settled, gone with the next list, or climbs', async () => {
    const world = await startWorld();
    started.push(world);
    const scene = await setScene(world, RIVERSIDE);
    const { connector, clock, store } = world;
    const { accepter, coordinator, theirs, ours }: Climb = climbIn(world, RIVERSIDE, scene);
    const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
    const imports = async (asOf: string, lines: readonly string[]): Promise<void> => {
      const file = join(world.folder, 'list.csv');
      writeFileSync(file, `${[HEADER, ...lines].join('\r\n')}\r\n`);
      const request = { pathway, provider: 'st-annes', file, asOf, confirm: true };
      const told = await importListFile(wired, clock, request);
      expect(told.problems).toEqual([]);
    };
    const passTo = async (at: string): Promise<void> => {
      clock.pass(Math.max(0, Date.parse(at) - Date.parse(clock.now())) + 1_000);
      await new Promise((resolve) => setTimeout(resolve, 120));
      await world.kept();
    };
    const six = ['SA1', 'SA2', 'SA3', 'SA4', 'SA5', 'SA6'];
    await imports(
      '2026-11-13T18:00',
      six.map((id) => line(id)),
    );
    await connector.expect(theirs, 'From a caseload list');
    const second = [
      line('SA1'),
      line('SA2', 'northside'),
      line('SA3', 'st-annes', '01/11/2026'),
      line('SA4'),
      line('SA5'),
    ];
    await imports('2026-11-20T18:00', second);

    await accepter.says('/reconcile');
    await connector.expect(accepter.chat, 'No figures yet');
    await coordinator.mentions('/reconcile', ours);
    const figures = await connector.expect(ours, 'Reconciliation, 2026-W');
    expect(wordsOn(figures.card)).toContain('Mismatched: 3 of 6 cases (50 %)');
    expect(wordsOn(figures.card)).toContain('Harbour Rapid Response: not known, no list is in');
    const card = await connector.expect(theirs, '3 mismatches to settle');
    expect(titlesOf(card.card)).toEqual(['Show them']);
    for (const post of [figures, card])
      expect(JSON.stringify(post.activity)).not.toMatch(/Margaret|Canaryson|Marshfield|999 000/);

    clock.pass(31_000);
    const list = await accepter.presses(card, 'Show them');
    const words = wordsOn(list.card);
    expect(words).toContain("Mismatches of St Anne's Hospice: 3");
    expect(words).toContain('The list says that Northside Community Trust holds it');
    expect(words).toMatch(/SA\d · /);
    const [about] = actionsOf(list.card).filter(({ title }) => title === 'Set an action');
    const caseId = String(about?.data.caseId);
    expect(words).toContain(caseId);
    await accepter.presses(list, 'Set an action', { carrying: { caseId } });
    const acts = await connector.expect(accepter.chat);
    expect(inputsOf(acts.card)).toMatchObject({ caseId, from: 'mismatch' });
    const wanted = { what: 'Correct the list', owner: 'st-annes||adele', due: '2026-12-02' };
    const set = await accepter.presses(acts, 'Set the action', { inputs: wanted });
    expect(wordsOn(set.card)).toContain('is set');
    await connector.expect(accepter.chat, 'From a mismatch');
    clock.pass(31_000);
    const form = await accepter.presses(list, 'Settle', { carrying: { what: 'different-holder' } });
    clock.pass(5_000);
    const again = await accepter.presses(form, 'Settle', { inputs: { reason: '', words: 'They share it.' } });
    expect(wordsOn(again.card)).toContain('Choose why.');
    expect(JSON.stringify(again.card)).toContain('They share it.');
    clock.pass(5_000);
    const settled = await accepter.presses(again, 'Settle', {
      inputs: { reason: 'both-right', words: 'They share it.' },
    });
    expect(wordsOn(settled.card)).toContain('Settled: case');
    await connector.expectEdit(card, '2 mismatches to settle');
    clock.pass(31_000);
    // A colleague whose card is older is told who was faster, and what they write replaces nothing.
    const late = await coordinator.presses(form, 'Settle', {
      where: coordinator.chat,
      inputs: { reason: 'agreed', words: 'We agreed so.' },
    });
    expect(wordsOn(late.card)).toContain('settled this mismatch');
    expect(wordsOn(late.card)).toContain('Both are right: they mean different things');
    const opened = await coordinator.presses(list, 'Settle', {
      where: coordinator.chat,
      carrying: { what: 'different-holder' },
    });
    expect(wordsOn(opened.card)).toContain('settled this mismatch');
    clock.pass(31_000);
    await accepter.says('/mismatches');
    expect(wordsOn((await connector.expect(accepter.chat, 'Mismatches of')).card)).toContain(': 2');

    await imports('2026-11-21T18:00', [...second, line('SA6')]);
    await coordinator.mentions('/reconcile', ours);
    const later = await connector.expect(ours, 'Reconciliation, 2026-W');
    expect(wordsOn(later.card)).toContain('New: 0, carried over: 1, gone: 1, settled: 1.');
    await connector.expectEdit(card, '1 mismatch to settle');

    const [batch] = await store.page<Batch>(pathway, batchesList('st-annes'), { limit: 10 });
    if (!batch) throw new Error('nothing is to be settled');
    await passTo(batch.doc.settleBy);
    await connector.expectEdit(card, 'They were to be settled by');
    const key = mismatchesKey(pathway, 'st-annes');
    const climbs = await store.get<Escalation>(key, escalationId(batchSubject(batch.doc.run)));
    expect(climbs?.doc).toMatchObject({ state: 'running', cause: 'mismatch' });
    clock.pass(31_000);
    await accepter.says("/why St Anne's Hospice");
    await connector.expect(
      accepter.chat,
      "Why mismatches of St Anne's Hospice climbed. It stops with Settle",
    );
    const verified = await verifyPathway(store, pathway);
    expect(verified.broken).toEqual([]);
    expect(world.logged()).not.toMatch(/Margaret|Canaryson|share it/);
  });
});
