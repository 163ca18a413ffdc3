import { expect, test } from 'vitest';
import type { Doc, Head } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import { Unavailable } from '../../../src/core/errors.ts';
import type { TimerFired, Timers } from '../../../src/jobs/ticker.ts';
import type { Listed, Store } from '../../../src/store/store.ts';
import { timerDue } from '../../../src/store/turn.ts';
import { channel, createWorld, PATHWAY, person, show, tell, type World } from './world.ts';

const AGAIN = 'You may have had this already. ';
const hospice = channel('hospice');

const setTimer = (world: World, caseId: string, afterMs: number, fires = 'ring'): Promise<void> =>
  world.raise(
    caseId,
    [],
    {},
    {
      timers: [{ subject: 'thing:1', fires, due: plusMs(world.clock.now(), afterMs) }],
    },
  );

interface Fired extends TimerFired {
  readonly wasLate: boolean;
}

/** A timer whose command removes it, as every command must. */
function ringing(world: World): { fired: Fired[]; timers: Timers } {
  const fired: Fired[] = [];
  const ring = async (timer: TimerFired): Promise<void> => {
    let wasLate = false;
    await world.turn<Head, void>(
      { pathwayId: PATHWAY, caseId: timer.caseId },
      'case',
      async (loaded, now) => {
        const due = await timerDue(loaded, 'thing:1');
        // Another worker may have been faster.
        if (due === undefined) return { answer: undefined };
        wasLate = timer.late(due, now);
        return { change: { timers: [{ subject: 'thing:1', fires: 'ring', due: null }] }, answer: undefined };
      },
    );
    fired.push({ ...timer, wasLate });
  };
  return { fired, timers: { ring } };
}

test('a timer fires when it is due, not before, and once', async () => {
  const world = createWorld();
  const { fired, timers } = ringing(world);
  const worker = await world.idleWorker({ timers });
  await setTimer(world, 'c1', 60_000);
  await world.clock.advance(59_000);
  await worker.tick();
  expect(fired).toEqual([]);
  await world.clock.advance(1_000);
  await worker.tick();
  await worker.tick();
  expect(fired).toMatchObject([{ pathwayId: PATHWAY, caseId: 'c1', subject: 'thing:1' }]);
  expect(fired.map(({ wasLate }) => wasLate)).toEqual([false]);
  expect(await world.due()).toEqual([]);
});

test('what is decided long after its timer fired is late as well', async () => {
  const world = createWorld();
  const { fired, timers } = ringing(world);
  const worker = await world.idleWorker({ timers });
  await setTimer(world, 'c1', 1_000);
  await world.clock.advance(1_000);
  await worker.tick();
  const at = world.clock.now();
  expect(fired.map(({ late }) => [late(at, at), late(at, plusMs(at, 600_000)), late(undefined, at)])).toEqual(
    [[false, true, false]],
  );
});

test('after an outage what is overdue fires once, in order, and says that it is late', async () => {
  const world = createWorld();
  const { fired, timers } = ringing(world);
  await setTimer(world, 'c3', 3_000);
  await setTimer(world, 'c1', 1_000);
  await setTimer(world, 'c2', 2_000);
  await world.clock.advance(3_600_000);
  const worker = world.worker({ timers });
  await worker.tick();
  await worker.tick();
  expect(fired.map(({ caseId, wasLate }) => [caseId, wasLate])).toEqual([
    ['c1', true],
    ['c2', true],
    ['c3', true],
  ]);
});

test('safeguarding goes before what has been due for longer, and a long list does not hold back what it raised', async () => {
  const world = createWorld();
  const { clock, teams } = world;
  const order: string[] = [];
  const timers: Timers = {
    ring: async ({ caseId, subject }) => {
      order.push(caseId);
      await world.turn<Head, void>({ pathwayId: PATHWAY, caseId }, 'case', async (loaded) => ({
        change: {
          documents: loaded.head ? [loaded.head] : [],
          timers: [{ subject, fires: 'ring', due: null }],
          ...(caseId === 'c000' && { notices: [tell(hospice, 'begun')] }),
        },
        answer: undefined,
      }));
      if (teams.got.length > 0 && !order.includes('said')) order.push('said');
    },
  };
  for (let n = 0; n < 250; n++) await setTimer(world, `c${String(n).padStart(3, '0')}`, 1_000 + n);
  const urgent = { subject: 'urgent:1', fires: 'ring', due: plusMs(clock.now(), 60_000) };
  await world.raise('concern', [], {}, { timers: [urgent] });
  teams.expects({ by: 'post', to: 'hospice', says: 'c000: begun' });
  await clock.advance(120_000);
  await world.worker({ timers }).tick();
  expect(order.slice(0, 2)).toEqual(['concern', 'c000']);
  expect(order).toHaveLength(252);
  expect(order.indexOf('said')).toBeLessThan(200);
  teams.verify();
});

