import type { Clock, Instant } from '../../src/core/clock.ts';

/** The clock of a journey: it goes as fast as any other, and can be moved on. */
export interface JourneyClock extends Clock {
  /** Moves on by `ms` milliseconds at once; who sleeps until then wakes. */
  pass(ms: number): void;
}

/** A clock that shows `start` now. */
export function startClock(start: Instant): JourneyClock {
  const sleeping = new Set<() => void>();
  let ahead = Date.parse(start) - Date.now();
  const now = (): number => Date.now() + ahead;
  return {
    now: () => new Date(now()).toISOString(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const until = now() + ms;
        let timer: NodeJS.Timeout | undefined;
        const end = (): void => {
          clearTimeout(timer);
          sleeping.delete(look);
          signal?.removeEventListener('abort', stop);
        };
        const stop = (): void => {
          end();
          reject(signal?.reason);
        };
        const look = (): void => {
          clearTimeout(timer);
          const left = until - now();
          if (left > 0) timer = setTimeout(look, left);
          else {
            end();
            resolve();
          }
        };
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener('abort', stop, { once: true });
        sleeping.add(look);
        timer = setTimeout(look, ms);
      }),
    pass(ms) {
      ahead += ms;
      for (const look of [...sleeping]) look();
    },
  };
}
