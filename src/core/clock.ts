/** A moment in UTC with milliseconds, `2026-11-24T14:30:00.000Z`: sorts as text. */
export type Instant = string;

/** The only reader of the time; everything else is handed `now`. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms` milliseconds of this clock; rejects when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(done, ms);
      function done(): void {
        signal?.removeEventListener('abort', stop);
        resolve();
      }
      function stop(): void {
        clearTimeout(timer);
        reject(signal?.reason);
      }
      if (signal?.aborted) stop();
      else signal?.addEventListener('abort', stop, { once: true });
    }),
};

/** `at` moved by `ms` milliseconds. */
export function plusMs(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) + ms).toISOString();
}

/** Milliseconds from `from` to `to`; negative if `to` is earlier. */
export function msBetween(from: Instant, to: Instant): number {
  return Date.parse(to) - Date.parse(from);
}

/** What `job` gives; rejects when that takes longer than `ms` milliseconds. The job itself goes on. */
export async function inTime<T>(clock: Clock, ms: number, job: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then((): never => {
    throw new Error('it did not come back in time');
  });
  // Aborted after the job has come back, it rejects with nobody listening.
  late.catch(() => undefined);
  try {
    return await Promise.race([job, late]);
  } finally {
    done.abort();
  }
}
