import { expect, it } from 'vitest';
import { providerNamed } from '../../../src/agreement/agreement.ts';
import { moorland } from './demo.ts';

it.each([
  ['fell-therapy', 'fell-therapy'],
  ['FELL-therapy ', 'fell-therapy'],
  ['Fell Therapy Partners', 'fell-therapy'],
  ['f3t6p', 'fell-therapy'],
  ['Home Again', 'home-again'],
  ['fell', undefined],
  ['undefined', undefined],
  ['', undefined],
])('%j means the provider %s', (words, provider) => {
  expect(providerNamed(moorland(), words)?.id).toBe(provider);
});
