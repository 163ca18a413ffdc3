import { readFileSync } from 'node:fs';
import type { Span } from './spans.ts';

/** How long a process was ready to run and waited for a core, up to now; in milliseconds, 0 where no system tells. */
function waitedBy(pid: number): number {
  try {
    // proc(5): time on a core, time on a run queue, in nanoseconds, and how often.
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** The waiting of one process for a core, over time. */
export interface Waits {
  note(): void;
  /** How much of the span it waited, in milliseconds. */
  within(span: Span): number;
}

/** A machine that is busy with other things lets nobody be in time: what it withholds is no lateness. */
export function waitsOf(pid: number): Waits {
  const noted: { readonly at: number; readonly waited: number }[] = [];
  const upTo = (at: number): number => {
    const after = noted.findIndex((one) => one.at >= at);
    const next = noted[after];
    const before = noted[after - 1];
    if (!next) return noted.at(-1)?.waited ?? 0;
    if (!before) return next.waited;
    return before.waited + ((next.waited - before.waited) * (at - before.at)) / (next.at - before.at);
  };
  return {
    note() {
      const waited = Math.max(waitedBy(pid), noted.at(-1)?.waited ?? 0);
      const at = Date.now();
      if (at > (noted.at(-1)?.at ?? 0)) noted.push({ at, waited });
    },
    within: ({ from, to }) => upTo(to) - upTo(from),
  };
}
