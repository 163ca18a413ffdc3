import { expect, test } from 'vitest';
import { febrlMissing, linkFebrl } from '../../support/febrl.ts';

/** The least that each set reaches; what is aimed at is in the benchmark. */
test.each([
  ['1', true, 0.999],
  ['2', true, 0.998],
  ['3', true, 0.998],
  ['4', true, 0.999],
  ['1', false, 0.99],
  ['2', false, 0.985],
  ['3', false, 0.985],
  ['4', false, 0.992],
])('FEBRL %s, with an id: %s, reaches an F1 of %d, and what is certain is right', (set, number, least) => {
  const missing = febrlMissing();
  if (missing !== undefined) {
    console.log(`not looked at: ${missing}`);
    return;
  }
  const { measured } = linkFebrl(set, number);
  const certain = measured.bands.find(({ band }) => band === 'certain');
  expect(measured.overall.f1).toBeGreaterThanOrEqual(least);
  expect(certain?.precision).toBeGreaterThanOrEqual(0.999);
  expect(certain?.recall).toBeGreaterThanOrEqual(0.55);
});
