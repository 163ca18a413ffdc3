import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../src/core/chance.ts';
import type { Named } from '../../src/safeguarding/concern.ts';
import { Told } from '../../src/safeguarding/told.ts';
import { wire } from '../../src/wire.ts';
import { wordsOn } from '../support/connector.ts';
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

const WORDS = 'Her card was with the neighbour.';
/** Patti raises a concern; whoever is asked, and she, have their cards of it. */
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
  await connector.expect(alex.chat, concernId);
  await connector.expect(patti.chat, concernId);
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
