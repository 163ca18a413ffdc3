import { afterEach, describe, expect, it } from 'vitest';
import { type Climb, DUTIES, startClimb } from '../support/climb.ts';
import { inputsOf, type Person, titlesOf, wordsOn } from '../support/connector.ts';
import { named, PARTNERS } from '../support/partners.ts';
import { read, type Start } from '../support/world.ts';

const started: Climb[] = [];
afterEach(async () => {
  for (const { world } of started.splice(0)) await world.close();
});

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, receiver, sender, terms, reasons } = partners;
  const { first, clinical, shift } = DUTIES[pathway];
  const { lastResort, rungs } = terms.ladder;
  const firstRung = rungs.find(({ kind }) => kind === 'operational') ?? fail('an operational rung');
  const clinicalRung = rungs.find(({ kind }) => kind === 'clinical') ?? fail('a clinical rung');
  const start = async (more?: Start): Promise<Climb> => {
    const climb = await startClimb(partners, more);
    started.push(climb);
    return climb;
  };
  const lineTo = async ({ theirs, ours, world }: Climb, words: string) => ({
    theirs: await world.connector.expect(theirs, words),
    ours: await world.connector.expect(ours, words),
  });

  it('asks who is on duty in person: what, since when, what is next, with the handover’s own buttons', async () => {
    const climb = await start();
    const { accepter, world } = climb;
    const { connector } = world;
    await climb.onDuty(accepter, first);
    const { caseId, card, sent } = await climb.unanswered();
    const prompt = await climb.prompt(accepter, caseId);
    const words = wordsOn(prompt.card);
    for (const part of [
      `${firstRung.says} Answer by `,
      'Nobody has answered in time.',
      'Answer was due ',
      'Waiting since ',
      'Needed by 18:00 today',
      `Held by ${named(partners, sender)}`,
    ]) {
      expect(words).toContain(part);
    }
    expect(words).toMatch(
      firstRung.repeats > 0 ? /At .+ it is asked again\./ : /At .+ it goes to Clinical\./,
    );
    expect(words).not.toContain('Asked before');
    const own = ['Accept', 'Reject', 'Ask for information', 'View details'];
    expect(titlesOf(prompt.card)).toEqual([...own, 'Acknowledge', 'Step up now']);
    expect(JSON.stringify(prompt.activity)).not.toMatch(/Margaret|Example|999 ?000|Penicillin/);

    const lines = await lineTo(climb, 'Nobody has answered in time.');
    expect(lines.theirs.thread).toBe(card.activityId);
    expect(lines.ours.thread).toBe(sent.activityId);
    expect(lines.theirs.text).toContain(`still held by ${named(partners, sender)}.`);
    expect(lines.ours.text).toContain('You still hold this case.');
    for (const { text } of [lines.theirs, lines.ours]) {
      expect(text).toContain(`${firstRung.name}: ${accepter.who.name} is asked, answer by `);
      expect(text).not.toContain(lastResort.phone);
    }
    await connector.expectNothingElse();

    await climb.passNext(caseId);
    await connector.expect(accepter.chat, `Case ${caseId}: Reminder: nobody has answered yet.`);
    await connector.expectNothingElse();
    await climb.passNext(caseId);
    const again = firstRung.repeats > 0 ? 'Asked again: there is a newer card.' : 'Passed on to Clinical.';
    await connector.expectEdit(prompt, again);
    expect(titlesOf(prompt.card)).toEqual([]);
    await lineTo(climb, 'Still nobody has answered.');
    if (firstRung.repeats > 0) {
      const next = await climb.prompt(accepter, caseId);
      expect(wordsOn(next.card)).toContain(`Asked before: ${firstRung.name} (${accepter.who.name}) at 14:0`);
      expect(wordsOn(next.card)).toContain(`it goes to ${clinicalRung.name}.`);
    }
    await connector.expectNothingElse();
  });

  it('accepts nothing by “I’m on it”, says who is on it and until when, and asks again then', async () => {
    const climb = await start();
    const { accepter, world } = climb;
    const { connector } = world;
    await climb.onDuty(accepter, first);
    const { caseId } = await climb.unanswered();
    const prompt = await climb.prompt(accepter, caseId);
    await lineTo(climb, 'Nobody has answered in time.');
    const pressed = { ...prompt };
    const answer = await accepter.presses(pressed, 'Acknowledge');
    const held = /You are on it until (\d\d:\d\d today)/.exec(read(answer))?.[1] ?? 'no time';
    expect(read(answer)).toContain('Nothing is accepted yet.');
    await connector.expectEdit(prompt, `${accepter.who.name} is on it until ${held}.`);
    const own = ['Accept', 'Reject', 'Ask for information', 'View details'];
    expect(titlesOf(prompt.card)).toEqual([...own, 'Step up now']);
    const lines = await lineTo(climb, `${accepter.who.name} is on it until ${held}.`);
    expect(lines.ours.text).toContain(`The case is still held by ${named(partners, sender)}.`);
    world.clock.pass(5_000);
    const before = await world.kept();
    expect(read(await accepter.presses(pressed, 'Acknowledge'))).toContain(`You are on it until ${held}`);
    expect(await world.kept()).toEqual(before);
    expect(await world.holder(pathway, caseId)).toBe(sender);
    await connector.expectNothingElse();

    await climb.passNext(caseId);
    const back = await climb.prompt(accepter, caseId);
    expect(wordsOn(back.card)).toContain(`${accepter.who.name} was on it, and it is still not answered.`);
    expect(titlesOf(back.card)).toContain('Acknowledge');
    await lineTo(climb, 'was on it, and it is still not answered.');
    await connector.expectNothingElse();
  });

  it('steps up with a reason alone, and whoever is asked next reads who was asked before', async () => {
    const climb = await start();
    const { accepter, lead, world } = climb;
    const { connector } = world;
    await climb.onDuty(accepter, first);
    await climb.onDuty(lead, clinical);
    const { caseId } = await climb.unanswered();
    const prompt = await climb.prompt(accepter, caseId);
    await lineTo(climb, 'Nobody has answered in time.');
    const old = { ...prompt };
    const form = await accepter.presses(prompt, 'Step up now');
    expect(inputsOf(form.card)).toEqual({ reason: '' });
    const before = await world.kept();
    const refused = await accepter.presses(form, 'Step up now', { inputs: { reason: ' \n​ ' } });
    expect(wordsOn(refused.card)).toContain('Write why it cannot wait.');
    expect(await world.kept()).toEqual(before);
    const reason = { reason: 'She is alone and in pain' };
    const answer = await accepter.presses(refused, 'Step up now', { inputs: reason });
    expect(wordsOn(answer.card)).toContain(`${clinicalRung.name}: ${lead.who.name} is asked, answer by `);

    const above = await climb.prompt(lead, caseId);
    const { name, phone } = terms.providers.find(({ id }) => id === receiver) ?? fail('the receiver');
    for (const part of [
      clinicalRung.says,
      'It was stepped up.',
      `Asked before: ${firstRung.name} (${accepter.who.name}) at `,
      `ring ${name}: ${phone}`,
      `If it cannot wait, ring ${lastResort.name}: ${lastResort.phone}.`,
    ]) {
      expect(wordsOn(above.card)).toContain(part);
    }
    expect(titlesOf(above.card)).not.toContain('Step up now');
    expect(JSON.stringify(above.activity)).not.toMatch(/alone and in pain|Margaret/);
    await connector.expectEdit(prompt, `Passed on to ${clinicalRung.name}.`);
    await lineTo(climb, 'It was stepped up.');
    await connector.expectNothingElse();

    // The card as a client may show it long after, and the form that was sent: both say how it stands.
    world.clock.pass(5_000);
    const stands = await world.kept();
    for (const late of [
      await accepter.presses(old, 'Acknowledge'),
      await accepter.presses(old, 'Step up now'),
      await accepter.presses(form, 'Step up now', { inputs: reason }),
    ]) {
      expect(wordsOn(late.card)).toContain(`Passed on to ${clinicalRung.name}.`);
    }
    expect(await world.kept()).toEqual(stands);
    await connector.expectNothingElse();
  });

  it('ends everywhere when it is accepted from the prompt, and nothing more is sent', async () => {
    const climb = await start();
    const { accepter, ours, lead, world } = climb;
    const { connector, clock } = world;
    const colleague = world.person(pathway, shift.person);
    await world.reaches([colleague]);
    await climb.onDuty(accepter, first);
    await climb.onDuty(colleague, shift);
    await climb.onDuty(lead, clinical);
    const { caseId, card, sent } = await climb.unanswered();
    // One alone in the role is too few: all on shift there are told.
    expect(await climb.live(caseId)).toEqual([`${firstRung.id} ${partners.accepter[0]} ${shift.person}`]);
    const prompts = [await climb.prompt(accepter, caseId), await climb.prompt(colleague, caseId)];
    const few = `few are on duty, so all on shift are told: ${accepter.who.name} and ${colleague.who.name}, answer by `;
    await lineTo(climb, few);
    const [mine] = prompts;
    const answer = await accepter.presses(mine ?? fail('a prompt'), 'Accept');
    expect(wordsOn(answer.card)).toContain('Margaret Example');
    expect(await world.holder(pathway, caseId)).toBe(receiver);
    const who = accepter.who.name;
    for (const prompt of prompts) {
      await connector.expectEdit(prompt, `Accepted by ${who}. Nothing for you to do.`);
      expect(titlesOf(prompt.card)).toEqual([]);
    }
    await connector.expectEdit(card, `Accepted by ${who}`);
    await connector.expectEdit(sent, `Accepted by ${who}`);
    await connector.expect(ours, `Accepted by ${who}`);
    for (let day = 0; day < 3; day++) {
      clock.pass(24 * 3_600_000);
      await world.kept();
    }
    await connector.expectNothingElse();
    expect((await climb.escalation(caseId)).state).toBe('ended');
  });

  it('ends and begins anew when it is rejected from the prompt, and asks the lead once, not twice', async () => {
    const climb = await start();
    const { accepter, lead, ours, world } = climb;
    const { connector } = world;
    await climb.onDuty(accepter, first);
    await climb.onDuty(lead, clinical);
    const { caseId, card, sent } = await climb.unanswered();
    const prompt = await climb.prompt(accepter, caseId);
    await lineTo(climb, 'Nobody has answered in time.');
    const form = await accepter.presses(prompt, 'Reject');
    await accepter.presses(form, 'Reject', {
      inputs: { reason: reasons.clinical, next: 'Ring 999 if worse' },
    });
    await connector.expectEdit(prompt, 'Answered. Nothing for you to do.');
    expect(wordsOn(prompt.card)).toContain('Rejected: ');
    expect(titlesOf(prompt.card)).toEqual([]);
    await connector.expectEdit(card, 'Rejected: ');
    await connector.expectEdit(sent, 'Rejected: ');
    const line = await connector.expect(ours, `Case ${caseId}: Rejected: `);
    const climbs = await connector.expect(ours, 'Nobody has taken it on, and the need is still open.');
    expect(climbs.text).toContain(`${clinicalRung.name}: ${lead.who.name} is asked, answer by `);
    expect(climbs.text).toContain('You still hold this case.');
    expect(connector.posts(ours).indexOf(climbs)).toBeGreaterThan(connector.posts(ours).indexOf(line));
    const asked = await climb.prompt(lead, caseId);
    expect(wordsOn(asked.card)).toContain('Rejected: ');
    expect(wordsOn(asked.card)).not.toContain('Ring 999');
    // Nothing to those who have said no, and no second message to the lead.
    await connector.expectNothingElse();

    const resolve = await lead.presses(asked, 'Resolve');
    const empty = await lead.presses(resolve, 'Resolve', { inputs: { decision: '' } });
    expect(wordsOn(empty.card)).toContain('Write what was decided.');
    await lead.presses(empty, 'Resolve', { inputs: { decision: 'The GP keeps her until Thursday' } });
    await connector.expectEdit(asked, `Resolved by ${lead.who.name}. Nothing for you to do.`);
    const told = await connector.expect(ours, `${lead.who.name} recorded a decision`);
    expect(told.text).not.toContain('The GP');
    await connector.expectNothingElse();
  });

  it('skips a rung with nobody on duty at once and says so; whoever is not asked changes nothing', async () => {
    const climb = await start();
    const { accepter, lead, coordinator, world } = climb;
    const { connector } = world;
    await climb.onDuty(lead, clinical);
    const { caseId } = await climb.unanswered();
    const words = `Nobody is on duty for ${firstRung.name} at ${named(partners, receiver)}, so it was passed on at once.`;
    const prompt = await climb.prompt(lead, caseId);
    expect(wordsOn(prompt.card)).toContain(`Nobody has answered in time. ${words}`);
    const lines = await lineTo(climb, words);
    expect(lines.ours.text).toContain(`${clinicalRung.name}: ${lead.who.name} is asked, answer by `);
    await connector.expectNothingElse();
    // Who was not asked, and is of no service that is, can press nothing.
    const outsider =
      pathway === 'riverside' ? world.person(pathway, 'isaiah') : world.person(pathway, 'gwen');
    const before = await world.kept();
    for (const person of [outsider, accepter, coordinator] satisfies Person[]) {
      world.clock.pass(5_000);
      const refused = await person.presses(prompt, 'Acknowledge', { where: person.chat });
      expect(read(refused)).toMatch(/This is asked of another service|You are not on duty now/);
    }
    for (const forged of [
      { n: 99 },
      { n: -1 },
      { subject: 'handover:h9' },
      { subject: "handover:h1' OR 1=1" },
      { caseId: '000-000' },
    ]) {
      world.clock.pass(5_000);
      const answer = await lead.presses(prompt, 'Acknowledge', { forged });
      expect(answer.status, JSON.stringify(forged)).toBe(200);
      expect(read(answer), JSON.stringify(forged)).not.toContain('You are on it');
    }
    expect(await world.kept()).toEqual(before);
    await connector.expectNothingElse();
  });

  it('hands on what somebody acknowledged when their duty ends', async () => {
    const climb = await start();
    const { accepter, lead, world } = climb;
    const { connector } = world;
    await climb.onDuty(accepter, first);
    await climb.onDuty(lead, clinical);
    const { caseId } = await climb.unanswered();
    const prompt = await climb.prompt(accepter, caseId);
    await lineTo(climb, 'Nobody has answered in time.');
    await accepter.presses(prompt, 'Acknowledge');
    await lineTo(climb, `${accepter.who.name} is on it until `);
    await climb.offDuty(accepter);
    const next = await climb.prompt(lead, caseId);
    const handed = `${accepter.who.name} was on it and is no longer on duty. Nobody is on duty for ${firstRung.name}`;
    expect(wordsOn(next.card)).toContain(handed);
    await lineTo(climb, handed);
    await connector.expectEdit(prompt, `Passed on to ${clinicalRung.name}.`);
  });

  it('gives whoever holds the case the number that is left when nobody is on duty, and asks who comes on duty', async () => {
    const climb = await start();
    const { lead, world } = climb;
    const { connector, clock } = world;
    const { caseId } = await climb.unanswered();
    const lines = await lineTo(climb, 'Nobody has answered in time.');
    expect(lines.ours.text).toContain(
      `You still hold this case. Ring ${lastResort.name}: ${lastResort.phone}.`,
    );
    expect(lines.theirs.text).not.toContain(lastResort.phone);
    // It goes on looking, and says nothing twice.
    for (let hour = 0; hour < 6; hour++) {
      clock.pass(3_600_000);
      await world.kept();
    }
    await connector.expectNothingElse();
    expect((await climb.escalation(caseId)).state).toBe('running');
    expect(await climb.live(caseId)).toContain(clinicalRung.id);
    await climb.onDuty(lead, clinical);
    const prompt = await climb.prompt(lead, caseId);
    expect(wordsOn(prompt.card)).toContain(clinicalRung.says);
    expect(await climb.live(caseId)).toContain(`${clinicalRung.id} ${partners.lead}`);
  });
});

function fail(what: string): never {
  throw new Error(`the journey has not ${what}`);
}
