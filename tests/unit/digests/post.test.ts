import { describe, expect, it } from 'vitest';
import { applyAgreement } from '../../../src/agreement/apply.ts';
import { createAgreements } from '../../../src/agreement/current.ts';
import type { NoticeDoc } from '../../../src/core/change.ts';
import { type Clock, plusMs } from '../../../src/core/clock.ts';
import { createDigests, type DigestDeps } from '../../../src/digests/commands.ts';
import { DIGEST_HEAD, DIGESTS, type Digest, digestKey } from '../../../src/digests/digest.ts';
import { createReconciliation } from '../../../src/reconciliation/commands.ts';
import type { Reconciled } from '../../../src/reconciliation/reconciliation.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { verifyPathway } from '../../../src/store/verify.ts';
import { terms } from '../../support/pathway.ts';

const PATHWAY = terms.pathway;
/** Wednesday of week 47. */
const BEGAN = '2026-11-18T10:00:00.000Z';
const WEEK_MS = 7 * 24 * 60 * 60_000;
const MONDAY = '2026-11-23T08:00:00.000Z';
const weeksOn = (weeks: number, at = MONDAY): string => plusMs(at, weeks * WEEK_MS);

/** A pathway that began in week 47; workers share its store, each over one of its own. */
async function begin() {
  const store = openEmbedded({ path: ':memory:' });
  let now = BEGAN;
  const clock: Clock = { now: () => now, sleep: async () => undefined };
  const run = createTurns(store, clock);
  await applyAgreement(
    { store, run, agreements: createAgreements(store, clock) },
    terms,
    { system: 'test' },
    { yes: true },
  );
  const worker = (over: Store = store, reconcile?: DigestDeps['reconcile']) => {
    const deps = {
      store: over,
      run: createTurns(over, clock),
      agreements: createAgreements(store, clock),
      kick: () => undefined,
    };
    const reconciliation = createReconciliation({
      ...deps,
      clock,
      follow: async () => [],
      pairs: {
        lookThrough: async () => undefined,
        undecided: async () => new Map(),
        isUndecided: async () => false,
      },
    });
    const failed = () => undefined;
    return createDigests({ ...deps, reconcile: reconcile ?? reconciliation.run, failed });
  };
  return {
    store,
    worker,
    at(next: string): string {
      now = next;
      return next;
    },
    async digests(): Promise<string[]> {
      const found = await store.page<Digest>(PATHWAY, DIGESTS, { limit: 100 });
      return found.map(({ doc }) => `${doc.week} ${doc.state}`);
    },
    /** The weeks that the lists were compared for, with the run that the week's digest tells of. */
    async compared(): Promise<string[]> {
      const found: string[] = [];
      for await (const { doc } of store.everything(PATHWAY)) {
        if (doc.kind !== 'reconciled') continue;
        const { week, run: of } = doc as Reconciled;
        const digest = await store.get<Digest>(digestKey(PATHWAY, week), DIGEST_HEAD);
        const told = digest?.doc.state === 'posted' && digest.doc.reconciled?.run === of;
        found.push(`${week} ${told ? 'told' : 'not told'}`);
      }
      return found.sort();
    },
    async notices(): Promise<string[]> {
      const found: string[] = [];
      for await (const { doc } of store.everything(PATHWAY)) {
        const { notice } = doc as NoticeDoc;
        if (doc.kind !== 'notice' || notice.route.to !== 'channel') continue;
        if (notice.subject.startsWith('digest:')) found.push(`${notice.subject} ${notice.route.provider}`);
      }
      return found.sort();
    },
  };
}

/** What the digest of a week brings: one card for each provider's channel. */
const cards = (week: string): string[] =>
  ['charity', 'hospice', 'prime'].map((one) => `digest:${week} ${one}`);

