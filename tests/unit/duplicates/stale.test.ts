import { describe, expect, it } from 'vitest';
import type { Doc } from '../../../src/core/change.ts';
import type { Facts } from '../../../src/duplicates/facts.ts';
import type { Pair } from '../../../src/duplicates/pair.ts';
import { apart, suggest, withdraw } from '../../../src/duplicates/rules.ts';
import { withdraw as withdrawOffer } from '../../../src/handovers/rules.ts';
import { CASE_HEAD, type CaseDoc, caseListed, identified, type Person } from '../../../src/register/case.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { NOW, PATHWAY } from '../register/lived-register.ts';
import { type Lived, livedDuplicates, margaret } from './lived-duplicates.ts';

const stranger: Person = {
  given: 'Owen',
  surname: 'Invented',
  dob: '1951-06-30',
  postcode: 'RV9 9ZZ',
  nhsNumber: '9990000026',
};

/** The case is offered again, which says anew whom it is about. */
async function tellsAnew(lived: Lived, caseId: string, person: Person): Promise<void> {
  const handoverId = (await lived.caseOf(caseId)).handovers.at(-1)?.id ?? '';
  const which = { pathwayId: PATHWAY, caseId, handoverId };
  await lived.wired.handovers.press(which, lived.person('alex'), (facts) =>
    withdrawOffer(facts, { revision: facts.handover.revision }),
  );
  await lived.offers(person, 'northside', 'st-annes', caseId);
  await lived.settles();
}

const eventsOf = async (lived: Lived, { a, b }: Pair): Promise<string[]> =>
  (await lived.store.history({ pathwayId: PATHWAY, caseId: `_pair:${a}:${b}` })).map(({ type }) => type);

const decide = (lived: Lived, { a, b, revision }: Pair) =>
  lived.wired.duplicates.press({ pathwayId: PATHWAY, a, b }, lived.person('alex'), (facts: Facts) =>
    apart(facts, { revision, reason: 'Two people.' }),
  );

/** Changes a case as the feature that closes or merges it would. */
const changes = (lived: Lived, caseId: string, to: Partial<CaseDoc>): Promise<void> =>
  lived.wired.run<CaseDoc, void>({ pathwayId: PATHWAY, caseId }, CASE_HEAD, ({ head }, now) => {
    if (!head) throw new Error('there is such a case');
    const change = identified(head, { documents: [caseListed({ ...head, ...to })] }, now);
    return { change, answer: undefined };
  });

