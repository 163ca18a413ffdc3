import { expect, onTestFinished, test } from 'vitest';
import type { NoticeDraft } from '../../../src/core/change.ts';
import { type FindPager, type Page, type PageOutcome, pageReference } from '../../../src/core/page.ts';
import type { Presenter, Settled } from '../../../src/jobs/outbox.ts';
import type { TickerDeps } from '../../../src/jobs/ticker.ts';
import { createPaging } from '../../../src/paging/client.ts';
import { startPager } from '../../support/pager.ts';
import { createWorld, PATHWAY } from './world.ts';

const SECRET = 'st-annes-and-baton-know-this-alone';
const RING = '0300 123 4503';
const route = { to: 'pager', provider: 'st-annes' } as const;
const line = 'escalation.wake';
const wake = (n = 1): NoticeDraft => ({ form: 'tell', subject: `prompt:thing:${n}`, route, line });
const reference = (n = 1, caseId = 'c1') =>
  pageReference({ pathwayId: PATHWAY, caseId }, { subject: `prompt:thing:${n}`, route, line });

/** A paging service, and the toy feature's prompts, which wake people until `over`. */
async function wakingWorld(withKey = true) {
  const world = createWorld();
  const now = () => Date.parse(world.clock.now()) / 1000;
  const pager = await startPager({ secrets: { 'st-annes': SECRET }, now });
  onTestFinished(() => pager.close());
  const settled: Settled[] = [];
  const state = { over: false };
  const unasked = async (): Promise<never> => Promise.reject(new Error('a pager is never asked for this'));
  const presenter: Presenter = {
    head: () => 'case',
    show: unasked,
    tell: unasked,
    fallbacks: unasked,
    ring: async () => (state.over ? undefined : RING),
    settled(_, what) {
      settled.push(what);
      return { events: [{ type: `prompt.${what.outcome}`, by: { system: 'test' }, data: {} }] };
    },
  };
  const call = createPaging({
    keys: withKey ? [{ provider: 'st-annes', secret: SECRET }] : [],
    clock: world.clock,
    log: { warn: () => undefined },
  });
  const findPager: FindPager = async (_, provider) => (page) => call(pager.url, provider, page);
  return {
    ...world,
    pager,
    settled,
    state,
    worker: (more: Partial<TickerDeps> = {}) =>
      world.worker({ presenters: { prompt: presenter }, findPager, ...more }),
    presenter,
    call: (page: Page) => call(pager.url, 'st-annes', page),
    record: async (caseId = 'c1') =>
      (await world.events(caseId))
        .filter(({ type }) => type !== 'thing.changed')
        .map(({ type, data }) => ({ type, ...data })),
  };
}

const about = { subject: 'prompt:thing:1', route: 'pager:st-annes', form: 'tell', line };

test('a page goes once, and what the service answered is recorded and told to the feature', async () => {
  const world = await wakingWorld();
  await world.raise('c1', [wake()]);
  await world.worker().tick();
  expect(world.pager.calls).toEqual([
    { reference: reference(), ring: RING, again: false, provider: 'st-annes', woke: true },
  ]);
  expect(await world.record()).toEqual([
    { type: 'notice.sent', ...about, reference: reference(), status: '202' },
    { type: 'prompt.sent' },
  ]);
  expect(world.settled).toMatchObject([{ subject: 'prompt:thing:1', route, line, outcome: 'sent' }]);
  expect(await world.due()).toEqual([]);
});

test('more pages than lines that would go as one message are as many calls', async () => {
  const world = await wakingWorld();
  const numbers = [1, 2, 3, 4, 5, 6, 7];
  await world.raise('c1', numbers.map(wake));
  await world.worker().tick();
  expect(world.pager.calls.map((call) => call.reference).sort()).toEqual(
    numbers.map((n) => reference(n)).sort(),
  );
  expect(world.pager.calls.every(({ woke }) => woke)).toBe(true);
});

test('a page without a known outcome is repeated once with the same reference, and wakes nobody twice', async () => {
  const world = await wakingWorld();
  const worker = world.worker();
  world.pager.answers('answer-lost');
  await world.raise('c1', [wake()]);
  await worker.tick();
  expect(await world.record()).toEqual([
    { type: 'notice.unknown', ...about, reference: reference(), repeated: 'yes' },
  ]);
  await world.clock.advance(29_000);
  await worker.tick();
  expect(world.pager.calls).toHaveLength(1);
  await world.clock.advance(2_000);
  await worker.tick();
  expect(world.pager.calls.map(({ again, woke }) => [again, woke])).toEqual([
    [false, true],
    [true, false],
  ]);
  expect(new Set(world.pager.calls.map((call) => call.reference))).toEqual(new Set([reference()]));
  expect((await world.record()).map(({ type }) => type)).toEqual([
    'notice.unknown',
    'notice.sent',
    'prompt.sent',
  ]);
});

test('a page without an outcome twice is not sent a third time, and the feature is told', async () => {
  const world = await wakingWorld();
  const worker = world.worker();
  world.pager.answers({ status: 500 }, { status: 504 });
  await world.raise('c1', [wake()]);
  for (let minutes = 0; minutes < 5; minutes++) {
    await worker.tick();
    await world.clock.advance(60_000);
  }
  expect(world.pager.calls).toHaveLength(2);
  expect(await world.record()).toEqual([
    { type: 'notice.unknown', ...about, reference: reference(), status: '500', repeated: 'yes' },
    { type: 'notice.unknown', ...about, reference: reference(), status: '504', reason: 'no-answer' },
    { type: 'prompt.unknown' },
  ]);
  expect(world.settled).toMatchObject([{ outcome: 'unknown', reason: 'no-answer' }]);
  expect(await world.due()).toEqual([]);
});

