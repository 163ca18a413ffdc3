import { createHmac } from 'node:crypto';
import { PAGING_KEYS, type PagerCall, pagingUrl } from './pagers.ts';
import { MARK } from './people.ts';

/** What a paging service reads of a call. */
export interface Heard {
  readonly reference: string;
  readonly ring: string;
  readonly again: boolean;
}

const HEADERS = ['baton-signature', 'baton-timestamp', 'content-type', 'idempotency-key'];
/** A signature is good for so long, in seconds. */
const FRESH_S = 300;

/**
 * Reads a call as docs/paging.md tells a service to, at `ms` (milliseconds since 1970): signed, of now, and
 * with nothing in it but a reference, a number and whether it is a repeat. Otherwise says what is wrong.
 */
export function bareness({ url, headers, body }: PagerCall, ms: number): Heard | string {
  const whole = JSON.stringify([url, headers, body]);
  if (whole.includes(MARK)) return `a page names somebody: ${whole}`;
  const heard = JSON.parse(body) as Heard;
  const { reference, ring, again } = heard;
  if (Object.keys(heard).sort().join() !== 'again,reference,ring') return `a page holds ${body}`;
  if (Object.keys(headers).sort().join() !== HEADERS.join())
    return `a page says more in its headers: ${whole}`;
  const formed =
    /^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(reference) && /^[\d +]+$/.test(ring) && typeof again === 'boolean';
  if (!formed || headers['idempotency-key'] !== reference) return `a page holds ${body}`;
  const timestamp = headers['baton-timestamp'];
  const secret = PAGING_KEYS.find(({ provider }) => pagingUrl(provider) === url)?.secret;
  const right = secret && createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  const fresh = Math.abs(ms / 1_000 - Number(timestamp)) <= FRESH_S;
  return fresh && headers['baton-signature'] === right ? heard : `a page is not signed as of now: ${whole}`;
}
