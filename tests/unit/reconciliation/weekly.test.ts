import { afterEach, describe, expect, it } from 'vitest';
import { systemChance } from '../../../src/core/chance.ts';
import { type Batch, batchesList } from '../../../src/reconciliation/mismatch.ts';
import {
  RECONCILIATION_HEAD,
  type Reconciled,
  type ReconciliationDoc,
  reconciliationKey,
} from '../../../src/reconciliation/reconciliation.ts';
import type { Store } from '../../../src/store/store.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { wire } from '../../../src/wire.ts';
import { livedRegister, NOW, operator, PATHWAY, row } from '../register/lived-register.ts';

const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

const WEEK = '2026-W48';
const DUE = '2026-11-23T08:00:00.000Z';

/** A register with more mismatches of one provider than go into one commit. */
async function begin() {
  const lived = await livedRegister();
  const { store } = lived;
  stores.push(store);
  const all = Array.from({ length: 70 }, (_, n) => row(`H${n}`));
  await lived.imports(all, { asOf: '2026-11-13T18:00:00.000Z' });
  await lived.insists(all.slice(0, 5), { asOf: '2026-11-20T18:00:00.000Z' });
  const worker = (over: Store = store) =>
    wire({
      store: over,
      clock: { now: () => NOW, sleep: async () => undefined },
      chance: systemChance,
      channel: async () => undefined,
    }).reconciliation;
  return {
    store,
    worker,
    results: async (): Promise<Reconciled[]> => {
      const found: Reconciled[] = [];
      for await (const { doc } of store.everything(PATHWAY))
        if (doc.kind === 'reconciled') found.push(doc as Reconciled);
      return found;
    },
    batches: async (): Promise<Batch[]> =>
      (await store.page<Batch>(PATHWAY, batchesList('harbour'), { limit: 100 })).map(({ doc }) => doc),
  };
}
const ofWeek = { week: WEEK, since: DUE };

describe('the reconciliation of a week', () => {
  it('is made once, by several workers at once', async () => {
    const { worker, results, batches, store } = await begin();
    const all = await Promise.all([1, 2, 3].map(() => worker().run(PATHWAY, operator, ofWeek)));
    expect(await results()).toHaveLength(1);
    for (const one of all) expect(one).toEqual((await results())[0]);
    expect(await batches()).toHaveLength(1);
    expect((await verifyPathway(store, PATHWAY)).broken).toEqual([]);
  });

  it('is named by the week that it is made for, and made anew where the week has one from before', async () => {
    const { worker, results } = await begin();
    const early = await worker().run(PATHWAY, operator);
    expect(early.week).toBe(WEEK);
    expect(await worker().run(PATHWAY, operator, { week: WEEK })).toEqual(early);
    const since = '2026-11-23T09:00:00.001Z';
    const later = worker();
    expect((await later.run(PATHWAY, operator, { week: WEEK, since })).run).not.toBe(early.run);
    const last = await later.run(PATHWAY, operator, { week: '2026-W47' });
    expect(last.week).toBe('2026-W47');
    expect(await results()).toHaveLength(3);
  });

  it('is one card and one result after a crash at any commit, with the figures of a run without one', async () => {
    const whole = await begin();
    const clean = await whole.worker().run(PATHWAY, operator, ofWeek);
    expect(clean.all).toMatchObject({ cases: 70, mismatched: 65, fresh: 65, carriedOver: 0 });
    const left = async (nth: number, took: boolean): Promise<boolean> => {
      const { store, worker, results, batches } = await begin();
      let commits = 0;
      const ended = await new Promise<boolean>((resolve) => {
        const dying: Store = {
          ...store,
          async commit(key, writes) {
            if (++commits < nth) return store.commit(key, writes);
            if (took && commits === nth) await store.commit(key, writes);
            resolve(false);
            return new Promise<never>(() => undefined);
          },
        };
        void worker(dying)
          .run(PATHWAY, operator, ofWeek)
          .then(() => resolve(true));
      });
      const again = await worker().run(PATHWAY, operator, ofWeek);
      expect(await results()).toEqual([again]);
      expect([again.run, again.all, again.partners]).toEqual([clean.run, clean.all, clean.partners]);
      expect((await batches()).map(({ run }) => run)).toEqual([clean.run]);
      const head = await store.get<ReconciliationDoc>(reconciliationKey(PATHWAY), RECONCILIATION_HEAD);
      expect(head?.doc).toMatchObject({ count: 1, newest: clean.run, weeks: { [WEEK]: clean.run } });
      return ended;
    };
    for (const took of [false, true]) {
      let nth = 1;
      while (!(await left(nth, took))) nth += 1;
      expect(nth).toBeGreaterThan(4);
    }
  }, 60_000);
});