describe('the digest of a week', () => {
  it('is not made before its time, nor for a week that began before the pathway', async () => {
    const { worker, at, digests } = await begin();
    expect(await worker().post(PATHWAY, at(plusMs(BEGAN, 1)))).toBeUndefined();
    expect(await worker().post(PATHWAY, at(plusMs(MONDAY, -1)))).toBeUndefined();
    expect(await digests()).toEqual([]);
  });

  it('is made once, by whoever comes first, for every channel', async () => {
    const { worker, at, digests, notices, compared, store } = await begin();
    const now = at(MONDAY);
    await Promise.all([worker(), worker(), worker()].map((one) => one.post(PATHWAY, now)));
    expect(await worker().post(PATHWAY, at(plusMs(MONDAY, 60_000)))).toBeUndefined();
    expect(await digests()).toEqual(['2026-W48 posted']);
    expect(await notices()).toEqual(cards('2026-W48'));
    expect(await compared()).toEqual(['2026-W48 told']);
    expect((await verifyPathway(store, PATHWAY)).broken).toEqual([]);
  });

  it('is caught up on for the newest week alone after three weeks without a machine; the others are recorded as missed', async () => {
    const { worker, at, digests, notices } = await begin();
    await worker().post(PATHWAY, at(MONDAY));
    expect(await worker().post(PATHWAY, at(weeksOn(4, '2026-11-25T15:00:00.000Z')))).toBe('2026-W52');
    expect(await digests()).toEqual([
      '2026-W48 posted',
      '2026-W49 missed',
      '2026-W50 missed',
      '2026-W51 missed',
      '2026-W52 posted',
    ]);
    expect(await notices()).toEqual([...cards('2026-W48'), ...cards('2026-W52')].sort());
    expect(await worker().post(PATHWAY, at(weeksOn(5)))).toBe('2026-W53');
    expect(await worker().post(PATHWAY, at(weeksOn(6)))).toBe('2027-W01');
  });

  it.each([1, 2, 3, 4, 5].flatMap((nth) => [false, true].map((took) => [nth, took] as const)))(
    'and its comparison are neither lost nor doubled by a crash at commit %i (after it took effect: %s)',
    async (nth, took) => {
      const { store, worker, at, digests, compared, notices } = await begin();
      await worker().post(PATHWAY, at(MONDAY));
      const now = at(weeksOn(3));
      let commits = 0;
      const died = new Promise<void>((resolve) => {
        const dying: Store = {
          ...store,
          async commit(key, writes) {
            if (++commits < nth) return store.commit(key, writes);
            if (took && commits === nth) await store.commit(key, writes);
            resolve();
            return new Promise<never>(() => undefined);
          },
        };
        void worker(dying).post(PATHWAY, now);
      });
      await died;
      const whole = nth === 5 && took;
      expect((await digests()).includes('2026-W51 posted')).toBe(whole);
      const others = worker();
      await others.post(PATHWAY, now);
      await others.post(PATHWAY, now);
      expect(await digests()).toEqual([
        '2026-W48 posted',
        '2026-W49 missed',
        '2026-W50 missed',
        '2026-W51 posted',
      ]);
      expect(await compared()).toEqual(['2026-W48 told', '2026-W51 told']);
      expect(await notices()).toEqual([...cards('2026-W48'), ...cards('2026-W51')].sort());
    },
  );

  it('waits a while for a comparison that fails, and is then made with the newest there is', async () => {
    const { worker, at, digests, compared } = await begin();
    await worker().post(PATHWAY, at(MONDAY));
    const failing = worker(undefined, async () => {
      throw new Error('the lists cannot be read');
    });
    const next = weeksOn(1);
    await expect(failing.post(PATHWAY, at(next))).rejects.toThrow('cannot be read');
    await expect(failing.post(PATHWAY, at(plusMs(next, 44 * 60_000)))).rejects.toThrow('cannot be read');
    expect(await digests()).toEqual(['2026-W48 posted']);
    expect(await failing.post(PATHWAY, at(plusMs(next, 45 * 60_000)))).toBe('2026-W49');
    expect(await compared()).toEqual(['2026-W48 told']);
    const { findings } = (await worker().made(PATHWAY, '2026-W49')) ?? {};
    expect(findings?.reconciled).toMatchObject({ at: MONDAY });
  });

  it('knows when the digest of the week before was made', async () => {
    const { store, worker, at } = await begin();
    await worker().post(PATHWAY, at(MONDAY));
    await worker().post(PATHWAY, at(weeksOn(1)));
    const found = await store.get<Digest>(digestKey(PATHWAY, '2026-W49'), DIGEST_HEAD);
    expect(found?.doc).toMatchObject({ state: 'posted', before: MONDAY });
  });
});
