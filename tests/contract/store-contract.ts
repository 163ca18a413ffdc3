import { describe } from 'vitest';
import { conflictsContract } from './store-conflicts.ts';
import { type OpenStore, storeFixture } from './store-fixture.ts';
import { listsContract } from './store-lists.ts';
import { modelContract } from './store-model.ts';
import { timeContract } from './store-time.ts';
import { verbsContract } from './store-verbs.ts';

export { note } from './store-fixture.ts';

/** Registers the tests that every store must pass. `keeps: false` for one that keeps nothing once closed. */
export function storeContract(name: string, open: OpenStore, { keeps = true } = {}): void {
  describe(`the store contract: ${name}`, () => {
    const fixture = storeFixture(open);
    verbsContract(fixture);
    conflictsContract(fixture);
    listsContract(fixture);
    timeContract(fixture, keeps);
    modelContract(() => fixture.store);
  });
}
