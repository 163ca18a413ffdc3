import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/core/messenger.ts';
import { channel, createWorld, person, show, tell } from './world.ts';

const AGAIN = 'You may have had this already. ';
const hospice = channel('hospice');
const types = (events: readonly { type: string }[]) =>
  events.map(({ type }) => type).filter((type) => type !== 'thing.changed');

test('a card is posted once, its copy kept and its delivery told to the feature in the same commit', async () => {
  const world = createWorld();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await world.worker().tick();
  expect(await world.copy('c1', hospice)).toMatchObject({
    conversationId: 'hospice',
    activityId: 'a1',
    revision: 1,
  });
  expect(types(await world.events('c1'))).toEqual(['notice.sent', 'thing.sent']);
  expect((await world.events('c1'))[1]?.data).toEqual({
    subject: 'thing:1',
    route: 'channel:hospice',
    form: 'show',
  });
  expect(world.settled).toMatchObject([{ subject: 'thing:1', outcome: 'sent', form: 'show' }]);
  expect(await world.due()).toEqual([]);
});

test('a card that stands is edited to the present state, however many changes there were', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  for (const revision of [2, 3, 4]) await world.raise('c1', [show(hospice)], { revision });
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 4', activityId: 'a1' });
  await worker.tick();
  expect(await world.copy('c1', hospice)).toMatchObject({ activityId: 'a1', revision: 4 });
});

test('a card that shows it already is left alone', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  await world.raise('c1', [show(hospice)]);
  await worker.tick();
  expect(await world.due()).toEqual([]);
  expect(world.settled).toHaveLength(1);
});

test('a card that looks different at the same revision is edited', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  await world.raise('c1', [show(hospice)], { extra: ', delivered' });
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 1, delivered' });
  await worker.tick();
});

test('a card that is gone is posted anew, and both places are kept', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  await world.raise('c1', [show(hospice)], { revision: 2 });
  world.teams.expects(
    { by: 'edit', to: 'hospice', says: 'c1 at 2', outcome: { kind: 'failed', reason: 'gone' } },
    { by: 'post', to: 'hospice', says: 'c1 at 2' },
  );
  await worker.tick();
  expect(await world.copy('c1', hospice)).toMatchObject({
    activityId: 'a3',
    earlier: [{ conversationId: 'hospice', activityId: 'a1' }],
  });
});

test('a line goes into the thread of its card, and to a person as a message of its own', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice), tell(hospice, 'accepted'), tell(person('alex'), 'accepted')]);
  world.teams.expects(
    { by: 'post', to: 'hospice', says: 'c1 at 1' },
    { by: 'post', to: 'hospice', says: 'c1: accepted', thread: 'a1' },
    { by: 'post', to: 'alex', says: 'c1: accepted' },
  );
  await worker.tick();
  expect(world.settled.map(({ form }) => form).sort()).toEqual(['show', 'tell', 'tell']);
});

test('nothing is sent after it stopped mattering', async () => {
  const world = createWorld();
  await world.raise('c1', [show(hospice), tell(hospice, 'overdue')]);
  await world.raise('c1', [], { open: false });
  await world.worker().tick();
  expect(await world.due()).toEqual([]);
  expect(world.settled).toEqual([]);
});

test('whether it matters is asked after the post is marked, just before it goes', async () => {
  const world = createWorld();
  await world.raise('c1', [tell(hospice, 'overdue')]);
  const worker = world.worker({
    // The last thing before the mark: what happens here must still stop the message.
    findReach: async () => {
      await world.raise('c1', [], { open: false });
      return {
        serviceUrl: '',
        conversationId: 'hospice',
        tenant: 'nhs',
        scope: 'channel',
        seenAt: world.clock.now(),
      };
    },
  });
  await worker.tick();
  expect(await world.due()).toEqual([]);
});

test('five lines go one by one, in order; six go as one message', async () => {
  const world = createWorld();
  const cases = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6'];
  for (const each of cases.slice(0, 5)) {
    await world.raise(each, [tell(hospice, 'noted')]);
    await world.clock.advance(1);
    world.teams.expects({ by: 'post', to: 'hospice', says: `${each}: noted` });
  }
  const worker = await world.idleWorker();
  await worker.tick();
  expect(world.teams.got.map(({ says }) => says)).toEqual(cases.slice(0, 5).map((each) => `${each}: noted`));

  await worker.stop();
  await world.clock.advance(60_000);
  for (const each of cases) {
    await world.raise(each, [tell(hospice, 'moved')]);
    await world.clock.advance(1);
  }
  const says = `6 updates:\n${cases.map((each) => `- ${each}: moved`).join('\n')}`;
  world.teams.expects({ by: 'post', to: 'hospice', says });
  await world.worker().tick();
  expect(await world.due()).toEqual([]);
  expect(world.settled).toHaveLength(11);
});

