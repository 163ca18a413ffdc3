import { describe, expect, it } from 'vitest';
import { systemChance } from '../../../src/core/chance.ts';
import type { Facts } from '../../../src/duplicates/facts.ts';
import type { Pair } from '../../../src/duplicates/pair.ts';
import type { Verdict } from '../../../src/duplicates/rules.ts';
import { apart } from '../../../src/duplicates/rules.ts';
import { agree, merge, undo } from '../../../src/duplicates/same-person.ts';
import { type Batch, batchesList, type Mismatch } from '../../../src/reconciliation/mismatch.ts';
import type { Store } from '../../../src/store/store.ts';
import { wire } from '../../../src/wire.ts';
import { type Lived, livedDuplicates, margaret } from '../duplicates/lived-duplicates.ts';
import { operator, PATHWAY } from '../register/lived-register.ts';

const SA1 = { id: 'SA1', person: margaret, holder: 'st-annes' };
const N1 = { id: 'N1', person: margaret, holder: 'northside' };

async function begin(settled = true) {
  const lived = await livedDuplicates();
  await lived.lists('st-annes', [SA1]);
  lived.passes('2026-11-23T09:05:00.000Z');
  await lived.lists('northside', [N1]);
  lived.passes('2026-11-23T09:10:00.000Z');
  if (settled) await lived.settles();
  const open = async (provider: string): Promise<Mismatch[]> =>
    (await lived.store.page<Mismatch>(PATHWAY, `mismatches@${provider}`, { limit: 100 })).map(
      ({ doc }) => doc,
    );
  return {
    lived,
    run: () => lived.wired.reconciliation.run(PATHWAY, operator),
    open,
    said: async (provider: string) => (await open(provider)).map(({ alias, what }) => `${alias} ${what}`),
  };
}

const decides = async (
  lived: Lived,
  { a, b }: Pair,
  who: string,
  rule: (facts: Facts, revision: number) => Verdict,
) => {
  const revision = (await lived.pair(a, b))?.revision ?? 0;
  return lived.wired.duplicates.press({ pathwayId: PATHWAY, a, b }, lived.person(who), (facts) =>
    rule(facts, revision),
  );
};
const merges = async (lived: Lived, pair: Pair, provider: string): Promise<string> => {
  const cases = await Promise.all([pair.a, pair.b].map((id) => lived.caseOf(id)));
  const keep = cases.find(({ holder }) => holder?.provider === provider)?.caseId ?? '';
  await decides(lived, pair, 'alex', (facts, revision) => merge(facts, { revision, keep }));
  await decides(lived, pair, 'adele', (facts, revision) => agree(facts, { revision }));
  await lived.settles();
  return keep;
};

