import { createHmac } from 'node:crypto';
import { Phone } from '../agreement/parts.ts';
import type { PagingKey } from '../config.ts';
import type { Clock, Instant } from '../core/clock.ts';
import { isPagingAddress, type Page, type PageOutcome } from '../core/page.ts';
import { retryAfterMs } from '../core/retry-after.ts';
import type { Log } from '../log.ts';

/** How long one call may take, in milliseconds; what is not answered by then may have arrived. */
export const ATTEMPT_MS = 10_000;
/** Waited when a service asks for patience without saying how much, or cannot be reached, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Errors of a connection that never came about: surely nobody was paged. */
const NEVER_CONNECTED = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** The service could not show who it is, and was told nothing. */
const UNTRUSTED = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Calls the paging service at `url` for a provider, once. Never throws. */
export type CallPager = (url: string, provider: string, page: Page) => Promise<PageOutcome>;

export interface PagingOptions {
  readonly keys: readonly PagingKey[];
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly attemptMs?: number;
  /** The world's own; a simulated world has another. */
  readonly fetch?: (url: string, request: RequestInit) => Promise<Response>;
}

/**
 * The way to the organisations' paging and SMS services: one signed HTTPS request for one attempt. The
 * contract, for those who build the other side, is docs/paging.md.
 */
export function createPaging(options: PagingOptions): CallPager {
  const { keys, clock, log, attemptMs = ATTEMPT_MS, fetch = globalThis.fetch } = options;
  const secrets = new Map(keys.map(({ provider, secret }) => [provider, secret]));

  async function attempt(url: string, provider: string, page: Page): Promise<PageOutcome> {
    const secret = secrets.get(provider);
    if (secret === undefined) return { kind: 'failed', reason: 'no-key' };
    const { reference, ring, again } = page;
    // An agreement from before these checks may be in force; and what is no number could be anything.
    if (!isPagingAddress(url) || !Phone.safeParse(ring).success) return { kind: 'failed', reason: 'refused' };
    const body = JSON.stringify({ reference, ring, again });
    const timestamp = String(Math.floor(Date.parse(clock.now()) / 1000));
    const response = await fetch(url, {
      method: 'POST',
      // A redirect could lead anywhere, and would be signed.
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': reference,
        'baton-timestamp': timestamp,
        'baton-signature': signatureOf(secret, timestamp, body),
      },
      body,
      signal: AbortSignal.timeout(attemptMs),
    });
    void response.body?.cancel().catch(() => undefined);
    return outcomeOf(response.status, response.headers.get('retry-after'), again, clock.now());
  }

  return async (url, provider, page) => {
    let err: unknown;
    const outcome = await attempt(url, provider, page).catch((error: unknown) => {
      err = error;
      return withoutAnswer(error);
    });
    const { kind, status } = outcome;
    if (kind !== 'sent') {
      log.warn(
        { provider, outcome: kind, status, ...(err !== undefined && { err }) },
        'a call of a paging service did not go well',
      );
    }
    return outcome;
  };
}

/** What it means that no answer came. */
function withoutAnswer(error: unknown): PageOutcome {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = String((cause as { code?: unknown } | undefined)?.code);
  if (NEVER_CONNECTED.has(code)) return { kind: 'throttled', retryAfterMs: PATIENCE_MS };
  return UNTRUSTED.has(code) ? { kind: 'failed', reason: 'refused' } : { kind: 'unknown' };
}

/** HMAC-SHA256 (RFC 2104) over the timestamp, a full stop and the body as it is sent, in lower-case hex. */
const signatureOf = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');

/** What an answer means for the page. */
function outcomeOf(status: number, retryAfter: string | null, again: boolean, now: Instant): PageOutcome {
  if (status >= 200 && status < 300) return { kind: 'sent', status };
  // The service has this reference: the attempt whose answer was lost had arrived.
  if (status === 409 && again) return { kind: 'sent', status };
  const wait = retryAfterMs(retryAfter, now);
  if (status === 429) return { kind: 'throttled', retryAfterMs: wait ?? PATIENCE_MS, status };
  if (status === 503 && wait !== undefined) return { kind: 'throttled', retryAfterMs: wait, status };
  if (status >= 500 || status === 408) return { kind: 'unknown', status };
  return { kind: 'failed', reason: 'refused', status };
}
