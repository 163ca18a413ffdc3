import { createHash } from 'node:crypto';
import { type Key, type PagerRoute, routeName } from './change.ts';
import { ALPHABET } from './register-id.ts';

/** A page. A paging service learns of it the reference, the number and whether it may have come before. */
export interface Page {
  /** What the woken person quotes; the same for every attempt at one page. */
  readonly reference: string;
  /** The telephone number to ring. */
  readonly ring: string;
  /** An earlier attempt may have arrived. */
  readonly again: boolean;
  /** It is about what is kept apart, and is counted nowhere. */
  readonly apart?: true;
}

/**
 * What became of one call, with the HTTP status where one came back. `unknown`: it may have arrived.
 * `throttled`: it did not, and may in so many milliseconds. `failed`: it did not and will not; `no-key`: there
 * is nothing to sign it with.
 */
export type PageOutcome = { readonly status?: number } & (
  | { readonly kind: 'sent' }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'failed'; readonly reason: 'refused' | 'no-key' }
);

/** The paging service of one provider: one call for one attempt, which never throws. */
export type Pager = (page: Page) => Promise<PageOutcome>;

/** The paging service that a provider has today; undefined where the agreement names none. */
export type FindPager = (pathwayId: string, provider: string) => Promise<Pager | undefined>;

/**
 * May a paging service be called there? Over https; on this machine, for trying it out, over http as well. No name
 * and password in the address: addresses are shown, and the signature is what says who calls.
 */
export function isPagingAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  const here = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && here);
}

/** What tells one page of a case from the others. */
export interface PageOf {
  readonly subject: string;
  readonly route: PagerRoute;
  readonly line: string;
  readonly refs?: { readonly [key: string]: string };
}

/**
 * The reference of a page, such as `K7Q29-MX43P`: ten symbols to read out, derived by hash so that every
 * attempt and every card about it shows the same one. Not the case's id, which all pages of a case would
 * share: a paging company could count how often somebody's case goes wrong. Two pages that differ in
 * nothing are one page, and its service wakes nobody twice for it.
 */
export function pageReference(
  { pathwayId, caseId }: Key,
  { subject, route, line, refs = {} }: PageOf,
): string {
  const sorted = Object.entries(refs).sort(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash('sha256')
    .update(JSON.stringify([pathwayId, caseId, subject, routeName(route), line, sorted]))
    .digest();
  const symbols = [...digest.subarray(0, 10)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
  return `${symbols.slice(0, 5)}-${symbols.slice(5)}`;
}
