import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agreement } from '../../src/agreement/agreement.ts';
import { applyAgreement } from '../../src/agreement/apply.ts';
import { type Handover, handoverDocId } from '../../src/handovers/handover.ts';
import type { CaseDoc } from '../../src/register/case.ts';
import { createTurns } from '../../src/store/turn.ts';
import { inputsOf, type Person, type Post, wordsOn } from '../support/connector.ts';
import { bodyFor, contentFor, RIVERSIDE } from '../support/partners.ts';
import type { Placed } from '../support/posts.ts';
import { setScene } from '../support/scene.ts';
import { startWorld, TERMS } from '../support/world.ts';

const world = await startWorld();
const { connector, clock, store } = world;
const { accepter, coordinator, lead, theirs, ours, offer } = await setScene(world, RIVERSIDE);
const pathway = 'riverside';
const { reasons, outside, receiver } = RIVERSIDE;

beforeEach(() => clock.pass(31_000));
afterAll(() => world.close());

const handoverOf = async (caseId: string, handoverId = 'h1'): Promise<Handover> => {
  const found = await store.get<Handover>({ pathwayId: pathway, caseId }, handoverDocId(handoverId));
  if (!found) throw new Error(`no ${handoverId} in ${caseId}`);
  return found.doc;
};

/** Presses a button that no card shows now, or with inputs that it does not have. */
const forges = (person: Person, verb: string, data: object, where: Placed) =>
  person.sends(
    {
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: { type: 'Action.Execute', verb, data: { pathway, handoverId: 'h1', ...data } } },
    },
    where,
  );

const rejects = (caseId: string, handoverId: string, reason: string) =>
  forges(
    accepter,
    'handover.reject.send',
    { caseId, handoverId, revision: 1, reason, next: 'Ask the evening team' },
    theirs,
  );

async function agrees(terms: Agreement): Promise<void> {
  const run = createTurns(store, clock);
  await applyAgreement({ store, run }, terms, { system: 'test' }, { yes: true });
  // So long an answer about the agreement in force may be old.
  clock.pass(6_000);
}

/** A whole offer without these parts. */
const without = (...parts: readonly ('allergies' | 'ask.urgency' | 'ask.neededBy')[]) => {
  const { allergies, ask, ...content } = contentFor(RIVERSIDE);
  const { urgency, neededBy, ...asked } = ask;
  return {
    ...content,
    ...(!parts.includes('allergies') && { allergies }),
    ask: {
      ...asked,
      ...(!parts.includes('ask.urgency') && { urgency }),
      ...(!parts.includes('ask.neededBy') && { neededBy }),
    },
  };
};

const MISSING = 'What was missing has not been added in time.';
/** A line of the ladder about this case; the clock of a journey leaps, so it may say that it comes late. */
const isLate = ({ text }: Post, caseId: string, words: string): boolean =>
  text.startsWith(`Case ${caseId}: `) && text.includes(words);

describe('a case that belongs to somebody else', () => {
  it('cannot be offered by a sender outside only because their keeper holds it', async () => {
    const { caseId, sent } = await offer({ from: 'northside', to: receiver, content: contentFor(RIVERSIDE) });
    await coordinator.presses(sent, 'Withdraw');
    const theft = { from: outside, to: receiver, caseId, content: contentFor(RIVERSIDE, 'Zebedee') };
    const answer = await world.offers(pathway, theft);
    expect(answer.status).toBe(404);
    const kept = await store.get<CaseDoc>({ pathwayId: pathway, caseId }, 'case');
    expect(kept?.doc.person.given).toBe('Margaret');
  });

  it('can be offered again by the sender outside that brought it', async () => {
    const { caseId, sent } = await offer();
    await coordinator.presses(sent, 'Withdraw');
    expect((await world.offers(pathway, { ...bodyFor(RIVERSIDE), caseId })).status).toBe(201);
  });
});

describe('the same need', () => {
  it('is not one that was closed: a new need of the case is rejected for the first time', async () => {
    const { caseId } = await offer();
    await rejects(caseId, 'h1', reasons.closes);
    await world.offers(pathway, { ...bodyFor(RIVERSIDE), caseId });
    await rejects(caseId, 'h2', reasons.open);
    expect((await handoverOf(caseId, 'h2')).state).toBe('rejected');
    await expect(connector.expect(lead.chat, caseId, 300)).rejects.toThrow('expected');
  });

  it('is still the same after an offer of it was withdrawn', async () => {
    const { caseId } = await offer();
    await rejects(caseId, 'h1', reasons.open);
    await world.offers(pathway, { ...bodyFor(RIVERSIDE), caseId });
    await forges(coordinator, 'handover.withdraw', { caseId, handoverId: 'h2', revision: 1 }, ours);
    await world.offers(pathway, { ...bodyFor(RIVERSIDE), caseId });
    await rejects(caseId, 'h3', reasons.open);
    const line = await connector.expect(lead.chat, caseId);
    expect(line.text).toContain('rejected twice');
  });
});

