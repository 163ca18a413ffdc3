import { expect, onTestFinished, test } from 'vitest';
import { Unavailable } from '../../../src/core/errors.ts';
import type { Outcome } from '../../../src/core/messenger.ts';
import type { Store } from '../../../src/store/store.ts';
import { createTurns } from '../../../src/store/turn.ts';
import { createWorld, person, tell } from './world.ts';

/** The store as one worker has it: it can be away for this worker alone. */
function ownStore(store: Store) {
  const own = { away: false };
  return {
    own,
    store: {
      ...store,
      commit: async (...given: Parameters<Store['commit']>) => {
        if (own.away) throw new Unavailable('away', 'no', { retryAfterMs: 900 });
        return store.commit(...given);
      },
    } as Store,
  };
}

test('a line whose second post has no known outcome is not posted a third time by whoever sent the first', async () => {
  const world = createWorld();
  const sam = person('sam');
  await world.raise('c1', [tell(sam, 'accepted')]);
  const mine = ownStore(world.store);
  const turn = createTurns(mine.store, world.clock, () => 0.5);
  world.teams.expects({
    by: 'post',
    to: 'sam',
    says: 'c1: accepted',
    outcome: async () => {
      mine.own.away = true;
      return { kind: 'sent', conversationId: 'sam', activityId: 'first' };
    },
  });
  const first = world.worker({ store: mine.store, turn });
  await world.clock.advance(1_000);

  let answer: ((outcome: Outcome) => void) | undefined;
  const abandoned = new Promise<Outcome>((resolve) => {
    answer = resolve;
  });
  onTestFinished(() => answer?.({ kind: 'unknown' }));
  world.teams.expects({
    by: 'post',
    to: 'sam',
    says: 'You may have had this already. c1: accepted',
    outcome: () => abandoned,
  });
  let stopped = false;
  const second = ownStore(world.store);
  const other = world.worker({
    store: second.store,
    turn: createTurns(second.store, world.clock, () => 0.5),
    clock: {
      now: () => world.clock.now(),
      sleep: (ms, signal) =>
        stopped
          ? new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
          : world.clock.sleep(ms, signal),
    },
  });
  for (let seconds = 0; seconds < 60; seconds++) await world.clock.advance(1_000);
  expect(world.teams.got).toHaveLength(2);
  stopped = true;
  second.own.away = true;
  for (let seconds = 0; seconds < 20; seconds++) await world.clock.advance(1_000);
  mine.own.away = false;
  for (let seconds = 0; seconds < 90; seconds++) await world.clock.advance(1_000);
  expect(world.teams.got).toHaveLength(2);
  expect(await world.due()).toEqual([]);
  answer?.({ kind: 'unknown' });
  second.own.away = false;
  await Promise.all([first.stop(), other.stop()]);
});