test('a timer whose command fails is tried again, later each time, and holds up no other', async () => {
  const world = createWorld();
  const { fired, timers } = ringing(world);
  let tries = 0;
  const fails = async (): Promise<void> => {
    tries++;
    throw new Error('not yet');
  };
  await setTimer(world, 'c1', 0, 'fails');
  await setTimer(world, 'c2', 0);
  const worker = world.worker({ timers: { ...timers, fails } });
  await worker.tick();
  expect(fired).toHaveLength(1);
  expect(tries).toBe(1);
  for (let seconds = 0; seconds < 60; seconds++) {
    await world.clock.advance(1_000);
    await worker.tick();
  }
  expect(tries).toBeGreaterThan(3);
  expect(tries).toBeLessThan(8);
  expect(worker.behind().ms).toBeGreaterThanOrEqual(60_000);
});

test('a timer that nothing knows is said once and shows in what is behind', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  expect(worker.behind()).toEqual({ ms: 0, unknownTimers: 0 });
  await setTimer(world, 'c1', 0, 'constructor');
  await worker.tick();
  await world.clock.advance(30_000);
  await worker.tick();
  expect(worker.behind()).toMatchObject({ ms: 30_000, unknownTimers: 1 });
  expect(world.errors).toEqual(['nothing fires this timer']);
});

test('of a timer of a concern that does not go, neither its time nor its name is told', async () => {
  const world = createWorld();
  const said: unknown[] = [];
  const log = (facts: object, message: string): void => void said.push(facts, message);
  const worker = await world.idleWorker({
    log: { warn: log, error: log },
    timers: {
      'concern.due': async () => {
        throw new Error('a fault');
      },
    },
  });
  await setTimer(world, 'concern:7K2-M4Z', 0, 'concern.due');
  await setTimer(world, 'concern:AAA-AAA', 0, 'concern.unknown');
  await worker.tick();
  await world.clock.advance(30_000);
  await worker.tick();
  expect(worker.behind().ms).toBe(0);
  expect(said).toContain('a timer did not go and is tried again');
  expect(said).toContain('nothing fires this timer');
  expect(JSON.stringify(said)).not.toMatch(/concern|7K2|AAA/);
});

test('a message about concerns alone is marked as one that is not counted', async () => {
  const world = createWorld();
  const counted: [string, boolean][] = [];
  const worker = await world.idleWorker({
    told: async (reach, _, __, apart) => void counted.push([reach.conversationId, apart]),
  });
  const [sana, olu, dora] = [person('sana'), person('olu'), person('dora')];
  await world.raise('concern:7K2-M4Z', [tell(sana, 'asked'), show(olu), tell(dora, 'asked')]);
  await world.raise('c1', [tell(dora, 'overdue'), show(hospice)]);
  world.teams.expects({ by: 'post', to: 'sana', says: 'concern:7K2-M4Z: asked' });
  world.teams.expects({ by: 'post', to: 'olu', says: 'concern:7K2-M4Z at 1' });
  world.teams.expects({ by: 'post', to: 'dora', says: 'c1: overdue' });
  world.teams.expects({ by: 'post', to: 'dora', says: 'concern:7K2-M4Z: asked' });
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  expect(counted.map(([to, apart]) => `${to}: ${apart}`).sort()).toEqual([
    'dora: false',
    'dora: true',
    'hospice: false',
    'olu: true',
    'sana: true',
  ]);
});

test('a kick after a commit delivers at once, without waiting for the next look', async () => {
  const world = createWorld();
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  worker.kick(PATHWAY);
  await expect.poll(() => world.settled.length).toBe(1);
});

test('without a kick it is delivered by the next poll', async () => {
  const world = createWorld();
  await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await world.clock.advance(1_000);
  await expect.poll(() => world.settled.length).toBe(1);
});

