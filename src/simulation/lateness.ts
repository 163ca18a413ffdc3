import type { VirtualTime } from './time.ts';
import type { Weather } from './weather.ts';
import { LEASE_SECONDS, POLL_MS } from './worker.ts';

/** A timer whose command failed rests up to a minute; a turn has its seconds. */
export const LATE_MS = LEASE_SECONDS * 1_000 + 2 * POLL_MS + 75_000;
/** While nothing goes wrong: one poll, and the time that the timers before it take. */
const CALM_LATE_MS = POLL_MS + 20_000;

/**
 * Has something that was due at `due` (milliseconds since 1970) had all the time that it may take? A poll while
 * the worker that fires it goes on; a lease and a poll after it died or was in trouble.
 */
export function isTooLate(time: VirtualTime, weather: Weather, due: number): boolean {
  const calm = weather.troubledAt < due - LEASE_SECONDS * 1_000;
  const latest = calm ? due + CALM_LATE_MS : Math.max(due, weather.troubledAt) + LATE_MS;
  return time.ms > latest;
}

/** Between asking whether something matters and sending it, the store may take so long to answer, in milliseconds. */
const ASKED_MS = 1_000;
const ASKED_IN_STORM_MS = 15_000;
export const askedWithin = (time: VirtualTime, weather: Weather): number =>
  weather.troubledAt > time.ms - 60_000 ? ASKED_IN_STORM_MS : ASKED_MS;
