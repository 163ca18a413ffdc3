import { afterEach, describe, expect, it } from 'vitest';
import { actionCase } from '../../src/actions/action.ts';
import { type Acting, PROOF, startActing, WHAT } from '../support/actions.ts';
import { inputsOf, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { named, PARTNERS } from '../support/partners.ts';

const started: Acting[] = [];
afterEach(async () => {
  for (const { world } of started.splice(0)) await world.close();
});

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, receiver } = partners;
  const start = async (): Promise<Acting> => {
    const acting = await startActing(partners);
    started.push(acting);
    return acting;
  };

  it('is set by a form in person: each wrong field is named, what was typed stays, nothing half is stored', async () => {
    const acting = await start();
    const { accepter, lead, world, inPerson, day } = acting;
    const { connector, clock } = world;
    const { caseId } = await acting.offer();
    const form = await acting.opensForm();
    const before = await world.kept();
    const wrong = await lead.presses(form, 'Set the action', {
      inputs: { what: WHAT, owner: '', due: '2020-01-31', from: 'handover', caseId: '7K2' },
    });
    for (const words of [
      'Choose whose it is.',
      'Choose a day that is not over.',
      'There is no such case on this pathway.',
    ]) {
      expect(wordsOn(wrong.card)).toContain(words);
    }
    expect(inputsOf(wrong.card)).toMatchObject({ what: WHAT, from: 'handover', caseId: '7K2' });
    expect(await world.kept()).toEqual(before);

    clock.pass(5_000);
    const right = { inputs: { owner: inPerson, due: day(3), caseId } };
    const answer = await lead.presses(wrong, 'Set the action', right);
    const owner = `${accepter.who.name}, ${named(partners, receiver)}`;
    expect(wordsOn(answer.card)).toContain(`is set: ${owner}, due Fri 27 Nov.`);
    expect(JSON.stringify(answer.card)).not.toContain('Margaret');
    const card = await connector.expect(accepter.chat, 'Action ');
    for (const words of [
      WHAT,
      `Owner: ${owner}`,
      `From a handover, case ${caseId}.`,
      `Set by ${lead.who.name}`,
    ]) {
      expect(wordsOn(card.card)).toContain(words);
    }
    expect(titlesOf(card.card).slice(0, 2)).toEqual(['Done', 'Change owner or day']);
    expect(JSON.stringify({ ...card.activity, attachments: [] })).not.toContain('Margaret');

    clock.pass(5_000);
    const kept = await world.kept();
    const twice = await lead.presses(wrong, 'Set the action', right);
    expect(wordsOn(twice.card)).toEqual(wordsOn(answer.card));
    expect(await world.kept()).toEqual(kept);
    await connector.expectNothingElse();
    expect(world.logged()).not.toContain('Margaret’s record');
  });

  it('is set for the provider of the channel that it was asked for in, and otherwise for the one chosen', async () => {
    const acting = await start();
    const { coordinator, accepter, ours, world } = acting;
    const { connector, clock } = world;
    const inputs = { what: WHAT, owner: acting.inPerson, due: acting.day(3), from: 'meeting' };
    const set = async (form: Post, more: object = {}): Promise<void> => {
      await coordinator.presses(form, 'Set the action', { inputs: { ...inputs, ...more } });
      const card = await connector.expect(accepter.chat, 'Action ');
      expect(wordsOn(card.card)).toContain(
        `Set by ${coordinator.who.name}, ${named(partners, partners.sender)}.`,
      );
      clock.pass(5_000);
    };
    await coordinator.says('/action', ours);
    const form = await connector.expect(coordinator.chat, 'A new action');
    await connector.expect(ours, 'I have sent it to you');
    expect(inputsOf(form.card)).not.toHaveProperty('by');
    const wrong = await coordinator.presses(form, 'Set the action', { inputs: { ...inputs, due: '' } });
    expect(inputsOf(wrong.card)).not.toHaveProperty('by');
    clock.pass(5_000);
    await set(form);

    const member = partners.terms.people.find(({ key }) => key === partners.coordinator);
    const several = new Set(member?.positions.map(({ provider }) => provider)).size > 1;
    await coordinator.says('/action');
    const asked = await connector.expect(coordinator.chat);
    // Somebody of two pathways is asked which one is meant.
    const own = wordsOn(asked.card).includes('A new action')
      ? asked
      : await coordinator.presses(asked, partners.terms.name);
    expect('by' in inputsOf(own.card)).toBe(several);
    await set(own as Post, several ? { by: partners.sender } : {});
    await connector.expectNothingElse();
  });

  it('opens the form in person when it is asked for in a channel, with the case number that was typed', async () => {
    const { lead, ours, world, offer } = await start();
    const { connector } = world;
    const { caseId } = await offer();
    await lead.says(`/action ${caseId}`, ours);
    const form = await connector.expect(lead.chat, 'A new action');
    expect(inputsOf(form.card)).toMatchObject({ caseId, owner: '', from: 'case' });
    await connector.expect(ours, 'I have sent it to you in our personal chat');
    await lead.says('/action soon');
    await connector.expect(lead.chat, 'Type /action, or /action and a case number');
    await connector.expectNothingElse();
  });

  it('is listed in a channel without anybody’s words, and in person with them for those entitled, which is recorded', async () => {
    const acting = await start();
    const { accepter, lead, outsider, theirs, world } = acting;
    const { connector } = world;
    const { id } = await acting.sets();
    await lead.says('/actions', theirs);
    const shared = await connector.expect(theirs, 'Open actions');
    for (const words of [`Action ${id}`, accepter.who.name, 'Due Fri 27 Nov', 'From a meeting.']) {
      expect(wordsOn(shared.card)).toContain(words);
    }
    expect(JSON.stringify(shared.activity)).not.toContain('Margaret');
    expect(await world.events(pathway, actionCase(id))).not.toContain('action.viewed');

    await accepter.says('/actions mine');
    expect(wordsOn((await connector.expect(accepter.chat, 'Your actions')).card)).toContain(WHAT);
    expect(await world.events(pathway, actionCase(id))).toContain('action.viewed');
    await outsider.says('/actions');
    const open = await connector.expect(outsider.chat, 'Open actions');
    expect(wordsOn(open.card)).toContain(`Action ${id}`);
    expect(JSON.stringify(open.activity)).not.toContain('Margaret');
    const viewed = await outsider.presses(open, 'View');
    expect(wordsOn(viewed.card)).toContain(`Action ${id}`);
    expect(JSON.stringify(viewed.card)).not.toContain('Margaret');
    expect(titlesOf(viewed.card)).toEqual([]);
    await outsider.says('/actions mine');
    await connector.expect(outsider.chat, 'Nothing at the moment.');
    await lead.says('/actions overdue');
    await connector.expect(lead.chat, 'Nothing at the moment.');
    await lead.says('/actions later');
    await connector.expect(lead.chat, 'Type /actions open');
    await connector.expectNothingElse();
  });

  it('reminds on the morning before, and is done with proof, which whoever set it can read', async () => {
    const acting = await start();
    const { accepter, lead, ours, world } = acting;
    const { connector, clock } = world;
    const { id, card } = await acting.sets();
    const old = { ...card };
    await acting.passTo((await acting.stored(id)).remindAt);
    const reminder = await connector.expect(accepter.chat, `Action ${id}: Reminder: it is due tomorrow.`);
    expect(reminder.thread ?? reminder.text).not.toContain('Margaret');
    await connector.expectNothingElse();

    const form = await accepter.presses(card, 'Done');
    const before = await world.kept();
    const bare = await accepter.presses(form, 'Done', { inputs: { proof: ' ' } });
    expect(wordsOn(bare.card)).toContain('Write what shows that it is done.');
    expect(await world.kept()).toEqual(before);
    clock.pass(5_000);
    const done = await accepter.presses(bare, 'Done', { inputs: { proof: PROOF } });
    expect(wordsOn(done.card)).toContain(`Done by ${accepter.who.name}`);
    await connector.expectEdit(card, `Done by ${accepter.who.name}`);
    const told = await connector.expect(lead.chat, `Action ${id}: Done by ${accepter.who.name}`);
    expect(told.text).not.toContain('night team');

    clock.pass(5_000);
    const stands = await world.kept();
    const again = await accepter.presses(bare, 'Done', { inputs: { proof: PROOF } });
    expect(wordsOn(again.card)).toEqual(wordsOn(done.card));
    const late = await accepter.presses(old, 'Done');
    expect(wordsOn(late.card)).toContain(`Done by ${accepter.who.name}`);
    const other = await lead.presses({ ...form, where: lead.chat }, 'Done', { inputs: { proof: 'Other' } });
    expect(wordsOn(other.card)).toContain(`Done by ${accepter.who.name}`);
    expect(await world.kept()).toEqual(stands);

    await lead.says(`/actions ${id}`);
    const own = await connector.expect(lead.chat, `Action ${id}`);
    expect(wordsOn(own.card)).toContain(`Proof: ${PROOF}`);
    await lead.says(`/actions ${id.toLowerCase()}`, ours);
    const open = await connector.expect(ours, `Action ${id}`);
    expect(JSON.stringify(open.activity)).not.toMatch(/Margaret|night team/);
    await acting.passTo((await acting.stored(id)).climbsAt);
    await connector.expectNothingElse();
    expect(await acting.climbed(id)).toBe('none');
  });

  it('belongs to a provider as a whole in its channel, where Done works and nobody’s words stand', async () => {
    const acting = await start();
    const { accepter, lead, theirs, world, asAWhole } = acting;
    const { connector } = world;
    const { id, card } = await acting.sets({ owner: asAWhole }, theirs);
    expect(titlesOf(card.card)).toEqual(['Done', 'Change owner or day', 'View details']);
    expect(JSON.stringify(card.activity)).not.toContain('Margaret');
    const viewed = await accepter.presses(card, 'View details');
    expect(wordsOn(viewed.card)).toContain(WHAT);
    await accepter.says('/actions mine');
    await connector.expect(accepter.chat, `Action ${id}`);
    await acting.isDone(accepter, card);
    await connector.expectEdit(card, `Done by ${accepter.who.name}`);
    expect(JSON.stringify(card.activity)).not.toMatch(/Margaret|night team/);
    await connector.expect(lead.chat, `Action ${id}: Done by ${accepter.who.name}`);
    await connector.expectNothingElse();
  });

  it('is shown again where Baton is installed anew, and one that is done is not', async () => {
    const acting = await start();
    const { accepter, lead, theirs, world, asAWhole } = acting;
    const { connector, clock } = world;
    const { id, card } = await acting.sets({ owner: asAWhole }, theirs);
    const other = await acting.sets({ owner: asAWhole }, theirs);
    await acting.isDone(accepter, other.card);
    await connector.expectEdit(other.card, `Done by ${accepter.who.name}`);
    await connector.expect(lead.chat, `Action ${other.id}: Done by`);
    clock.pass(31_000);
    await accepter.installs(theirs);
    await connector.expect(theirs, 'offer a handover.');
    const again = await connector.expect(theirs, `Action ${id}`);
    expect(again.activityId).not.toBe(card.activityId);
    expect(titlesOf(again.card)).toContain('Done');
    await connector.expectNothingElse();
  });

  it('is refused to somebody whose it is not, whatever the button carries, and an unknown one is not there', async () => {
    const acting = await start();
    const { accepter, outsider, world } = acting;
    const { id, card } = await acting.sets();
    const form = await accepter.presses(card, 'Done');
    const before = await world.kept();
    const refused = `This action belongs to ${named(partners, receiver)}`;
    for (const title of ['Done', 'Change owner or day']) {
      expect((await outsider.presses(card, title, { where: outsider.chat })).text).toContain(refused);
    }
    const sent = { inputs: { proof: PROOF }, where: outsider.chat };
    expect((await outsider.presses(form, 'Done', sent)).text).toContain(refused);
    const forged = { ...sent, where: accepter.chat, forged: { action: '00000-0' } };
    expect((await accepter.presses(form, 'Done', forged)).text).toContain('There is no such action');
    const nonsense = { ...forged, forged: { action: 'all of them' } };
    expect((await accepter.presses(form, 'Done', nonsense)).text).toContain('Nothing was stored');
    await accepter.says(`/actions ${id.startsWith('000') ? '111-11T' : '000-000'}`);
    await world.connector.expect(accepter.chat, 'There is no such action on this pathway.');
    expect(await world.kept()).toEqual(before);
    await world.connector.expectNothingElse();
  });
});
