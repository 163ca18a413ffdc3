import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { actionCase } from '../../src/actions/action.ts';
import { verifyPathway } from '../../src/store/verify.ts';
import { type Acting, startActing, WHAT } from '../support/actions.ts';
import { DUTIES } from '../support/climb.ts';
import { startClock } from '../support/clock.ts';
import { type Post, startConnector, titlesOf, wordsOn } from '../support/connector.ts';
import { PARTNERS } from '../support/partners.ts';
import { START, type Start, startWorld } from '../support/world.ts';

const started: Acting[] = [];
afterEach(async () => {
  for (const { world } of started.splice(0)) await world.close();
});

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, receiver } = partners;
  const start = async (more?: Start): Promise<Acting> => {
    const acting = await startActing(partners, more);
    started.push(acting);
    return acting;
  };
  /** An action whose owner is on duty, on the morning that it begins to climb. */
  async function overdue() {
    const acting = await start();
    const { accepter, lead, world } = acting;
    await acting.onDuty(accepter, DUTIES[pathway].first);
    const { id, card } = await acting.sets();
    const { remindAt, dueAt, climbsAt } = await acting.stored(id);
    await acting.passTo(remindAt);
    await world.connector.expect(accepter.chat, 'Reminder');
    await acting.passTo(dueAt);
    expect(await acting.climbed(id)).toBe('none');
    await world.connector.expectNothingElse();
    await acting.passTo(climbsAt);
    const prompt = await world.connector.expect(accepter.chat, 'action overdue');
    await world.connector.expect(accepter.chat, `Action ${id}: It was not done by its day.`);
    const line = await world.connector.expect(lead.chat, `Action ${id}: It was not done by its day.`);
    await world.connector.expectEdit(card, 'climbs the ladder');
    return { acting, id, card, prompt, line };
  }

  it('climbs when its day is over, and Done on the prompt ends it everywhere', async () => {
    const { acting, id, card, prompt, line } = await overdue();
    const { accepter, lead, world } = acting;
    const { connector } = world;
    expect(wordsOn(prompt.card)).toContain(`Action ${id}`);
    expect(wordsOn(prompt.card)).toContain('Do it and press Done, or agree a new day.');
    const own = ['Done', 'Change owner or day', 'View details'];
    expect(titlesOf(prompt.card)).toEqual([...own, 'Acknowledge', 'Step up now']);
    expect(JSON.stringify(prompt.activity)).not.toContain('Margaret');
    expect(line.text).toContain('You set this action.');
    await accepter.says('/actions overdue');
    expect(wordsOn((await connector.expect(accepter.chat, 'Overdue actions')).card)).toContain(
      `Action ${id}`,
    );
    await lead.says('/escalations open');
    const climbs = await connector.expect(lead.chat, 'Open escalations');
    const seen = await lead.presses(climbs, 'View', { carrying: { caseId: actionCase(id) } });
    expect(wordsOn((await lead.presses(seen, 'View details')).card)).toContain(WHAT);

    await lead.says(`/why ${id}`);
    const why = await connector.expect(lead.chat, `Why action ${id} climbed`);
    for (const words of [
      'set it, to be done by',
      'Its day passed',
      'It began to climb',
      'It stops with Done by',
    ]) {
      expect(wordsOn(why.card)).toContain(words);
    }

    await acting.isDone(accepter, prompt);
    await connector.expectEdit(prompt, `Done by ${accepter.who.name}. Nothing for you to do.`);
    expect(titlesOf(prompt.card)).toEqual([]);
    await connector.expectEdit(card, `Done by ${accepter.who.name}`);
    await connector.expect(lead.chat, `Action ${id}: Done by ${accepter.who.name}`);
    expect(await acting.climbed(id)).toBe('ended');
    for (let days = 1; days <= 3; days++) await acting.passTo(`${acting.day(days)}T12:00:00.000Z`);
    await connector.expectNothingElse();
    expect((await verifyPathway(world.store, pathway)).broken).toEqual([]);
  });

  it('stops climbing when it is given a new day, with a reason, and begins anew when that is over', async () => {
    const { acting, id, card, prompt } = await overdue();
    const { accepter, lead, world } = acting;
    const { connector, clock } = world;
    const form = await lead.presses(
      { ...prompt, conversationId: lead.chat.conversationId },
      'Change owner or day',
    );
    const before = await world.kept();
    const wrong = await lead.presses(form, 'Change it', { inputs: { reason: 'The nurses were ill' } });
    expect(wordsOn(wrong.card)).toContain('Choose another owner or another day.');
    expect(await world.kept()).toEqual(before);
    clock.pass(5_000);
    const changed = await lead.presses(wrong, 'Change it', { inputs: { due: acting.day(2) } });
    expect(wordsOn(changed.card)).toContain(`Action ${id} is now with ${accepter.who.name}`);
    await connector.expectEdit(prompt, `Changed by ${lead.who.name}. Nothing for you to do.`);
    await connector.expectEdit(card, 'Due ');
    await connector.expect(accepter.chat, `Action ${id}: Changed. It is now with ${accepter.who.name}`);
    expect(await acting.climbed(id)).toBe('ended');
    const { remindAt, climbsAt } = await acting.stored(id);
    await acting.passTo(remindAt);
    await connector.expect(accepter.chat, `Action ${id}: Reminder: it is due tomorrow.`);
    await acting.passTo(climbsAt);
    await connector.expect(accepter.chat, 'action overdue');
    await connector.expect(accepter.chat, 'It was not done by its day.');
    await connector.expect(lead.chat, 'It was not done by its day.');
    await connector.expectEdit(card, 'climbs the ladder');
    await connector.expectNothingElse();
  });

  it('goes to a new owner with a card of their own, and ends for all when whoever set it cancels it', async () => {
    const acting = await start();
    const { accepter, lead, outsider, world } = acting;
    const { connector, clock } = world;
    const { id, card } = await acting.sets();
    const another = partners.terms.people.find(({ name }) => name === outsider.who.name);
    const owner = `${another?.positions[0]?.provider}||${another?.key}`;
    const form = await accepter.presses(card, 'Change owner or day');
    await accepter.presses(form, 'Change it', { inputs: { owner, reason: 'They have the record' } });
    const theirs = await connector.expect(outsider.chat, `Action ${id}`);
    expect(wordsOn(theirs.card)).toContain(WHAT);
    await connector.expectEdit(card, `Owner: ${outsider.who.name}`);
    expect(titlesOf(card.card)).not.toContain('Done');
    await connector.expect(lead.chat, `Action ${id}: Changed. It is now with ${outsider.who.name}`);

    await lead.says(`/actions ${id}`);
    const own = await connector.expect(lead.chat, `Action ${id}`);
    const why = await lead.presses(own, 'Cancel the action');
    clock.pass(5_000);
    const bare = await lead.presses(why, 'Cancel the action', { inputs: { reason: '' } });
    expect(wordsOn(bare.card)).toContain('Write why it is not needed any more.');
    clock.pass(5_000);
    await lead.presses(bare, 'Cancel the action', { inputs: { reason: 'She moved away' } });
    await connector.expectEdit(theirs, `Cancelled by ${lead.who.name}`);
    await connector.expectEdit(card, `Cancelled by ${lead.who.name}`);
    await connector.expect(outsider.chat, `Action ${id}: Cancelled by ${lead.who.name}`);
    await acting.passTo(`${acting.day(5)}T12:00:00.000Z`);
    await connector.expectNothingElse();
    expect(await acting.climbed(id)).toBe('none');
  });

  it('is kept over a restart, and begins to climb when its day was over meanwhile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-actions-'));
    const connector = await startConnector();
    const clock = startClock(START);
    const kept: Start = { store: 'file', folder, connector, clock };
    try {
      const acting = await startActing(partners, kept);
      const { accepter, lead } = acting;
      const { id, card } = await acting.sets();
      const { climbsAt } = await acting.stored(id);
      await acting.world.close();
      clock.pass(Date.parse(climbsAt) - Date.parse(clock.now()) + 60_000);
      const after = await startWorld(kept);
      try {
        const line = await connector.expect(
          lead.chat,
          `Action ${id}: This comes late. It was not done by its day.`,
        );
        expect(line.text).toContain('You set this action.');
        await connector.expect(accepter.chat, `Action ${id}: This comes late. It was not done by its day.`);
        await connector.expectEdit(card, 'climbs the ladder');
        const again = after.person(pathway, ...partners.accepter);
        await acting.isDone(again, card);
        await connector.expectEdit(card, `Done by ${accepter.who.name}`);
        await connector.expect(lead.chat, `Action ${id}: Done by ${accepter.who.name}`);
        await connector.expectNothingElse();
      } finally {
        await after.close();
      }
    } finally {
      await connector.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is one of many on lists that go on after a place, open ones and those that climb', async () => {
    const acting = await start();
    const { lead, world } = acting;
    const { connector } = world;
    const ids = new Set<string>();
    for (let n = 0; n < 10; n++) ids.add((await acting.sets({ due: acting.day(n % 3) })).id);
    const all = async (first: Post, more: string): Promise<string[]> => {
      expect(titlesOf(first.card)).toContain('Show more');
      const rest = await lead.presses(first, more);
      expect(titlesOf(rest.card)).not.toContain('Show more');
      return [first, rest].flatMap(
        ({ card }) => wordsOn(card).match(/(?<=Action )[0-9A-Z]{3}-[0-9A-Z]{3}/g) ?? [],
      );
    };
    await lead.says('/actions');
    const open = await all(await connector.expect(lead.chat, 'Open actions'), 'Show more');
    expect(open).toHaveLength(10);
    expect(new Set(open)).toEqual(ids);
    const overdue = [...ids];
    await acting.passTo(`${acting.day(6)}T12:00:00.000Z`);
    for (const id of overdue) expect(await acting.climbed(id)).toBe('running');
    await lead.says('/escalations');
    const climbing = await all(await connector.expect(lead.chat, 'Open escalations'), 'Show more');
    expect(new Set(climbing)).toEqual(ids);
  });

  it('tells its setter with the number to ring when its owner and all who stand in cannot be reached', async () => {
    const acting = await start();
    const { lead, accepter, theirs, world } = acting;
    const { connector } = world;
    for (const where of [accepter.chat, theirs]) {
      void connector.fail({ status: 403 }, { conversation: where.conversationId, times: 10 });
    }
    const form = await acting.opensForm();
    const inputs = { what: WHAT, owner: acting.inPerson, due: acting.day(3), from: 'meeting' };
    await lead.presses(form, 'Set the action', { inputs });
    const told = await connector.expect(lead.chat, 'could not be told. Ring ', 15_000);
    const phone = partners.terms.providers.find(({ id }) => id === receiver)?.phone ?? 'no number';
    expect(told.text).toContain(phone);
    expect(told.text).not.toContain('Margaret');
  });
});
