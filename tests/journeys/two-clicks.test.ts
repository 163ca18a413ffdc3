import { afterAll, describe, expect, it } from 'vitest';
import { openCosmos } from '../../src/store/cosmos.ts';
import { startClock } from '../support/clock.ts';
import { type Answer, inputsOf, type Person, startConnector, wordsOn } from '../support/connector.ts';
import { openOnStandin, settingsFor } from '../support/cosmos-standin/opened.ts';
import { bodyFor, RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { START, startWorld, type World } from '../support/world.ts';

const CLICKS = 50;
const NAMES = ['Ama', 'Ben', 'Cleo', 'Dev', 'Esme', 'Finn', 'Gita', 'Hal', 'Ines', 'Jo'];
const TENANT = '00000000-0000-0000-0000-000000000001';

/** The demo's agreement with ten more people who may accept at the receiver. */
const agreed = {
  riverside: (text: string): string =>
    text.replace(
      /^people:\n/m,
      `people:\n${NAMES.map(
        (name) => `  - key: ${name.toLowerCase()}
    name: ${name} Colleague
    accounts: [{ tenant: ${TENANT}, objectId: object-of-${name.toLowerCase()} }]
    positions: [{ provider: ${RIVERSIDE.receiver}, role: clinician }]
`,
      ).join('')}`,
    ),
};

const connector = await startConnector();
const clock = startClock(START);
const worlds: World[] = [];
afterAll(async () => {
  for (const world of worlds) await world.close();
  await connector.close();
});

async function inOneProcess(): Promise<World[]> {
  return [await startWorld({ connector, clock, agreed })];
}

async function overTwo(): Promise<World[]> {
  const { standin, store } = await openOnStandin();
  const second = await openCosmos(settingsFor(standin));
  return [
    await startWorld({ connector, clock, agreed, store }),
    await startWorld({ connector, clock, agreed, store: second }),
  ];
}

describe.each([
  ['in one process', inOneProcess],
  ['over two processes on one database', overTwo],
])('%s', (_, start) => {
  it('counts one of fifty clicks by ten people, and tells everyone else who and when', async () => {
    clock.pass(31_000);
    const running = await start();
    worlds.push(...running);
    const [first] = running as [World];
    const { offer, ours } = await setScene(first, RIVERSIDE);
    const { caseId, card, sent } = await offer();
    const clicks: { who: Person; answer: Promise<Answer> }[] = [];
    for (let at = 0; at < CLICKS; at++) {
      const world = running[at % running.length] ?? first;
      const who = world.stranger(NAMES[(at * 7) % NAMES.length] ?? '', TENANT);
      clicks.push({ who, answer: who.presses({ ...card }, 'Accept') });
    }
    const answers = await Promise.all(
      clicks.map(async ({ who, answer }) => ({ name: who.who.name, answer: await answer })),
    );
    expect(answers.map(({ answer }) => answer.status)).toEqual(answers.map(() => 200));

    const history = await first.store.history({ pathwayId: 'riverside', caseId });
    const acceptances = history.filter(({ type }) => type === 'handover.accepted');
    expect(acceptances).toHaveLength(1);
    const by = acceptances[0]?.by;
    const winner = by && 'name' in by ? by.name.replace(' Colleague', '') : 'nobody';
    const told = answers.filter(({ name }) => name !== winner);
    const won = answers.filter(({ name }) => name === winner);
    console.log(
      `${clicks.length} clicks by ${new Set(answers.map(({ name }) => name)).size} people: ${winner} accepted, ${told.length} clicks told so`,
    );
    expect(told).toHaveLength(CLICKS - CLICKS / NAMES.length);
    for (const { answer } of told) {
      const words = wordsOn(answer.card);
      expect(words).toContain(`Accepted by ${winner} Colleague, St Anne's Hospice`);
      expect(words).toMatch(/On Tue 24 Nov, \d\d:\d\d/);
      expect(words).toContain('Nothing for you to do.');
      expect(words).not.toContain('Margaret');
    }
    for (const { answer } of won) expect(inputsOf(answer.card).note).toContain('Margaret Example');

    await connector.expectEdit(card, `Accepted by ${winner}`);
    await connector.expectEdit(sent, `Accepted by ${winner}`);
    await connector.expect(ours, `Accepted by ${winner}`);
    await connector.expectNothingElse();
    expect(await first.holder('riverside', caseId)).toBe(RIVERSIDE.receiver);
  });

  it('does once what the same person presses twice, and shows no error', async () => {
    clock.pass(31_000);
    const [world] = worlds.slice(-1) as [World];
    const { accepter, coordinator, theirs, ours } = {
      accepter: world.person('riverside', 'adele'),
      coordinator: world.person('riverside', 'alex'),
      theirs: world.channel('riverside', 'st-annes'),
      ours: world.channel('riverside', 'northside'),
    };
    const { body } = await world.offers('riverside', bodyFor(RIVERSIDE));
    const shown = await connector.expect(theirs, body.caseId);
    const card = { ...shown };
    const sent = await connector.expect(ours, body.caseId);
    const form = await accepter.presses(card, 'Ask for information');
    const asked = { inputs: { question: 'Which door?' }, id: 'activity-1' };
    const first = await accepter.presses(form, 'Ask for information', asked);
    const second = await accepter.presses(form, 'Ask for information', { ...asked, id: 'activity-2' });
    expect(wordsOn(second.card)).toBe(wordsOn(first.card));
    await connector.expectEdit(shown, 'Information requested');
    await connector.expect(ours, 'asks for information');
    await connector.expectEdit(sent, 'Give information');

    clock.pass(31_000);
    const answering = await coordinator.presses(sent, 'Give information');
    for (let times = 0; times < 2; times++) {
      const answered = await coordinator.presses(answering, 'Give information', {
        inputs: { answer: 'The side one' },
      });
      expect(wordsOn(answered.card)).toContain('Answer by');
    }
    await connector.expect(theirs, 'gave the information');

    const offered = (await connector.expectEdit(sent, 'Waiting for St Anne')).card;
    const withdrawing = { ...sent, card: offered };
    const both = await Promise.all([
      coordinator.presses(withdrawing, 'Withdraw'),
      coordinator.presses(withdrawing, 'Withdraw'),
    ]);
    for (const answer of both) expect(wordsOn(answer.card)).toContain('You withdrew this handover');
    await connector.expect(theirs, 'Withdrawn by');
    await connector.expectNothingElse();
    const types = await world.events('riverside', body.caseId);
    for (const type of [
      'handover.information-requested',
      'handover.information-given',
      'handover.withdrawn',
    ]) {
      expect([type, types.filter((one) => one === type).length]).toEqual([type, 1]);
    }
  });
});
