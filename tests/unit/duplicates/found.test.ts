import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Facts, positionsFor } from '../../../src/duplicates/facts.ts';
import type { Pair } from '../../../src/duplicates/pair.ts';
import { apart } from '../../../src/duplicates/rules.ts';
import type { Person } from '../../../src/register/case.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { PATHWAY } from '../register/lived-register.ts';
import { type Lived, livedDuplicates, margaret } from './lived-duplicates.ts';

const twin: Person = { ...margaret, given: 'Winifred', nhsNumber: '9990000026' };
const another: Person = { given: 'Owen', surname: 'Invented', dob: '1951-06-30', postcode: 'RV9 9ZZ' };
const NAMES = /Margaret|Margret|Canaryson|9990000018|1942-03-07|RV1/;

const notDuplicates = (
  lived: Lived,
  { a, b, revision }: Pair,
  reason = 'Mother and daughter.',
  who = 'alex',
) =>
  lived.wired.duplicates.press({ pathwayId: PATHWAY, a, b }, lived.person(who), (facts: Facts) =>
    apart(facts, { revision, reason }),
  );

describe('a person who is on the register already', () => {
  it('is suggested when a handover comes in for them, with reasons and without what the records say', async () => {
    const lived = await livedDuplicates();
    await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'st-annes' }]);
    await lived.settles();
    expect(await lived.pairs()).toEqual([]);
    const offered = await lived.offers({ ...margaret, given: 'Margret' });
    await lived.offers(another);
    await lived.settles();
    const [pair, ...more] = await lived.pairs();
    expect(more).toEqual([]);
    expect([pair?.a, pair?.b]).toContain(offered);
    expect(pair).toMatchObject({
      stands: { state: 'open' },
      providers: expect.arrayContaining(['st-annes', 'northside']),
    });
    expect(pair?.reasons).toContain('First names one letter apart');
    expect(JSON.stringify(pair)).not.toMatch(NAMES);
    for (const provider of ['st-annes', 'northside'])
      expect(await lived.pairs(`duplicates@${provider}`)).toEqual([pair]);
    expect(await lived.pairs('duplicates@harbour')).toEqual([]);
    // A pair has one owner, so that those of the providers add up.
    // Both came at one moment: then the later id counts as the later case.
    const [owner, other] = pair?.b === offered ? ['northside', 'st-annes'] : ['st-annes', 'northside'];
    expect(pair?.owner).toBe(owner);
    expect(await lived.pairs(`duplicates.of@${owner}`)).toEqual([pair]);
    expect(await lived.pairs(`duplicates.of@${other}`)).toEqual([]);
    const { events } = await historyOf(lived, pair as Pair);
    expect(events).toEqual(['pair.suggested']);
  });

  it('is suggested when two lists bring them, and again by nothing', async () => {
    const lived = await livedDuplicates();
    await lived.lists('st-annes', [
      { id: 'SA1', person: margaret, holder: 'st-annes' },
      { id: 'SA2', person: another },
    ]);
    await lived.lists('northside', [{ id: 'N1', person: margaret, holder: 'northside' }]);
    await lived.settles();
    const before = await lived.pairs();
    expect(before.map(({ band }) => band)).toEqual(['certain']);
    const kept = await lived.kept();
    await lived.lists('northside', [{ id: 'N1', person: margaret, holder: 'northside' }]);
    await lived.settles();
    expect(await lived.pairs()).toEqual(before);
    expect((await lived.kept()).length).toBe(kept.length);
  });

  it('is found by another process that reads the register for the first time', async () => {
    const lived = await livedDuplicates();
    const one = await lived.offers(margaret);
    await lived.settles();
    const { wire } = await import('../../../src/wire.ts');
    const { systemChance } = await import('../../../src/core/chance.ts');
    const clock = { now: () => '2026-11-23T09:00:00.000Z', sleep: async () => undefined };
    const beside = wire({ store: lived.store, clock, chance: systemChance, channel: async () => undefined });
    const other = await lived.offers(margaret);
    await beside.deciding['duplicates.look']({ pathwayId: PATHWAY, caseId: other });
    expect(await lived.pair(one, other)).toMatchObject({ stands: { state: 'open' } });
    await lived.settles();
    expect(await lived.pairs()).toHaveLength(1);
  });
});

async function historyOf(lived: Lived, { a, b }: Pair) {
  const found = await lived.store.history({ pathwayId: PATHWAY, caseId: `_pair:${a}:${b}` });
  return { events: found.map(({ type }) => type), text: JSON.stringify(found) };
}

