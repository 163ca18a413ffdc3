import { expect, test } from 'vitest';
import { copyId, type Head } from '../../../src/core/change.ts';
import type { Outcome } from '../../../src/core/messenger.ts';
import type { KeptCopy, Presenter } from '../../../src/jobs/presenter.ts';
import { channel, createWorld, PATHWAY, show, type Thing } from './world.ts';

const hospice = channel('hospice');
const KEY = { pathwayId: PATHWAY, caseId: 'c1' };
const gone: Outcome = { kind: 'failed', reason: 'gone' };

/** A card that asks while its thing is open, and stood at revision 1 in the channel. */
async function asking() {
  const world = createWorld();
  const presenter: Presenter = {
    head: () => 'case',
    async show(key) {
      const thing = (await world.store.get<Thing>(key, 'thing:1'))?.doc;
      if (!thing) return undefined;
      const summary = `c1 ${thing.open ? 'asks' : 'is answered'} at ${thing.revision}`;
      const view = { card: 'thing', data: {}, summary };
      return { view, revision: thing.revision, ...(!thing.open && { editOnly: true as const }) };
    },
    tell: async () => undefined,
    fallbacks: async () => [],
    settled: (_, what) => {
      world.settled.push(what);
      return {};
    },
  };
  const worker = await world.idleWorker({ presenters: { thing: presenter } });
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 asks at 1' });
  await worker.tick();
  const changeCopy = (more: Partial<KeptCopy>): Promise<void> =>
    world.turn<Head, void>(KEY, 'case', async ({ get }) => {
      const copy = await get<KeptCopy>(copyId('thing:1', hospice));
      return { change: { documents: [{ ...copy, ...more } as KeptCopy] }, answer: undefined };
    });
  return { world, worker, changeCopy };
}

test('a card that is no longer asked is changed where it stands', async () => {
  const { world, worker } = await asking();
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 is answered at 2', activityId: 'a1' });
  await world.raise('c1', [show(hospice)], { open: false, revision: 2 });
  await worker.tick();
  expect(await world.copy('c1', hospice)).toMatchObject({ activityId: 'a1', revision: 2 });
});

test('one that somebody deleted is not posted anew when it is no longer asked, and nothing is kept of it', async () => {
  const { world, worker } = await asking();
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 is answered at 2', outcome: gone });
  await world.raise('c1', [show(hospice)], { open: false, revision: 2 });
  await worker.tick();
  expect(await world.copy('c1', hospice)).toBeUndefined();
  expect(await world.due()).toEqual([]);
  expect(world.settled.map(({ outcome }) => outcome)).toEqual(['sent']);
  await world.raise('c1', [show(hospice)], { revision: 3 });
  await worker.tick();
  expect(await world.due()).toEqual([]);
});

test('one that somebody deleted is posted anew while it asks, and when it asks again', async () => {
  const { world, worker } = await asking();
  world.teams.expects(
    { by: 'edit', to: 'hospice', says: 'c1 asks at 2', outcome: gone },
    { by: 'post', to: 'hospice', says: 'c1 asks at 2' },
  );
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await worker.tick();
  world.teams.verify();
  // Teams is not always right that a message is gone, so the first is tried once more.
  world.teams.expects(
    { by: 'edit', to: 'hospice', says: 'c1 is answered at 3', activityId: 'a3', outcome: gone },
    { by: 'edit', to: 'hospice', says: 'c1 is answered at 3', activityId: 'a1', outcome: gone },
  );
  await world.raise('c1', [show(hospice)], { open: false, revision: 3 });
  await worker.tick();
  world.teams.verify();
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 asks at 4' });
  await world.raise('c1', [show(hospice)], { open: true, revision: 4 });
  await worker.tick();
});

test('one that was answered while it was found to be gone is not posted anew', async () => {
  const { world, worker } = await asking();
  world.teams.expects({
    by: 'edit',
    to: 'hospice',
    says: 'c1 asks at 2',
    outcome: async () => {
      await world.raise('c1', [], { open: false, revision: 3 });
      return gone;
    },
  });
  await world.raise('c1', [show(hospice)], { revision: 2 });
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 is answered at 3', outcome: gone });
  await worker.tick();
  await world.clock.advance(1_000);
  await worker.tick();
  expect(await world.copy('c1', hospice)).toBeUndefined();
  expect(await world.due()).toEqual([]);
});

test('where one of two cards was deleted, the other says how things stand', async () => {
  const { world, worker, changeCopy } = await asking();
  await changeCopy({ earlier: [{ conversationId: 'hospice', activityId: 'e1' }] });
  world.teams.expects(
    { by: 'edit', to: 'hospice', says: 'c1 is answered at 2', activityId: 'a1', outcome: gone },
    { by: 'edit', to: 'hospice', says: 'c1 is answered at 2', activityId: 'e1' },
  );
  await world.raise('c1', [show(hospice)], { open: false, revision: 2 });
  await worker.tick();
  expect(await world.copy('c1', hospice)).toMatchObject({ activityId: 'e1', revision: 2 });
  expect(await world.due()).toEqual([]);
});

test('one that is out of sight is changed there, and not posted anew, when it is no longer asked', async () => {
  const { world, worker, changeCopy } = await asking();
  await changeCopy({ lost: true });
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 is answered at 2', activityId: 'a1' });
  await world.raise('c1', [show(hospice)], { open: false, revision: 2 });
  await worker.tick();
  expect(await world.due()).toEqual([]);
});

test('one that stands nowhere is not posted when it is no longer asked', async () => {
  const { world, worker } = await asking();
  await world.raise('c1', [show(channel('prime'))], { open: false, revision: 2 });
  await worker.tick();
  expect(await world.due()).toEqual([]);
  expect(await world.copy('c1', channel('prime'))).toBeUndefined();
});
