import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isApart } from '../../src/core/apart.ts';
import { newRegisterId } from '../../src/core/register-id.ts';
import { answerTo, type PromptDoc } from '../../src/safeguarding/prompt.ts';
import { type Answer, inputsOf, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { bodyFor, RIVERSIDE } from '../support/partners.ts';
import { setScene } from '../support/scene.ts';
import { startWorld } from '../support/world.ts';

const world = await startWorld();
const { connector, clock } = world;
const { accepter, offer, theirs, ours } = await setScene(world, RIVERSIDE);
const other = world.person('riverside', 'patti');
await world.reaches([other]);
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

const TITLE = 'Did you have, or see, a safeguarding concern';
const press = (on: Post | Answer, title: string, inputs?: Record<string, string>) => {
  clock.pass(5_000);
  return accepter.presses(on, title, { where: accepter.chat, ...(inputs && { inputs }) });
};

async function accepted(): Promise<string> {
  clock.pass(5_000);
  const { caseId, card } = await offer(bodyFor(RIVERSIDE));
  await accepter.presses(card, 'Accept');
  await connector.expect(ours, 'Accepted by');
  return caseId;
}
async function prompt(args = ''): Promise<Post> {
  clock.pass(5_000);
  await accepter.says(`/prompt${args}`);
  return connector.expect(accepter.chat, TITLE);
}
/** What is kept of a day's answers, and where. */
async function kept(): Promise<{ readonly caseId: string; readonly doc: PromptDoc }[]> {
  const found = [];
  for await (const { key, doc } of world.store.everything('riverside'))
    if (doc.kind === 'prompt') found.push({ caseId: key.caseId, doc: doc as PromptDoc });
  return found;
}

describe('/prompt', () => {
  it('asks in person about today’s contacts, keeps each answer apart, and is the same card again that day', async () => {
    const [first, second, third] = [await accepted(), await accepted(), await accepted()];
    const card = await prompt();
    // Number and initials, nothing chosen.
    expect(inputsOf(card.card)).toEqual({ [first]: '', [second]: '', [third]: '' });
    expect(wordsOn(card.card)).toContain(`${first} · M.`);
    expect(JSON.stringify(card.activity)).not.toContain('Margaret');
    expect(titlesOf(card.card)).toEqual(['Send answers']);

    const empty = await press(card, 'Send answers');
    expect(wordsOn(empty.card)).toContain('Choose an answer for at least one person');
    const some = await press(empty, 'Send answers', { [first]: 'asked', [second]: 'not-asked' });
    expect(Object.keys(inputsOf(some.card))).toEqual([third]);
    expect(wordsOn(some.card)).toContain('No. I asked: no concern');
    expect(wordsOn(some.card)).toContain('No. I did not ask');

    // A second time that day it is the same card; an old copy sent again adds nothing.
    const again = await prompt();
    expect(Object.keys(inputsOf(again.card))).toEqual([third]);
    await press(card, 'Send answers', { [first]: 'asked' });
    await press(again, 'Send answers', { [third]: 'unknown' });
    const [mine, ...others] = await kept();
    expect(others).toEqual([]);
    expect(mine?.doc.answers.map(({ answer }) => answer)).toEqual(['not-asked', 'asked', 'unknown']);
    expect(isApart(mine?.caseId ?? '')).toBe(true);
    const key = { pathwayId: 'riverside', caseId: mine?.caseId ?? '' };
    expect((await world.store.history(key)).map(({ type }) => type)).toEqual([
      'prompt.shown',
      ...['prompt.answered', 'prompt.answered', 'prompt.answered'],
    ]);

    // The next day asks anew.
    clock.pass(24 * 3_600_000);
    expect(Object.keys(inputsOf((await prompt()).card)).sort()).toEqual([first, second, third].sort());
  });

  it('opens the form about the case for "Not sure" and "Yes", and of two there is a button each', async () => {
    const [first, second] = [await accepted(), await accepted()];
    const form = await press(await prompt(), 'Send answers', { [first]: 'not-sure' });
    expect(wordsOn(form.card)).toContain(`about case ${first}`);

    // A later answer is added to the first, and the case that is named leads.
    const named = await prompt(` ${first.toLowerCase()}`);
    expect(wordsOn(named.card)).toContain('You answered');
    const both = await press(named, 'Send answers', { [first]: 'yes', [second]: 'yes' });
    expect(titlesOf(both.card)).toEqual(
      expect.arrayContaining([`Raise a concern: ${first}`, `Raise a concern: ${second}`]),
    );
    const second2 = await press(both, `Raise a concern: ${second}`);
    expect(wordsOn(second2.card)).toContain(`about case ${second}`);
    const mine = (await kept()).find(({ doc }) => answerTo(doc, first) !== undefined)?.doc;
    expect(mine?.answers.filter(({ caseId }) => caseId === first).map(({ answer }) => answer)).toEqual([
      'not-sure',
      'yes',
    ]);
    // Nothing of it is where the case is.
    const ofCase = await world.store.history({ pathwayId: 'riverside', caseId: first });
    expect(ofCase.length).toBeGreaterThan(1);
    expect(JSON.stringify(ofCase)).not.toMatch(/prompt|not-sure/);
  });

  it('answers what is no case, and in a channel in the person’s own chat', async () => {
    await accepter.says('/prompt tomorrow');
    await connector.expect(accepter.chat, '/prompt 7K2-M4Z');
    await accepter.says(`/prompt ${newRegisterId(() => 0.999)}`);
    await connector.expect(accepter.chat, 'There is no such case');
    await other.says('/prompt');
    await connector.expect(other.chat, 'There is none that you accepted or took by name.');
    clock.pass(5_000);
    await accepter.mentions('/prompt', theirs);
    await connector.expect(accepter.chat, TITLE);
    await connector.expect(theirs, 'in our personal chat');
  });
});
