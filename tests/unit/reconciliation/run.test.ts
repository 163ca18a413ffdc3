import { afterEach, describe, expect, it } from 'vitest';
import { personOf } from '../../../src/agreement/agreement.ts';
import type { PersonActor } from '../../../src/core/actors.ts';
import type { Escalation } from '../../../src/escalations/escalation.ts';
import { escalationId } from '../../../src/escalations/escalation.ts';
import {
  type Batch,
  batchesList,
  batchSubject,
  type Mismatch,
  mismatchesKey,
} from '../../../src/reconciliation/mismatch.ts';
import { readReconciled } from '../../../src/reconciliation/reconciliation.ts';
import type { Store } from '../../../src/store/store.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { livedRegister, operator, PATHWAY, row } from '../register/lived-register.ts';

const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

async function begin() {
  const lived = await livedRegister();
  stores.push(lived.store);
  const { store, wired, terms } = lived;
  const { reconciliation } = wired;
  const person = (provider: string, role: string): PersonActor => {
    const account = terms.people.find(({ positions }) =>
      positions.some((at) => at.provider === provider && at.role === role),
    )?.accounts[0];
    const found = account && personOf(terms, account.tenant, account.objectId);
    if (!found) throw new Error(`nobody is ${role} at ${provider}`);
    return found;
  };
  return {
    store,
    imports: lived.imports,
    insists: (...given: Parameters<typeof lived.insists>) => lived.insists(...given),
    reconciliation,
    person,
    run: (more = {}) => reconciliation.run(PATHWAY, operator, more),
    open: async (provider = 'harbour'): Promise<Mismatch[]> =>
      (await store.page<Mismatch>(PATHWAY, `mismatches@${provider}`, { limit: 1_000 })).map(({ doc }) => doc),
    batches: async (): Promise<Batch[]> =>
      (await store.page<Batch>(PATHWAY, batchesList('harbour'), { limit: 100 })).map(({ doc }) => doc),
    climbs: async (run: string): Promise<Escalation | undefined> =>
      (await store.get<Escalation>(mismatchesKey(PATHWAY, 'harbour'), escalationId(batchSubject(run))))?.doc,
  };
}

const [WEEK_1, WEEK_2] = ['2026-11-13T18:00:00.000Z', '2026-11-20T18:00:00.000Z'];
const ids = (all: readonly Mismatch[]) => all.map(({ alias, what }) => `${alias} ${what}`).sort();

describe('a reconciliation', () => {
  it('finds, carries over, closes what is gone, and remembers what was settled', async () => {
    const { imports, insists, run, open, batches, reconciliation, person, store } = await begin();
    await imports(
      ['H1', 'H2', 'H3', 'H4', 'H5'].map((id) => row(id)),
      { asOf: WEEK_1 },
    );
    const first = await run();
    expect(first.all).toMatchObject({ cases: 5, matched: 5, mismatched: 0 });
    expect(await open()).toEqual([]);

    await insists([row('H1'), row('H2', 'st-annes'), row('H3')], { asOf: WEEK_2 });
    const second = await run();
    expect(second.week).toBe('2026-W48');
    expect(second.all).toMatchObject({ cases: 5, matched: 2, mismatched: 3, fresh: 3, carriedOver: 0 });
    expect(second.all.kinds).toMatchObject({ 'not-on-list': 2, 'different-holder': 1 });
    expect(ids(await open())).toEqual(['H2 different-holder', 'H4 not-on-list', 'H5 not-on-list']);
    const [batch, ...others] = await batches();
    expect([batch?.run, batch?.settleBy, others]).toEqual([second.run, '2026-11-30T20:00:00.000Z', []]);

    const kept = await store.get(mismatchesKey(PATHWAY, 'harbour'), 'mismatches');
    expect(await run({ week: '2026-W48' })).toEqual(second);
    const third = await run();
    expect(third.all).toMatchObject({ mismatched: 3, fresh: 0, carriedOver: 3 });
    expect(await store.get(mismatchesKey(PATHWAY, 'harbour'), 'mismatches')).toEqual(kept);

    const [settling] = (await open()).filter(({ what }) => what === 'different-holder');
    if (!settling) throw new Error('nothing to settle');
    const { provider, caseId, what } = settling;
    const which = { pathwayId: PATHWAY, provider, caseId, what };
    const coordinator = person('northside', 'coordinator');
    await expect(
      reconciliation.settle(which, coordinator, { reason: 'because', words: ' ' }),
    ).rejects.toThrow();
    await reconciliation.settle(which, coordinator, { reason: 'both-right', words: 'Shared care.' });
    expect(ids(await open())).toEqual(['H4 not-on-list', 'H5 not-on-list']);
    const fourth = await run();
    expect(fourth.all).toMatchObject({ mismatched: 2, settled: 1, carriedOver: 2 });

    await imports([row('H1'), row('H2', 'northside'), row('H3'), row('H4'), row('H5')], { asOf: WEEK_2 });
    const fifth = await run();
    expect(fifth.gone).toBe(2);
    expect(ids(await open())).toEqual(['H2 different-holder']);
    expect(fifth.all).toMatchObject({ mismatched: 1, fresh: 1, settled: 0 });
    expect((await batches()).map(({ run: of }) => of)).toEqual([fifth.run]);
    expect(await readReconciled(store, PATHWAY)).toEqual(fifth);
    const verified = await verifyPathway(store, PATHWAY);
    expect([verified.holds, verified.broken]).toEqual([true, []]);
  });

  it('has what is not settled in time climb as one, however much it is, until the last is settled', async () => {
    const { imports, insists, run, open, climbs, reconciliation, person } = await begin();
    const all = Array.from({ length: 130 }, (_, n) => row(`H${n}`));
    await imports(all, { asOf: WEEK_1 });
    await insists(all.slice(0, 5), { asOf: WEEK_2 });
    const { run: id, all: counts } = await run();
    expect([counts.cases, counts.fresh]).toEqual([130, 125]);
    await reconciliation.overdue(PATHWAY, 'harbour', id);
    expect(await climbs(id)).toMatchObject({ state: 'running', cause: 'mismatch' });
    await reconciliation.overdue(PATHWAY, 'harbour', id);
    for (const { provider, caseId, what } of await open()) {
      expect(await climbs(id)).toMatchObject({ state: 'running' });
      const which = { pathwayId: PATHWAY, provider, caseId, what };
      await reconciliation.settle(which, person('northside', 'coordinator'), {
        reason: 'agreed',
        words: 'So.',
      });
    }
    expect(await open()).toEqual([]);
    expect(await climbs(id)).toMatchObject({ state: 'ended', how: 'settled' });
  });
});