describe('what came below the minimum dataset', () => {
  it('climbs when the time to add it is over, and the sender’s card still says what is missing', async () => {
    const { caseId, sent } = await offer({ from: outside, to: receiver, content: without('allergies') });
    clock.pass(61 * 60_000);
    const line = await connector.expect(ours, (post) => isLate(post, caseId, MISSING));
    expect(line.text).toContain('Nobody is on duty for Operational at Northside Community Trust');
    expect(line.text).toContain('You still hold this case. Ring Director on call: 0300 123 4500.');
    expect(line.thread).toBe(sent.activityId);
    expect(wordsOn(sent.card)).toContain('Allergies');
  });

  it('is completed although its NHS number is wrong, and only what is missing can be changed', async () => {
    const content = without('allergies');
    const person = { ...content.person, nhsNumber: '1234567890' };
    const { caseId, sent } = await offer({ from: outside, to: receiver, content: { ...content, person } });
    const form = await coordinator.presses(sent, 'Give information');
    expect(Object.keys(inputsOf(form.card))).toEqual(['allergies.choice', 'allergies']);
    await coordinator.presses(form, 'Give information', {
      inputs: { 'allergies.choice': 'None known' },
      forged: { 'person.surname': 'Somebody-Else' },
    });
    const given = await handoverOf(caseId);
    expect(given).toMatchObject({ state: 'offered', warnings: ['nhs-number-invalid'] });
    expect(given.content.person).toEqual(person);
  });

  it('is needed by the time that the sender adds', async () => {
    const { caseId, sent } = await offer({
      from: outside,
      to: receiver,
      content: without('ask.urgency', 'ask.neededBy'),
    });
    const form = await coordinator.presses(sent, 'Give information');
    await coordinator.presses(form, 'Give information', {
      inputs: { 'ask.urgency': 'routine', 'ask.neededBy.date': '2026-12-01', 'ask.neededBy.time': '09:00' },
    });
    expect((await handoverOf(caseId)).neededBy).toBe('2026-12-01T09:00:00.000Z');
  });

  it('is told again as unanswered after it was undone, was late, and was completed', async () => {
    const { caseId } = await offer({ from: outside, to: receiver, content: without('allergies') });
    const gap = { caseId, revision: 1, reason: RIVERSIDE.gap };
    await forges(accepter, 'handover.accept.gap', gap, theirs);
    await forges(accepter, 'handover.undo', { caseId, revision: 2 }, theirs);
    clock.pass(61 * 60_000);
    await connector.expect(ours, (post) => isLate(post, caseId, MISSING));
    const allergies = { 'allergies.choice': 'None known' };
    await forges(coordinator, 'handover.answer.send', { caseId, revision: 3, ...allergies }, ours);
    clock.pass(61 * 60_000);
    await connector.expect(ours, (post) => isLate(post, caseId, 'Nobody has answered in time.'));
  });
});

it('keeps the words and clocks that an offer began under, though they are agreed no more', async () => {
  const { riverside } = TERMS;
  const incomplete = await offer({ from: outside, to: receiver, content: without('allergies') });
  const whole = await offer();
  await agrees({
    ...riverside,
    urgencies: riverside.urgencies.filter(({ id }) => id !== RIVERSIDE.urgency),
    rejection: riverside.rejection.filter(({ code }) => code !== reasons.open),
  });
  const form = await coordinator.presses(incomplete.sent, 'Give information');
  await coordinator.presses(form, 'Give information', { inputs: { 'allergies.choice': 'None known' } });
  const given = await handoverOf(incomplete.caseId);
  expect(Date.parse(given.answerBy) - Date.parse(clock.now())).toBeGreaterThan(59 * 60_000);
  await accepter.presses(await accepter.presses(whole.card, 'Reject'), 'Reject', {
    inputs: { reason: reasons.open, next: 'Ask the evening team' },
  });
  await connector.expectEdit(whole.card, 'Rejected: no capacity');
  expect(wordsOn(whole.card.card)).toContain('Same day');
  await agrees(riverside);
});

it('names the case on every line, since in a chat there is no thread to tell it', async () => {
  const { caseId, card, sent } = await offer();
  const accepted = await accepter.presses(card, 'Accept');
  const line = await connector.expect(ours, `Case ${caseId}: Accepted by`);
  expect(line.thread).toBe(sent.activityId);
  clock.pass(5_000);
  await accepter.presses(accepted, 'Undo');
  for (const [place, post] of [
    [theirs, card],
    [ours, sent],
  ] as const) {
    const undone = await connector.expect(place, `Case ${caseId}: The acceptance was undone`);
    expect(undone.thread).toBe(post.activityId);
  }
});

it('tells a guest on an old client, whom it has no chat with, that what they pressed is done', async () => {
  const guest = world.person(pathway, 'lynne');
  const channel = connector.channel('channel-harbour', guest.who.tenant);
  await world.person(pathway, 'isaiah').mentions('/bind harbour', channel);
  const { caseId } = (await world.offers(pathway, { ...bodyFor(RIVERSIDE), to: 'harbour' })).body;
  const card = await connector.expect(channel, caseId);
  await guest.presses(card, 'Accept', { oldClient: true });
  const said = await connector.expect(channel, 'I cannot show that here');
  expect(said.text).toContain(`You accepted handover ${caseId}.`);
});
