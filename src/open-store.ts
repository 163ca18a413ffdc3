import type { Config } from './config.ts';
import { systemClock } from './core/clock.ts';
import type { ReadUp } from './store/read-up.ts';
import type { Store } from './store/store.ts';

/**
 * Opens the store that the settings name. Each store's library is loaded only where it is used.
 * Errors: `BadConfiguration` when it cannot hold the record, `Unavailable` when it does not answer.
 */
export async function openStore(config: Pick<Config, 'store' | 'teams'>, readUp?: ReadUp): Promise<Store> {
  const { store, teams } = config;
  if (store.kind === 'embedded') {
    const { openEmbedded } = await import('./store/embedded.ts');
    const { embeddedPath } = await import('./store/embedded-file.ts');
    return openEmbedded({ path: embeddedPath(store.dataDir), ...(readUp && { readUp }) });
  }
  const { openCosmos } = await import('./store/cosmos.ts');
  const shared = {
    endpoint: store.endpoint,
    database: store.database,
    clock: systemClock,
    ...(readUp && { readUp }),
  };
  if (store.key !== undefined) return openCosmos({ ...shared, key: store.key });
  const { DefaultAzureCredential } = await import('@azure/identity');
  const identity =
    teams.kind === 'signed' && teams.appType === 'UserAssignedMSI'
      ? { managedIdentityClientId: teams.appId }
      : {};
  return openCosmos({ ...shared, credential: new DefaultAzureCredential(identity) });
}
