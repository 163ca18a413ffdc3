import type { Instant } from '../../../src/core/clock.ts';
import type { Written } from './leases.ts';
import { overlap, type Span, without } from './spans.ts';
import type { Waits } from './waits.ts';
import type { Life } from './workers.ts';

/** A process held the lease and ran; which it was, by its place in the list. */
export interface Served extends Span {
  readonly whose: number;
}

/** Who held the lease when, and when somebody ran who could have. */
export interface Service {
  /** A process held the lease and ran; one after another. */
  readonly spans: readonly Served[];
  /** Each process's time of running, whether it held the lease or not. */
  readonly running: readonly (readonly Span[])[];
  /**
   * The longest stretch in the span that one process had: serving, or running at all. What it, or the
   * database beside it, waited for a core is left out.
   */
  longest(what: 'served' | 'ran', within: Span): number;
  /** How often the lease went to another process, or to the same one after it had lost it. */
  readonly takeovers: number;
  /** Holders whose log nobody knows: a fault of the watching. */
  readonly strangers: readonly string[];
}

/**
 * From the lease as the database took it, and from when each process ran. `stalled`: nothing ran at all;
 * `waits`: of the process in which database and Teams stand.
 */
export function serviceOf(
  written: readonly Written[],
  lives: readonly Life[],
  stalled: readonly Span[],
  waits: Waits,
  real: (shown: Instant) => number,
): Service {
  const running = lives.map((life) => without(life.ran, [...life.stalled, ...stalled]));
  const strangers = new Set<string>();
  const spans: Served[] = [];
  const epochs = [...new Set(written.map(({ lease }) => lease.epoch))];
  for (const [at, epoch] of epochs.entries()) {
    const mine = written.filter(({ lease }) => lease.epoch === epoch);
    const [first] = mine;
    const last = mine.at(-1);
    if (!first || !last) continue;
    const next = written.find(({ lease }) => lease.epoch === epochs[at + 1]);
    const tenure = {
      from: first.at,
      to: Math.min(next?.at ?? Number.POSITIVE_INFINITY, real(last.lease.until)),
    };
    const whose = lives.findIndex(({ holder }) => holder === first.lease.holder);
    if (whose < 0) strangers.add(first.lease.holder);
    for (const span of running[whose] ?? []) {
      const served = overlap(span, tenure);
      if (served) spans.push({ ...served, whose });
    }
  }
  const ran = running.flatMap((all, whose) => all.map((span) => ({ ...span, whose })));
  return {
    spans,
    running,
    takeovers: epochs.length - 1,
    strangers: [...strangers],
    longest: (what, within) =>
      Math.max(
        0,
        ...(what === 'served' ? spans : ran).map((span) => {
          const part = overlap(span, within);
          if (!part) return 0;
          return part.to - part.from - waits.within(part) - (lives[span.whose]?.waits.within(part) ?? 0);
        }),
      ),
  };
}

/** The times between two services, while there was something to do. */
export function gapsOf({ spans }: Service): Span[] {
  return spans.flatMap(({ to }, at) => {
    const next = spans[at + 1];
    return next && next.from > to ? [{ from: to, to: next.from }] : [];
  });
}
