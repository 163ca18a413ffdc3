import type { Agreement } from '../agreement/agreement.ts';
import type { PagingKey } from '../config.ts';

/** Providers whose paging service could not be called, because no key is set to sign with. Each once, in order. */
export function providersWithoutKey(
  agreements: readonly Pick<Agreement, 'providers'>[],
  keys: readonly PagingKey[],
): string[] {
  const known = new Set(keys.map(({ provider }) => provider));
  const paged = agreements.flatMap(({ providers }) => providers.filter(({ paging }) => paging !== undefined));
  return [...new Set(paged.map(({ id }) => id))].filter((id) => !known.has(id)).sort();
}

/** What to do about one of them. */
export const KEY_REMEDY =
  'set BATON_PAGING_KEYS to PROVIDER=SECRET with the secret that its service checks, or take paging out of the agreement';