test.each<[why: string, reason: string, more: Partial<TickerDeps>, withKey: boolean, calls: number]>([
  ['the service refuses', 'refused', {}, true, 1],
  ['there is no key to sign with', 'no-key', {}, false, 0],
  ['the agreement names no service', 'no-pager', { findPager: async () => undefined }, true, 0],
])('where %s the page fails at once, and the feature is told', async (_, reason, more, withKey, calls) => {
  const world = await wakingWorld(withKey);
  world.pager.answers({ status: 403 });
  await world.raise('c1', [wake()]);
  await world.worker(more).tick();
  expect(world.pager.calls).toHaveLength(calls);
  expect(await world.record()).toMatchObject([
    { type: 'notice.failed', ...about, reason },
    { type: 'prompt.failed' },
  ]);
  expect(world.settled).toMatchObject([{ route, outcome: 'failed', reason }]);
  expect(await world.due()).toEqual([]);
});

test('a busy service is called again when it says, but never later than a minute', async () => {
  const world = await wakingWorld();
  const worker = world.worker();
  world.pager.answers({ status: 429, retryAfter: '5' }, { status: 503, retryAfter: '86400' });
  await world.raise('c1', [wake()]);
  const callsAfter = async (ms: number): Promise<number> => {
    await world.clock.advance(ms);
    await worker.tick();
    return world.pager.calls.length;
  };
  expect([await callsAfter(0), await callsAfter(4_000), await callsAfter(1_100)]).toEqual([1, 1, 2]);
  expect([await callsAfter(58_000), await callsAfter(3_000)]).toEqual([2, 3]);
  expect(world.pager.calls.map(({ again }) => again)).toEqual([false, false, false]);
  expect((await world.record()).map(({ type }) => type)).toEqual(['notice.sent', 'prompt.sent']);
});

test('a service that stays busy is called eight times over four minutes, then given up, and the feature is told', async () => {
  const world = await wakingWorld();
  const worker = world.worker();
  world.pager.answers(...Array.from({ length: 12 }, () => ({ status: 429, retryAfter: '0' })));
  await world.raise('c1', [wake()]);
  const at: number[] = [];
  for (let seconds = 0; seconds < 600; seconds++) {
    await worker.tick();
    while (at.length < world.pager.calls.length) at.push(seconds);
    await world.clock.advance(1_000);
  }
  expect(at).toHaveLength(8);
  expect(at.map((second, n) => second - (at[n - 1] ?? 0))).toEqual([0, 5, 10, 20, 40, 60, 60, 60]);
  expect(world.settled).toMatchObject([{ outcome: 'failed', reason: 'no-answer' }]);
  expect(await world.record()).toMatchObject([
    { type: 'notice.failed', reason: 'no-answer', status: '429' },
    { type: 'prompt.failed' },
  ]);
  expect(await world.due()).toEqual([]);
});

test('nobody is woken for what stopped mattering', async () => {
  const world = await wakingWorld();
  await world.raise('c1', [wake()]);
  world.state.over = true;
  await world.worker().tick();
  expect([...world.pager.calls, ...world.settled, ...(await world.record())]).toEqual([]);
  expect(await world.due()).toEqual([]);
});

test('a feature that raises a page and knows no number is a mistake that is logged, and nothing is sent', async () => {
  const world = await wakingWorld();
  const { ring: _, ...numberless } = world.presenter;
  await world.raise('c1', [wake()]);
  await world.worker({ presenters: { prompt: numberless } }).tick();
  expect(world.errors).toEqual(['a notice could not be sent']);
  expect(world.pager.calls).toEqual([]);
});

test.each([
  ['before the service was called', false],
  ['after it took the page and before its answer', true],
])('a worker killed %s leaves one repeat to the next, which says so', async (_, taken) => {
  const world = await wakingWorld();
  let dead = false;
  let revive: (outcome: PageOutcome) => void = () => undefined;
  const never = new Promise<PageOutcome>((resolve) => {
    revive = resolve;
  });
  await world.raise('c1', [wake()]);
  const first = world.worker({
    findPager: async () => async (page) => {
      if (taken) await world.call(page);
      dead = true;
      return never;
    },
    clock: {
      now: () => world.clock.now(),
      sleep: (ms, signal) =>
        dead
          ? new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
          : world.clock.sleep(ms, signal),
    },
  });
  await expect.poll(() => dead).toBe(true);
  // The first look ended before its sending did: its last sleep goes by, and no other follows.
  await world.clock.advance(1_000);
  const second = world.worker();
  await world.clock.advance(20_000);
  await second.tick();
  await world.clock.advance(60_000);
  await second.tick();
  expect(world.pager.calls.map(({ again, woke }) => [again, woke])).toEqual(
    taken
      ? [
          [false, true],
          [true, false],
        ]
      : [[true, true]],
  );
  expect((await world.record()).map(({ type }) => type)).toEqual([
    'notice.unknown',
    'notice.sent',
    'prompt.sent',
  ]);
  expect(await world.due()).toEqual([]);
  revive({ kind: 'unknown' });
  await first.stop();
});
