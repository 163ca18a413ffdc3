import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Concern } from '../../src/safeguarding/concern.ts';
import { startClock } from '../support/clock.ts';
import { type Answer, inputsOf, type Post, startConnector, titlesOf, wordsOn } from '../support/connector.ts';
import { read, START, startWorld, TERMS, type World } from '../support/world.ts';

const HOUR = 3_600_000;
const pathway = 'riverside';
const HOST = TERMS.riverside.channels[0]?.tenant ?? '';
/** A visitor of the charity: a guest in the tenant of the channels, without a chat with Baton there. */
const withGuest = (file: string): string =>
  file.replace(
    /^people:$/m,
    `people:
  - key: gwen
    name: Gwen Okafor
    accounts:
      - { tenant: tenant-of-the-charity, objectId: gwen-at-home }
      - { tenant: ${HOST}, objectId: object-of-gwen okafor }
    positions: [{ provider: kindly, role: visits-coordinator }]`,
  );
const folder = mkdtempSync(join(tmpdir(), 'baton-concern-'));
const connector = await startConnector();
const clock = startClock(START);
const start = (): Promise<World> =>
  startWorld({ store: 'file', folder, connector, clock, agreed: { riverside: withGuest } });
let world = await start();
type Person = ReturnType<typeof world.person>;
const people = () =>
  Object.fromEntries(
    ['alex', 'adele', 'patti', 'lynne', 'megan', 'isaiah'].map((key) => [key, world.person(pathway, key)]),
  ) as Record<'alex' | 'adele' | 'patti' | 'lynne' | 'megan' | 'isaiah', Person>;
let { alex, adele, patti, lynne, megan, isaiah } = people();
let gwen = world.stranger('Gwen Okafor', HOST);
const hospice = world.channel(pathway, 'st-annes');

beforeAll(() => world.reaches([alex], [patti], [lynne], [megan], [isaiah], [adele], [adele, hospice]));
// Two presses of one button within seconds are one, for Teams.
beforeEach(() => clock.pass(5_000));
afterEach(() => connector.expectNothingElse());
afterAll(async () => {
  await world.close();
  await connector.close();
  rmSync(folder, { recursive: true, force: true });
});

const DANGER = { danger: 'no', age: 'adult', categories: 'financial,neglect' };
const FACTS = { facts: 'Her card was with the neighbour.', when: 'This morning' };
const CONSENT = { given: 'Margaret', surname: 'Example', consent: 'given', staff: 'no' };

/** Ids of the inputs of a card that the client does not let anybody leave empty. */
function requiredOn({ card }: Post | Answer): string[] {
  const found: string[] = [];
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { id, isRequired } = node as { id?: string; isRequired?: boolean };
    if (isRequired && id !== undefined) found.push(id);
    for (const one of Object.values(node)) look(one);
  };
  look(card);
  return found;
}
const idOn = (on: Post | Answer): string => /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(wordsOn(on.card))?.[0] ?? '';
const concernsIn = async (): Promise<readonly Concern[]> =>
  (await world.store.page<Concern>(pathway, 'concerns', { limit: 100 })).map(({ doc }) => doc);
/** A press later than the last: two within seconds are one, for Teams. */
const press = (who: Person, on: Post | Answer, title: string, inputs?: Record<string, string>) => {
  clock.pass(5_000);
  return who.presses(on, title, inputs && { inputs });
};
const opensForm = async (who: Person): Promise<Post> => {
  await who.says('/concern');
  return connector.expect(who.chat, 'Raise a safeguarding concern');
};
/** The lead, or whoever is asked instead, has it: nothing climbs. */
async function over(who: Person, id: string): Promise<Answer> {
  const opened = await press(who, await connector.expect(who.chat, id), 'Open');
  clock.pass(5_000);
  await who.presses(opened, 'Acknowledge', { where: who.chat });
  return opened;
}

