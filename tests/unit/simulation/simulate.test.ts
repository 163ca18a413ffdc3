import { expect, test } from 'vitest';
import { run } from '../../../src/simulation/run.ts';
import { simulate, simulatedLines } from '../../../src/simulation/simulate.ts';

const SEEDS = 10;

test(`nothing breaks in ${SEEDS} pathway weeks, in which enough went wrong`, async () => {
  const found = await simulate({ seeds: SEEDS, weeks: 1 });
  console.log(simulatedLines(found).join('\n'));
  expect(found.broken).toBeUndefined();
  expect(found.unmet).toEqual([]);
}, 240_000);

test('the same seed is the same world', async () => {
  const options = { seed: 7, weeks: 1, until: 2 * 86_400_000, traced: true };
  const first = await run(options);
  const second = await run(options);
  expect(first.trace.length).toBeGreaterThan(500);
  expect(second.trace).toEqual(first.trace);
  expect([...second.counts]).toEqual([...first.counts]);
});