test('an unknown outcome is repeated once, later, and says that it may be a repeat', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [tell(hospice, 'overdue')]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1: overdue', outcome: { kind: 'unknown' } });
  await worker.tick();
  await world.clock.advance(20_000);
  await worker.tick();
  expect(world.teams.got).toHaveLength(1);
  world.teams.expects({ by: 'post', to: 'hospice', says: `${AGAIN}c1: overdue` });
  await world.clock.advance(11_000);
  await worker.tick();
  expect(await world.due()).toEqual([]);
  expect(types(await world.events('c1'))).toEqual(['notice.unknown', 'notice.sent', 'thing.sent']);
});

test('a second unknown outcome ends it, and is recorded as unknown', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [tell(hospice, 'overdue')]);
  const outcome: Outcome = { kind: 'unknown' };
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1: overdue', outcome });
  await worker.tick();
  world.teams.expects({ by: 'post', to: 'hospice', says: `${AGAIN}c1: overdue`, outcome });
  await world.clock.advance(31_000);
  await worker.tick();
  await world.clock.advance(600_000);
  await worker.tick();
  expect(types(await world.events('c1'))).toEqual(['notice.unknown', 'notice.unknown', 'thing.unknown']);
  expect(world.settled).toMatchObject([{ outcome: 'unknown' }]);
  expect(await world.due()).toEqual([]);
});

test('a card that a channel may have had twice is told to others once, and tried again until that is known', async () => {
  const world = createWorld();
  const nina = person('nina');
  world.fallbacks = (route) => (route.to === 'channel' ? [nina] : []);
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  const outcome: Outcome = { kind: 'unknown' };
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1', outcome });
  await worker.tick();
  world.teams.expects(
    { by: 'post', to: 'hospice', says: `${AGAIN}c1 at 1`, outcome },
    { by: 'post', to: 'nina', says: 'c1 at 1' },
  );
  await world.clock.advance(31_000);
  await worker.tick();
  world.teams.expects({ by: 'post', to: 'hospice', says: `${AGAIN}c1 at 1`, outcome });
  await world.clock.advance(31_000);
  await worker.tick();
  await world.clock.advance(31_000);
  await worker.tick();
  world.teams.expects({ by: 'post', to: 'hospice', says: `${AGAIN}c1 at 1` });
  await world.clock.advance(31_000);
  await worker.tick();
  await world.clock.advance(3_600_000);
  await worker.tick();
  world.teams.verify();
  expect(await world.due()).toEqual([]);
  expect((await world.copy('c1', hospice))?.activityId).toBe('a4');
});

test('a card whose channel never answers is given up after a day', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  const outcome: Outcome = { kind: 'unknown' };
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1', outcome });
  await worker.tick();
  const again = { by: 'post' as const, to: 'hospice', says: `${AGAIN}c1 at 1`, outcome };
  for (const waited of [31_000, 31_000, 25 * 3_600_000]) {
    expect(await world.due()).toHaveLength(1);
    world.teams.expects(again);
    await world.clock.advance(waited);
    await worker.tick();
  }
  expect(await world.due()).toEqual([]);
  expect(world.settled.at(-1)).toMatchObject({ outcome: 'unknown' });
});

test('a card that may have arrived is marked although a newer state was raised meanwhile', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1', outcome: { kind: 'unknown' } });
  await worker.tick();
  await world.raise('c1', [show(hospice)], { revision: 2 });
  world.teams.expects({ by: 'post', to: 'hospice', says: `${AGAIN}c1 at 2` });
  await worker.tick();
  await world.raise('c1', [show(hospice)], { revision: 3 });
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 3' });
  await worker.tick();
});

test('what is raised again while it is being sent is sent again', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects(
    {
      by: 'post',
      to: 'hospice',
      says: 'c1 at 1',
      outcome: async () => {
        await world.raise('c1', [show(hospice)], { revision: 2 });
        return { kind: 'sent', conversationId: 'hospice', activityId: 'a1' };
      },
    },
    { by: 'edit', to: 'hospice', says: 'c1 at 2', activityId: 'a1' },
  );
  await worker.tick();
  expect(await world.due()).toEqual([]);
});