describe('/concern', () => {
  it('asks step by step in person, at most eight answers required, and is sent once however often', async () => {
    const before = (await concernsIn()).length;
    const first = await opensForm(patti);
    const second = await press(patti, first, 'Next', DANGER);
    const third = await press(patti, second, 'Next', FACTS);
    for (const step of [first, second, third]) {
      const words = wordsOn(step.card).split('\n');
      expect(words[0]).toBe('If anybody is in danger now, ring 999 first.');
      expect(Object.values(inputsOf(step.card)).every((value) => value === '')).toBe(true);
    }
    expect(titlesOf(third.card)).toEqual(['Send now', 'Add more first', 'Back']);
    // Whom of a partner it is about is asked besides of those who answer that it is about one.
    const required = [...[first, second, third].flatMap(requiredOn), 'staffPerson'];
    console.log(`answers required to send a concern: at most ${required.length} (${required.join(', ')})`);
    expect(new Set(required).size).toBe(required.length);
    expect(required.length).toBeGreaterThan(3);
    expect(required.length).toBeLessThanOrEqual(8);

    clock.pass(5_000);
    const both = await Promise.all([
      patti.presses(third, 'Send now', { inputs: CONSENT }),
      patti.presses(third, 'Send now', { inputs: CONSENT }),
    ]);
    const [receipt] = both;
    const id = idOn(receipt);
    for (const one of both) expect(wordsOn(one.card)).toContain(`Concern ${id}`);
    expect(wordsOn(receipt.card)).toMatch(/Sent \d\d:\d\d today\. Nobody has seen it yet\./);
    expect(wordsOn(receipt.card)).toContain('ring Northside Community Trust: 0300 123 4501');
    await connector.expect(patti.chat, id);
    const opened = await over(alex, id);
    for (const told of ['Margaret Example', FACTS.facts, 'Neglect and acts of omission'])
      expect(wordsOn(opened.card)).toContain(told);
    const again = await press(patti, third, 'Send now', CONSENT);
    expect(wordsOn(again.card)).toContain(`Concern ${id}`);
    expect(wordsOn(again.card)).toContain('Seen, and answered for');
    expect(await concernsIn()).toHaveLength(before + 1);
  });

  it('says on each step what is wrong and keeps what was typed, through to the sending', async () => {
    const first = await opensForm(lynne);
    const wrong = await press(lynne, first, 'Next', { danger: 'yes', categories: 'neglect' });
    expect(wordsOn(wrong.card)).toContain('an adult or a child');
    expect(inputsOf(wrong.card)).toMatchObject({ danger: 'yes', categories: 'neglect' });
    const second = await press(lynne, wrong, 'Next', { ...DANGER, danger: 'yes' });
    const long = await press(lynne, second, 'Next', { ...FACTS, facts: 'Much. '.repeat(5_000) });
    expect(wordsOn(long.card)).toContain('What was seen and said is too long: it has 29,999 characters');
    expect(inputsOf(long.card).facts?.length).toBeGreaterThan(3_000);
    const third = await press(lynne, long, 'Next', FACTS);
    const about = { ...CONSENT, consent: 'more-risk', staff: 'yes' };
    const unnamed = await press(lynne, third, 'Send now', about);
    expect(wordsOn(unnamed.card)).toContain('Choose who it is, or type a name.');
    const denied = await press(lynne, unnamed, 'Send now', { ...about, staff: 'no', staffPerson: 'alex' });
    expect(wordsOn(denied.card)).toContain('You named somebody.');
    const more = await press(lynne, denied, 'Add more first', { ...about, staffPerson: 'alex' });
    const inputs = { nhsNumber: '123', dob: 'once', caseNumber: '000-000' };
    const bad = await press(lynne, more, 'Send now', inputs);
    expect(wordsOn(bad.card)).toContain('There is no case with this number.');
    expect(wordsOn(bad.card)).toContain('This is not a valid NHS number');
    expect(wordsOn(bad.card)).toContain('Write the date of birth');
    expect(inputsOf(bad.card)).toMatchObject(inputs);
    const last = await press(lynne, bad, 'Add more first', {
      nhsNumber: '',
      dob: '07/03/1942',
      caseNumber: '',
    });
    const never = await press(lynne, last, 'Send now', { happenedDay: '2027-01-01', ongoing: 'unknown' });
    expect(wordsOn(never.card)).toContain('have not come yet');
    const receipt = await press(lynne, never, 'Send now', { happenedDay: '2026-11-23' });
    const id = idOn(receipt);
    expect(wordsOn(receipt.card)).toContain('ring St Anne');
    // It is about Alex, who leads: the deputy is asked, and Alex and whoever manages him learn nothing.
    await connector.expect(lynne.chat, id);
    const opened = await over(adele, id);
    for (const told of ['Born', 'Goes on without it', 'Asking would raise the risk', 'Alex Wilber'])
      expect(wordsOn(opened.card)).toContain(told);
  });

  it('with words behind it in person says that they are kept nowhere, and opens the form', async () => {
    await megan.says('/concern her son hits her');
    const form = await connector.expect(megan.chat, 'Step 1 of 3');
    expect(wordsOn(form.card)).toContain('Baton keeps it nowhere');
    expect((await world.kept()).join()).not.toContain('hits her');
    expect(world.logged()).not.toContain('hits her');
  });
});

