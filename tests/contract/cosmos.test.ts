import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { ensureCosmos, openCosmos } from '../../src/store/cosmos.ts';
import type { ReadUp } from '../../src/store/read-up.ts';
import type { Store } from '../../src/store/store.ts';
import { type Listening, listen } from '../support/cosmos-standin/loopback.ts';
import { openOnStandin, settingsFor } from '../support/cosmos-standin/opened.ts';
import { storeContract } from './store-contract.ts';

storeContract('Cosmos DB client on the stand-in, in process', async (options) => {
  const { standin, store } = await openOnStandin(options);
  const opened: Store[] = [store];
  return {
    store,
    reopen: async () => {
      const again = await openCosmos(settingsFor(standin));
      opened.push(again);
      return again;
    },
    close: async () => {
      for (const each of opened) await each.close();
    },
  };
});

let listening: Listening;
beforeAll(async () => {
  listening = await listen();
});
afterAll(() => listening.close());

storeContract('Cosmos DB client on the stand-in, over loopback', async (options) => {
  const opened: Store[] = [];
  const settings = (more: { readUp?: ReadUp } = {}) => ({
    endpoint: listening.endpoint,
    key: 'any',
    database: 'baton',
    clock: systemClock,
    ...more,
  });
  const open = async (more?: { readUp?: ReadUp }): Promise<Store> => {
    const store = await openCosmos(settings(more));
    opened.push(store);
    return store;
  };
  await ensureCosmos(settings());
  return {
    store: await open(options),
    reopen: open,
    close: async () => {
      for (const store of opened) await store.close();
    },
  };
});
