import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { CaseDoc } from '../../src/register/case.ts';
import { LIST_HEAD, type ListDoc, listKey } from '../../src/register/list.ts';
import { verifyPathway } from '../../src/store/verify.ts';
import { startClock } from '../support/clock.ts';
import { type Answer, actionsOf, inputsOf, type Post, titlesOf, wordsOn } from '../support/connector.ts';
import { RIVERSIDE } from '../support/partners.ts';
import type { Placed } from '../support/posts.ts';
import { setScene } from '../support/scene.ts';
import { read, startWorld } from '../support/world.ts';

// A coordinator's Monday with the register, from the lists to an empty desk. The steps build on each other.

const pathway = 'riverside';
const world = await startWorld({ clock: startClock('2026-11-30T08:30:00.000Z') });
const { connector, clock, store } = world;
/** The coordinator of the prime, and the duty manager and the channel of the hospice. */
const { coordinator: alex, accepter: adele, ours, theirs } = await setScene(world, RIVERSIDE);

const NAMES = ['Margaret', 'Canaryson', '999 000 0018', 'RV1 2AB', 'night team'];
const LISTS = {
  northside: {
    where: ours,
    csv: [
      'Case ID,First name,Surname,Date of birth,NHS number,Postcode,Holder,Status,Received,First contact,Discharged,Outcome,Next review',
      'N1,Margaret,Canaryson,07/03/1942,999 000 0018,RV1 2AB,,open,02/11/2026,,,,',
      'N2,Wendy,Canaryson,08/03/1943,,RV1 2AB,northside,open,02/11/2026,,,,',
      'N3,Tomasz,Canaryson,11/03/1946,,RV1 2AB,northside,open,02/11/2026,,,,',
      'N4,Agnes,Canaryson,12/03/1947,,RV1 2AB,northside,open,02/11/2026,,,,',
    ],
  },
  'st-annes': {
    where: theirs,
    csv: [
      'Hospice number,Forename,Family name,DOB,NHS No,Post code,Lead provider,State,Referred on,Discharged on,Review on',
      'SA1,Owen,Canaryson,09/03/1944,,RV1 2AB,,On caseload,02/11/2026,,',
      'SA2,Priya,Canaryson,10/03/1945,,RV1 2AB,,On caseload,02/11/2026,,',
      'SA3,Tomasz,Canaryson,11/03/1946,,RV1 2AB,st-annes,On caseload,02/11/2026,,20/11/2026',
      'SA4,Agnes,Canaryson,12/03/1947,,RV1 2AB,st-annes,On caseload,02/11/2026,,',
    ],
  },
} as const;
type Lister = keyof typeof LISTS;

async function sends(provider: Lister) {
  const response = await fetch(
    `${world.url}/api/pathways/${pathway}/lists/${provider}?as-of=2026-11-29T18:00`,
    {
      method: 'POST',
      headers: { 'content-type': 'text/csv', 'idempotency-key': `monday-${provider}` },
      body: `${LISTS[provider].csv.join('\r\n')}\r\n`,
    },
  );
  return { status: response.status, body: JSON.parse(await response.text()) };
}

const listOf = async (provider: string): Promise<ListDoc | undefined> =>
  (await store.get<ListDoc>(listKey(pathway, provider), LIST_HEAD))?.doc;
const caseOn = (on: Post): string => /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(wordsOn(on.card))?.[0] ?? '';
const count = (list: string): Promise<number> => store.count(pathway, list);
/** Asked in person, with the question which pathway is meant for somebody of two. */
async function asks(person: typeof alex, text: string, words: string): Promise<Post | Answer> {
  clock.pass(5_000);
  await person.says(text);
  const first = await connector.expect(person.chat);
  const which = wordsOn(first.card).includes('Which pathway');
  const answer = which ? await person.presses(first, RIVERSIDE.terms.name) : first;
  expect(wordsOn(answer.card)).toContain(words);
  return answer;
}
async function isDone(person: typeof alex, on: Post | Answer): Promise<void> {
  clock.pass(5_000);
  const form = await person.presses(on, 'Done');
  clock.pass(5_000);
  const done = await person.presses(form, 'Done', { inputs: { proof: 'The night team has looked' } });
  expect(wordsOn(done.card)).toContain(`Done by ${person.who.name}`);
}

/** The pair on a list that has this partner's number, opened. */
async function pairOf(list: Post | Answer, number: string): Promise<Post | Answer> {
  for (const { data } of actionsOf(list.card).filter(({ title }) => title === 'Open')) {
    const pair = await alex.presses(list, 'Open', { carrying: data });
    if (wordsOn(pair.card).includes(number)) return pair;
  }
  throw new Error(`no pair has ${number}`);
}
/** Of the cases of a pair, the one that this provider holds. */
async function heldAt(pair: Post | Answer, provider: string): Promise<string> {
  const held = await store.page<CaseDoc>(pathway, `cases@${provider}`, { limit: 100 });
  return held.find(({ doc }) => wordsOn(pair.card).includes(doc.caseId))?.doc.caseId ?? '';
}

