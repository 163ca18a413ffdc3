import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import { importListFile } from '../../src/register-file.ts';
import { verifyPathway } from '../../src/store/verify.ts';
import { wire } from '../../src/wire.ts';
import { startActing, WHAT } from '../support/actions.ts';
import { type Answer, actionsOf, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { RIVERSIDE } from '../support/partners.ts';
import type { World } from '../support/world.ts';

const pathway = 'riverside';
const NAMES = ['Margaret', 'Canaryson', '999 000 0018', 'RV1 2AB', WHAT];
/** A week after the journey's first Monday. */
const MONDAY = '2026-11-30T08:00:00.000Z';

const started: World[] = [];
afterEach(async () => {
  for (const world of started.splice(0)) await world.close();
});

/** An action for St Anne's, an offer to them, and a case on their list that nobody holds. */
async function begin() {
  const acting = await startActing(RIVERSIDE, { digests: true });
  const { world } = acting;
  const { clock, connector, store } = world;
  started.push(world);
  const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
  const { id: action } = await acting.sets();
  const { caseId: offered } = await acting.offer();
  const file = join(world.folder, 'list.csv');
  const header =
    'Hospice number,Forename,Family name,DOB,NHS No,Post code,Lead provider,State,Referred on,Discharged on,Review on';
  const line = 'SA1,Margaret,Canaryson,07/03/1942,999 000 0018,RV1 2AB,,On caseload,02/11/2026,,13/11/2026';
  writeFileSync(file, [header, line].join('\r\n'));
  const asOf = '2026-11-20T18:00';
  await importListFile(wired, clock, { pathway, provider: 'st-annes', file, asOf });
  const [unowned] = await store.page<{ caseId: string } & import('../../src/core/change.ts').Doc>(
    pathway,
    'unowned',
    { limit: 5 },
  );
  await world.kept();
  connector.posts();
  return { ...acting, action, offered, unowned: unowned?.doc.caseId ?? '', wired };
}

/** The card that came last in a place with these words on it, whatever else came there. */
const last = (posts: readonly Post[], words: string): Post => {
  const found = posts.findLast(({ card }) => wordsOn(card).includes(words));
  if (!found) throw new Error(`no card says ${words}`);
  return found;
};
const buttonOf = (on: Post | Answer, title: string, data: object): boolean =>
  actionsOf(on.card).some(
    (one) =>
      one.title === title &&
      Object.entries(data).every(([key, value]) => (one.data as Record<string, unknown>)[key] === value),
  );
const namesNobody = (on: readonly (Post | Answer)[]): void => {
  expect(on.length).toBeGreaterThan(0);
  for (const one of on)
    for (const name of NAMES) expect(JSON.stringify(one.card ?? one.text)).not.toContain(name);
};

describe('the weekly digest', () => {
  it('comes on Monday to the leads in full and to each partner its own part, once, and can be acted on', async () => {
    const scene = await begin();
    const { accepter, coordinator, lead, ours, theirs, world, offered, unowned, action } = scene;
    const { connector, clock } = world;
    await world.wakes();
    const isDigest = ({ card }: Post): boolean => wordsOn(card).includes('Weekly digest');
    expect(connector.posts().filter(isDigest)).toEqual([]);
    await scene.passTo(MONDAY);
    await Promise.all([world.wakes(), world.wakes()]);
    await connector.expect(ours, 'Weekly digest');
    await connector.expect(theirs, 'Weekly digest');
    // A channel that cannot be reached is given two minutes; then the coordinators there have it in person.
    clock.pass(121_000);
    const instead = await connector.expect(scene.outsider.chat, 'Weekly digest');
    expect(wordsOn(instead.card)).toContain('Harbour Rapid Response');
    for (const other of ["St Anne's", unowned, action]) expect(wordsOn(instead.card)).not.toContain(other);
    // And whoever of them cannot be reached either two more, until that is given up.
    clock.pass(121_000);
    expect(connector.posts(ours).filter(isDigest)).toHaveLength(1);
    expect(connector.posts(theirs).filter(isDigest)).toHaveLength(1);

    const whole = last(connector.posts(ours), 'Weekly digest: Week 49 of 2026');
    const words = wordsOn(whole.card);
    for (const text of ['All partners', 'As of 08:00 today', 'First to look at'])
      expect(words).toContain(text);
    for (const list of ['Northside Community Trust', 'Harbour Rapid Response']) {
      expect(words).toContain(`Not known for ${list}: no list yet.`);
    }
    expect(words).toContain("Not known for St Anne's Hospice: last list Fri 20 Nov.");
    expect(words).not.toContain('Nothing outstanding');
    // The lists were compared first, once, and it says when.
    expect(words).toContain('Lists compared 08:00 today.');
    expect(words).toMatch(/0 of 2 cases|1 of 2 cases|2 of 2 cases/);
    const runs = await world.events(pathway, '_reconciliation');
    expect(runs).toEqual(['reconciliation.began', 'reconciliation.done']);
    expect(titlesOf(whole.card)).toEqual(expect.arrayContaining(['More', 'Send me this']));
    const part = last(connector.posts(theirs), 'Weekly digest');
    expect(wordsOn(part.card)).toContain("St Anne's Hospice");
    expect(wordsOn(part.card)).not.toContain('Harbour');
    for (const card of [whole, part]) {
      expect(buttonOf(card, 'Take ownership', { caseId: unowned })).toBe(true);
      expect(buttonOf(card, 'View', { action })).toBe(true);
      expect(buttonOf(card, 'View', { caseId: offered })).toBe(true);
      expect(buttonOf(card, 'Settle', { caseId: unowned, what: 'review-overdue' })).toBe(true);
      const [pair] = [unowned, offered].sort();
      expect(buttonOf(card, 'Open', { a: pair })).toBe(true);
      expect(actionsOf(card.card).filter(({ verb }) => !verb?.startsWith('digest.'))).toHaveLength(5);
    }
    namesNobody([whole, part]);

    clock.pass(5_000);
    expect(wordsOn((await accepter.presses(part, 'View', { carrying: { action } })).card)).toContain(
      `Action ${action}`,
    );
    clock.pass(5_000);
    await accepter.presses(part, 'Take ownership');
    expect(await world.holder(pathway, unowned)).toBe('st-annes');

    clock.pass(5_000);
    const told = await coordinator.presses(whole, 'Open');
    expect(told.text).toContain('personal chat');
    expect(wordsOn((await connector.expect(coordinator.chat, 'Is this one person?')).card)).toContain(
      unowned,
    );
    clock.pass(5_000);
    const form = await accepter.presses(part, 'Settle');
    expect(wordsOn(form.card)).toContain('Settle: review overdue');

    clock.pass(5_000);
    const more = await lead.presses(whole, 'More');
    expect(wordsOn(more.card)).toContain('By partner');
    expect(wordsOn(more.card)).toContain(
      "St Anne's Hospice: 1 pair of cases that may be one person, 1 case that nobody holds, 1 of 2 open actions",
    );
    expect(wordsOn(more.card)).toContain('No digest was made in the twelve weeks before.');
    clock.pass(5_000);
    expect(wordsOn((await lead.presses(more, 'Back')).card)).toContain('Weekly digest: Week 49 of 2026');

    await scene.passTo('2026-12-07T08:00:00.000Z');
    await world.wakes();
    await connector.expect(ours, 'Week 50 of 2026');
    const next = last(connector.posts(ours), 'Week 50 of 2026');
    expect(wordsOn(next.card)).toContain('Carried over from last week.');
    clock.pass(5_000);
    const later = await lead.presses(next, 'More');
    expect(wordsOn(later.card)).toContain('Cases that nobody holds, W49: 1.');
    expect(JSON.stringify(later.card)).toContain('Chart.VerticalBar');
    expect((await verifyPathway(world.store, pathway)).broken).toEqual([]);
    for (const name of NAMES) expect(world.logged()).not.toContain(name);
  });

  it('is shown now to whoever asks, as far as they may see it, and says what the lists say', async () => {
    const scene = await begin();
    const { accepter, coordinator, lead, outsider, theirs, world, action, unowned } = scene;
    const { connector, clock } = world;
    await accepter.says('/digest');
    const own = await connector.expect(accepter.chat, 'What is open now');
    expect(wordsOn(own.card)).toContain("St Anne's Hospice");
    expect(wordsOn(own.card)).toContain('case that nobody holds');
    expect(wordsOn(own.card)).toContain('0');
    await accepter.says('/unowned');
    const list = await connector.expect(accepter.chat, 'Cases that nobody holds');
    expect(actionsOf(list.card).filter(({ verb }) => verb === 'case.take')).toHaveLength(1);
    expect(buttonOf(own, 'Take ownership', { caseId: unowned })).toBe(true);
    await accepter.says('/actions');
    const actions = await connector.expect(accepter.chat, 'Open actions');
    const open = actionsOf(actions.card).filter(({ title }) => title === 'View').length;
    expect(open).toBeGreaterThan(0);
    expect(wordsOn(own.card)).toContain(`actions overdue, of ${open} open`);

    await lead.says('/digest');
    const whole = await connector.expect(lead.chat, 'What is open now');
    expect(wordsOn(whole.card)).toContain('All partners');
    await outsider.says('/digest');
    const theirsOnly = await connector.expect(outsider.chat, 'What is open now');
    expect(wordsOn(theirsOnly.card)).toContain('Harbour Rapid Response');
    for (const other of [action, unowned, "St Anne's"]) expect(wordsOn(theirsOnly.card)).not.toContain(other);

    // In a partner's channel everybody reads along: never more than that partner's part.
    clock.pass(5_000);
    await coordinator.mentions('/digest', theirs);
    const there = await connector.expect(theirs, 'What is open now');
    expect(wordsOn(there.card)).toContain("St Anne's Hospice");
    expect(wordsOn(there.card)).not.toContain('All partners');
    await outsider.mentions('/digest', theirs);
    await connector.expect(theirs, 'This channel belongs to another provider.');
    namesNobody([own, whole, theirsOnly, there]);
  });

  it('is sent to whoever wants it: to print, and as CSV, with ids only', async () => {
    const scene = await begin();
    const { accepter, theirs, world, action, unowned } = scene;
    const { connector, clock } = world;
    await accepter.says('/digest');
    const own = await connector.expect(accepter.chat, 'What is open now');
    clock.pass(5_000);
    const told = await accepter.presses(own, 'Send me this');
    expect(told.text).toContain('to print or to copy');
    const sent = await connector.expect(accepter.chat, 'The same as CSV');
    const words = wordsOn(sent.card);
    expect(words).toContain("W48,St Anne's Hospice,Cases that nobody holds,,1,,");
    for (const id of [action, unowned]) expect(words).toContain(id);
    expect(words).not.toContain('Harbour');

    clock.pass(5_000);
    await accepter.mentions('/digest', theirs);
    const card = await connector.expect(theirs, 'What is open now');
    clock.pass(5_000);
    const there = await accepter.presses(card, 'Send me this');
    expect(there.text).toContain('personal chat');
    const again = await connector.expect(accepter.chat, 'The same as CSV');
    namesNobody([sent, again]);
    const events = await world.events(pathway, '_digests');
    expect(events).toEqual(['digest.sent', 'digest.sent']);
  });
});