test('two workers on one store send each notice once and fire each timer once', async () => {
  const world = createWorld();
  const { fired, timers } = ringing(world);
  const cases = Array.from({ length: 20 }, (_, i) => `c${i + 10}`);
  for (const each of cases) {
    await world.raise(
      each,
      [show(channel(each))],
      {},
      {
        timers: [{ subject: 'thing:1', fires: 'ring', due: world.clock.now() }],
      },
    );
    world.teams.expects({ by: 'post', to: each, says: `${each} at 1` });
  }
  const [one, two] = [world.worker({ timers }), world.worker({ timers })];
  await Promise.all([one.tick(), two.tick(), one.tick(), two.tick()]);
  expect(world.settled).toHaveLength(cases.length);
  expect(fired.map(({ caseId }) => caseId)).toEqual(cases);
});

test('a worker that stops gives its lease back: another goes on at once', async () => {
  const world = createWorld();
  const one = await world.idleWorker();
  const two = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  await two.tick();
  expect(world.teams.got).toEqual([]);
  await one.stop();
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await two.tick();
});

test('a worker that dies between Teams and the record leaves an unknown outcome: one marked repeat, no more', async () => {
  const world = createWorld();
  const { turn, store } = world;
  const never = new Promise<never>(() => undefined);
  let dead = false;
  // The first worker posts, never comes to record it, and is then heard of no more.
  const one = world.worker({
    turn: () => never,
    store: { ...store, get: (key, id) => (dead ? never : store.get(key, id)) },
  });
  one.stop = async () => undefined;
  await world.raise('c1', [tell(hospice, 'overdue')]);
  await world.raise('c2', [tell(person('alex'), 'accepted')]);
  world.teams.expects(
    { by: 'post', to: 'hospice', says: 'c1: overdue' },
    { by: 'post', to: 'alex', says: 'c2: accepted' },
  );
  void one.tick();
  await expect.poll(() => world.teams.got.length).toBe(2);
  dead = true;
  await world.raise('c3', [tell(channel('prime'), 'new')]);

  await world.clock.advance(15_000);
  world.teams.expects(
    { by: 'post', to: 'hospice', says: `${AGAIN}c1: overdue` },
    { by: 'post', to: 'alex', says: `${AGAIN}c2: accepted` },
    // Nobody had begun to send this one, so nobody can have had it.
    { by: 'post', to: 'prime', says: 'c3: new' },
  );
  const two = world.worker({ turn, holder: 'another' });
  await two.tick();
  await two.tick();
  expect(await world.due()).toEqual([]);
  expect((await world.events('c1')).map(({ type }) => type)).toEqual([
    'thing.changed',
    'notice.unknown',
    'notice.sent',
    'thing.sent',
  ]);
});

test('a worker that lost its lease sends nothing more, however long it was away', async () => {
  const world = createWorld();
  const one = await world.idleWorker();
  await world.clock.advance(16_000);
  const two = world.worker();
  await two.tick();
  await one.tick();
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await Promise.all([one.tick(), two.tick()]);
  expect(world.settled).toHaveLength(1);
});

test('what Teams took is recorded by trying again, never by sending again', async () => {
  let away = false;
  const world = createWorld({
    store: (store) => ({
      ...store,
      async commit(key, writes) {
        if (away && key.caseId === 'c1') throw new Error('the disk is full');
        return store.commit(key, writes);
      },
    }),
  });
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  away = true;
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  await world.clock.advance(10_000);
  await worker.tick();
  expect(world.settled.length).toBeGreaterThan(0);
  expect(await world.copy('c1', hospice)).toBeUndefined();
  away = false;
  await world.clock.advance(60_000);
  await worker.tick();
  expect(await world.copy('c1', hospice)).toMatchObject({ activityId: 'a1' });
  expect(world.teams.got).toHaveLength(1);
});

test.each([
  [
    'a card that was sent',
    show(hospice),
    'c1 at 1',
    { kind: 'sent', conversationId: 'hospice', activityId: 'a1' },
  ],
  [
    'a line that was sent',
    tell(hospice, 'new'),
    'c1: new',
    { kind: 'sent', conversationId: 'hospice', activityId: 'a1' },
  ],
  ['a card that may have been', show(hospice), 'c1 at 1', { kind: 'unknown' }],
  ['a line that may have been', tell(hospice, 'new'), 'c1: new', { kind: 'unknown' }],
  ['a line that failed', tell(hospice, 'new'), 'c1: new', { kind: 'failed', reason: 'gone' }],
] as const)(
  'an outcome is recorded once, although the answer of the store was lost: %s',
  async (_, notice, says, outcome) => {
    let lost = 0;
    const world = createWorld({
      store: (store) => ({
        ...store,
        async commit(key, writes) {
          await store.commit(key, writes);
          const records = writes.some((write) => write.do === 'create' && write.doc.id === 'event:00000002');
          if (records && lost++ === 0) throw new Unavailable('no answer', 'unknown');
        },
      }),
    });
    const worker = await world.idleWorker();
    await world.raise('c1', [notice]);
    world.teams.expects({ by: 'post', to: 'hospice', says, outcome });
    await worker.tick();
    expect(lost).toBe(1);
    const recorded = (await world.events('c1')).filter(({ type }) => type.startsWith('notice.'));
    expect(recorded.map(({ type }) => type)).toEqual([`notice.${outcome.kind}`]);
  },
);

