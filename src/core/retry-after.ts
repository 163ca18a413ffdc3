import type { Instant } from './clock.ts';

/** `Retry-After` in milliseconds from `now`: seconds or a date (RFC 9110, 10.2.3); undefined where it is neither. */
export function retryAfterMs(value: string | null | undefined, now: Instant): number | undefined {
  if (!value) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value.trim())) return Math.ceil(Number(value) * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.parse(now));
}
