import { type Clock, type Instant, systemClock } from '../../../src/core/clock.ts';

/**
 * A clock that shows the present at `start` (milliseconds since 1970) and runs `faster` from there, for all
 * processes alike: the shortest time of an agreement is a minute. Leases, polls and repeats count in it too.
 */
export function fastClock(
  start: number,
  faster: number,
): Clock & {
  /** The moment, in milliseconds since 1970, at which it shows this. */
  readonly real: (shown: Instant) => number;
} {
  return {
    now: () => new Date(start + (Date.now() - start) * faster).toISOString(),
    sleep: (ms, signal) => systemClock.sleep(ms / faster, signal),
    real: (shown) => start + (Date.parse(shown) - start) / faster,
  };
}
