import { expect, test } from 'vitest';
import { simulate, simulatedLines } from '../../../src/simulation/simulate.ts';

const FIRST = 11;
const SEEDS = 24;
const DAYS = 2;

// Beside the whole weeks of the first seeds, on another core: thirty-four seeds in all.
test(`nor in the first ${DAYS} days of ${SEEDS} others`, async () => {
  const found = await simulate({ seeds: SEEDS, from: FIRST, weeks: 1, days: DAYS });
  console.log(simulatedLines(found).at(-1));
  expect(found.broken).toBeUndefined();
  expect(found.seeds).toBe(SEEDS);
  expect(found.counts['escalation.raised']).toBeGreaterThan(600);
}, 240_000);
