import { createMemoryStore } from '../../../src/simulation/memory-store.ts';
import { storeContract } from '../../contract/store-contract.ts';

// The simulation is worth something only if its store is a store like the others.
storeContract(
  'in the simulation',
  async (options) => {
    const store = createMemoryStore({ keep: 'copied', ...options });
    return { store, close: () => store.close() };
  },
  { keeps: false },
);
