import { expect, onTestFinished, test } from 'vitest';
import { Unavailable } from '../../../src/core/errors.ts';
import type { Outcome } from '../../../src/core/messenger.ts';
import { LEASE_CASE, type LeaseDoc } from '../../../src/jobs/lease.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { createWorld, person, tell, type World } from './world.ts';

const sam = person('sam');

/** Something to wait at, opened at the end of the test at the latest. */
function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  onTestFinished(() => open());
  return { opened, open: () => open() };
}

async function seconds(world: World, count: number): Promise<void> {
  for (let second = 0; second < count; second++) await world.clock.advance(1_000);
}

/** The store as one worker has it, which can be away for this worker alone. */
function ownStore({ store }: World) {
  const own = { away: false };
  const commit: Store['commit'] = async (key, writes) => {
    if (own.away) throw new Unavailable('away', 'no', { retryAfterMs: 900 });
    await store.commit(key, writes);
  };
  return { own, store: { ...store, commit } };
}

test('what was about to go when the lease was lost does not go once it is regained: another sent it', async () => {
  const world = createWorld();
  await world.raise('c1', [tell(sam, 'accepted')]);
  const mine = ownStore(world);
  const reached = gate();
  const one = world.worker({
    store: mine.store,
    findReach: async () => {
      await reached.opened;
      return {
        serviceUrl: 'https://teams.example',
        conversationId: 'sam',
        tenant: 'nhs',
        scope: 'personal',
        seenAt: world.clock.now(),
      };
    },
  });
  await world.clock.advance(1_000);
  mine.own.away = true;
  world.teams.expects({ by: 'post', to: 'sam', says: 'c1: accepted' });
  await seconds(world, 20);
  const other = world.worker();
  await seconds(world, 2);
  expect(world.teams.got).toHaveLength(1);
  await other.stop();
  mine.own.away = false;
  await seconds(world, 2);
  reached.open();
  await seconds(world, 5);
  await one.tick();
  expect(world.teams.got).toHaveLength(1);
});

test('what waited is read anew where a look regains the lease that it found held', async () => {
  const world = createWorld();
  await world.raise('c1', [tell(sam, 'accepted')]);
  await world.raise('c2', [tell(sam, 'accepted')]);
  const written = gate();
  let first = true;
  const store: Store = {
    ...world.store,
    async commit(key, writes) {
      const [write] = writes;
      const lease = key.caseId === LEASE_CASE && write?.do === 'replace' && (write.doc as LeaseDoc);
      if (lease && lease.sending.length > 0 && first) {
        first = false;
        await written.opened;
      }
      await world.store.commit(key, writes);
    },
  };
  const one = world.worker({ store });
  await seconds(world, 20);
  expect(first).toBe(false);
  world.teams.expects(
    { by: 'post', to: 'sam', says: 'c1: accepted' },
    { by: 'post', to: 'sam', says: 'c2: accepted' },
  );
  const other = world.worker();
  await seconds(world, 2);
  expect(world.teams.got).toHaveLength(2);
  await other.stop();
  written.open();
  await seconds(world, 5);
  await one.tick();
  expect(world.teams.got).toHaveLength(2);
});

test('what another left without an outcome waits to be recovered, although an older try of it is given up here', async () => {
  const world = createWorld();
  await world.raise('c1', [tell(sam, 'accepted')]);
  const mine = ownStore(world);
  const reached = gate();
  let tries = 0;
  const one = world.worker({
    store: mine.store,
    findReach: async () => {
      if (++tries === 1) await reached.opened;
      return {
        serviceUrl: 'https://teams.example',
        conversationId: 'sam',
        tenant: 'nhs',
        scope: 'personal',
        seenAt: world.clock.now(),
      };
    },
  });
  await world.clock.advance(1_000);
  mine.own.away = true;
  await seconds(world, 20);
  let answer = (_: Outcome): void => undefined;
  const unanswered = new Promise<Outcome>((resolve) => {
    answer = resolve;
  });
  onTestFinished(() => answer({ kind: 'unknown' }));
  world.teams.expects({ by: 'post', to: 'sam', says: 'c1: accepted', outcome: () => unanswered });
  const dead = ownStore(world);
  const other = world.worker({ store: dead.store, turn: createTurns(dead.store, world.clock, () => 0.5) });
  await seconds(world, 2);
  expect(world.teams.got).toHaveLength(1);
  dead.own.away = true;
  await seconds(world, 14);
  world.teams.expects({ by: 'post', to: 'sam', says: 'You may have had this already. c1: accepted' });
  mine.own.away = false;
  await seconds(world, 2);
  reached.open();
  await seconds(world, 10);
  await one.tick();
  expect(world.teams.got).toHaveLength(2);
  expect(await world.due()).toEqual([]);
  answer({ kind: 'unknown' });
  dead.own.away = false;
  await Promise.all([one.stop(), other.stop()]);
});