describe('a pair that people said are two', () => {
  it('needs a reason, and somebody who coordinates for one of the cases or for the pathway', async () => {
    const lived = await livedDuplicates();
    await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'st-annes' }]);
    await lived.offers(margaret);
    await lived.settles();
    const [pair] = (await lived.pairs()) as [Pair];
    await expect(notDuplicates(lived, pair, ' ')).rejects.toThrow('Please say why');
    for (const who of ['megan', 'isaiah', 'patti', 'lynne']) {
      await expect(notDuplicates(lived, pair, 'No', who)).rejects.toThrow('There is no such pair');
      await expect(
        lived.wired.duplicates.view({ pathwayId: PATHWAY, a: pair.a, b: pair.b }, lived.person(who)),
      ).rejects.toThrow('There is no such pair');
    }
    const kept = await lived.pairs();
    expect(kept).toEqual([pair]);
    expect((await notDuplicates(lived, pair, 'Sisters', 'adele')).verdict).toBe('change');
    expect((await notDuplicates(lived, pair, 'Sisters', 'adele')).verdict).toBe('done');
    expect((await notDuplicates(lived, pair, 'Sisters', 'alex')).verdict).toBe('moved');
    expect(await lived.pairs()).toEqual([]);
    const { events, text } = await historyOf(lived, pair);
    expect(events).toEqual(['pair.suggested', 'pair.apart']);
    expect(text).not.toMatch(/Sisters|Canaryson/);
  });

  it('comes back when a record says something else of the person, and never otherwise', async () => {
    const edits: readonly Partial<Person>[] = [
      {},
      { phone: '0300 000 0000' },
      { address: '1 New Road' },
      { given: 'Peggy' },
      { nhsNumber: '9990000026' },
      { postcode: 'RV1 2AC' },
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...edits), { minLength: 1, maxLength: 5 }),
        async (changes) => {
          const lived = await livedDuplicates();
          await lived.lists('st-annes', [{ id: 'SA1', person: margaret, holder: 'st-annes' }]);
          const offered = await lived.offers(margaret);
          await lived.settles();
          const [pair] = (await lived.pairs()) as [Pair];
          await notDuplicates(lived, pair);
          let now: Person = margaret;
          for (const change of changes) {
            const next = { ...now, ...change };
            const told = ['given', 'nhsNumber', 'postcode'] as const;
            const different = told.some((field) => now[field] !== next[field]);
            now = next;
            // A new offer of the case says whom it is about.
            await withdrawLast(lived, offered);
            await lived.offers(now, 'northside', 'st-annes', offered);
            await lived.settles();
            const stands = await lived.pair(pair.a, pair.b);
            expect(stands?.stands.state).toBe(different ? 'open' : 'apart');
            if (different) await notDuplicates(lived, stands as Pair);
          }
          expect((await verifyPathway(lived.store, PATHWAY)).broken).toEqual([]);
        },
      ),
      { numRuns: 6 },
    );
  });
});

async function withdrawLast(lived: Lived, caseId: string): Promise<void> {
  const { withdraw } = await import('../../../src/handovers/rules.ts');
  const handoverId = (await lived.caseOf(caseId)).handovers.at(-1)?.id ?? '';
  await lived.wired.handovers.press(
    { pathwayId: PATHWAY, caseId, handoverId },
    lived.person('alex'),
    (facts) => withdraw(facts, { revision: facts.handover.revision }),
  );
}

it('who may decide a pair is whoever coordinates at a side of it or at the prime', async () => {
  const lived = await livedDuplicates();
  await lived.lists('st-annes', [
    { id: 'SA1', person: margaret, holder: 'st-annes' },
    { id: 'SA2', person: twin, holder: 'harbour' },
  ]);
  const [a, b] = await Promise.all((await caseIds(lived)).map((id) => lived.caseOf(id)));
  if (!a || !b) throw new Error('both lines are cases');
  const may = lived.terms.people
    .filter(
      ({ key }) => positionsFor('duplicate.decide', lived.person(key), { a, b }, lived.terms).length > 0,
    )
    .map(({ key }) => key);
  expect(may.sort()).toEqual(['adele', 'alex', 'isaiah']);
});

const caseIds = async (lived: Lived): Promise<string[]> => (await lived.cases()).map(({ caseId }) => caseId);
