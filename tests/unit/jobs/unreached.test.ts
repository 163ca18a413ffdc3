import { expect, test } from 'vitest';
import { channel, createWorld, person, show, tell } from './world.ts';

test('what waits for somebody who never comes ends after a day, and holds up nothing for ever', async () => {
  const world = createWorld();
  world.fallbacks = (route) => (route.to === 'channel' ? [person('alex')] : []);
  world.nobodyAt.add('hospice');
  const worker = await world.idleWorker();
  await world.raise('c1', [show(channel('hospice')), tell(channel('hospice'), 'overdue')]);
  world.teams.expects(
    { by: 'post', to: 'alex', says: 'c1 at 1' },
    { by: 'post', to: 'alex', says: 'c1: overdue' },
  );
  for (let hours = 0; hours < 23; hours++) {
    await world.clock.advance(3_600_000);
    await worker.tick();
  }
  expect(await world.due()).toHaveLength(2);
  for (let hours = 0; hours < 2; hours++) {
    await world.clock.advance(3_600_000);
    await worker.tick();
  }
  expect(await world.due()).toEqual([]);
  const given = (await world.events('c1')).filter(({ type }) => type === 'notice.failed');
  expect(given.map(({ data }) => [data.form, data.reason])).toEqual([
    ['show', 'unreached'],
    ['tell', 'unreached'],
  ]);
});
