/**
 * What became of something that was asked with a time to answer. `stopped`: it was no longer needed before
 * that time passed (the handover was withdrawn, say). `waiting`: that time has not passed yet.
 */
export type Outcome = 'inTime' | 'late' | 'unanswered' | 'stopped' | 'waiting';
export const OUTCOMES: readonly Outcome[] = ['inTime', 'late', 'unanswered', 'stopped', 'waiting'];

/** One thing that was asked of one provider on one rung. */
export interface Timed {
  readonly provider: string;
  readonly rung: string;
  readonly outcome: Outcome;
  /** From asking to the reaction; absent where there was none. */
  readonly minutes?: number;
  /** Nobody was on duty to be asked. */
  readonly nobody: boolean;
}

/** Things asked, by outcome: the outcomes add up to `asked`. */
export interface Times extends Readonly<Record<Outcome, number>> {
  readonly asked: number;
  /** Of all asked: how often nobody was on duty to be asked. */
  readonly nobody: number;
  /** Of those that had a reaction, in minutes; null where none had. */
  readonly medianMinutes: number | null;
  /** `inTime` of those whose time was up or that had a reaction, from 0 to 1; null where there are none. */
  readonly withinTarget: number | null;
}

/** One figure for the whole, and its parts: each way of parting adds up to the whole. */
export interface Measured {
  readonly all: Times;
  readonly byProvider: Readonly<Record<string, Times>>;
  readonly byRung: Readonly<Record<string, Times>>;
}

/** The median: the middle one, or the mean of the two in the middle; null of none. */
export function medianOf(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** Counts what was asked by its outcome. Times in minutes; shares from 0 to 1. */
export function timesOf(records: readonly Timed[]): Times {
  const count = (outcome: Outcome): number => records.filter((one) => one.outcome === outcome).length;
  const [inTime, late, unanswered] = [count('inTime'), count('late'), count('unanswered')];
  const judged = inTime + late + unanswered;
  return {
    asked: records.length,
    inTime,
    late,
    unanswered,
    stopped: count('stopped'),
    waiting: count('waiting'),
    nobody: records.filter(({ nobody }) => nobody).length,
    medianMinutes: medianOf(records.flatMap(({ minutes }) => minutes ?? [])),
    withinTarget: judged === 0 ? null : inTime / judged,
  };
}

/** The whole and its parts, by provider and by rung, each in the order of their ids. */
export function measured(records: readonly Timed[]): Measured {
  const by = (what: 'provider' | 'rung'): Record<string, Times> =>
    Object.fromEntries(
      [...Map.groupBy(records, (one) => one[what])]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, group]) => [name, timesOf(group)]),
    );
  return { all: timesOf(records), byProvider: by('provider'), byRung: by('rung') };
}
