import { type Broken, INVARIANTS } from './invariants.ts';
import { LEAST, LEAST_WEEKS } from './least.ts';
import { type Planted, run } from './run.ts';
import { historyOf, shorten } from './shorten.ts';

export interface SimulateOptions {
  readonly seeds: number;
  readonly weeks: number;
  /** Only so many days of each world; all of it. */
  readonly days?: number;
  /** The first seed; 1. */
  readonly from?: number;
  /** Only these happenings of each script: a shortened history again. */
  readonly only?: readonly number[];
  readonly planted?: Planted;
  /** How often a broken world is run again to shorten its history; 40. */
  readonly tries?: number;
  /** Called after each seed. */
  readonly progress?: (done: number) => void;
}

/** What a simulation found. */
export interface Simulated {
  readonly seeds: number;
  readonly weeks: number;
  readonly days: number;
  /** The first seed whose world broke, what broke there, and the shortest history that was found for it. */
  readonly broken:
    | {
        readonly seed: number;
        readonly found: Broken;
        readonly only: readonly number[];
        readonly history: readonly string[];
      }
    | undefined;
  /** How often each thing was met, in all seeds together. */
  readonly counts: Readonly<Record<string, number>>;
  /** What was met less often than it must be, for the run to show anything. */
  readonly unmet: readonly string[];
}

const DAY_MS = 24 * 3_600_000;

/**
 * Runs the worlds of so many seeds, one after another, up to the first that breaks. Deterministic: the same
 * seeds give the same answer on every machine.
 */
export async function simulate(options: SimulateOptions): Promise<Simulated> {
  const { seeds, weeks, days = weeks * 7, from = 1, only, planted } = options;
  const totals = new Map<string, number>();
  let broken: Simulated['broken'];
  let done = 0;
  for (let seed = from; seed < from + seeds && !broken; seed++) {
    const until = days * DAY_MS;
    const given = { seed, weeks, until, ...(only && { only }), ...(planted && { planted }) };
    const result = await run(given);
    for (const [what, times] of result.counts) totals.set(what, (totals.get(what) ?? 0) + times);
    done++;
    options.progress?.(done);
    if (!result.broken) continue;
    const short = await shorten(given, result.broken, options.tries);
    broken = { seed, found: result.broken, only: short.only, history: historyOf(short) };
  }
  const share = (seeds * days) / 7 / LEAST_WEEKS;
  const whole = share >= 1 && !broken && !only;
  const unmet = Object.entries(LEAST).flatMap(([what, least]) => {
    const times = totals.get(what) ?? 0;
    return whole && times < least * share
      ? [`${what}: ${times} times, at least ${Math.ceil(least * share)}`]
      : [];
  });
  const counts = Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { seeds: done, weeks, days, broken, counts, unmet };
}

/** What a simulation found, in lines for the person at the terminal. */
export function simulatedLines({ seeds, weeks, days, broken, counts, unmet }: Simulated): string[] {
  const told = Object.entries(counts).map(([what, times]) => `${String(times).padStart(9)}  ${what}`);
  if (broken) {
    const { seed, found, only, history } = broken;
    return [
      ...history,
      '',
      `BROKEN in seed ${seed}: ${INVARIANTS[found.invariant]}.`,
      `${found.at}${found.caseId === undefined ? '' : ` case ${found.caseId}`}: ${found.says}.`,
      `The same again: baton simulate --seeds 1 --from ${seed} --weeks ${weeks} --only ${only.join(',')}`,
    ];
  }
  return [
    ...told,
    ...unmet.map((line) => `MET TOO SELDOM ${line}`),
    `${seeds} seeds of ${days < weeks * 7 ? `${days} days` : `${weeks} ${weeks === 1 ? 'week' : 'weeks'}`}: no invariant of ${Object.keys(INVARIANTS).length} broke.`,
  ];
}