describe('somebody who is on the register twice', () => {
  it('is found by a run that nothing else found, and is one mismatch of whoever the pair belongs to', async () => {
    const { lived, run, said, open } = await begin(false);
    expect(await lived.pairs()).toEqual([]);
    const first = await run();
    const [pair] = await lived.pairs();
    expect(pair).toMatchObject({ owner: 'northside', band: 'certain' });
    expect(first.all).toMatchObject({ cases: 2, mismatched: 1, fresh: 1 });
    expect(first.all.kinds.duplicate).toBe(1);
    expect(await said('northside')).toEqual(['N1 duplicate']);
    expect(await said('st-annes')).toEqual([]);
    const [mismatch] = await open('northside');
    expect([pair?.a, pair?.b].sort()).toEqual([mismatch?.caseId, mismatch?.says].sort());
    const [batch] = await lived.store.page<Batch>(PATHWAY, batchesList('northside'), { limit: 10 });
    expect(batch?.doc.settleBy).toBe(mismatch?.settleBy);
    expect(await run()).toMatchObject({ all: { fresh: 0, carriedOver: 1 } });
  });

  it('is no mismatch any more as soon as people decided, and what the run found ends with it', async () => {
    const { lived, run, said } = await begin();
    await run();
    const [pair] = (await lived.pairs()) as [Pair];
    await decides(lived, pair, 'alex', (facts, revision) =>
      apart(facts, { revision, reason: 'Two sisters.' }),
    );
    await lived.settles();
    expect(await said('northside')).toEqual([]);
    expect(await lived.store.page(PATHWAY, batchesList('northside'), { limit: 10 })).toEqual([]);
    expect(await run()).toMatchObject({ all: { mismatched: 0 } });
  });

  it('is found with everybody who is like them, however many: a run leaves none for a later look', async () => {
    const lived = await livedDuplicates();
    const alike = [...'BCDEFGHI'].map((letter) => ({
      id: `SA${letter}`,
      person: { ...margaret, postcode: `RV1 2A${letter}` },
      holder: 'st-annes',
    }));
    await lived.lists('st-annes', alike);
    await lived.wired.reconciliation.run(PATHWAY, operator);
    expect(await lived.pairs()).toHaveLength((alike.length * (alike.length - 1)) / 2);
    await lived.wired.reconciliation.run(PATHWAY, operator);
    expect(await lived.pairs()).toHaveLength((alike.length * (alike.length - 1)) / 2);
  });

  it('is one pair and one mismatch after a crash at any commit, with the figures of a run without one', async () => {
    const week = { week: '2026-W48', since: '2026-11-23T08:00:00.000Z' };
    const clock = { now: () => '2026-11-23T09:10:00.000Z', sleep: async () => undefined };
    const worker = (store: Store) =>
      wire({ store, clock, chance: systemChance, channel: async () => undefined }).reconciliation;
    const clean = await worker((await begin(false)).lived.store).run(PATHWAY, operator, week);
    expect(clean.all).toMatchObject({ cases: 2, mismatched: 1, kinds: { duplicate: 1 } });
    const left = async (nth: number, took: boolean): Promise<boolean> => {
      const { lived, said } = await begin(false);
      let commits = 0;
      const ended = await new Promise<boolean>((resolve) => {
        const dying: Store = {
          ...lived.store,
          async commit(key, writes) {
            if (++commits < nth) return lived.store.commit(key, writes);
            if (took && commits === nth) await lived.store.commit(key, writes);
            resolve(false);
            return new Promise<never>(() => undefined);
          },
        };
        void worker(dying)
          .run(PATHWAY, operator, week)
          .then(() => resolve(true));
      });
      const again = await worker(lived.store).run(PATHWAY, operator, week);
      expect([again.all, again.partners]).toEqual([clean.all, clean.partners]);
      expect(await lived.pairs()).toHaveLength(1);
      expect(await said('northside')).toEqual(['N1 duplicate']);
      return ended;
    };
    for (const took of [false, true]) {
      let nth = 1;
      while (!(await left(nth, took))) nth += 1;
      expect(nth).toBeGreaterThan(3);
    }
  }, 60_000);

  it('is not counted where one record is marked', async () => {
    const lived = await livedDuplicates();
    await lived.lists('st-annes', [SA1]);
    await lived.offers({ ...margaret, marked: 'restricted' });
    await lived.settles();
    const { all } = await lived.wired.reconciliation.run(PATHWAY, operator);
    expect(all.kinds.duplicate).toBe(0);
    expect(await lived.pairs('duplicates.marked')).toHaveLength(1);
  });
});

describe('two cases that people made one', () => {
  it('count once, and what the other list says is said of the one that stayed, as it is since then', async () => {
    const { lived, run, said, open } = await begin();
    const [pair] = (await lived.pairs()) as [Pair];
    const keep = await merges(lived, pair, 'northside');
    const before = await run();
    expect(before.all).toMatchObject({ cases: 1, mismatched: 0 });
    // A list from before it was decided could not know.
    expect(await said('st-annes')).toEqual([]);

    lived.passes('2026-11-30T09:00:00.000Z');
    const owen = { given: 'Owen', surname: 'Invented', dob: '1951-06-30', postcode: 'RV9 9ZZ' };
    await lived.lists('st-annes', [SA1, { id: 'SA2', person: owen, holder: 'st-annes' }]);
    await lived.lists('northside', [N1]);
    const after = await run();
    expect(after.all).toMatchObject({ cases: 2, mismatched: 1 });
    expect(after.partners.reduce((sum, { cases }) => sum + cases, 0)).toBe(2);
    expect(await said('st-annes')).toEqual(['SA1 different-holder']);
    expect((await open('st-annes'))[0]).toMatchObject({ caseId: keep, says: 'st-annes/northside' });

    await decides(lived, pair, 'adele', (facts, revision) => undo(facts, { revision }));
    await lived.settles();
    const again = await run();
    expect(again.all).toMatchObject({ cases: 3, kinds: { 'different-holder': 0, duplicate: 1 } });
    expect(await said('st-annes')).toEqual([]);
  });
});
