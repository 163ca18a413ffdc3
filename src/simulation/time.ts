import type { Clock, Instant } from '../core/clock.ts';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Time that passes only by what happens in it. */
export interface VirtualTime {
  /** Milliseconds since 1970. */
  readonly ms: number;
  now(): Instant;
  /** Runs at `ms`, or next if that has passed; what is due together runs in the order it was asked for. */
  at(ms: number, run: () => void): void;
  /** Lets everything happen up to `ms`, one after another, each with all that follows from it; ends early when `enough`. */
  runTo(ms: number, enough: () => boolean): Promise<void>;
}

/** Begins at `start`. Nothing in it waits for the real world, so that the same calls give the same history. */
export function createTime(start: Instant): VirtualTime {
  const heap: Due[] = [];
  let ms = Date.parse(start);
  let shown = { ms: Number.NaN, text: '' };
  let order = 0;

  const before = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(due: Due): void {
    let at = heap.push(due) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (!parent || before(parent, due)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = due;
  }

  function pop(): Due | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let least = heap[child];
      const right = heap[child + 1];
      if (least && right && before(right, least)) {
        child++;
        least = right;
      }
      if (!least || before(last, least)) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  return {
    get ms() {
      return ms;
    },
    now() {
      if (shown.ms !== ms) shown = { ms, text: new Date(ms).toISOString() };
      return shown.text;
    },
    at(when, run) {
      push({ at: Math.max(when, ms), order: ++order, run });
    },
    async runTo(end, enough) {
      await settled();
      for (let next = heap[0]; next && next.at <= end; next = heap[0]) {
        if (enough()) return;
        pop();
        ms = next.at;
        next.run();
        await settled();
      }
      ms = end;
    },
  };
}

/** All promises that follow from what was done settle before the next tick: nothing here waits for the real world. */
const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** One run of a process: it can be paused, and nothing of it happens any more once it is over. */
export interface Life {
  alive: boolean;
  /** Stopped until then, in milliseconds since 1970: what was to happen meanwhile happens after. */
  pausedUntil: number;
}

/** Runs `then` at `ms` if the life lasts, later if it is paused. */
export function inLife(time: VirtualTime, life: Life, ms: number, then: () => void): void {
  time.at(ms, () => {
    if (!life.alive) return;
    if (life.pausedUntil > time.ms) inLife(time, life, life.pausedUntil, then);
    else then();
  });
}

/** The clock as one life of a process reads it. */
export function clockOf(time: VirtualTime, life: Life): Clock {
  return {
    now: () => time.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => reject(signal?.reason);
        if (signal?.aborted) return stop();
        signal?.addEventListener('abort', stop, { once: true });
        inLife(time, life, time.ms + ms, () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        });
      }),
  };
}
