import { describe, expect, onTestFinished, test } from 'vitest';
import type { Agreement } from '../../../src/agreement/agreement.ts';
import type { NoticeDraft, Route } from '../../../src/core/change.ts';
import { plusMs } from '../../../src/core/clock.ts';
import type { Message, Messenger, Outcome, Reach } from '../../../src/core/messenger.ts';
import { WATCH_CASE, WATCH_ID, type WatchDoc } from '../../../src/jobs/alarm.ts';
import type { WaitingNotice } from '../../../src/jobs/presenter.ts';
import { lateAfter } from '../../../src/jobs/ticker.ts';
import { notWell, startWatchdog, type Watchdog } from '../../../src/jobs/watchdog.ts';
import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { duePlace } from '../../../src/store/turn.ts';
import { terms } from '../../support/pathway.ts';
import { fakeClock } from './world.ts';

const PATHWAY = terms.pathway;
const START = '2026-11-24T10:00:00.000Z';
const SECOND = 1_000;
const MINUTE = 60_000;
const EVERY = 15 * SECOND;
/** Who of the prime is told, by the test agreement. */
const PEOPLE = ['both', 'cora', 'lena'];

interface Given {
  readonly store?: (store: Store) => Store;
  readonly unreached?: readonly string[];
  readonly answers?: (to: string) => Promise<Outcome> | undefined;
  readonly agreed?: Agreement;
  readonly workers?: number;
}

/** Workers that only watch, on a store in which nothing fires and nothing sends. */
function watching(given: Given = {}) {
  const clock = fakeClock(START);
  const store = createMemoryStore();
  const watched = given.store?.(store) ?? store;
  const unreached = new Set(given.unreached);
  const told: { readonly to: string; readonly text: string; readonly at: string }[] = [];
  const logged: { readonly facts: object; readonly message: string }[] = [];
  const messenger: Messenger = {
    async post(reach: Reach, message: Message) {
      const to = reach.conversationId;
      const text = message.kind === 'text' ? message.text : 'a card';
      const answer = given.answers?.(to);
      if (answer) return answer;
      told.push({ to, text, at: clock.now() });
      return { kind: 'sent', conversationId: to, activityId: '1' };
    },
    edit: async () => ({ kind: 'failed', reason: 'refused' }),
  };
  const nameOf = (route: Route): string => (route.to === 'person' ? route.person : `#${route.provider}`);
  let references = 0;
  const log = (facts: object, message: string): void => void logged.push({ facts, message });
  const dogs: Watchdog[] = Array.from({ length: given.workers ?? 1 }, () =>
    startWatchdog({
      store: watched,
      clock,
      log: { warn: log, error: log },
      messenger,
      findReach: async (_, route) =>
        unreached.has(nameOf(route))
          ? undefined
          : {
              serviceUrl: 'https://teams.example',
              conversationId: nameOf(route),
              tenant: 'nhs',
              scope: route.to === 'channel' ? 'channel' : 'personal',
              seenAt: START,
            },
      pathways: async () => [PATHWAY],
      terms: async () => given.agreed ?? terms,
      stands: async ({ caseId }) => ({ caseId, holder: 'prime', waitsFor: ['hospice'] }),
      lateMs: lateAfter(),
      reference: () => `ref${++references}`,
    }),
  );
  onTestFinished(async () => {
    const stopped = Promise.all(dogs.map((dog) => dog.stop()));
    for (let n = 0; n < 8; n++) await clock.advance(EVERY);
    await stopped;
  });
  const place = (caseId: string, id: string, due: string) => ({ due: duePlace(due, caseId, id) });
  const [dog] = dogs;
  if (!dog) throw new Error('nobody watches');
  return {
    clock,
    store,
    told,
    logged,
    dog,
    unreached,
    /** Lets so much time pass, a look after another. */
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= EVERY) await clock.advance(Math.min(left, EVERY));
    },
    timer: (caseId: string, due = START) =>
      store.commit({ pathwayId: PATHWAY, caseId }, [
        {
          do: 'put',
          doc: { ...timer(due), lists: place(caseId, 'timer:t', due) },
        },
      ]),
    notice: (caseId: string, route: Route, more: Partial<WaitingNotice> = {}) =>
      store.commit({ pathwayId: PATHWAY, caseId }, [
        {
          do: 'put',
          doc: { ...notice(route), lists: place(caseId, 'notice:n', START), ...more },
        },
      ]),
    done: (caseId: string, id = 'timer:t') =>
      store.commit({ pathwayId: PATHWAY, caseId }, [{ do: 'remove', id }]),
    watchDoc: async () =>
      (await store.get<WatchDoc>({ pathwayId: PATHWAY, caseId: WATCH_CASE }, WATCH_ID))?.doc,
    ready: () => notWell(dog, clock),
  };
}

