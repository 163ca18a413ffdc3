import { afterAll, afterEach, expect, it } from 'vitest';
import { startClock } from '../support/clock.ts';
import { wordsOn } from '../support/connector.ts';
import { startPager } from '../support/pager.ts';
import { START, startWorld } from '../support/world.ts';

const pathway = 'riverside';
const secret = 'northside-and-baton-know-this-alone';
const clock = startClock(START);
const pager = await startPager({
  secrets: { northside: secret },
  now: () => Date.parse(clock.now()) / 1000,
});
const world = await startWorld({
  clock,
  agreed: {
    riverside: (text) =>
      text
        .replace('    phone: 0300 123 4501', `$&\n    paging: { url: "${pager.url}" }`)
        // As partners agree it in earnest.
        .replaceAll('within: 10m, urgentWithin: 2m', 'within: 150m, urgentWithin: 15m')
        .replace('  urgent: 10m', '  urgent: 1h'),
  },
  pagingKeys: [{ provider: 'northside', secret }],
});
const { connector, url } = world;
type Person = ReturnType<typeof world.person>;
const [alex, adele, isaiah, megan, patti] = ['alex', 'adele', 'isaiah', 'megan', 'patti'].map((key) =>
  world.person(pathway, key),
) as [Person, Person, Person, Person, Person];
await world.reaches([alex], [adele], [isaiah], [megan], [patti]);
afterEach(() => connector.expectNothingElse());
afterAll(async () => {
  await world.close();
  await pager.close();
});

/** So many minutes pass, in steps that a watch can follow. */
async function passes(minutes: number): Promise<void> {
  for (let step = 0; step < minutes * 2; step++) {
    clock.pass(30_000);
    await new Promise((resolve) => setTimeout(resolve, 4));
    if (step % 2 === 0) await fetch(`${url}/healthz`);
  }
}
const ready = async (): Promise<{ status: number; teams: string }> => {
  const response = await fetch(`${url}/readyz`);
  const { checks } = (await response.json()) as { checks: { teams: string } };
  return { status: response.status, teams: checks.teams };
};
const wokenFor = (ring: string) => pager.calls.filter((call) => call.ring === ring);

it('is told once and marked late when Teams, which refused everything for six hours, is back', async () => {
  expect((await ready()).teams).toBe('good');
  await patti.says('/concern');
  const first = await connector.expect(patti.chat, 'Step 1 of 3');
  connector.refuses({ status: 403 });
  const inputs = { danger: 'no', age: 'adult', categories: 'financial' };
  const second = await patti.presses(first, 'Next', { inputs });
  const third = await patti.presses(second, 'Next', { inputs: { facts: 'Her card.', when: 'Today' } });
  const receipt = await patti.presses(third, 'Send now', {
    inputs: { surname: 'Example', consent: 'given', staff: 'no' },
  });
  const [id = ''] = /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(wordsOn(receipt.card)) ?? [];
  // Whoever raised it has its number and whom to ring, whatever Teams does.
  expect(wordsOn(receipt.card)).toContain('0300 123 4501');

  await passes(10);
  const away = await ready();
  expect(away.status).toBe(503);
  expect(away.teams).toContain('Teams has taken no message since');
  expect((await fetch(`${url}/readyz/traffic`)).status).toBe(200);
  // The outage goes by the paging route, once, with the number of last resort; the concern wakes its step as well.
  await expect.poll(() => wokenFor('0300 123 4500').length, { timeout: 5_000 }).toBe(1);
  await passes(350);
  expect(wokenFor('0300 123 4500')).toHaveLength(1);
  expect(pager.calls.length).toBeGreaterThan(1);
  expect(pager.wrong).toEqual([]);

  connector.refuses(undefined);
  await passes(3);
  const late = [alex, adele, isaiah, megan];
  for (const person of late) {
    const card = await connector.expect(person.chat, `Concern ${id}`);
    expect(wordsOn(card.card)).toContain('This came late');
  }
  await connector.expect(patti.chat, id);
  console.log(`people told once, marked late: ${late.length}`);
  expect((await ready()).teams).toBe('good');
  // Nothing more until the next step's time.
  await passes(5);
}, 60_000);
