import { expect, test } from 'vitest';
import { startCalendar } from '../../../src/jobs/calendar.ts';
import { fakeClock } from './world.ts';

function setUp(anchor: (pathwayId: string) => Promise<void>) {
  const woken: { pattern: string; job: () => Promise<void> }[] = [];
  const warned: string[] = [];
  const digested: string[] = [];
  let stopped = false;
  const calendar = startCalendar({
    clock: fakeClock(),
    log: { warn: (_, message) => warned.push(message), error: (_, message) => warned.push(message) },
    pathways: async () => ['falls', 'frailty'],
    anchor,
    digest: async (pathwayId) => void digested.push(pathwayId),
    schedule: (pattern, job) => {
      woken.push({ pattern, job });
      return { stop: () => (stopped = true) };
    },
  });
  return { calendar, woken, warned, digested, stopped: () => stopped };
}

test('it catches up on start, and wakes past each hour once the day can be anchored', async () => {
  const made: string[] = [];
  const { calendar, woken, digested, stopped } = setUp(async (pathwayId) => void made.push(pathwayId));
  await calendar.stop();
  expect(made).toEqual(['falls', 'frailty']);
  expect(stopped()).toBe(true);
  expect(woken.map(({ pattern }) => pattern)).toEqual(['7 * * * *', '*/5 * * * *']);
  await woken[0]?.job();
  expect(made).toHaveLength(4);
  expect(digested).toHaveLength(2);
  await woken[1]?.job();
  expect(digested).toHaveLength(4);
  expect(made).toHaveLength(4);
});

test('a pathway whose anchor fails does not keep the next from its own, and is tried again', async () => {
  const made: string[] = [];
  let away = true;
  const { calendar, warned } = setUp(async (pathwayId) => {
    if (away && pathwayId === 'falls') throw new Error('away');
    made.push(pathwayId);
  });
  await calendar.run();
  expect(made).toEqual(['frailty', 'frailty']);
  expect(warned).toHaveLength(2);
  away = false;
  await calendar.run();
  expect(made).toEqual(['frailty', 'frailty', 'falls', 'frailty']);
  await calendar.stop();
});

test('the real scheduler takes the pattern and stops', async () => {
  let runs = 0;
  const calendar = startCalendar({
    clock: fakeClock(),
    log: { warn: () => undefined, error: () => undefined },
    pathways: async () => ['falls'],
    anchor: async () => runs++,
    digest: async () => undefined,
  });
  await calendar.stop();
  expect(runs).toBe(1);
});
