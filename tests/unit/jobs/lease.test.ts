import { expect, onTestFinished, test } from 'vitest';
import { Unavailable } from '../../../src/core/errors.ts';
import { createLease, LEASE_CASE, LEASE_ID, type LeaseDoc } from '../../../src/jobs/lease.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import type { Store } from '../../../src/store/store.ts';
import { fakeClock, PATHWAY } from './world.ts';

function setUp(wrap: (store: Store) => Store = (store) => store) {
  const store = openEmbedded({ path: ':memory:' });
  onTestFinished(() => store.close());
  const clock = fakeClock();
  const lease = (holder: string, alone = false) =>
    createLease({ store: wrap(store), clock, pathwayId: PATHWAY, holder, alone });
  const stands = async () =>
    (await store.get<LeaseDoc>({ pathwayId: PATHWAY, caseId: LEASE_CASE }, LEASE_ID))?.doc;
  return { store, clock, lease, stands };
}

const postOf = (caseId: string) => ({
  caseId,
  noticeId: 'notice:1',
  raisedAt: '2026-11-24T09:00:00.000Z',
  raisedSeq: 1,
  attempts: 0,
});
const post = postOf('c1');

test('one worker holds it; another gets it when it has expired, with a higher epoch', async () => {
  const { clock, lease, stands } = setUp();
  const [one, two] = [lease('one'), lease('two')];
  expect(await one.hold()).toBe(true);
  expect(await two.hold()).toBe(false);
  expect((await stands())?.epoch).toBe(1);
  await clock.advance(15_000);
  expect(one.held()).toBe(false);
  expect(await two.hold()).toBe(true);
  expect(await one.hold()).toBe(false);
  expect(await stands()).toMatchObject({ holder: 'two', epoch: 2 });
});

test('of two that reach for an expired lease in the same moment one gets it', async () => {
  const { clock, lease } = setUp();
  await lease('gone').hold();
  await clock.advance(15_000);
  const got = await Promise.all([lease('one').hold(), lease('two').hold()]);
  expect(got.filter(Boolean)).toHaveLength(1);
});

test('it is renewed when a third of its time has passed, and not before', async () => {
  const { clock, lease, stands } = setUp();
  const one = lease('one');
  await one.hold();
  const first = await stands();
  await clock.advance(4_000);
  await one.hold();
  expect(await stands()).toEqual(first);
  await clock.advance(1_000);
  await one.hold();
  expect((await stands())?.until).toBe('2026-11-24T09:00:20.000Z');
  expect((await stands())?.epoch).toBe(1);
});

test('given back, it can be taken at once', async () => {
  const { lease } = setUp();
  const [one, two] = [lease('one'), lease('two')];
  await one.hold();
  await one.release();
  expect(one.held()).toBe(false);
  expect(await two.hold()).toBe(true);
});

test('a worker that is alone takes over at once', async () => {
  const { lease } = setUp();
  await lease('killed').hold();
  expect(await lease('other').hold()).toBe(false);
  expect(await lease('restarted', true).hold()).toBe(true);
});

test('who lost the lease without knowing it can begin no post', async () => {
  const { clock, lease, store, stands } = setUp();
  const one = lease('one');
  await one.hold();
  const key = { pathwayId: PATHWAY, caseId: LEASE_CASE };
  const taken = { ...(await stands()), holder: 'two', epoch: 2 } as LeaseDoc;
  await store.commit(key, [{ do: 'put', doc: taken }]);
  expect(one.held()).toBe(true);
  expect(await one.begin([post])).toBe(false);
  expect(one.held()).toBe(false);
  await clock.advance(1);
  expect(await stands()).toEqual(taken);
});

test('posts that begin together share one write, and who takes over sees those not settled', async () => {
  let writes = 0;
  const { clock, lease } = setUp((store) => ({
    ...store,
    commit: (key, batch) => {
      writes++;
      return store.commit(key, batch);
    },
  }));
  const one = lease('one');
  await one.hold();
  writes = 0;
  const posts = Array.from({ length: 10 }, (_, i) => postOf(`d${i}`));
  expect(await Promise.all(posts.map((each) => one.begin([each])))).toEqual(posts.map(() => true));
  expect(writes).toBe(1);
  one.end(posts.slice(1));
  expect(await one.begin([post])).toBe(true);
  await clock.advance(15_000);
  const two = lease('two');
  await two.hold();
  expect(two.inherited()).toEqual([posts[0], post]);
  two.end([post]);
  expect(two.inherited()).toEqual([posts[0]]);
});

