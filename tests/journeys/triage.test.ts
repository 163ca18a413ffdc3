import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import type { Named } from '../../src/safeguarding/concern.ts';
import { Told } from '../../src/safeguarding/told.ts';
import { wire } from '../../src/wire.ts';
import { actionsOf, type Post, wordsOn } from '../support/connector.ts';
import { startWorld } from '../support/world.ts';

const pathway = 'riverside';
const world = await startWorld();
const { connector, clock, store } = world;
const wired = wire({ store, clock, chance: systemChance, channel: async () => undefined });
type Person = ReturnType<typeof world.person>;
const [alex, adele, patti, isaiah] = ['alex', 'adele', 'patti', 'isaiah'].map((key) =>
  world.person(pathway, key),
) as [Person, Person, Person, Person];
const hospice = world.channel(pathway, 'st-annes');
await world.reaches([alex], [adele], [patti], [isaiah], [adele, hospice]);
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

/** The data of the button of one concern on a card that has several of its kind. */
function buttonOf(card: Post['card'], title: string, id: string) {
  const found = actionsOf(card).find(
    (one) => one.title === title && (one.data as { concern?: string })?.concern === id,
  );
  if (!found) throw new Error(`no ${title} for ${id}`);
  return found;
}
const pressed = ({ verb, data }: { readonly verb?: unknown; readonly data?: unknown }) => ({
  type: 'invoke',
  name: 'adaptiveCard/action',
  value: { action: { type: 'Action.Execute', verb, data } },
});

const WORDS = 'Her card was with the neighbour.';
/** Patti raises a concern, and Alex acknowledges it. */
async function raised(named: readonly Named[] = []): Promise<string> {
  const concernId = wired.concerns.newId();
  await wired.concerns.raise(
    { pathwayId: pathway, concernId },
    { kind: 'person', person: 'patti', name: 'Patti Fernandez', positions: [] },
    {
      told: Told.parse({
        person: { surname: 'Example' },
        age: 'adult',
        categories: ['financial'],
        facts: WORDS,
        when: 'Today',
        danger: 'no',
        consent: 'given',
        staff: named.length > 0 ? 'yes' : 'no',
      }),
      named,
      position: { provider: 'kindly', role: 'visits-coordinator' },
    },
  );
  clock.pass(5_000);
  const notice = await connector.expect(alex.chat, concernId);
  await connector.expect(patti.chat, concernId);
  await alex.presses(await alex.presses(notice, 'Open'), 'Acknowledge', { where: alex.chat });
  return concernId;
}

describe('/triage dashboard', () => {
  it('shows a month to those who answer for its concerns, each theirs, and to nobody else', async () => {
    await raised();
    await raised([{ person: 'isaiah' }]);
    await adele.says('/triage dashboard');
    const hers = wordsOn((await connector.expect(adele.chat, 'Safeguarding concerns in November 2026')).card);
    for (const words of ['2 concerns that you answer for', 'Kindly', 'Financial or material abuse: 2'])
      expect(hers).toContain(words);
    clock.pass(5_000);
    await isaiah.says('/triage dashboard 2026-11');
    const his = wordsOn((await connector.expect(isaiah.chat, 'Safeguarding concerns in November')).card);
    expect(his).toContain('1 concern that you answer for');
    clock.pass(5_000);
    await adele.says('/triage dashboard 2026-10');
    const october = wordsOn((await connector.expect(adele.chat, 'in October 2026')).card);
    expect(october).toContain('0 concerns');
    clock.pass(5_000);
    await adele.says('/triage dashboard last month');
    await connector.expect(adele.chat, 'Write the month as in /triage dashboard 2026-11.');
    clock.pass(5_000);
    await patti.says('/triage dashboard');
    await connector.expect(patti.chat, '/triage is not part of your role');
  });

  it('shows nothing where others read along', async () => {
    await adele.says('/triage dashboard', hospice);
    const said = await connector.expect(hospice, 'in our personal chat');
    expect(JSON.stringify(said.activity.text)).not.toMatch(/concern|\d/i);
    await connector.expect(adele.chat, 'Safeguarding concerns in November 2026');
  });
});

describe('/triage', () => {
  it('is the meeting: what is open, what comes of each, and that it was held', async () => {
    const id = await raised();
    const hidden = await raised([{ person: 'isaiah' }]);
    await isaiah.says('/triage');
    const his = await connector.expect(isaiah.chat, 'Weekly safeguarding meeting');
    expect(wordsOn(his.card)).toContain(id);
    expect(wordsOn(his.card)).not.toContain(hidden);
    clock.pass(5_000);

    await adele.says('/triage');
    const agenda = await connector.expect(adele.chat, 'Weekly safeguarding meeting');
    const words = wordsOn(agenda.card);
    for (const some of [id, hidden, 'Without a decision', 'No meeting is recorded yet.'])
      expect(words).toContain(some);
    expect(words).not.toContain(WORDS);
    const button = buttonOf(agenda.card, 'Record outcome', id);
    const form = await adele.sends(pressed(button));
    clock.pass(5_000);
    const wrong = await adele.presses(form, 'Record', {
      inputs: { outcome: 'continues', words: 'Adele rings the daughter.', reviewOn: '2026-11-01' },
      where: adele.chat,
    });
    expect(wordsOn(wrong.card)).toContain('The next review cannot be before today.');
    expect(JSON.stringify(wrong.card)).toContain('Adele rings the daughter.');
    clock.pass(5_000);
    const again = await adele.presses(wrong, 'Record', {
      inputs: { outcome: 'continues', words: 'Adele rings the daughter.', reviewOn: '2026-12-01' },
      where: adele.chat,
    });
    expect(wordsOn(again.card)).toContain('Last meeting: Goes on as planned');
    expect(wordsOn(again.card)).not.toContain('daughter');
    clock.pass(5_000);

    const held = await adele.presses(again, 'The meeting was held', { where: adele.chat });
    const nobody = await adele.presses(held, 'Record', {
      inputs: { heldDay: '2026-11-24', heldTime: '09:30', people: '' },
      where: adele.chat,
    });
    expect(wordsOn(nobody.card)).toContain('Choose who was there.');
    clock.pass(5_000);
    const done = await adele.presses(nobody, 'Record', {
      inputs: { heldDay: '2026-11-24', heldTime: '09:30', people: 'adele,alex' },
      where: adele.chat,
    });
    expect(wordsOn(done.card)).toContain('There: Alex Wilber, Adele Vance.');
    clock.pass(5_000);

    // On the day of its review it says so; the words stand on the opened concern alone.
    clock.pass(7 * 86_400_000);
    const opened = await adele.sends(pressed(buttonOf(done.card, 'Open', id)));
    expect(JSON.stringify(opened.card)).toContain('Adele rings the daughter.');
    await adele.says('/triage');
    const later = wordsOn((await connector.expect(adele.chat, 'Weekly safeguarding meeting')).card);
    expect(later).toContain('Due for review');
  });

  it('is nobody else’s, by no button either', async () => {
    await patti.says('/triage');
    await connector.expect(patti.chat, '/triage is not part of your role');
    for (const verb of ['triage.view', 'triage.held', 'triage.held.send']) {
      clock.pass(5_000);
      const answer = await patti.sends(pressed({ verb, data: { pathway } }));
      expect([verb, answer.text]).toEqual([
        verb,
        expect.stringContaining('for those who answer for safeguarding'),
      ]);
    }
  });
});
