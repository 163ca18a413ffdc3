import { systemClock } from '../../../src/core/clock.ts';
import { type CosmosOptions, ensureCosmos, openCosmos } from '../../../src/store/cosmos.ts';
import type { ReadUp } from '../../../src/store/read-up.ts';
import type { Store } from '../../../src/store/store.ts';
import { httpClientOf, IN_PROCESS } from './in-process.ts';
import { Standin, type StandinOptions } from './standin.ts';

/** What a test may choose of a store on the stand-in. */
export type StandinStore = Partial<Omit<CosmosOptions, 'endpoint' | 'httpClient' | 'readUp'>> & {
  readonly readUp?: ReadUp | undefined;
};

/** The settings of the Cosmos store for a stand-in in this process. */
export const settingsFor = (standin: Standin, { readUp, ...chosen }: StandinStore = {}): CosmosOptions => ({
  endpoint: IN_PROCESS,
  key: 'any',
  database: 'baton',
  clock: systemClock,
  httpClient: httpClientOf(standin),
  ...(readUp && { readUp }),
  ...chosen,
});

/** A new stand-in in this process with its database, and the store over the real client. */
export async function openOnStandin(
  chosen: StandinStore = {},
  options: StandinOptions = {},
): Promise<{ standin: Standin; store: Store }> {
  const standin = new Standin(options);
  const settings = settingsFor(standin, chosen);
  await ensureCosmos(settings);
  return { standin, store: await openCosmos(settings) };
}