test('what was read in one epoch begins no post in a later one of the same worker', async () => {
  const { clock, lease, stands } = setUp();
  const [one, two] = [lease('one'), lease('two')];
  await one.hold();
  const first = one.within(one.epoch() ?? 0);
  expect(first.held()).toBe(true);
  await clock.advance(15_000);
  expect(one.epoch()).toBeUndefined();
  await two.hold();
  await two.release();
  expect(await one.hold()).toBe(true);
  expect(one.epoch()).toBe(3);
  expect(first.held()).toBe(false);
  expect(await first.begin([post])).toBe(false);
  expect((await stands())?.sending).toEqual([]);
  expect(await one.within(3).begin([post])).toBe(true);
  expect((await stands())?.sending).toEqual([post]);
});

test('posts that could not begin leave no mark, whether the lease ran out or was taken meanwhile', async () => {
  for (const taken of [false, true]) {
    let opened: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      opened = resolve;
    });
    const world = setUp();
    const slow = {
      ...world.store,
      async commit(...[key, batch]: Parameters<Store['commit']>) {
        const doc = batch[0]?.do === 'remove' ? undefined : (batch[0]?.doc as LeaseDoc);
        if (doc?.sending.length === 1) await gate;
        await world.store.commit(key, batch);
      },
    };
    const one = createLease({ ...world, store: slow, pathwayId: PATHWAY, holder: 'one' });
    await one.hold();
    const stuck = one.begin([post]);
    await world.clock.advance(1);
    const again = one.hold();
    const behind = one.begin([postOf('c2')]);
    await world.clock.advance(15_000);
    const two = world.lease('two');
    if (taken) {
      await two.hold();
      await two.release();
    }
    opened?.();
    expect(await Promise.all([stuck, again, behind])).toEqual([false, true, false]);
    expect(await one.begin([postOf('c3'), postOf('c4')])).toBe(true);
    expect((await world.stands())?.sending).toEqual([postOf('c3'), postOf('c4')]);
  }
});

test('the end of an earlier attempt does not end the later one that was inherited', async () => {
  const { clock, lease } = setUp();
  const [one, two] = [lease('one'), lease('two')];
  await one.hold();
  await one.begin([post]);
  await clock.advance(15_000);
  await two.hold();
  const later = { ...post, attempts: 1 };
  two.end([post]);
  await two.begin([later]);
  await clock.advance(15_000);
  await one.hold();
  one.end([post]);
  expect(one.inherited()).toEqual([later]);
});

test('an answer that was lost is settled by reading; a mark that never was written is not taken for one', async () => {
  let fault: 'after' | 'unread' | undefined;
  const { lease, stands } = setUp((store) => ({
    ...store,
    async get(key, id) {
      if (fault === 'unread') throw new Unavailable('away', 'no');
      return store.get(key, id);
    },
    async commit(key, batch) {
      await store.commit(key, batch);
      if (fault) throw new Unavailable('no answer', 'unknown');
    },
  }));
  const one = lease('one');
  await one.hold();
  fault = 'after';
  expect(await one.begin([post])).toBe(true);
  fault = 'unread';
  const other = postOf('c2');
  await expect(one.begin([other])).rejects.toThrow(Unavailable);
  fault = undefined;
  const third = postOf('c3');
  expect(await one.begin([third])).toBe(true);
  expect((await stands())?.sending).toEqual([post, third]);
});

test('what was inherited stays known when taking the lease anew was not written', async () => {
  let lost = false;
  const { clock, lease } = setUp((store) => ({
    ...store,
    async commit(key, batch) {
      if (lost) throw new Unavailable('no answer', 'unknown');
      await store.commit(key, batch);
    },
  }));
  const [gone, one] = [lease('gone'), lease('one')];
  await gone.hold();
  await gone.begin([post]);
  await clock.advance(15_000);
  await one.hold();
  expect(one.inherited()).toEqual([post]);
  await clock.advance(15_000);
  lost = true;
  expect(await one.hold()).toBe(false);
  lost = false;
  expect(await one.hold()).toBe(true);
  expect(one.inherited()).toEqual([post]);
});
