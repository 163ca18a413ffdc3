import type { Clock } from './clock.ts';
import { Unavailable } from './errors.ts';

/** A store that says nothing about when to come back is left alone so long. */
const PAUSE_MS = 1_000;

/**
 * Runs `job` on every item, up to `atOnce` at a time and in no promised order. When the store is too busy for one, it
 * is tried again, with half as many at a time from then on. Gives what `atOnce` came to. Errors: the first that a job
 * throws, once all that were under way have ended; `Unavailable` only of one that ran alone.
 */
export async function abreast<T>(
  items: readonly T[],
  atOnce: number,
  clock: Pick<Clock, 'sleep'>,
  job: (item: T, nth: number) => Promise<void>,
): Promise<number> {
  const again: number[] = [];
  let most = atOnce;
  let halved = 0;
  let next = 0;
  let running = 0;
  let failed: { readonly error: unknown } | undefined;

  async function tooBusy(error: unknown, nth: number, since: number): Promise<void> {
    // Those that were under way together say the same thing once.
    const known = since < halved;
    if (!(error instanceof Unavailable) || (most === 1 && !known)) {
      failed ??= { error };
      return;
    }
    if (!known) {
      most = Math.max(1, Math.floor(most / 2));
      halved += 1;
    }
    again.push(nth);
    await clock.sleep(error.retryAfterMs ?? PAUSE_MS);
  }

  async function worker(): Promise<void> {
    running += 1;
    while (!failed && running <= most) {
      const nth = again.pop() ?? next++;
      if (nth >= items.length) break;
      const since = halved;
      try {
        await job(items[nth] as T, nth);
      } catch (error) {
        await tooBusy(error, nth, since);
      }
    }
    running -= 1;
  }

  while (!failed && (next < items.length || again.length > 0)) {
    await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  }
  if (failed) throw failed.error;
  return most;
}