test('an edit without an answer is repeated as it is: it does no harm twice', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  await world.raise('c1', [show(hospice)], { revision: 2 });
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 2', outcome: { kind: 'unknown' } });
  await worker.tick();
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 2' });
  await world.clock.advance(31_000);
  await worker.tick();
  expect(await world.due()).toEqual([]);
});

test('an edit without an answer may still land over a newer one, so that the newer is said once more after it', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  await world.raise('c1', [show(hospice)], { revision: 2 });
  const meanwhile = async (): Promise<Outcome> => {
    await world.raise('c1', [show(hospice)], { revision: 3 });
    return { kind: 'unknown' };
  };
  world.teams.expects(
    { by: 'edit', to: 'hospice', says: 'c1 at 2', outcome: meanwhile },
    { by: 'edit', to: 'hospice', says: 'c1 at 3' },
  );
  await worker.tick();
  await worker.tick();
  world.teams.verify();
  await world.clock.advance(20_000);
  await worker.tick();
  world.teams.expects({ by: 'edit', to: 'hospice', says: 'c1 at 3' });
  await world.clock.advance(18_000);
  await worker.tick();
  expect(await world.due()).toEqual([]);
  expect(await world.copy('c1', hospice)).not.toHaveProperty('unsureUntil');
});

test('throttled, a conversation waits as long as Teams says and keeps its order; others go on', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [tell(hospice, 'one')]);
  await world.clock.advance(1);
  await world.raise('c2', [tell(hospice, 'two')]);
  await world.raise('c3', [tell(channel('prime'), 'three')]);
  world.teams.expects(
    { by: 'post', to: 'hospice', says: 'c1: one', outcome: { kind: 'throttled', retryAfterMs: 9_000 } },
    { by: 'post', to: 'prime', says: 'c3: three' },
  );
  await worker.tick();
  await world.clock.advance(8_000);
  await worker.tick();
  expect(world.teams.got).toHaveLength(2);
  world.teams.expects(
    { by: 'post', to: 'hospice', says: 'c1: one' },
    { by: 'post', to: 'hospice', says: 'c2: two' },
  );
  await world.clock.advance(2_000);
  await worker.tick();
  expect(world.teams.got.map(({ says }) => says).slice(2)).toEqual(['c1: one', 'c2: two']);
  expect(types(await world.events('c1'))).toEqual(['notice.sent', 'thing.sent']);
});

test("Teams' limits are kept without being told: seven in a second, the rest after", async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  for (let i = 1; i <= 9; i++) {
    await world.raise(`c${i}`, [show(hospice)]);
    world.teams.expects({ by: 'post', to: 'hospice', says: `c${i} at 1` });
  }
  await worker.tick();
  expect(world.teams.got).toHaveLength(7);
  await world.clock.advance(1_000);
  await worker.tick();
  expect(world.teams.got).toHaveLength(8);
  await world.clock.advance(1_000);
  await worker.tick();
  expect(world.teams.got).toHaveLength(9);
});

test('a route that fails falls back to people, and the feature is told when they fail too', async () => {
  const world = createWorld();
  world.fallbacks = (route) => (route.to === 'channel' ? [person('alex'), person('sam')] : []);
  await world.raise('c1', [tell(hospice, 'overdue')]);
  const refused: Outcome = { kind: 'failed', reason: 'refused' };
  world.teams.expects(
    { by: 'post', to: 'hospice', says: 'c1: overdue', outcome: refused },
    { by: 'post', to: 'alex', says: 'c1: overdue' },
    { by: 'post', to: 'sam', says: 'c1: overdue', outcome: refused },
  );
  await world.worker().tick();
  expect(world.settled.map(({ route, outcome }) => [route, outcome])).toEqual(
    expect.arrayContaining([
      [person('alex'), 'sent'],
      [person('sam'), 'failed'],
    ]),
  );
  expect(world.settled).toHaveLength(2);
  expect(await world.due()).toEqual([]);
});

