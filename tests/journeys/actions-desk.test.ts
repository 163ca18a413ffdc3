import { afterEach, describe, expect, it } from 'vitest';
import { actionCase } from '../../src/actions/action.ts';
import { type Acting, PROOF, startActing, WHAT } from '../support/actions.ts';
import { inputsOf, titlesOf, wordsOn } from '../support/connector.ts';
import { PARTNERS, RIVERSIDE } from '../support/partners.ts';
import { read } from '../support/world.ts';

// What people have at hand: what waits for them, an action from a case, and a way back.

const started: Acting[] = [];
afterEach(async () => {
  for (const { world } of started.splice(0)) await world.close();
});
const start = async (partners = RIVERSIDE): Promise<Acting> => {
  const acting = await startActing(partners);
  started.push(acting);
  return acting;
};
const DAY_MS = 24 * 60 * 60_000;

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, receiver } = partners;

  it('one’s actions are on /mine beside the handovers, overdue first; in a channel without anybody’s words', async () => {
    const acting = await start(partners);
    const { accepter, theirs, lead, world } = acting;
    const { connector, clock } = world;
    await lead.says('/mine');
    expect(wordsOn((await connector.expect(lead.chat, 'Waiting for you')).card)).toContain(
      'Nothing at the moment.',
    );
    const late = await acting.sets({ due: acting.day(1) });
    const soon = await acting.sets({ due: acting.day(9), owner: acting.asAWhole }, theirs);
    const { caseId } = await acting.offer();
    await acting.passTo((await acting.stored(late.id)).climbsAt);
    await connector.expectEdit(late.card, 'Overdue');
    clock.pass(DAY_MS);
    await accepter.says('/mine');
    const mine = await connector.expect(accepter.chat, 'Waiting for you');
    const words = wordsOn(mine.card);
    expect(words).toContain('Handovers: 1');
    expect(words).toContain('Actions: 2');
    const at = [caseId, `Action ${late.id}`, `Action ${soon.id}`].map((one) => words.indexOf(one));
    expect(at.filter((one) => one < 0)).toEqual([]);
    expect(at).toEqual([...at].sort((a, b) => a - b));
    expect(words).toContain('Overdue: it was due');
    expect(words).toContain(WHAT);
    expect(mine.summary).toBe('Waiting for you: handovers 1, actions 2.');
    expect(await world.events(pathway, actionCase(late.id))).toContain('action.viewed');
    const viewed = await accepter.presses(mine, 'View', { carrying: { action: late.id } });
    expect(titlesOf(viewed.card)).toContain('Done');

    await accepter.says('/mine', theirs);
    const shared = await connector.expect(theirs, 'Waiting for you');
    expect(wordsOn(shared.card)).toContain(`Action ${late.id}`);
    expect(JSON.stringify(shared.activity)).not.toContain('Margaret');
    expect(world.logged()).not.toContain('Margaret');
  });

  it('an action can be set from a case: the form opens in person with the case filled in', async () => {
    const acting = await start(partners);
    const { accepter, coordinator, lead, theirs, world } = acting;
    const { connector, clock } = world;
    const { caseId } = await acting.offer();
    await lead.says(`/case ${caseId}`);
    const own = await connector.expect(lead.chat, `Case ${caseId}`);
    const form = await lead.presses(own, 'Set an action');
    expect(inputsOf(form.card)).toMatchObject({ caseId, from: 'case', what: '', owner: '' });
    const inputs = { what: WHAT, owner: acting.inPerson, due: acting.day(3) };
    const set = await lead.presses(form, 'Set the action', { inputs });
    expect(read(set)).toContain('is set');
    const card = await connector.expect(accepter.chat, 'Action ');
    expect(wordsOn(card.card)).toContain(`From a case, case ${caseId}.`);

    clock.pass(5_000);
    await accepter.says(`/case ${caseId}`, theirs);
    const shared = await connector.expect(theirs, `Case ${caseId}`);
    const there = await accepter.presses(shared, 'Set an action');
    expect(read(there)).toContain('I have sent it to you in our personal chat');
    const sent = await connector.expect(accepter.chat, 'A new action');
    expect(inputsOf(sent.card)).toMatchObject({ caseId, from: 'case' });
    const forged = await coordinator.presses(shared, 'Set an action', { forged: { caseId: 'all' } });
    expect(JSON.stringify(inputsOf(forged.card ?? {}))).not.toContain('all');
    if (read(forged).includes('I have sent it')) await connector.expect(coordinator.chat, 'A new action');
    await connector.expectNothingElse();
  });

  it('Done that was pressed by mistake is undone from the answer to it: everybody who was told hears that', async () => {
    const acting = await start(partners);
    const { accepter, lead, theirs, world } = acting;
    const { connector, clock } = world;
    const { id, card } = await acting.sets({ owner: acting.asAWhole }, theirs);
    const done = await acting.isDone(accepter, card);
    expect(wordsOn(done.card)).toContain('You can undo this until 10:');
    await connector.expectEdit(card, 'View details has the proof, and Undo until 10:');
    await connector.expect(lead.chat, `Action ${id}: Done by`);
    const theirView = await lead.presses({ ...card, where: lead.chat } as never, 'View details');
    expect(titlesOf(theirView.card)).not.toContain('Undo');

    clock.pass(5_000);
    const found = await accepter.presses(card, 'View details');
    expect(titlesOf(found.card)).toEqual(['Undo']);
    const undone = await accepter.presses(found, 'Undo');
    expect(titlesOf(undone.card)).toContain('Done');
    expect(JSON.stringify(undone.card)).not.toContain(PROOF);
    await connector.expectEdit(card, 'Due Fri 27 Nov.');
    expect(titlesOf(card.card)).toContain('Done');
    const told = await connector.expect(lead.chat, `Action ${id}: Open again`);
    expect(told.text).toContain('Done was pressed by mistake.');
    clock.pass(5_000);
    const before = await world.kept();
    expect(titlesOf((await accepter.presses(done, 'Undo')).card)).toContain('Done');
    expect(await world.kept()).toEqual(before);

    // It is reminded of, and climbs when it is not done after all.
    await acting.passTo((await acting.stored(id)).remindAt);
    await connector.expect(theirs, `Action ${id}: Reminder`);
    await acting.passTo((await acting.stored(id)).climbsAt);
    expect(await acting.climbed(id)).toBe('running');
    const again = await acting.isDone(accepter, card);
    expect(await acting.climbed(id)).toBe('ended');
    clock.pass(5_000);
    const open = await accepter.presses(again, 'Undo');
    expect(await acting.climbed(id)).toBe('running');
    const last = await acting.isDone(accepter, open);
    clock.pass(11 * 60_000);
    expect(read(await accepter.presses(last, 'Undo'))).toContain('The ten minutes to undo have passed');
    expect(await acting.climbed(id)).toBe('ended');
    expect((await acting.stored(id)).state).toBe('done');
  });

  it('the figures count what is open and what is overdue by provider, and name nobody', async () => {
    const acting = await start(partners);
    const { theirs, world } = acting;
    const figure = async (name: string): Promise<string | undefined> => {
      const text = await (await fetch(`${world.url}/metrics`)).text();
      expect(text).not.toMatch(/Margaret|adele|Adele|priya|Priya/);
      return new RegExp(
        `^${name}\\{[^}]*pathway="${pathway}"[^}]*provider="${receiver}"[^}]*\\} (.*)$`,
        'm',
      ).exec(text)?.[1];
    };
    expect(await figure('baton_actions_open')).toBe('0');
    const { id } = await acting.sets({ due: acting.day(1) });
    await acting.sets({ owner: acting.asAWhole }, theirs);
    expect(await figure('baton_actions_open')).toBe('2');
    expect(await figure('baton_actions_overdue')).toBe('0');
    await acting.passTo((await acting.stored(id)).dueAt);
    expect(await figure('baton_actions_open')).toBe('2');
    expect(await figure('baton_actions_overdue')).toBe('1');
  });
});
