import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SAMPLES } from './cards-samples.ts';

const root = new URL('../../../cards/', import.meta.url);
const names = Object.keys(SAMPLES);
console.log(`${names.length} samples of cards`);

it('there are samples', () => {
  expect(names.length).toBeGreaterThan(30);
});

// The samples are what the views make; `npx vitest run -u` writes them anew after a card has changed.
it.each(names)('the sample %s is what its view makes', async (name) => {
  const view = SAMPLES[name];
  expect(view?.card).toBe(name.replace(/\..*$/, ''));
  await expect(`${JSON.stringify(view?.data, null, 2)}\n`).toMatchFileSnapshot(
    new URL(`${name}.sample.json`, root).pathname,
  );
});

it('no sample is left over from a card that is gone', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.sample.json'),
  );
  expect(files.map((file) => file.replaceAll('\\', '/').replace('.sample.json', '')).sort()).toEqual(
    [...names].sort(),
  );
});