describe('a pair that waits and matches no longer', () => {
  it('is withdrawn when what is known of a person changes, and comes back when it matches again', async () => {
    const lived = await livedDuplicates();
    await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'st-annes' }]);
    const offered = await lived.offers(margaret);
    await lived.settles();
    const [pair] = (await lived.pairs()) as [Pair];
    await tellsAnew(lived, offered, stranger);
    expect(await lived.pairs()).toEqual([]);
    for (const list of ['duplicates@northside', 'duplicates@st-annes', 'duplicates.of@northside']) {
      expect(await lived.pairs(list)).toEqual([]);
    }
    expect((await lived.pair(pair.a, pair.b))?.stands.state).toBe('withdrawn');
    await expect(decide(lived, pair)).resolves.toMatchObject({ verdict: 'moved' });
    await tellsAnew(lived, offered, margaret);
    expect((await lived.pairs()).map(({ a, b }) => [a, b])).toEqual([[pair.a, pair.b]]);
    expect(await eventsOf(lived, pair)).toEqual(['pair.suggested', 'pair.withdrawn', 'pair.suggested-again']);
    expect((await verifyPathway(lived.store, PATHWAY)).broken).toEqual([]);
  });

  it.each([
    ['is closed', { state: 'closed' }, { state: 'open' }],
    ['is merged into another', { mergedInto: '9ZZ-ZZZ' }, undefined],
  ] as const)('is withdrawn when a case of it %s', async (_, gone, back) => {
    const lived = await livedDuplicates();
    await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'st-annes' }]);
    const offered = await lived.offers(margaret);
    await lived.settles();
    expect(await lived.pairs()).toHaveLength(1);
    await changes(lived, offered, gone);
    await lived.settles();
    expect(await lived.pairs()).toEqual([]);
    if (!back) return;
    await changes(lived, offered, back);
    await lived.settles();
    expect(await lived.pairs()).toHaveLength(1);
  });

  it('leaves what people decided as it is', async () => {
    const lived = await livedDuplicates();
    await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'st-annes' }]);
    const offered = await lived.offers(margaret);
    await lived.settles();
    const [pair] = (await lived.pairs()) as [Pair];
    await decide(lived, pair);
    await tellsAnew(lived, offered, stranger);
    expect((await lived.pair(pair.a, pair.b))?.stands.state).toBe('apart');
    expect(withdraw(undefined, NOW)).toBeUndefined();
  });

  it('is withdrawn once, and opens again whatever the records said', async () => {
    const said = { a: '1', b: '2' };
    const found = {
      a: 'A',
      b: 'B',
      band: 'likely',
      reasons: ['x'],
      said,
      providers: ['p'],
      owner: 'p',
      marked: false,
    } as const;
    const first = suggest(found, undefined, NOW)?.documents?.[0] as Pair;
    const gone = withdraw(first, NOW)?.documents?.[0] as Pair;
    expect(gone.lists).not.toHaveProperty('duplicates');
    expect(withdraw(gone, NOW)).toBeUndefined();
    expect(suggest(found, gone, NOW)?.documents?.[0]).toMatchObject({
      stands: { state: 'open' },
      revision: 3,
    });
    expect(suggest(found, first, NOW)).toBeUndefined();
  });
});

describe('more than five that may be the same person', () => {
  it('come five at a time: with each that is decided the next', async () => {
    const lived = await livedDuplicates();
    const others = ['RV1 2AB', 'RV1 2AC', 'RV1 2AD', 'RV1 2AE', 'RV1 2AF', 'RV1 2AG', 'RV1 2AH'];
    const lines = others.map((postcode, at) => ({
      id: `SA${at}`,
      person: { ...margaret, postcode },
      holder: 'st-annes',
    }));
    const offered = await lived.offers(margaret);
    await lived.lists('st-annes', lines);
    // Among themselves they are left to each other: those of one case count.
    const ofIt = async (): Promise<Pair[]> =>
      (await lived.pairs()).filter(({ a, b }) => a === offered || b === offered);
    await lived.settles();
    const decided = new Set<string>();
    for (let rounds = 0; rounds < 20; rounds++) {
      const [next] = await ofIt();
      if (!next) break;
      decided.add(`${next.a}|${next.b}`);
      await decide(lived, next);
      await lived.settles();
    }
    expect(decided.size).toBe(others.length);
  });
});

describe('a case that was stored before the list of identities was kept', () => {
  it('is found by another of the same person, and kept on the list from its next touch on', async () => {
    const lived = await livedDuplicates();
    const old = await lived.offers(margaret);
    const key = { pathwayId: PATHWAY, caseId: old };
    const stored = await lived.store.get<CaseDoc>(key, CASE_HEAD);
    if (!stored) throw new Error('it is stored');
    const { identityAt: _, lists, ...rest } = stored.doc;
    const { identity: _place, ...others } = lists ?? {};
    const before: Doc = { ...rest, lists: others } as Doc;
    await lived.store.commit(key, [
      { do: 'replace', doc: before, etag: stored.etag },
      { do: 'remove', id: 'timer:duplicates:case' },
    ]);
    expect(await lived.store.count(PATHWAY, 'identity')).toBe(0);
    const offered = await lived.offers({ ...margaret, given: 'Margret' }, 'northside', 'harbour');
    await lived.settles();
    expect((await lived.pairs()).map(({ a, b }) => [a, b].sort())).toEqual([[old, offered].sort()]);
    await changes(lived, old, {});
    expect((await lived.caseOf(old)).lists?.identity).toBe(`${(await lived.caseOf(old)).createdAt}|${old}`);
  });
});