test('where nobody was seen, others are told after two minutes, and the notice goes when somebody comes', async () => {
  const world = createWorld();
  world.fallbacks = (route) => (route.to === 'channel' ? [person('alex')] : []);
  world.nobodyAt.add('hospice');
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  await worker.tick();
  await world.clock.advance(100_000);
  await worker.tick();
  expect(world.teams.got).toEqual([]);
  world.teams.expects({ by: 'post', to: 'alex', says: 'c1 at 1' });
  await world.clock.advance(31_000);
  await worker.tick();
  await worker.tick();
  await world.clock.advance(600_000);
  await worker.tick();
  expect(await world.due()).toEqual(['notice:thing:1:show:channel:hospice']);
  world.nobodyAt.clear();
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  worker.reached();
  await worker.tick();
  expect(await world.due()).toEqual([]);
});

test('where nobody was seen and nobody else can be told, the feature is told once', async () => {
  const world = createWorld();
  world.nobodyAt.add('hospice');
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  for (let minutes = 0; minutes < 10; minutes++) {
    await world.clock.advance(60_000);
    await worker.tick();
  }
  expect(world.settled).toMatchObject([{ outcome: 'failed' }]);
});

test('safeguarding goes before what was raised earlier', async () => {
  const world = createWorld();
  await world.raise('c1', [tell(hospice, 'one')]);
  await world.clock.advance(1_000);
  await world.raise('c2', [{ form: 'tell', subject: 'urgent:1', route: hospice, line: 'two' }]);
  world.teams.expects(
    { by: 'post', to: 'hospice', says: 'c1: one' },
    { by: 'post', to: 'hospice', says: 'c2: two' },
  );
  await world.worker().tick();
  expect(world.teams.got.map(({ says }) => says)).toEqual(['c2: two', 'c1: one']);
});

test('a card raised again before it was sent still goes before the lines of its thread', async () => {
  const world = createWorld();
  await world.raise('c1', [show(hospice), tell(hospice, 'one')]);
  await world.clock.advance(1_000);
  await world.raise('c1', [show(hospice)]);
  world.teams.expects(
    { by: 'post', to: 'hospice', says: 'c1 at 1' },
    { by: 'post', to: 'hospice', says: 'c1: one', thread: 'a1' },
  );
  await world.worker().tick();
  expect(world.teams.got.map(({ says }) => says)).toEqual(['c1 at 1', 'c1: one']);
});

test('a card that only says that something is over goes after what still asks, in turn among its like', async () => {
  const world = createWorld();
  for (const id of ['c1', 'c2']) {
    await world.raise(id, [{ form: 'show', subject: 'thing:1', route: hospice, isOver: true }]);
    await world.clock.advance(1_000);
  }
  await world.raise('c3', [show(hospice)]);
  await world.raise('c4', [tell(hospice, 'one')]);
  for (const says of ['c3 at 1', 'c4: one', 'c1 at 1', 'c2 at 1']) {
    world.teams.expects({ by: 'post', to: 'hospice', says });
  }
  await world.worker().tick();
  expect(world.teams.got.map(({ says }) => says)).toEqual(['c3 at 1', 'c4: one', 'c1 at 1', 'c2 at 1']);
});

test('a notice whose words cannot be made does not hold up the others', async () => {
  const world = createWorld();
  await world.raise('c1', [{ form: 'tell', subject: 'unheard-of:1', route: hospice, line: 'one' }]);
  await world.raise('c2', [tell(hospice, 'two')]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c2: two' });
  const worker = await world.idleWorker();
  await worker.tick();
  await worker.tick();
  expect(world.errors).toEqual(['nothing presents this notice']);
});

test('a tenant is kept within its limit though many of its conversations are served at the same time', async () => {
  const world = createWorld();
  const places = Array.from({ length: 45 }, (_, n) => `channel ${n}`);
  for (const place of places) {
    await world.raise(`case ${place}`, [show(channel(place))]);
    world.teams.expects({ by: 'post', to: place, says: `case ${place} at 1` });
  }
  const started = world.clock.now();
  await world.worker().tick();
  expect(world.teams.got.filter(({ at }) => at === started)).toHaveLength(30);
  await world.clock.advance(1_000);
  await expect.poll(() => world.teams.got.length).toBe(45);
});

test('what turns out to need no message leaves its place to others', async () => {
  const world = createWorld();
  for (let n = 0; n < 10; n++) await world.raise(`closed ${n}`, [show(hospice)], { open: false });
  await world.raise('open', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'open at 1' });
  await world.worker().tick();
  expect(world.teams.got).toHaveLength(1);
});