const timer = (due: string) => ({
  id: 'timer:t',
  kind: 'timer' as const,
  schema: 1,
  subject: 't',
  fires: 'handover.overdue',
  due,
});
const notice = (route: Route): WaitingNotice => ({
  id: 'notice:n',
  kind: 'notice',
  schema: 1,
  notice: { form: 'show', subject: 'handover:h1', route } satisfies NoticeDraft,
  raisedAt: START,
  raisedSeq: 1,
  due: START,
  attempts: 0,
});
const HOSPICE: Route = { to: 'channel', provider: 'hospice' };

describe('a timer that nothing fires', () => {
  test('is told once to each of the prime’s leads and coordinators, in words that say what to do', async () => {
    const { pass, timer, told } = watching();
    await timer('7K2-M4Z');
    await pass(5 * MINUTE);
    expect(told.map(({ to }) => to).sort()).toEqual(PEOPLE);
    expect(told[0]?.text).toBe(
      [
        'Baton is late on Testdale.',
        'Times have passed and Baton has not acted on them, since 10:00 today.',
        'Do not wait for its cards and prompts: ring.',
        'Case 7K2-M4Z: held by Prime Trust (0300 000 0001), waiting for St Test Hospice (0300 000 0002).',
        'Tell whoever runs Baton for you: “testdale, reference ref1”.',
        'Baton writes again when it is well.',
      ].join('\n'),
    );
  });

  test('is told within two minutes of its time, and never while a working system could still fire it', async () => {
    const { pass, timer, told } = watching();
    await timer('7K2-M4Z');
    await pass(2 * MINUTE);
    expect(told.length).toBe(3);
    expect(told[0] && told[0].at > plusMs(START, lateAfter() + 30 * SECOND - 1)).toBe(true);
  });

  test('is said again each half hour while it stands, under the same reference, and the log has that too', async () => {
    const { pass, timer, told, logged } = watching();
    await timer('7K2-M4Z');
    await pass(65 * MINUTE);
    const texts = told.filter(({ to }) => to === 'lena').map(({ text }) => text);
    expect(texts.map((text) => text.split('\n')[0])).toEqual([
      'Baton is late on Testdale.',
      'Baton is still late on Testdale.',
      'Baton is still late on Testdale.',
    ]);
    expect(texts.every((text) => text.includes('reference ref1'))).toBe(true);
    expect(logged.map(({ facts }) => facts)).toContainEqual({
      pathwayId: PATHWAY,
      reference: 'ref1',
      since: { timer: START },
    });
  });

  test('is told by one of several workers', async () => {
    const { pass, timer, told } = watching({ workers: 3 });
    await timer('7K2-M4Z');
    await pass(29 * MINUTE);
    expect(told.map(({ to }) => to).sort()).toEqual(PEOPLE);
  });

  test('is said to be well again once, when nothing was late for five minutes', async () => {
    const { pass, timer, done, told } = watching({ workers: 2 });
    await timer('7K2-M4Z');
    await pass(5 * MINUTE);
    await done('7K2-M4Z');
    await pass(4 * MINUTE);
    expect(told.length).toBe(3);
    await pass(10 * MINUTE);
    const after = told.slice(3);
    expect(after.map(({ to }) => to).sort()).toEqual(PEOPLE);
    expect(after[0]?.text).toBe(
      [
        'Baton is well again on Testdale, since 10:05 today.',
        'What was late has been done. Type /handovers for what is open now.',
        'Should it stop again, you hear of it at 10:31 today at the earliest.',
        'Reference ref1.',
      ].join('\n'),
    );
  });

  test('that stops again within the half hour is told when the half hour is over, under a new reference', async () => {
    const { pass, timer, done, told } = watching();
    await timer('7K2-M4Z');
    await pass(5 * MINUTE);
    await done('7K2-M4Z');
    await pass(6 * MINUTE);
    const again = plusMs(START, 11 * MINUTE);
    await timer('7K2-M4Z', again);
    await pass(15 * MINUTE);
    expect(told.length).toBe(6);
    await pass(10 * MINUTE);
    expect(
      told
        .slice(6)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(PEOPLE);
    expect(told.at(-1)?.text).toContain('since 10:11 today');
    expect(told.at(-1)?.text).not.toContain('ref1”');
  });

  test('names no partition but a case’s number', async () => {
    const { pass, timer, told } = watching();
    for (const caseId of ['_rota', 'concern:c77', '_draft:someone']) await timer(caseId);
    await pass(3 * MINUTE);
    expect(told.length).toBe(3);
    expect(told[0]?.text).not.toMatch(/rota|c77|concern|someone|Case/);
  });

  test('names five cases and counts the others', async () => {
    const { pass, timer, told } = watching();
    for (let n = 1; n <= 8; n++) await timer(`AAA-AA${n}`, plusMs(START, n));
    await pass(3 * MINUTE);
    expect(told[0]?.text.match(/^Case AAA-AA\d/gm)).toEqual([1, 2, 3, 4, 5].map((n) => `Case AAA-AA${n}`));
    expect(told[0]?.text).toContain('And 3 more: type /handovers.');
  });

  test('is told to the prime’s channel where nobody got it in person', async () => {
    const { pass, timer, told } = watching({ unreached: PEOPLE });
    await timer('7K2-M4Z');
    await pass(5 * MINUTE);
    expect(told.map(({ to }) => to)).toEqual(['#prime']);
  });

  test('is told to the prime’s channel as well where it is not known whether anybody got it', async () => {
    const { pass, timer, told } = watching({
      answers: (to) => (to.startsWith('#') ? undefined : Promise.resolve({ kind: 'unknown' })),
    });
    await timer('7K2-M4Z');
    await pass(25 * MINUTE);
    expect(told.map(({ to }) => to)).toEqual(['#prime']);
  });

  test('that nobody could be told of is tried again each minute, until somebody can', async () => {
    const { pass, timer, told, unreached } = watching({ unreached: [...PEOPLE, '#prime'] });
    await timer('7K2-M4Z');
    await pass(10 * MINUTE);
    expect(told).toEqual([]);
    unreached.delete('lena');
    await pass(2 * MINUTE);
    expect(told.map(({ to }) => to)).toEqual(['lena']);
  });
});

describe('a sender that hangs', () => {
  test('is told of through the messenger itself, when nothing went for two minutes', async () => {
    const { pass, notice, told } = watching();
    await notice('7K2-M4Z', HOSPICE);
    await pass(2 * MINUTE);
    expect(told).toEqual([]);
    await pass(2 * MINUTE);
    expect(told.length).toBe(3);
    expect(told[0]?.text).toContain('Messages wait and Baton has not sent them, since 10:00 today.');
  });

  test('holds the watch up in nothing when Teams never answers the alert either', async () => {
    const { pass, notice, dog, told, clock } = watching({ answers: () => new Promise(() => undefined) });
    await notice('7K2-M4Z', HOSPICE);
    await pass(10 * MINUTE);
    expect(told).toEqual([]);
    expect(dog.lookedAt() > plusMs(clock.now(), -MINUTE)).toBe(true);
    expect(dog.late()).toEqual([{ pathwayId: PATHWAY, what: ['notice'], since: START }]);
  });

  test('is not what a message waits for whose receiver was never seen, or was told by another way', async () => {
    const { pass, notice, told } = watching({ unreached: ['#hospice'] });
    await notice('7K2-M4Z', HOSPICE);
    await pass(2.5 * MINUTE);
    await notice('7K2-M4Z', HOSPICE, { fellBack: true });
    await pass(60 * MINUTE);
    expect(told).toEqual([]);
  });

  test('is what it waits for when the other ways were not told after three minutes', async () => {
    const { pass, notice, told } = watching({ unreached: ['#hospice'] });
    await notice('7K2-M4Z', HOSPICE);
    await pass(3 * MINUTE);
    expect(told).toEqual([]);
    await pass(4 * MINUTE);
    expect(told.length).toBe(3);
  });
});

describe('the watch itself', () => {
  test('says nothing of what goes in time', async () => {
    const { pass, timer, done, told, ready, clock } = watching();
    for (let n = 0; n < 20; n++) {
      await timer('7K2-M4Z', clock.now());
      await pass(20 * SECOND);
      await done('7K2-M4Z');
    }
    expect(told).toEqual([]);
    expect(ready()).toBeUndefined();
  });

  test('knows nothing of what moved while the store was away: it tells nobody on its return', async () => {
    let away = false;
    const { pass, timer, done, told, dog, ready } = watching({
      store: (store) => ({
        ...store,
        page: (...args) => (away ? Promise.reject(new Error('away')) : store.page(...args)),
      }),
    });
    await timer('7K2-M4Z');
    await pass(30 * SECOND);
    away = true;
    await pass(10 * MINUTE);
    expect(ready()).toMatch(/^nothing has watched timers and messages since 2026-11-24T10:00:30.000Z/);
    away = false;
    await pass(15 * SECOND);
    await done('7K2-M4Z');
    await pass(MINUTE);
    expect(told).toEqual([]);
    expect(dog.late()).toEqual([]);
    expect(ready()).toBeUndefined();
  });

  test('is told from whoever asks whether Baton is ready: what is stuck, and since when', async () => {
    const { pass, timer, notice, done, ready } = watching();
    await timer('7K2-M4Z');
    await notice('8QX-11A', HOSPICE);
    await pass(5 * MINUTE);
    expect(ready()).toBe(
      'testdale: timers and messages stuck, the oldest since 2026-11-24T10:00:00.000Z; see the log',
    );
    await done('7K2-M4Z');
    await done('8QX-11A', 'notice:n');
    await pass(30 * SECOND);
    expect(ready()).toBeUndefined();
  });

  test('says of a concern no more than that something waits: no number, and no time but that of the look', async () => {
    const said = async (begin: (given: ReturnType<typeof watching>) => Promise<void>) => {
      const given = watching();
      await begin(given);
      await given.pass(5 * MINUTE);
      const { ready, dog, told, logged } = given;
      return { told: told.length, all: JSON.stringify([ready(), dog.late(), told, logged]) };
    };
    const SECRET = '2026-11-23T21:21:21.000Z';
    const one = await said(async ({ timer, notice }) => {
      await timer('concern:7K2-M4Z', SECRET);
      await notice('concern:7K2-M4Z', HOSPICE, {
        due: SECRET,
        lists: { due: duePlace(SECRET, 'concern:7K2-M4Z', 'notice:n') },
      });
    });
    expect(one.told).toBe(3);
    expect(one.all).toContain('timers and messages stuck');
    expect(one.all).not.toMatch(/21:21|7K2|M4Z|concern/);
    const three = await said(async ({ timer, notice }) => {
      for (const id of ['7K2-M4Z', 'AAA-AAA', 'BBB-BBB']) await timer(`concern:${id}`, SECRET);
      await notice('concern:7K2-M4Z', HOSPICE);
    });
    expect(three.all).toBe(one.all);
  });

  test('says what waits of a case as if no concern waited', async () => {
    const said = async (concern: boolean) => {
      const { pass, timer, ready, told, logged } = watching();
      if (concern) await timer('concern:AAA-AAA', plusMs(START, -3 * 60 * MINUTE));
      await timer('7K2-M4Z', plusMs(START, -20 * MINUTE));
      await pass(5 * MINUTE);
      return JSON.stringify([ready(), told, logged]);
    };
    const without = await said(false);
    expect(without).toContain('09:40');
    expect(await said(true)).toBe(without);
  });

  test('writes what it is about to tell before it tells', async () => {
    const order: string[] = [];
    const { pass, timer, watchDoc } = watching({
      store: (store) => ({
        ...store,
        async commit(key, writes) {
          await store.commit(key, writes);
          order.push('written');
        },
      }),
      answers: () => {
        order.push('told');
        return undefined;
      },
    });
    await timer('7K2-M4Z');
    await pass(2 * MINUTE);
    expect(order).toEqual(['written', 'told', 'told', 'told']);
    expect(await watchDoc()).toMatchObject({ state: 'late', reference: 'ref1' });
  });
});