test('an outcome that cannot be recorded stands aside after some tries, and is not sent again', async () => {
  const world = createWorld({
    store: (store) => ({
      ...store,
      async commit(key, writes) {
        if (writes.some(({ do: doing }) => doing === 'remove') && key.caseId === 'c1') throw new Error('no');
        return store.commit(key, writes);
      },
    }),
  });
  const worker = await world.idleWorker();
  await world.raise('c1', [show(hospice)]);
  await world.clock.advance(1);
  await world.raise('c2', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  expect(world.teams.got).toHaveLength(1);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c2 at 1' });
  for (let seconds = 0; seconds < 120; seconds += 5) {
    await world.clock.advance(5_000);
    await worker.tick();
  }
  expect(world.teams.got).toHaveLength(2);
  expect(await world.due()).toEqual(['notice:thing:1:show:channel:hospice']);
});

test('an outcome recorded before the worker died is not counted again by the next', async () => {
  const world = createWorld();
  const { store } = world;
  let dead = false;
  const never = new Promise<never>(() => undefined);
  const one = world.worker({
    store: { ...store, get: (key, id) => (dead ? never : store.get(key, id)) },
  });
  one.stop = async () => undefined;
  await one.tick();
  await world.raise('c1', [tell(hospice, 'overdue')]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1: overdue', outcome: { kind: 'unknown' } });
  await one.tick();
  dead = true;
  await world.clock.advance(31_000);
  world.teams.expects({ by: 'post', to: 'hospice', says: `${AGAIN}c1: overdue` });
  await world.worker({ holder: 'another' }).tick();
  expect(world.settled).toMatchObject([{ outcome: 'sent' }]);
});

test('of a card in mid-send when its worker died and raised again since, the next post is marked', async () => {
  const world = createWorld();
  const { turn, store } = world;
  const never = new Promise<never>(() => undefined);
  let dead = false;
  const one = world.worker({
    turn: () => never,
    store: { ...store, get: (key, id) => (dead ? never : store.get(key, id)) },
  });
  one.stop = async () => undefined;
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  void one.tick();
  await expect.poll(() => world.teams.got.length).toBe(1);
  dead = true;
  await world.raise('c1', [show(hospice)], { revision: 2 });
  await world.clock.advance(15_000);
  world.teams.expects({ by: 'post', to: 'hospice', says: `${AGAIN}c1 at 2` });
  await world.worker({ turn, holder: 'another' }).tick();
  expect(await world.due()).toEqual([]);
});

test('a list read before a notice was sent does not send it again', async () => {
  let stale: unknown[] | undefined;
  const world = createWorld({
    store: (store) => ({
      ...store,
      page: <T extends Doc>(...args: Parameters<Store['page']>) =>
        stale ? Promise.resolve(stale as Listed<T>[]) : store.page<T>(...args),
    }),
  });
  await world.raise('c1', [tell(hospice, 'new')]);
  const listed = await world.store.page(PATHWAY, 'due', { limit: 10 });
  expect(listed).toHaveLength(1);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1: new' });
  const worker = await world.idleWorker();
  stale = listed;
  await worker.tick();
  expect(world.teams.got).toHaveLength(1);
});

test('thousands that wait for one conversation do not hold up another, and memory stays bounded', async () => {
  const world = createWorld();
  world.nobodyAt.add('nobody');
  for (let i = 0; i < 700; i++) await world.raise(`w${i}`, [show(person('nobody'))]);
  const worker = await world.idleWorker();
  await world.clock.advance(1_500);
  await world.raise('c1', [show(hospice)]);
  world.teams.expects({ by: 'post', to: 'hospice', says: 'c1 at 1' });
  await worker.tick();
  expect(world.settled).toHaveLength(1);
  expect(await world.store.count(PATHWAY, 'due')).toBe(700);
});
