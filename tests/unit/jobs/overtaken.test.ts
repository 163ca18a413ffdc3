import { expect, test } from 'vitest';
import { copyId } from '../../../src/core/change.ts';
import type { Outcome } from '../../../src/core/messenger.ts';
import type { KeptCopy, Presenter } from '../../../src/jobs/presenter.ts';
import { channel, createWorld, PATHWAY, show, type Thing } from './world.ts';

const MOVED =
  'This card has moved. Its new copy is the one that is kept up to date. Nothing for you to do here.';

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

  // Nothing may change any more, and the first card is not to go on asking.
  world.teams.expects({ by: 'edit', to: 'hospice', says: MOVED, activityId: 'the first' });
  await other.tick();
  world.teams.verify();
  expect(await world.copy('C-1', channel('hospice'))).not.toHaveProperty('earlier');
  expect(await world.due()).toEqual([]);
});

test('a card that asks, recorded at last by a worker that stood still, is changed when it was answered meanwhile', async () => {
  const world = createWorld();
  const hospice = channel('hospice');
  // Asks while it is open; answered, it says so wherever it is known to stand, and nowhere else.
  const asking: Presenter = {
    head: () => 'case',
    async show(key, subject, route) {
      const thing = (await world.store.get<Thing>(key, 'thing:1'))?.doc;
      if (!thing || (!thing.open && !(await world.store.get(key, copyId(subject, route))))) return undefined;
      const summary = `${key.caseId} ${thing.open ? 'asks' : 'is answered'}`;
      return { view: { card: 'thing', data: {}, summary }, revision: thing.revision };
    },
    tell: async () => undefined,
    fallbacks: async () => [],
    settled: () => ({}),
  };
  const presenters = { thing: asking };
  await world.raise('C-1', [show(hospice)]);
  let answer: ((outcome: Outcome) => void) | undefined;
  world.teams.expects({
    by: 'post',
    to: 'hospice',
    says: 'C-1 asks',
    outcome: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  const paused = world.worker({ ...standing(() => world.clock.now()), presenters });
  await world.clock.advance(1);

  await world.raise('C-1', [show(hospice)], { open: false, revision: 2 });
  const other = world.worker({ presenters });
  await world.clock.advance(20_000);
  await other.tick();
  expect(await world.due()).toEqual([]);
  expect(await world.copy('C-1', hospice)).toBeUndefined();

  answer?.({ kind: 'sent', conversationId: 'hospice', activityId: 'the first' });
  await world.clock.advance(1);
  await paused.stop();
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'C-1 is answered', activityId: 'the first' });
  await other.tick();
  expect(await world.copy('C-1', hospice)).toMatchObject({ activityId: 'the first', revision: 2 });
  expect(await world.store.page(PATHWAY, 'due', { limit: 10 })).toEqual([]);
});
