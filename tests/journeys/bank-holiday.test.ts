import { afterAll, expect, it } from 'vitest';
import { climbIn } from '../support/climb.ts';
import { startClock } from '../support/clock.ts';
import { type Answer, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { startPager } from '../support/pager.ts';
import { contentFor, RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

/** Boxing Day is a Saturday in 2026, so the Monday after it is a bank holiday in its place. */
const at = (time: string): string => `2026-12-28T${time}.000Z`;
const secret = 'northside-and-baton-know-this-alone';
const clock = startClock(at('19:10:00'));
const pager = await startPager({
  secrets: { northside: secret },
  now: () => Date.parse(clock.now()) / 1000,
});
const world = await startWorld({
  clock,
  pagingKeys: [{ provider: 'northside', secret }],
  agreed: {
    // The demo's ladder with the times of a working day, and a paging service.
    riverside: (text) =>
      text
        .replace('    phone: 0300 123 4501', `$&\n    paging: { url: "${pager.url}" }`)
        .replaceAll('within: 2m,', 'within: 20m,')
        .replaceAll('hold: 2m', 'hold: 30m')
        .replace('remind: [1m]', 'remind: [5m]'),
  },
});
const { connector } = world;
const climb = climbIn(world, RIVERSIDE, await setScene(world, RIVERSIDE));
afterAll(async () => {
  await world.close();
  await pager.close();
});

it('the duty lead at 19:30 on a bank-holiday Monday: woken once, three things on a phone, and done', async () => {
  const { lead, ours } = climb;
  const harbour = world.person('riverside', 'isaiah');
  const kindly = world.person('riverside', 'patti');
  await world.reaches([harbour], [kindly]);
  await climb.onDuty(lead, { provider: 'northside', role: 'clinical-lead' });
  const before = connector.posts(lead.chat).length;
  const passTo = (time: string): void => clock.pass(Date.parse(at(time)) - Date.parse(clock.now()));

  // Kindly Visits is closed, and nobody there is on duty.
  passTo('19:15:00');
  const { ask, ...content } = contentFor(RIVERSIDE);
  const { body } = await world.offers('riverside', {
    from: RIVERSIDE.outside,
    to: 'kindly',
    content: { ...content, ask: { ...ask, urgency: 'urgent-2h', neededBy: at('21:15:00') } },
  });
  const { caseId } = body;
  const sent = await connector.expect(ours, caseId);
  passTo('19:17:05');
  await connector.expect(kindly.chat, caseId);
  expect(pager.calls).toEqual([]);
  expect(connector.posts(lead.chat)).toHaveLength(before);

  passTo('19:30:01');
  const prompt = await climb.prompt(lead, caseId);
  await expect.poll(() => pager.calls.length, { timeout: 5_000 }).toBe(1);
  const words = wordsOn(prompt.card);
  for (const part of [
    'Ring both services and decide who takes this case now. Answer by 19:50 today.',
    'Nobody has answered in time. Nobody is on duty for Operational at Kindly Visits',
    'Waiting since 19:15 today. Needed by 21:15 today.',
    'Kindly Visits: 0300 123 4504',
    'If it cannot wait, ring Director on call: 0300 123 4500.',
    `You were paged with the reference ${pager.calls[0]?.reference}.`,
  ]) {
    expect(words).toContain(part);
  }
  expect(words).not.toMatch(/Margaret|999 ?000/);
  expect(pager.calls).toMatchObject([{ provider: 'northside', ring: '0300 123 4501', woke: true }]);
  expect((await connector.expect(ours, 'Nobody has answered in time.')).text).toContain(
    'Clinical: Megan Bowen is asked, answer by 19:50 today.',
  );

  // First: she is on it, and rings round.
  const pressed: string[] = [];
  const press = (on: Post | Answer, title: string, inputs?: Record<string, string>): Promise<Answer> => {
    pressed.push(title);
    return lead.presses(on, title, inputs && { inputs });
  };
  expect(wordsOn((await press(prompt, 'Acknowledge')).card)).toContain('You are on it until 20:00 today');
  await connector.expectEdit(prompt, 'Megan Bowen is on it until 20:00 today.');
  expect(titlesOf(prompt.card)).toEqual(['Withdraw', 'View details']);
  await connector.expect(ours, 'Megan Bowen is on it until 20:00 today.');
  // Second: Kindly will not come, so the offer is taken back; the need is still open, and the answer says of whom.
  passTo('19:40:00');
  const withdrawn = await press(prompt, 'Withdraw');
  expect(wordsOn(withdrawn.card)).toContain('Margaret Example');
  expect(titlesOf(withdrawn.card)).toEqual(['Offer to another']);
  await connector.expectEdit(prompt, 'Withdrawn by Megan Bowen. Nothing for you to do.');
  await connector.expectEdit(sent, 'The need is still open.');
  // Third: Harbour is open until 20:00 and said yes on the telephone; all is filled in but the name of the service.
  let form = await press(withdrawn, 'Offer to another');
  form = await press(form, 'Next');
  form = await press(form, 'Next', { to: 'harbour' });
  form = await press(form, 'Next');
  const offered = await press(form, 'Send the offer');
  expect(wordsOn(offered.card)).toContain(`Sent to Harbour Rapid Response as case ${caseId}.`);

  clock.pass(121_000);
  const card = await connector.expect(harbour.chat, caseId);
  const taken = await harbour.presses(card, 'Accept');
  expect(wordsOn(taken.card)).toContain('Margaret Example');
  expect(await world.holder('riverside', caseId)).toBe('harbour');
  for (let hour = 0; hour < 14; hour++) {
    clock.pass(3_600_000);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await world.kept();

  const hers = connector.posts(lead.chat).slice(before);
  console.log(
    `the duty lead: ${hers.length} messages, ${pager.calls.length} page, ${pressed.length} presses (${pressed.join(', ')})`,
    hers.map((post) => post.text || post.summary),
  );
  expect(pager.calls).toHaveLength(1);
  expect(hers).toHaveLength(3);
  expect(pressed).toHaveLength(7);
});
