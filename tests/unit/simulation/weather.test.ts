import { expect, test } from 'vitest';
import { run } from '../../../src/simulation/run.ts';
import { createTime } from '../../../src/simulation/time.ts';
import { createWeather } from '../../../src/simulation/weather.ts';

test('trouble lasts while no worker goes on, and is over when the next one does', async () => {
  const time = createTime('2027-04-08T20:00:00.000Z');
  const start = time.ms;
  let workers = 2;
  const weather = createWeather({ time, someGoesOn: () => workers > 0 });
  const at = async (minutes: number): Promise<number> => {
    await time.runTo(start + minutes * 60_000, () => false);
    return (weather.troubledAt - start) / 60_000;
  };
  weather.trouble();
  workers = 1;
  expect(await at(30)).toBe(0);
  workers = 0;
  expect(await at(60)).toBe(60);
  expect(await at(90)).toBe(90);
  workers = 1;
  weather.trouble();
  expect(await at(120)).toBe(90);
});

test('an answer that comes due while every worker is down is late only when they are back', async () => {
  // An offer, and an outage from before its time to answer until after the midnight that follows.
  const only = [223, 224];
  const { broken, counts, script } = await run({ seed: 4623, weeks: 1, only, until: 508_585_357 });
  expect(only.map((at) => script[at]?.kind)).toEqual(['offer', 'outage']);
  expect(broken).toBeUndefined();
  expect(counts.get('overdue after an outage')).toBe(1);
});
