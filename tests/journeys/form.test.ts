import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputsFromContent } from '../../src/handovers/form.ts';
import { type Answer, actionsOf, inputsOf, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { contentFor, named, PARTNERS, type Partners, RIVERSIDE } from '../support/partners.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { read, startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const scenes = new Map<Partners, Scene>();
for (const partners of PARTNERS) scenes.set(partners, await setScene(world, partners));
const isaiah = world.person('riverside', 'isaiah');
const lynne = world.person('riverside', 'lynne');
await world.reaches([isaiah]);

beforeEach(() => clock.pass(31_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

/** What a person types on this step: what the content says, where the step asks for it. */
function typedOn(on: Post | Answer, partners: Partners, given: string): Record<string, string> {
  const all: Record<string, string> = {
    ...inputsFromContent(contentFor(partners, given), partners.terms.zone),
    to: partners.receiver,
  };
  return Object.fromEntries(
    Object.keys(inputsOf(on.card)).flatMap((id) => (all[id] === undefined ? [] : [[id, all[id]]])),
  );
}

describe.each(PARTNERS.map((partners) => [partners.pathway, partners] as const))('on %s', (_, partners) => {
  const { pathway, receiver } = partners;
  const { theirs, accepter } = scenes.get(partners) as Scene;
  const offerer = pathway === 'riverside' ? isaiah : (scenes.get(partners) as Scene).coordinator;

  it('offers by form in person: four steps, nothing preselected, all of it with the receiver, sent once', async () => {
    await offerer.says('/handover');
    const opened = await connector.expect(offerer.chat, 'Step 1 of 4');
    let step: Post | Answer = opened;
    for (let at = 1; at <= 4; at++) {
      expect(wordsOn(step.card)).toContain(`Step ${at} of 4`);
      const asked = inputsOf(step.card);
      expect(Object.keys(asked).length).toBeGreaterThan(3);
      for (const id of Object.keys(asked)) {
        if (/^(risk|safeguarding|consent|allergies|sceneSafety|adjustments)\b/.test(id))
          expect(asked[id]).toBe('');
      }
      const inputs = typedOn(step, partners, 'Rosalind');
      if (at < 4) step = await offerer.presses(step, 'Next', { inputs });
      else {
        const both = await Promise.all([
          offerer.presses(step, 'Send the offer', { inputs }),
          offerer.presses(step, 'Send the offer', { inputs }),
        ]);
        const [first, second] = both.map((answer) => wordsOn(answer.card));
        expect(first).toContain(`Sent to ${named(partners, receiver)} as case`);
        expect(second).toBe(first);
        const again = await offerer.presses(step, 'Send the offer', { inputs });
        expect(wordsOn(again.card)).toBe(first);
      }
    }
    const card = await connector.expect(theirs, 'Handover offered');
    const sent = await connector.expect(offerer.chat, 'Your handover');
    expect(JSON.stringify(card.activity)).not.toContain('Rosalind');
    const caseId = String(actionsOf(card.card)[0]?.data.caseId);
    expect((await world.events(pathway, caseId)).filter((type) => type === 'handover.offered')).toHaveLength(
      1,
    );
    const answer = await accepter.presses(card, 'Accept');
    for (const words of ['Rosalind Example', 'Penicillin', 'Falls: two in the last month']) {
      expect(wordsOn(answer.card)).toContain(words);
    }
    await connector.expectEdit(card, 'Accepted by');
    await connector.expect(offerer.chat, 'Accepted by');
    await connector.expectEdit(sent, 'Accepted by');
  });

  it('shows what is wrong on top, keeps what was typed, and goes back without losing it', async () => {
    await offerer.says('handover');
    const opened = await connector.expect(offerer.chat, 'Step 1 of 4');
    const empty = await offerer.presses(opened, 'Next', { inputs: { 'person.language': 'Welsh' } });
    expect(wordsOn(empty.card)).toContain('Step 1 of 4');
    expect(wordsOn(empty.card)).toContain('the partners agreed that every handover gives this');
    expect(inputsOf(empty.card)['person.language']).toBe('Welsh');
    const next = await offerer.presses(empty, 'Next', { inputs: typedOn(empty, partners, 'Rosalind') });
    const wrong = await offerer.presses(next, 'Next', {
      inputs: { ...typedOn(next, partners, 'Rosalind'), to: '', 'sbar.situation': 'As typed' },
    });
    expect(wordsOn(wrong.card)).toContain('Choose who to offer it to.');
    expect(inputsOf(wrong.card)['sbar.situation']).toBe('As typed');
    const back = await offerer.presses(wrong, 'Back');
    expect(inputsOf(back.card)['person.given']).toBe('Rosalind');
    const forth = await offerer.presses(back, 'Next');
    expect(inputsOf(forth.card)['sbar.situation']).toBe('As typed');
  });
});

describe('in a channel', () => {
  const { theirs, ours, accepter, coordinator } = scenes.get(RIVERSIDE) as Scene;

  it('is sent in person, and says so, whether typed or pressed on the standing card', async () => {
    await accepter.mentions('/handover', theirs);
    await connector.expect(theirs, 'in our personal chat');
    await connector.expect(accepter.chat, 'Step 1 of 4');
    const standing = connector.posts(theirs).find((post) => titlesOf(post.card).includes('Offer a handover'));
    if (!standing) throw new Error('there is no standing card');
    const answer = await accepter.presses(standing, 'Offer a handover');
    expect(read(answer)).toContain('in our personal chat');
    await connector.expect(accepter.chat, 'Step 1 of 4');
    await coordinator.says('/handover', ours);
    await connector.expect(ours, 'in our personal chat');
    expect(wordsOn((await connector.expect(coordinator.chat, 'Step 1 of 4')).card)).toContain(
      'From Northside Community Trust',
    );
    const inChannels = [...connector.posts(theirs), ...connector.posts(ours)];
    expect(inChannels.filter((post) => 'person.given' in inputsOf(post.card))).toEqual([]);
    expect(inChannels.length).toBeGreaterThan(3);
  });

  it('goes to a guest without a chat in the answer to their press, which they alone see', async () => {
    await lynne.mentions('/handover', theirs);
    const instead = await connector.expect(theirs, (post) =>
      titlesOf(post.card).includes('Offer a handover'),
    );
    expect(inputsOf(instead.card)).toEqual({});
    const form = await lynne.presses(instead, 'Offer a handover');
    expect(wordsOn(form.card)).toContain('Step 1 of 4');
    const next = await lynne.presses(form, 'Next', { inputs: typedOn(form, RIVERSIDE, 'Rosalind') });
    expect(wordsOn(next.card)).toContain('Step 2 of 4');
    await connector.expectNothingElse();
  });

  it('hears /handovers typed alone where it may, and by a mention elsewhere; the rest goes by unread', async () => {
    await accepter.says('/handovers', theirs);
    await connector.expect(theirs, 'Open handovers');
    await accepter.mentions('handovers', theirs);
    await connector.expect(theirs, 'Open handovers');
    const logged = world.logged().length;
    const before = await world.kept();
    for (const text of ['Margaret is worse tonight', 'handovers', 'please help', 'accept']) {
      expect((await accepter.says(text, theirs)).status).toBe(200);
    }
    await connector.expectNothingElse();
    expect(await world.kept()).toEqual(before);
    expect(world.logged().slice(logged)).not.toContain('Margaret');
  });

  it('offers from the message extension’s dialog, with every step in it', async () => {
    let step = await isaiah.opensDialog('offerHandover', theirs);
    for (let at = 1; at < 4; at++) {
      expect(wordsOn(step.card)).toContain(`Step ${at} of 4`);
      expect(actionsOf(step.card).every(({ type }) => type === 'Action.Submit')).toBe(true);
      step = await isaiah.submits(step, 'Next', typedOn(step, RIVERSIDE, 'Philippa'));
    }
    const done = await isaiah.submits(step, 'Send the offer', typedOn(step, RIVERSIDE, 'Philippa'));
    expect(read(done)).toContain("Sent to St Anne's Hospice as case");
    await connector.expect(theirs, 'Handover offered');
    await connector.expect(isaiah.chat, 'Your handover');
  });

  it('answers an old client’s button in person, never where everybody would read it', async () => {
    const { card } = await (scenes.get(RIVERSIDE) as Scene).offer();
    await accepter.presses(card, 'View details', { oldClient: true });
    const own = await connector.expect(accepter.chat, 'Margaret Example');
    expect(wordsOn(own.card)).toContain('Penicillin');
    const line = await connector.expect(theirs, 'in our personal chat');
    expect(line.thread).toBe(card.activityId);
  });
});

describe('a slip on a step of the form', () => {
  it('is told on that step, with the name of the field', async () => {
    const nurse = world.person('riverside', 'adele');
    await nurse.says('/handover');
    const form = await connector.expect(nurse.chat, 'Offer a handover');
    const inputs = {
      ...typedOn(form, RIVERSIDE, 'Rosalind'),
      'person.postcode': 'far too long for one',
      'person.dob': '31/02/1950',
    };
    const answer = await nurse.presses(form, 'Next', { inputs });
    expect(wordsOn(answer.card)).toContain('Step 1 of 4');
    expect(wordsOn(answer.card)).toContain('Postcode: use at most 10 characters.');
    expect(wordsOn(answer.card)).toContain('Write the date of birth as day, month and year');
  });
});