const cards: { unowned: Post[]; baseline: Record<Lister, Post | undefined>; mismatches?: Post } = {
  unowned: [],
  baseline: { northside: undefined, 'st-annes': undefined },
};

afterEach(() => connector.expectNothingElse());
afterAll(() => world.close());

describe('a coordinator’s Monday', () => {
  it('begins with the lists: two are in, each to be checked once, and Harbour’s is late', async () => {
    for (const [provider, cases, unowned] of [
      ['northside', 4, 1],
      ['st-annes', 4, 2],
    ] as const) {
      const { status, body } = await sends(provider);
      expect(status).toBe(201);
      expect(body).toMatchObject({ baseline: true, cases: { new: cases }, unowned, errors: [] });
      const { where } = LISTS[provider];
      cards.baseline[provider] = await connector.expect(where, 'From a caseload list');
      for (let at = 0; at < unowned; at++) {
        cards.unowned.push(await connector.expect(where, 'Nobody holds this case'));
        await connector.expect(where, 'Nobody has taken ownership.');
      }
      expect((await listOf(provider))?.newest).toMatchObject({ id: '000001', state: 'in' });
      clock.pass(5_000);
    }
    expect(await listOf('harbour')).toBeUndefined();
    expect(await Promise.all(['unowned', 'unowned@northside', 'unowned@st-annes'].map(count))).toEqual([
      3, 1, 2,
    ]);
  });

  it('each sees at one glance what waits, and takes what nobody holds', async () => {
    const mine = await asks(alex, '/mine', 'Waiting for you');
    expect(wordsOn(mine.card)).toContain('Cases that nobody holds: 1');
    const [own, first, second] = cards.unowned as [Post, Post, Post];
    expect(wordsOn(mine.card)).toContain(caseOn(own));
    const taken = await alex.presses(mine, 'Take', { carrying: { caseId: caseOn(own) } });
    expect(wordsOn(taken.card)).toContain('Held by Northside Community Trust (Alex Wilber, coordinator)');
    await connector.expectEdit(own, 'Held by Northside Community Trust');
    clock.pass(5_000);
    await adele.presses(first, 'Take ownership');
    await connector.expectEdit(first, "Held by St Anne's Hospice");
    const shown = await asks(adele, `/case ${caseOn(second)}`, 'Somebody is to take it by');
    await adele.presses(shown, 'Take ownership');
    await connector.expectEdit(second, "Held by St Anne's Hospice");
    await asks(alex, '/unowned', 'Every case is held.');
    expect(await count('unowned')).toBe(0);
    expect(await count('escalations.open')).toBe(0);
    for (const card of cards.unowned) expect(titlesOf(card.card)).toEqual([]);
  });

  it('works through the mismatches of the lists', async () => {
    clock.pass(5_000);
    await alex.mentions('/reconcile', ours);
    const figures = await connector.expect(ours, 'Reconciliation, 2026-W49');
    expect(wordsOn(figures.card)).toContain('Mismatched: 2 of 8 cases (25 %)');
    expect(wordsOn(figures.card)).toContain('Harbour Rapid Response: not known, no list is in');
    const card = await connector.expect(theirs, '3 mismatches to settle');
    cards.mismatches = card;
    expect(await count('mismatches@st-annes')).toBe(3);
    clock.pass(5_000);
    const form = await adele.presses(await adele.presses(card, 'Show them'), 'Settle');
    clock.pass(5_000);
    const settled = await adele.presses(form, 'Settle', {
      inputs: { reason: 'both-right', words: 'Reviewed on Friday, the list is not yet corrected' },
    });
    expect(wordsOn(settled.card)).toContain('Settled: case');
    await connector.expectEdit(card, '2 mismatches to settle');
    expect(await count('mismatches@st-annes')).toBe(2);
  });

  it('decides the suggested duplicates: a father and a son, and one referral that came twice', async () => {
    expect(await count('duplicates')).toBe(2);
    const list = await asks(alex, '/duplicates', 'Waiting for a decision');
    const two = await pairOf(list, 'SA3');
    expect(wordsOn(two.card)).toContain('N3');
    clock.pass(5_000);
    const form = await alex.presses(two, 'Not a duplicate');
    const decided = await alex.presses(form, 'Not a duplicate', {
      inputs: { reason: 'Father and son, both known here' },
    });
    expect(wordsOn(decided.card)).toContain('are not duplicates');

    const twice = await asks(alex, '/duplicates', 'Waiting for a decision');
    const pair = await pairOf(twice, 'SA4');
    const [keep = '', lost = ''] = await Promise.all(['northside', 'st-annes'].map((at) => heldAt(pair, at)));
    clock.pass(5_000);
    const same = await alex.presses(pair, 'Same person');
    const asked = await alex.presses(same, 'Same person', { inputs: { how: `keep:${keep}` } });
    expect(wordsOn(asked.card)).toContain("St Anne's Hospice is asked to agree");
    const card = await connector.expect(theirs, 'Is this one referral? Please answer');
    clock.pass(5_000);
    const agreed = await adele.presses(card, 'Agree');
    expect(wordsOn(agreed.card)).toContain('It is one referral.');
    for (const channel of [theirs, ours]) {
      await connector.expect(channel, `Case ${lost} is the same referral as case ${keep}`);
    }
    await connector.expectEdit(card, 'One referral. Case');
    await asks(adele, `/case ${lost}`, `The same referral as case ${keep}`);
    expect(await count('duplicates')).toBe(0);
    expect(await count('cases@st-annes')).toBe(3);
    // What the comparison found of them is over with the decisions.
    await connector.expectEdit(cards.mismatches as Post, /settled|gone/);
    expect(await count('mismatches@st-annes')).toBe(0);
  });

  it('what is left to do becomes an action, and is done with proof', async () => {
    const caseId = caseOn(cards.unowned[1] as Post);
    const shown = await asks(alex, `/case ${caseId}`, "Held by St Anne's Hospice");
    const form = await alex.presses(shown, 'Set an action');
    expect(inputsOf(form.card)).toMatchObject({ caseId, from: 'case' });
    const inputs = {
      what: 'Tell the night team who holds it',
      owner: 'st-annes||adele',
      due: '2026-12-02',
      by: 'northside',
    };
    clock.pass(5_000);
    const set = await alex.presses(form, 'Set the action', { inputs });
    expect(read(set)).toContain("Adele Vance, St Anne's Hospice, due Wed 2 Dec. They are told now");
    const action = await connector.expect(adele.chat, `From a case, case ${caseId}.`);

    const mine = await asks(adele, '/mine', 'Waiting for you');
    expect(wordsOn(mine.card)).toContain('Actions: 2');
    await isDone(adele, action);
    await connector.expectEdit(action, 'Done by Adele Vance');
    await connector.expect(alex.chat, 'Done by Adele Vance');
    for (const [person, provider] of [
      [adele, 'st-annes'],
      [alex, 'northside'],
    ] as const) {
      const card = cards.baseline[provider] as Post;
      await isDone(person, card);
      await connector.expectEdit(card, `Done by ${person.who.name}`);
    }
    // For the prime Baton had set it.
    await connector.expect(ours, 'Done by Adele Vance');
    expect(await count('actions.open')).toBe(0);
    expect(await count('actions')).toBe(3);
  });

  it('reads the digest, whose totals are those of the commands, and takes the print to the meeting', async () => {
    const sheet = await asks(alex, '/action', 'What is to be done');
    clock.pass(5_000);
    const set = await alex.presses(sheet, 'Set the action', {
      inputs: {
        what: 'Ask Harbour for its list',
        owner: 'northside||alex',
        due: '2026-12-02',
        from: 'meeting',
        by: 'northside',
      },
    });
    expect(read(set)).toContain('due Wed 2 Dec');
    const action = await connector.expect(alex.chat, 'From a meeting');
    const digest = await asks(alex, '/digest', 'All partners');
    const words = wordsOn(digest.card);
    expect(words).toContain('Not known for Harbour Rapid Response: no list yet.');
    expect(words).not.toContain('Nothing outstanding');
    const [unowned, open] = await Promise.all(['unowned', 'actions.open'].map(count));
    expect([unowned, open]).toEqual([0, 1]);
    expect(words).toMatch(new RegExp(`${unowned}\\s+cases that nobody holds`));
    expect(words).toContain(`of ${open} open`);
    expect(words).toContain('Due Wed 2 Dec.');
    clock.pass(5_000);
    await alex.presses(digest, 'Send me this');
    const print = await connector.expect(alex.chat, 'to print or to copy');
    expect(wordsOn(print.card)).toContain('Not known for Harbour Rapid Response');
    expect(JSON.stringify(print.card)).toMatch(/[0-9A-Z]{3}-[0-9A-Z]{3}/);
    for (const name of NAMES) expect(JSON.stringify(print.card)).not.toContain(name);
    await isDone(alex, action);
    await connector.expectEdit(action, 'Done by');
  });

  it('ends with an empty desk, a sound record and no name in any channel', async () => {
    for (const person of [alex, adele]) {
      const mine = await asks(person, '/mine', 'Waiting for you');
      expect(wordsOn(mine.card)).toContain('Nothing at the moment.');
    }
    await asks(alex, '/actions', 'Nothing at the moment.');
    await asks(alex, '/escalations', 'Nothing');
    expect((await verifyPathway(store, pathway)).broken).toEqual([]);
    const shared = [ours, theirs].flatMap((place: Placed) => connector.posts(place));
    expect(shared.length).toBeGreaterThan(7);
    const texts = [...shared.map(({ activity }) => JSON.stringify(activity)), world.logged()];
    texts.push(await (await fetch(`${world.url}/metrics`)).text());
    for (const name of NAMES) expect(texts.filter((text) => text.includes(name))).toEqual([]);
  });
});
