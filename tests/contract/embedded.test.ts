import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../src/store/embedded.ts';
import { embeddedPath } from '../../src/store/embedded-file.ts';
import type { Store } from '../../src/store/store.ts';
import { storeContract } from './store-contract.ts';

storeContract(
  'embedded, in memory',
  async (options) => {
    const store = openEmbedded({ path: ':memory:', ...options });
    return { store, close: () => store.close() };
  },
  { keeps: false },
);

storeContract('embedded, in a file', async (options) => {
  const folder = await mkdtemp(join(tmpdir(), 'baton-store-'));
  const opened: Store[] = [];
  const open = async (): Promise<Store> => {
    const store = openEmbedded({ path: embeddedPath(folder), ...options });
    opened.push(store);
    return store;
  };
  return {
    store: await open(),
    reopen: open,
    close: async () => {
      for (const store of opened) await store.close();
      await rm(folder, { recursive: true });
    },
  };
});
