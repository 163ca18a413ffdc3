import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/core/messenger.ts';
import type { KeptCopy } from '../../../src/jobs/presenter.ts';
import { channel, createWorld, show } from './world.ts';

/** A worker that stands still after its first look: the time passes without it. */
const standing = (now: () => string) => ({
  clock: {
    now,
    sleep: (_: number, signal?: AbortSignal) =>
      new Promise<void>((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  },
});

test('what a worker that stood still records at last does not undo what was shown since', async () => {
  const world = createWorld();
  await world.raise('C-1', [show(channel('hospice'))]);
  let answer: ((outcome: Outcome) => void) | undefined;
  world.teams.expects({
    by: 'post',
    to: 'hospice',
    says: 'C-1 at 1',
    outcome: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  const paused = world.worker(standing(() => world.clock.now()));
  await world.clock.advance(1);

  world.teams.expects({ by: 'post', to: 'hospice', says: 'You may have had this already. C-1 at 1' });
  const other = world.worker();
  await world.clock.advance(20_000);
  await other.tick();
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'C-1 at 2' });
  await world.raise('C-1', [show(channel('hospice'))], { revision: 2 });
  await other.tick();
  const shown = (await world.copy('C-1', channel('hospice'))) as KeptCopy;
  expect(shown.revision).toBe(2);

  answer?.({ kind: 'sent', conversationId: 'hospice', activityId: 'the first' });
  await world.clock.advance(1);
  await paused.stop();
  const copy = (await world.copy('C-1', channel('hospice'))) as KeptCopy;
  expect(copy).toMatchObject({ activityId: shown.activityId, revision: 2, viewHash: shown.viewHash });
  expect(copy.earlier).toEqual([{ conversationId: 'hospice', activityId: 'the first' }]);
});
