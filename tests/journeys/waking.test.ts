import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventDoc } from '../../src/core/change.ts';
import { startClock } from '../support/clock.ts';
import { wordsOn } from '../support/connector.ts';
import { startPager } from '../support/pager.ts';
import { bodyFor, RIVERSIDE } from '../support/partners.ts';
import { START, startWorld } from '../support/world.ts';

const { pathway } = RIVERSIDE;
const secret = 'northside-and-baton-know-this-alone';
const clock = startClock(START);
const pager = await startPager({
  secrets: { northside: secret },
  now: () => Date.parse(clock.now()) / 1000,
});
const paging = (text: string): string =>
  text.replace('    phone: 0300 123 4501', `$&\n    paging: { url: "${pager.url}" }`);
const world = await startWorld({
  clock,
  agreed: { riverside: paging },
  pagingKeys: [{ provider: 'northside', secret }],
});
const megan = world.person(pathway, 'megan');
afterAll(async () => {
  await world.close();
  await pager.close();
});
beforeEach(() => clock.pass(31_000));

/** An offer that nobody answers in time, at a service where nobody is on duty. */
async function unanswered(): Promise<string> {
  const { body } = await world.offers(pathway, bodyFor(RIVERSIDE));
  expect(body.status).toBe('offered');
  clock.pass(61 * 60_000);
  return body.caseId;
}
const paged = async (caseId: string): Promise<EventDoc['data'][]> =>
  (await world.store.history({ pathwayId: pathway, caseId }))
    .filter(({ type, data }) => /^notice\./.test(type) && String(data.route).startsWith('pager:'))
    .map(({ type, data }) => ({ type, ...data }));

describe('a rung that wakes people', () => {
  it('pages the organisation of those it asks, with a reference that their card shows', async () => {
    await world.reaches([megan]);
    await megan.says('/oncall');
    const duty = await megan.presses(
      await world.connector.expect(megan.chat, 'Who is on duty'),
      'I’m on duty',
    );
    await megan.presses(duty, 'Until I say so', {
      carrying: { provider: 'northside', role: 'clinical-lead' },
    });

    const caseId = await unanswered();
    await expect.poll(() => pager.calls.length, { timeout: 5_000 }).toBe(1);
    const [call] = pager.calls;
    expect(call).toMatchObject({ provider: 'northside', again: false, woke: true });
    expect(call?.ring).toMatch(/^0300 123 45\d\d$/);
    const reference = call?.reference ?? '';
    expect(wordsOn((await world.connector.expect(megan.chat, reference)).card)).toContain(caseId);
    await expect
      .poll(() => paged(caseId))
      .toMatchObject([{ type: 'notice.sent', route: 'pager:northside', reference, status: '202' }]);
    expect(pager.wrong).toEqual([]);
    expect(await (await fetch(`${world.url}/metrics`)).text()).toContain(
      'baton_pages_total{outcome="sent"} 1',
    );
  });

  it('says on the record that the service refused, and asks in Teams all the same', async () => {
    // The first case goes on climbing meanwhile, and pages too.
    pager.answers(...Array.from({ length: 8 }, () => ({ status: 403 })));
    const caseId = await unanswered();
    await expect
      .poll(async () => (await paged(caseId))[0], { timeout: 5_000 })
      .toMatchObject({ type: 'notice.failed', reason: 'refused', status: '403' });
    await world.connector.expect(megan.chat, caseId);
  });

  it('names at start, without its secret or address, a provider that Baton has no key for', async () => {
    const keyless = await startWorld({ agreed: { riverside: paging } });
    await keyless.close();
    const lines = keyless.logged().split('\n');
    const said = lines.find((line) => line.includes('nobody can be paged at these providers'));
    expect(said).toContain('"providers":["northside"]');
    expect(said).toContain('set BATON_PAGING_KEYS');
    expect(world.logged()).not.toContain('nobody can be paged');
    expect(world.logged()).not.toContain(secret);
    expect(keyless.logged()).not.toContain(pager.url);
  });
});
