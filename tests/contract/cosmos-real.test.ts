import { env } from 'node:process';
import { describe, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { ensureCosmos, openCosmos } from '../../src/store/cosmos.ts';
import type { ReadUp } from '../../src/store/read-up.ts';
import type { Store } from '../../src/store/store.ts';
import { storeContract } from './store-contract.ts';

/**
 * The same contract against a real account or the emulator:
 * `COSMOS_TEST_ENDPOINT=https://… COSMOS_TEST_KEY=… npx vitest run tests/contract/cosmos-real.test.ts`.
 * It makes the database `COSMOS_TEST_DATABASE` (`baton-contract`) and leaves it; each test has pathways of
 * its own in it.
 */
const endpoint = env.COSMOS_TEST_ENDPOINT;

if (endpoint) {
  const settings = (more: { readUp?: ReadUp } = {}) => ({
    endpoint,
    key: env.COSMOS_TEST_KEY ?? '',
    database: env.COSMOS_TEST_DATABASE ?? 'baton-contract',
    clock: systemClock,
    ...more,
  });
  let made: Promise<void> | undefined;
  storeContract('Cosmos DB at COSMOS_TEST_ENDPOINT', async (options) => {
    made ??= ensureCosmos(settings());
    await made;
    const opened: Store[] = [];
    const open = async (more?: { readUp?: ReadUp }): Promise<Store> => {
      const store = await openCosmos(settings(more));
      opened.push(store);
      return store;
    };
    return {
      store: await open(options),
      reopen: open,
      close: async () => {
        for (const store of opened) await store.close();
      },
    };
  });
} else {
  describe('the store contract: Cosmos DB at COSMOS_TEST_ENDPOINT', () => {
    it('needs a real account or the emulator', (context) => {
      const reason = 'skipped: COSMOS_TEST_ENDPOINT is not set';
      console.log(reason);
      context.skip(reason);
    });
  });
}