describe('where others would read it', () => {
  it('a concern typed in a channel is answered with how to raise it, and not repeated or kept', async () => {
    const before = await world.kept();
    for (const says of ['says', 'mentions'] as const) {
      await adele[says]('/concern she is hit by her son', hospice);
      const said = await connector.expect(hospice, 'Please delete what you wrote');
      expect(JSON.stringify(said.activity)).not.toMatch(/her son|is hit/);
      clock.pass(5_000);
    }
    expect(await world.kept()).toEqual(before);
    await adele.says('/concern', hospice);
    await connector.expect(hospice, 'in our personal chat');
    await connector.expect(adele.chat, 'Raise a safeguarding concern');
  });

  it('a guest without a chat raises one from the channel’s card, and nobody else there sees anything', async () => {
    await gwen.mentions('/concern', hospice);
    expect(read(await connector.expect(hospice, 'raised in person'))).not.toContain('Gwen');
    const inChannel = connector.posts(hospice).length;
    const standing = connector.posts(hospice).find(({ card }) => titlesOf(card).includes('Raise a concern'));
    if (!standing) throw new Error('there is no standing card');
    const first = await gwen.presses(standing, 'Raise a concern');
    expect(wordsOn(first.card)).toContain('From Kindly Visits');
    const second = await press(gwen, first, 'Next', DANGER);
    const back = await press(gwen, second, 'Back');
    expect(inputsOf(back.card)).toMatchObject(DANGER);
    const third = await press(gwen, await press(gwen, back, 'Next', DANGER), 'Next', FACTS);
    const receipt = await press(gwen, third, 'Send now', CONSENT);
    const id = idOn(receipt);
    expect(wordsOn(receipt.card)).toContain('Nobody has seen it yet');
    await over(alex, id);
    const looked = await press(gwen, receipt, 'Open');
    expect(wordsOn(looked.card)).toContain('Seen, and answered for');
    expect(connector.posts(hospice)).toHaveLength(inChannel);
  });

  it('the message box opens it as a dialog, with every step in it', async () => {
    const first = await patti.opensDialog('raiseConcern', hospice);
    const second = await patti.submits(first, 'Next', DANGER);
    const third = await patti.submits(second, 'Next', FACTS);
    const receipt = await patti.submits(third, 'Send now', CONSENT);
    const id = idOn(receipt);
    await connector.expect(patti.chat, id);
    await over(alex, id);
  });
});

describe('a concern that is begun and not sent', () => {
  it('is there after a restart, reminds its author alone after an hour without a word of it, and is gone after a day', async () => {
    const unsent = { ...FACTS, facts: 'Unsent words.' };
    const first = await opensForm(isaiah);
    const second = await press(isaiah, first, 'Next', DANGER);
    await world.close();
    world = await start();
    ({ alex, adele, patti, lynne, megan, isaiah } = people());
    gwen = world.stranger('Gwen Okafor', HOST);
    const third = await press(isaiah, second, 'Next', unsent);
    expect(wordsOn(third.card)).toContain('Step 3 of 3');
    await world.kept();
    clock.pass(HOUR);
    const line = await connector.expect(isaiah.chat, 'have not sent it');
    expect(JSON.stringify(line.activity)).not.toMatch(/neglect|financial|Unsent/i);

    const begun = await opensForm(isaiah);
    expect(wordsOn(begun.card)).toContain('You began this form and have not sent it');
    expect(wordsOn(begun.card)).toContain('Step 3 of 3');
    const back = await press(isaiah, begun, 'Back');
    expect(inputsOf(back.card)).toMatchObject(unsent);
    await world.kept();
    clock.pass(2 * HOUR);
    await connector.expectNothingElse(300);
    clock.pass(23 * HOUR);
    await expect
      .poll(async () => (await world.kept()).join(), { timeout: 5_000 })
      .not.toContain(unsent.facts);
    const gone = await press(isaiah, back, 'Next', unsent);
    expect(read(gone)).toContain('no longer open');
    const anew = await opensForm(isaiah);
    expect(wordsOn(anew.card)).toContain('Step 1 of 3');
    expect(wordsOn(anew.card)).not.toContain('You began this form');
  });

  it('gives way to a new one only when its author says so', async () => {
    const first = await opensForm(patti);
    await press(patti, first, 'Next', DANGER);
    const begun = await opensForm(patti);
    expect(wordsOn(begun.card)).toContain('Step 2 of 3');
    const anew = await press(patti, begun, 'Begin anew');
    expect(wordsOn(anew.card)).toContain('Step 1 of 3');
    expect(Object.values(inputsOf(anew.card)).every((value) => value === '')).toBe(true);
    const stale = await press(patti, begun, 'Next', FACTS);
    expect(read(stale)).toContain('no longer open');
  });
});
