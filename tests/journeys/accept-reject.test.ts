import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputsOf, titlesOf, wordsOn } from '../support/connector.ts';
import { climbsAtOnce, contentFor, named, PARTNERS, type Partners, reasonText } from '../support/partners.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { read, startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const scenes = new Map<Partners, Scene>();
for (const partners of PARTNERS) scenes.set(partners, await setScene(world, partners));

// Teams' limits for a conversation look back over half a minute.
beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, outside, receiver, sender, reasons, terms } = partners;
  const { accepter, coordinator, lead, theirs, ours, offer } = scenes.get(partners) as Scene;
  const holds = (caseId: string) => world.holder(pathway, caseId);
  const events = (caseId: string) => world.events(pathway, caseId);
  /** Nobody is on duty here: the sender reads that, once, with the number that is left, after the rejection. */
  const readsThatItClimbs = async (caseId: string, where = ours) => {
    const line = await connector.expect(
      where,
      `Case ${caseId}: Nobody has taken it on, and the need is still open.`,
    );
    expect(line.text).toContain('Nobody is on duty for ');
    const { name, phone } = terms.ladder.lastResort;
    expect(line.text).toContain(`You still hold this case. Ring ${name}: ${phone}.`);
    return line;
  };

  it('shows an offer in the channel without a name, and by when to answer', async () => {
    const { card, sent } = await offer();
    const words = wordsOn(card.card);
    expect(words).toContain(`${named(partners, outside)} → ${named(partners, receiver)}`);
    expect(words).toMatch(/Answer by (\d\d:\d\d today|\w{3} \d+ \w{3}, \d\d:\d\d)/);
    expect(words).toContain(`Held by ${named(partners, sender)}`);
    expect(titlesOf(card.card)).toEqual(['Accept', 'Reject', 'Ask for information', 'View details']);
    for (const post of [card, sent]) {
      expect(JSON.stringify(post.activity)).not.toMatch(/Margaret|Example|999 ?000 ?0018|Penicillin/);
    }
    expect(words.includes('M.E.')).toBe(terms.initialsOnCards);
  });

  it('accepts: the answer to one person says whom, what, by when and what could harm; the case moves', async () => {
    const { caseId, card, sent } = await offer();
    expect(await holds(caseId)).toBe(sender);
    const answer = await accepter.presses(card, 'Accept');
    const said = wordsOn(answer.card);
    for (const part of [
      'Margaret Example',
      '7 Mar 1942',
      '999 000 0018',
      'Overnight comfort visits',
      'Needed by 18:00 today',
      'None identified',
      'Falls: two in the last month',
      'Penicillin',
      'Ring her daughter first',
      'You can undo this until',
    ]) {
      expect(said).toContain(part);
    }
    const note = inputsOf(answer.card).note ?? '';
    for (const part of ['SITUATION', 'BACKGROUND', 'ASSESSMENT', 'RECOMMENDATION', 'READBACK', 'Margaret']) {
      expect(note).toContain(part);
    }
    expect(titlesOf(answer.card)).toEqual(['Undo', 'View details']);
    expect(await holds(caseId)).toBe(receiver);

    const who = accepter.who.name;
    await connector.expectEdit(card, `Accepted by ${who}`);
    await connector.expectEdit(sent, `Accepted by ${who}`);
    expect(titlesOf(card.card)).toEqual(['View details']);
    const line = await connector.expect(ours, `Accepted by ${who}`);
    expect(line.thread).toBe(sent.activityId);
    expect(line.text).toContain(`Held by ${named(partners, receiver)}`);
    expect(line.text).not.toContain('Margaret');
    expect(await events(caseId)).toContain('handover.accepted');
  });

  it.each([
    ['accepts', 'Accept', {}, 'Accepted by'],
    ['rejects', 'Reject', { reason: reasons.open, next: 'Ask the evening team' }, 'Rejected: '],
    ['asks', 'Ask for information', { question: 'Which key safe?' }, 'Information requested'],
  ])(
    'tells nobody what they just did themselves: who %s reads it on their card, and the sender in a line too',
    async (_act, button, inputs, words) => {
      const { caseId, card, sent } = await offer();
      const before = { theirs: connector.posts(theirs).length, ours: connector.posts(ours).length };
      const pressed = await accepter.presses(card, button);
      if (Object.keys(inputs).length > 0) await accepter.presses(pressed, button, { inputs });
      await connector.expectEdit(card, words);
      const line = await connector.expect(ours, (post) => post.thread === sent.activityId);
      expect(line.text).toMatch(new RegExp(`^Case ${caseId}: `));
      const climbs = 'reason' in inputs && climbsAtOnce(partners, inputs.reason);
      if (climbs) await readsThatItClimbs(caseId);
      // Until nothing is under way: what was not said by then is never said.
      await world.kept();
      expect(connector.posts(theirs)).toHaveLength(before.theirs);
      expect(connector.posts(ours)).toHaveLength(before.ours + (climbs ? 2 : 1));
    },
  );

  it('says nothing about risk or safeguarding that nobody said, and joins no case to another', async () => {
    const first = await offer();
    const { risk: _, safeguarding: __, ...silent } = contentFor(partners);
    const second = await offer({ from: outside, to: receiver, content: silent });
    expect(second.caseId).not.toBe(first.caseId);
    expect(second.intake.body.missing).toEqual(
      expect.arrayContaining(['risk.status', 'safeguarding.status']),
    );
    const details = await accepter.presses(second.card, 'View details');
    expect(wordsOn(details.card)).not.toContain('None identified');
    expect(wordsOn(details.card)).toContain('Not given');
    expect(await holds(first.caseId)).toBe(sender);
  });

  it('rejects only with a reason and with what the sender should do next, keeping what was typed', async () => {
    const { caseId, card } = await offer();
    const form = await accepter.presses(card, 'Reject');
    expect(inputsOf(form.card)).toEqual({ reason: '', next: '' });
    const before = await world.kept();
    const withoutReason = await accepter.presses(form, 'Reject', { inputs: { next: 'Ring the ward' } });
    expect(wordsOn(withoutReason.card)).toContain('Choose a reason from the list.');
    expect(inputsOf(withoutReason.card).next).toBe('Ring the ward');
    const withoutText = await accepter.presses(withoutReason, 'Reject', {
      inputs: { reason: reasons.open, next: ' \n\t​ ' },
    });
    expect(wordsOn(withoutText.card)).toContain('Write what the sender should do next.');
    expect(inputsOf(withoutText.card).reason).toBe(reasons.open);
    expect(await world.kept()).toEqual(before);
    expect(await holds(caseId)).toBe(sender);
  });

  it('rejects: the case stays, the sender is told, and the receiver opens the details no more', async () => {
    const { caseId, card, sent } = await offer();
    const form = await accepter.presses(card, 'Reject');
    const answer = await accepter.presses(form, 'Reject', {
      inputs: { reason: reasons.open, next: 'Ask the evening team' },
    });
    const words = `Rejected: ${reasonText(partners, reasons.open).replace(/^./, (c) => c.toLowerCase())}`;
    expect(wordsOn(answer.card)).toContain(words);
    await connector.expectEdit(card, words);
    await connector.expectEdit(sent, words);
    expect(titlesOf(card.card)).toEqual([]);
    const line = await connector.expect(ours, words);
    expect(line.thread).toBe(sent.activityId);
    expect(line.text).toContain('must still find somebody');
    expect(line.text).not.toContain('Ask the evening team');
    if (climbsAtOnce(partners, reasons.open)) {
      const climbing = await readsThatItClimbs(caseId);
      expect(climbing.thread).toBe(sent.activityId);
      expect(connector.posts(ours).indexOf(climbing)).toBeGreaterThan(connector.posts(ours).indexOf(line));
    }
    expect(await holds(caseId)).toBe(sender);

    const closed = await accepter.presses({ ...card, card: SHOWN.offer }, 'View details', {
      forged: { pathway, caseId, handoverId: 'h1', revision: 1 },
    });
    expect(read(closed)).toContain('nothing for you to do');
    const details = await coordinator.presses(sent, 'View details');
    expect(wordsOn(details.card)).toContain('Ask the evening team');
    expect(wordsOn(details.card)).toContain('Margaret Example');
  });

  it('leaves the need open for another provider, and takes the second rejection to the clinical lead', async () => {
    const { caseId, card, sent } = await offer();
    const reject = async (on: typeof card): Promise<void> => {
      const form = await accepter.presses(on, 'Reject');
      await accepter.presses(form, 'Reject', { inputs: { reason: reasons.open, next: 'Try elsewhere' } });
      await connector.expectEdit(on, 'Rejected: ');
      await connector.expect(ours, 'Rejected: ');
    };
    await reject(card);
    if (climbsAtOnce(partners, reasons.open)) await readsThatItClimbs(caseId);
    await connector.expectEdit(sent, 'The need is still open');
    const toChat = await coordinator.presses(sent, 'Offer to another');
    expect(read(toChat)).toContain('personal chat');
    const form = await connector.expect(coordinator.chat, 'Step 1 of 4');
    expect(inputsOf(form.card)['person.given']).toBe('Margaret');
    let step = await coordinator.presses(form, 'Next');
    step = await coordinator.presses(step, 'Next', { inputs: { to: receiver } });
    step = await coordinator.presses(step, 'Next');
    const done = await coordinator.presses(step, 'Send the offer');
    expect(read(done)).toContain(`as case ${caseId}`);
    await connector.expectEdit(sent, 'The need was offered to another provider.');
    const again = await connector.expect(theirs, caseId);
    await connector.expect(coordinator.chat, caseId);

    clock.pass(31_000);
    const second = await accepter.presses(again, 'Reject');
    await accepter.presses(second, 'Reject', { inputs: { reason: reasons.open, next: 'Try elsewhere' } });
    await connector.expectEdit(again, 'Rejected: ');
    const toLead = await connector.expect(lead.chat, 'rejected twice');
    expect(toLead.text).toContain(caseId);
    expect(toLead.text).toContain('clinical lead');
    for (const where of [ours, coordinator.chat]) await readsThatItClimbs(caseId, where);
    // The sender's role on duty, in its channel, gets the card and the line as well as the person who sent it.
    await connector.expect(ours, (post) => post.card !== undefined && post.summary.includes(caseId));
    await connector.expect(ours, 'Rejected: ');
    await connector.expect(coordinator.chat, 'Rejected: ');
    expect(await holds(caseId)).toBe(sender);
  });

  it('takes a rejection for a clinical reason to the clinical lead at once, and closes a need that is answered', async () => {
    const clinical = await offer();
    const form = await accepter.presses(clinical.card, 'Reject');
    await accepter.presses(form, 'Reject', {
      inputs: { reason: reasons.clinical, next: 'Ring 999 if worse' },
    });
    await connector.expect(lead.chat, clinical.caseId);
    await connector.expectEdit(clinical.card, 'Rejected: ');
    await connector.expect(ours, 'Rejected: ');
    await readsThatItClimbs(clinical.caseId);
    const closed = await offer();
    const other = await accepter.presses(closed.card, 'Reject');
    await accepter.presses(other, 'Reject', { inputs: { reason: reasons.closes, next: 'Nothing' } });
    await connector.expectEdit(closed.card, 'Rejected: ');
    await connector.expect(ours, 'This reason closes the need');
    await connector.expectEdit(closed.sent, 'This reason closes the need');
    expect(titlesOf(closed.sent.card)).not.toContain('Offer to another');
  });

  it('asks for information, and the answer brings it back while the time stays', async () => {
    const { card, sent } = await offer();
    const answerBy = /Answer by [^"\\]*?\d\d:\d\d( today)?/.exec(wordsOn(card.card))?.[0] ?? 'no time';
    const form = await accepter.presses(card, 'Ask for information');
    const blank = await accepter.presses(form, 'Ask for information', { inputs: { question: '   ' } });
    expect(wordsOn(blank.card)).toContain('Write what you need to know.');
    await accepter.presses(form, 'Ask for information', { inputs: { question: 'Which key safe?' } });
    await connector.expectEdit(card, `Waiting for ${named(partners, sender)}`);
    await connector.expectEdit(sent, 'asks for information');
    expect(wordsOn(card.card)).toContain(answerBy);
    expect((await connector.expect(ours, 'asks for information')).text).not.toContain('key safe');
    const answering = await coordinator.presses(sent, 'Give information');
    expect(wordsOn(answering.card)).toContain('Which key safe?');
    await coordinator.presses(answering, 'Give information', {
      inputs: { answer: 'The one by the side door' },
    });
    expect((await connector.expect(theirs, 'gave the information')).thread).toBe(card.activityId);
    await connector.expectEdit(card, (post) => titlesOf(post.card).includes('Ask for information'));
    expect(wordsOn(card.card)).toContain(answerBy);
    const details = await accepter.presses(card, 'View details');
    expect(wordsOn(details.card)).toContain('The one by the side door');
  });

  it('asks the sender for what the dataset lacks; accepting with the gap needs a reason and is marked', async () => {
    const { author: _, ...content } = contentFor(partners);
    const { card, sent, intake } = await offer({ from: outside, to: receiver, content });
    expect(intake.body.status).toBe('information-requested');
    expect(intake.body.missing).toContain('author.name');
    expect(wordsOn(card.card)).toContain('Missing: Who wrote it');
    const gap = await accepter.presses(card, 'Accept');
    const title = titlesOf(gap.card).find((one) => one.startsWith('Accept')) ?? '';
    const refused = await accepter.presses(gap, title);
    expect(wordsOn(refused.card)).toContain('Choose');
    expect(await holds(intake.body.caseId)).toBe(sender);
    const answer = await accepter.presses(gap, title, { inputs: { reason: partners.gap } });
    expect(wordsOn(answer.card)).toContain('Margaret Example');
    expect(inputsOf(answer.card).note).toContain('Accepted with a gap');
    await connector.expectEdit(card, 'Accepted with a gap');
    await connector.expectEdit(sent, 'Accepted with a gap');
    await connector.expect(ours, 'With a gap');
  });

  it('offers it once the sender has given what was missing', async () => {
    const content = contentFor(partners);
    const { card, sent } = await offer({
      from: outside,
      to: receiver,
      content: { ...content, author: { ...content.author, name: '' } },
    });
    const form = await coordinator.presses(sent, 'Give information');
    await coordinator.presses(form, 'Give information', { inputs: { 'author.name': 'Sam Example' } });
    await connector.expectEdit(card, (post) => titlesOf(post.card).includes('Ask for information'));
    await connector.expect(theirs, 'added what was missing');
    expect(wordsOn(card.card)).toContain('Answer by');
    expect(wordsOn(card.card)).not.toContain('Missing');
  });

  it('withdraws: the receiver is told, and opens the details no more', async () => {
    const { caseId, card, sent } = await offer();
    const answer = await coordinator.presses(sent, 'Withdraw');
    expect(read(answer)).toContain('You withdrew this handover');
    const old = { ...card };
    await connector.expectEdit(card, 'Withdrawn by');
    await connector.expectEdit(sent, 'Withdrawn by');
    expect((await connector.expect(theirs, 'Withdrawn by')).text).toContain('Nothing for');
    const view = await accepter.presses(old, 'View details');
    expect(read(view)).toContain('nothing for you to do');
    expect(read(view)).not.toContain('Margaret');
    expect(await holds(caseId)).toBe(sender);
  });

  it('keeps each view as an event, and tells the sender once it was opened', async () => {
    const { caseId, card, sent } = await offer();
    await connector.expectEdit(sent, 'Delivered');
    const details = await accepter.presses(card, 'View details');
    expect(wordsOn(details.card)).toContain('Margaret Example');
    await connector.expectEdit(sent, 'Opened');
    await accepter.presses(card, 'View details');
    expect((await events(caseId)).filter((type) => type === 'handover.viewed')).toHaveLength(2);
  });
});

/** A card as it stood when the offer came: a client may show it long after. */
const SHOWN = {
  offer: {
    type: 'AdaptiveCard',
    actions: [{ type: 'Action.Execute', title: 'View details', verb: 'handover.view', data: {} }],
  },
};
